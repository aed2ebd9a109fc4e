"""Turns planned visits into bookings that have lived: requested, offered, accepted, begun, paid, missed, called off."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from portal.audit import Actor
from portal.bookings import cancellation
from portal.bookings.broadcast import escalation_delay
from portal.bookings.request import seats
from portal.demo.cast import Cast, Therapist
from portal.demo.diary import Visit
from portal.demo.idents import ident
from portal.demo.money import payment_for
from portal.models import ApiKey, Booking, BookingItem, Claim, Customer, Offer, Resource

NOTES = (
    "Préfère une pression légère.", "Anniversaire de mariage.", "Allergie aux fruits à coque.", "Première visite.",
    "Would like the massage without oil.", "Arrivera avec dix minutes d’avance.",
)  # fmt: skip
REASONS = ("Empêchement de dernière minute", "Changement de programme", "Retard de train")


@dataclass
class Life:
    """What a visit becomes. `fate` is `usual`, `early`, `cancelled`, `noshow` or `unsettled`; `at` is the present."""

    visit: Visit
    guest: Customer
    at: datetime
    chance: Random
    name: tuple[object, ...]
    fate: str = "usual"
    via: ApiKey | None = None
    asked: tuple[Therapist, ...] = ()

    @property
    def is_over(self) -> bool:
        return self.visit.ends_at <= self.at

    @property
    def is_waiting(self) -> bool:
        return len(self.visit.therapists) < self.visit.variant.guest_count


def live(cast: Cast, life: Life) -> Booking:
    """The booking with its history up to the present. Its number is given later, in the order of creation."""
    created_at = _creation(life)
    booking = _requested(cast, life, created_at)
    accepted_at = created_at
    latest = min(life.at, life.visit.starts_at)
    for therapist in life.visit.therapists:
        accepted_at += (latest - accepted_at) * life.chance.uniform(0.01, 0.05)
        _accept(booking, therapist, accepted_at)
    for therapist in life.asked:
        booking.item.offers.append(_offer(booking, therapist, created_at))
        booking.item.ask(therapist.rank_at(life.visit.venue), at=life.at, wait=escalation_delay(life.visit.venue))
    if life.fate == "cancelled":
        _cancel(booking, cast, life, accepted_at)
    else:
        _come_and_go(booking, cast, life)
    _claim(booking, life.visit)
    return booking


def _creation(life: Life) -> datetime:
    """Minutes ago when it still waits for an answer, else some days before the visit."""
    if life.is_waiting:
        return life.at - timedelta(minutes=life.chance.randint(6, 40))
    before = min(life.at, life.visit.starts_at)
    return before - timedelta(minutes=life.chance.randint(180, 9 * 24 * 60))


def _requested(cast: Cast, life: Life, at: datetime) -> Booking:
    visit, venue, key = life.visit, life.visit.venue, life.via
    desk = cast.desk_of(venue)
    pays = payment_for(life.chance, venue, partner=key is not None, over=life.is_over and life.fate == "usual")
    booking = Booking(
        uuid=ident("booking", *life.name),
        organisation_id=venue.organisation_id,
        venue=venue,
        customer=life.guest,
        status="pending",
        channel="partner" if key else "desk",
        api_key_id=key.id if key else None,
        created_by_id=None if key else desk.id,
        test=bool(key and key.test),
        external_id=f"{pays.client_type.upper()}-{_reference(life)}" if key else None,
        external_reference=f"{pays.client_type}.{_reference(life)}" if key else None,
        client_type=pays.client_type,
        payment_method=pays.method,
        payment_status=pays.status,
        price_minor=visit.variant.price_minor or 0,
        currency=venue.currency,
        guest_count=visit.variant.guest_count,
        guest_language=life.guest.language,
        room_number=pays.room_number,
        notes=life.chance.choice(NOTES) if life.chance.random() < 0.15 else None,
        starts_at=visit.starts_at,
        ends_at=visit.ends_at,
        cancellation_tiers=venue.cancellation_tiers,
        created_at=at,
        updated_at=at,
        events=[],
        items=[_item(life)],
        participants=seats(venue, life.guest, visit.variant.guest_count, at=at),
    )
    by = Actor.of_key(key, door="partner") if key else Actor.of_member(desk, door="agenda")
    booking.remember("requested", by=by, at=at)
    return booking


def _item(life: Life) -> BookingItem:
    visit = life.visit
    return BookingItem(
        uuid=ident("item", *life.name),
        organisation_id=visit.venue.organisation_id,
        venue_id=visit.venue.id,
        treatment=visit.variant.treatment,
        variant=visit.variant,
        starts_at=visit.starts_at,
        ends_at=visit.ends_at,
        buffer_minutes=visit.buffer.seconds // 60,
        guest_count=visit.variant.guest_count,
        price_minor=visit.variant.price_minor,
        therapists_assigned=0,
        assignments=[],
        claims=[],
        offers=[],
    )


def _reference(life: Life) -> str:
    return ident("reference", *life.name).hex[:8].upper()


def _offer(booking: Booking, therapist: Therapist, at: datetime) -> Offer:
    return Offer(
        uuid=ident("offer", booking.uuid, therapist.member.email),
        organisation_id=booking.organisation_id,
        venue_id=booking.venue.id,
        member=therapist.member,
        rank=therapist.rank_at(booking.venue),
        status="open",
        sent_at=at,
    )


def _accept(booking: Booking, therapist: Therapist, at: datetime) -> None:
    offer = _offer(booking, therapist, booking.created_at)
    offer.accept(at=at)
    booking.item.offers.append(offer)
    booking.item.offered_rank = offer.rank
    booking.accept(booking.item, therapist.member, by=Actor.of_member(therapist.member, door="phone"), at=at)


def _cancel(booking: Booking, cast: Cast, life: Life, accepted_at: datetime) -> None:
    latest = min(life.at, booking.starts_at)
    at = latest - (latest - accepted_at) * life.chance.uniform(0.05, 0.5)
    terms = cancellation.terms(booking, at=at, paid_minor=booking.price_minor if booking.is_paid else 0)
    desk = Actor.of_member(cast.desk_of(life.visit.venue), door="agenda")
    booking.cancel(terms, reason=life.chance.choice(REASONS), cancelled_by="customer", by=desk, at=at)
    for offer in booking.item.offers:
        offer.close("cancelled", at=at)


def _come_and_go(booking: Booking, cast: Cast, life: Life) -> None:
    """Arrival up to a quarter of an hour before, then the treatment, then the till; as far as time has gone on."""
    if life.is_waiting:
        return
    desk = Actor.of_member(cast.desk_of(life.visit.venue), door="agenda")
    if life.fate == "noshow":
        booking.mark_noshow(by=desk, at=booking.starts_at + timedelta(minutes=20))
        return
    arrival = booking.starts_at - timedelta(minutes=life.chance.randint(3, 14))
    if life.fate == "early":
        arrival = min(arrival, life.at - timedelta(minutes=4))
    if arrival <= life.at:
        booking.arrive(by=desk, at=arrival)
    if booking.starts_at <= life.at:
        booking.begin(by=desk, at=booking.starts_at)
    if life.is_over and life.fate == "usual":
        booking.complete(by=desk, at=booking.ends_at)


def _claim(booking: Booking, visit: Visit) -> None:
    """Rooms with their turnover, people without; a cancelled booking holds nothing any more."""
    reserved: list[tuple[Resource | None, datetime]] = [(room, visit.ends_at + visit.buffer) for room in visit.rooms]
    reserved += [(therapist.member.resource, visit.ends_at) for therapist in visit.therapists]
    for resource, ends_at in reserved:
        booking.item.claims.append(
            Claim(
                organisation_id=booking.organisation_id,
                venue_id=visit.venue.id,
                resource=resource,
                starts_at=visit.starts_at,
                ends_at=ends_at,
                active=booking.cancelled_at is None,
            )
        )
