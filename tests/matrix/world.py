"""Two venues of one organisation and one of another, each full of words that must not be read elsewhere."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from portal.absences.service import request_time_off
from portal.audit import SYSTEM, Actor
from portal.blocks.queries import people_and_rooms
from portal.blocks.service import block_time
from portal.bookings.creation import request_booking
from portal.bookings.editing import edit_booking
from portal.bookings.proposals.service import propose_time
from portal.bookings.request import Request
from portal.bookings.service import accept_booking
from portal.changes.queries import last_change
from portal.classes.service import open_session
from portal.customers.notes import add_note
from portal.customers.people import link_guests
from portal.duplicates.merging.service import merge_guests
from portal.imports.service import take_in
from portal.models import (
    ApiCall,
    ApiKey,
    Block,
    Booking,
    Change,
    CounterProposal,
    GuestMerge,
    OfferWish,
    Payment,
    PushSubscription,
    Room,
    RotaTemplate,
    Series,
    Shift,
    ShiftSwap,
    StaffMember,
    TimeOff,
    Treatment,
    Venue,
    VenueBlock,
)
from portal.notices.browsers import keep_browser
from portal.notices.push import Target
from portal.notices.visits import rooms_of
from portal.series.making import create_series
from portal.series.rules import Rule
from tests.factories import (
    House,
    at,
    make_customer,
    make_house,
    make_key,
    make_member,
    make_room,
    make_room_type,
    make_shift,
    make_treatment,
    make_variant,
    save,
)
from tests.notices.push_service import Browser
from tests.support.sign_in import open_session as sign_in

PLACES = ("lutetia", "marais", "chamonix")
# What Marc knows of his own guest, and his colleague Thérèse does not.
COLLEAGUE = "qsec"
# Whose names a member may read at all: those of the venues she may enter.
NAMES = {"lutetia": "spalutèce", "marais": "spadumarais", "chamonix": "spadechamonix"}


@dataclass(frozen=True)
class Place:
    """One venue as plain text: what stands in addresses, and the canaries of what it keeps, by kind."""

    slug: str
    booking: str
    pending: str
    item: str
    reference: str
    offer: str
    proposal: str
    variant: str
    customer: str
    twin: str
    merge: str
    batch: str
    free_at: str
    payment: str
    change: str
    column: str
    block: str
    venue_block: str
    series: str
    session: str
    member_of_session: str
    absence: str
    browser: str
    shift: str
    swap: str
    room: str
    room_type: str
    treatment: str
    template: str
    person: str
    note: str
    link: str
    partner: str
    api_key: str
    call: str
    wish: str
    canaries: dict[str, tuple[str, ...]]


@dataclass(frozen=True)
class World:
    """The house with its three places."""

    house: House
    places: dict[str, Place]

    def canaries(self, slug: str, *, eyes: str = "") -> set[str]:
        """Every canary of a place; for the `eyes` of Thérèse without those of her colleague's guest."""
        told = {word for words in self.places[slug].canaries.values() for word in words}
        return told - self.secrets if eyes == "therese" else told

    @property
    def secrets(self) -> set[str]:
        """The canaries of Marc's guest."""
        return {word for word in self.canaries("lutetia") if COLLEAGUE in word or word.startswith("67004")}


def make_world() -> World:
    """In each venue a pending booking, offered, and a confirmed one; in lutetia another one of Marc's. One therapist
    and one guest belong to both venues of the organisation: what they do at one is no business of the other.
    """
    house = make_house()
    zoe = make_member(house.organisation, house.lutetia, house.marais, first_name="Zoé")
    shared = make_customer(house.organisation, last_name="Commune")
    lou = {
        venue.slug: _therapist(venue, f"q{venue.slug[:3]}", house.day)
        for venue in (house.lutetia, house.marais, house.chamonix)
    }
    make_shift(house.marais, zoe, house.day)
    make_shift(house.lutetia, zoe, house.day, start=time(20), end=time(22))
    _rename(house, "qlut")
    keys = {house.organisation.id: house.key_row, house.neighbour.id: make_key(house.neighbour)[1]}
    stages = (
        _Stage(house, house.lutetia, "qlut", 1, house.massage, keys, house.therese, lou["lutetia"]),
        _Stage(house, house.marais, "qmar", 2, _menu(house.marais, "qmar"), keys, zoe, lou["marais"]),
        _Stage(house, house.chamonix, "qcha", 3, _menu(house.chamonix, "qcha"), keys, *[lou["chamonix"]] * 2),
    )
    places = {stage.venue.slug: stage.furnish(shared) for stage in stages}
    return World(house, places)


def found(words: set[str], text: str) -> set[str]:
    """Which of the words stand in the text, however it is spaced."""
    plain = re.sub(r"\s|%20|&nbsp;", "", text).lower()
    return {word for word in words if word in plain}


@dataclass
class _Stage:
    house: House
    venue: Venue
    word: str
    number: int
    treatment: Treatment
    keys: dict[int, ApiKey]
    asked: StaffMember
    other: StaffMember

    def furnish(self, shared: Any) -> Place:
        guest = self._guest(self.word, self.number)
        pending = self._book("10:00", guest, self.word)
        held = self._book("12:00", guest, self.word)
        self._accept(held, self.asked)
        if self.venue.organisation_id == self.house.organisation.id:
            self._accept(self._book("16:00", shared, self.word), self.other)
        if self.venue is self.house.lutetia:
            self._accept(self._book("14:00", self._guest(COLLEAGUE, 4), COLLEAGUE), self.house.marc)
        offer = next(one for one in pending.item.offers if one.member_id == self.asked.id)
        session = self._session(guest)
        organisation, is_mine = self.venue.organisation, self.venue.organisation_id == shared.organisation_id
        friend = shared if is_mine else make_customer(organisation, last_name="Commune")
        return Place(
            slug=self.venue.slug,
            booking=str(held.uuid),
            pending=str(pending.uuid),
            item=str(held.item.uuid),
            reference=f"ext:ref{self.word}12:00",
            offer=str(offer.uuid),
            proposal=str(self._propose(pending).uuid),
            variant=str(self.treatment.variants[0].uuid),
            customer=str(guest.uuid),
            twin=str(make_customer(self.venue.organisation, last_name="Zwilling").uuid),
            merge=str(self._merge().uuid),
            batch=str(take_in(self.venue, content=b"Nom;Tel\nA;1", file_name="a.csv", by=SYSTEM).uuid),
            free_at=f"{self._at('18:00'):%Y-%m-%dT%H:%M:%SZ}",
            payment=str(self._pay(held).uuid),
            change=str(self._edit(held).uuid),
            column=str(self.asked.uuid),
            block=str(self._block().uuid),
            venue_block=str(self._venue_block().uuid),
            series=str(self._series(guest).uuid),
            session=str(session.uuid),
            member_of_session=str(session.participants[0].uuid),
            absence=str(self._absence().uuid),
            browser=str(self._browser().uuid),
            shift=str(self._shift(40).uuid),
            swap=str(self._swap().uuid),
            room=str(rooms_of(held.item)[0].uuid),
            room_type=str(make_room_type(self.venue.organisation, "Hammam").uuid),
            treatment=str(self.treatment.uuid),
            template=str(self._template().uuid),
            person=str(self.other.uuid),
            note=str(add_note(organisation, customer=guest, text=f"Note{self.word}", by=SYSTEM).uuid),
            link=str(link_guests(organisation, customer=guest, other=friend, relation="friend", by=SYSTEM).uuid),
            partner=str(self.keys[organisation.id].partner.uuid),
            api_key=str(self.keys[organisation.id].uuid),
            call=str(self._call().uuid),
            wish=str(self._wish().uuid),
            canaries=self._canaries(str(guest.uuid)),
        )

    def _canaries(self, customer: str) -> dict[str, tuple[str, ...]]:
        words = (self.word, COLLEAGUE) if self.venue is self.house.lutetia else (self.word,)
        phones = {"qlut": "670010001", "qmar": "670020002", "qcha": "670030003", COLLEAGUE: "670040004"}
        told = {
            "guest": "invitee{}", "email": "mail{}@", "note": "note{}", "treatment": "soin{}", "room": "cabine{}",
            "therapist": "therapeute{}", "reference": "ref{}",
        }  # fmt: skip
        named = {kind: tuple(form.format(word) for word in words) for kind, form in told.items()}
        return {**named, "phone": tuple(phones[word] for word in words), "id": (customer,)}

    def _guest(self, word: str, number: int) -> Any:
        return make_customer(
            self.venue.organisation, first_name="Ana", last_name=f"Invitee{word}", email=f"mail{word}@example.org",
            email_key=f"mail{word}@example.org", phone=f"+336700{number}000{number}", name_key=f"ana invitee{word}",
        )  # fmt: skip

    def _merge(self) -> GuestMerge:
        """Two guests of whom nothing else is known have become one."""
        keep, lose = (make_customer(self.venue.organisation, last_name="Double") for _one in range(2))
        versions = (keep.version, lose.version)
        return merge_guests(
            self.venue.organisation, keep=keep.uuid, lose=lose.uuid, versions=versions, take={}, by=SYSTEM
        )

    def _book(self, clock: str, guest: Any, word: str) -> Booking:
        wish = Request(
            variant=self.treatment.variants[0], starts_at=self._at(clock), customer=guest, price_minor=9500,
            channel="partner", notes=f"Note{word}", external_reference=f"ref{word}{clock}",
        )  # fmt: skip
        key = self.keys[self.venue.organisation_id]
        return request_booking(self.venue, wish, by=Actor.of_key(key, door="partner"))

    def _series(self, guest: Any) -> Series:
        """Twice, of which the second time waits to be placed."""
        wish = Request(
            variant=self.treatment.variants[0], starts_at=self._at("11:00"), customer=guest, price_minor=9500,
            channel="desk", desk=True, notes=f"Note{self.word}",
        )  # fmt: skip
        week = self.house.day + timedelta(days=7)
        return create_series(self.venue, wish, rule=Rule("WEEKLY", count=2), choices={week: "skip"}, by=SYSTEM)

    def _session(self, guest: Any) -> Booking:
        """A class that the guest has joined."""
        yoga = make_treatment(self.venue, name=f"Soin{self.word}", kind="class", max_participants=5)
        return open_session(
            self.venue, variant=yoga.variants[0], starts_at=self._at("13:00"), customers=[guest], by=SYSTEM
        )

    def _accept(self, booking: Booking, member: StaffMember) -> None:
        offer = next(one for one in booking.item.offers if one.member_id == member.id)
        accept_booking(self.venue, offer=offer, by=Actor.of_member(member, door="phone"))

    def _propose(self, pending: Booking) -> CounterProposal:
        """The other therapist could an hour earlier."""
        mine = next(one for one in pending.item.offers if one.member_id == self.other.id)
        by = Actor.of_member(self.other, door="phone")
        return propose_time(self.venue, offer=mine, starts_at=self._at("09:00"), by=by)

    def _venue_block(self) -> VenueBlock:
        day = at(self.venue, self.venue.today() + timedelta(days=300), "09:00")
        return save(
            VenueBlock(
                organisation_id=self.venue.organisation_id, venue_id=self.venue.id, reason=f"Travaux{self.word}",
                starts_at=day, ends_at=day + timedelta(hours=1),
            )
        )  # fmt: skip

    def _wish(self) -> OfferWish:
        """Whoever is asked would like to be told first the next time."""
        return save(
            OfferWish(
                organisation_id=self.venue.organisation_id, venue_id=self.venue.id, member=self.asked,
                treatment=self.treatment, ends_at=self._at("09:00") + timedelta(days=14),
            )
        )  # fmt: skip

    def _block(self) -> Block:
        """A room that is cleaned in the morning; made by nobody, so that it is no last change of anybody's."""
        room = people_and_rooms(self.venue)[-1].resource
        start, end = self._at("08:00"), self._at("08:30")
        return block_time(self.venue, resources=[room], starts_at=start, ends_at=end, kind="cleaning", by=SYSTEM)[0]

    def _absence(self) -> TimeOff:
        """Somebody of this venue alone asks to be off, long after all the rest."""
        start = self._at("09:00") + timedelta(days=20)
        member = self.house.therese if self.venue is self.house.lutetia else self.other
        return request_time_off(
            member, starts_at=start, ends_at=start + timedelta(hours=4), kind="vacation", note=f"Note{self.word}",
            by=Actor.of_member(member, door="phone"),
        )  # fmt: skip

    def _shift(self, days: int) -> Shift:
        """A shift of the same person, longer after."""
        member = self.house.therese if self.venue is self.house.lutetia else self.other
        return make_shift(self.venue, member, self.house.day + timedelta(days=days))

    def _swap(self) -> ShiftSwap:
        """Another one, which Marc is asked to take, or nobody in particular."""
        shift = self._shift(41)
        return save(
            ShiftSwap(
                organisation_id=shift.organisation_id, venue_id=shift.venue_id, member=shift.member, shift=shift,
                colleague=self.house.marc if self.venue is self.house.lutetia else None, note=f"Note{self.word}",
            )
        )  # fmt: skip

    def _template(self) -> RotaTemplate:
        """The weekly pattern of whoever works at no other venue."""
        hours = {"week": 0, "weekday": 0, "start": "09:00", "end": "17:00"}
        return save(
            RotaTemplate(
                organisation_id=self.venue.organisation_id, venue_id=self.venue.id, member=self.other, pattern=[hours],
                valid_from=self.house.day,
            )
        )  # fmt: skip

    def _edit(self, booking: Booking) -> Change:
        """What the desk of the venue did last, with the booking that the others are tried with."""
        desk = {"lutetia": self.house.camille, "marais": self.house.ada, "chamonix": self.house.eve}[self.venue.slug]
        edit_booking(self.venue, booking=booking, by=Actor.of_member(desk, door="agenda"), room_number="7")
        change = last_change(self.venue, desk)
        assert change is not None
        return change

    def _pay(self, booking: Booking) -> Payment:
        return save(
            Payment(
                organisation_id=booking.organisation_id, venue_id=booking.venue_id, booking_id=booking.id,
                kind="payment", method="cash", amount_minor=1000, currency=booking.currency, actor_name="Lou",
            )
        )  # fmt: skip

    def _call(self) -> ApiCall:
        """What its partner has asked."""
        key = self.keys[self.venue.organisation_id]
        return save(
            ApiCall(
                organisation_id=key.organisation_id, api_key_id=key.id, method="GET", path="/v1/venues", status=200,
                duration_ms=3,
            )
        )  # fmt: skip

    def _browser(self) -> PushSubscription:
        """Where she who is asked is told."""
        _token, login = sign_in(self.asked)
        target = Target(**Browser(f"https://push.example/{self.word}").form)
        return keep_browser(login, target, user_agent="Firefox")

    def _at(self, clock: str) -> datetime:
        return at(self.venue, self.house.day, clock)


def _therapist(venue: Venue, word: str, day: date) -> StaffMember:
    made = make_member(venue.organisation, venue, first_name="Lou", last_name=f"Therapeute{word}")
    make_shift(venue, made, day)
    return made


def _menu(venue: Venue, word: str) -> Treatment:
    make_room(venue, name=f"Cabine{word} 1")
    make_room(venue, name=f"Cabine{word} 2")
    treatment = make_treatment(venue, name=f"Soin{word}", name_en=f"Soin{word}")
    make_variant(treatment, duration=90, is_default=False)
    return treatment


def _rename(house: House, word: str) -> None:
    house.massage.name = house.massage.name_en = f"Soin{word}"
    rooms: list[Room] = [*house.rooms, house.duo_room]
    for number, room in enumerate(rooms):
        room.name = f"Cabine{word} {number}"
    save(*rooms)
