"""The therapist's phone: what she is asked, and her day."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, request, url_for
from flask_babel import gettext as _

from portal.access import Permission, requires
from portal.audit import Actor
from portal.bookings.errors import NotFree
from portal.bookings.proposals.errors import TimeGone
from portal.bookings.proposals.service import propose_time, withdraw_counter_proposal
from portal.bookings.service import accept_booking, withdraw_from_booking
from portal.bookings.wishes.queries import list_wishes
from portal.care.queries import customers_with_notes
from portal.clock import now
from portal.errors import Conflict
from portal.models import Offer, Venue
from portal.offers.answers import refusal_of
from portal.offers.cards import Card, card_of, late_card, soonest_first
from portal.offers.day import AHEAD, BEHIND, Day, Known, day_of
from portal.offers.other_times import NONE, chosen_time, other_times_of, suggestions_of
from portal.offers.queries import count_open, find_in_the_way, get_offer, get_own_booking, list_offers, list_visits
from portal.offers.service import decline_offer, mark_seen
from portal.tenancy import current_member
from portal.visits.queries import list_gone, looks_of
from portal.visits.service import note_look
from portal.web import done, render, too_late

offers = Blueprint("offers", __name__)

DOOR = "phone"


@offers.app_context_processor
def _counts() -> dict[str, Any]:
    """What the bar at the bottom of a therapist's pages counts, when it asks."""
    return {"open_offers": lambda: count_open(current_member(), at=now())}


@offers.get("/my/day")
@requires(Permission.OFFER_READ)
def day() -> Response:
    """Her offers and visits at all venues she works at."""
    return render("offers/day.html#day", day=_day())


@offers.get("/my/day/times")
@requires(Permission.OFFER_READ)
def times() -> Response:
    """The other times that she may suggest, of all that she is asked: they follow her day, which waits for nobody."""
    member, at = current_member(), now()
    asked = list_offers(member, at=at, with_visits=True)
    found = other_times_of(asked, member, at=at)
    cards = [card_of(offer, at=at, other=found[offer.id]) for offer in asked if offer.id in found]
    return render("offers/times.html#slots", cards=sorted(cards, key=soonest_first))


@offers.post("/v/<venue>/offers/<uuid:offer>/accept")
@requires(Permission.OFFER_ANSWER)
def accept(venue: Venue, offer: UUID) -> Response:
    """She takes it."""
    asked = get_offer(venue, current_member(), offer)
    try:
        taken = accept_booking(venue, offer=asked, by=_me())
    except Conflict as refusal:
        return _too_late(venue, offer, refusal)
    note_look(current_member(), [taken.item.uuid])
    return _answered(taken)


@offers.post("/v/<venue>/offers/<uuid:offer>/decline")
@requires(Permission.OFFER_ANSWER)
def decline(venue: Venue, offer: UUID) -> Response:
    """She would rather not; a reason is welcome."""
    asked = get_offer(venue, current_member(), offer)
    try:
        return _answered(decline_offer(venue, offer=asked, by=_me(), reason=request.form.get("reason") or None))
    except Conflict as refusal:
        return _too_late(venue, offer, refusal)


@offers.post("/v/<venue>/offers/<uuid:offer>/propose")
@requires(Permission.OFFER_ANSWER)
def propose(venue: Venue, offer: UUID) -> Response:
    """She could at another time: the desk decides."""
    asked = get_offer(venue, current_member(), offer)
    try:
        propose_time(venue, offer=asked, starts_at=chosen_time(request.form.get("starts_at")), by=_me())
    except Conflict as refusal:
        return _too_late(venue, offer, refusal)
    return _suggested(venue, offer, _("The desk has been asked. Until it answers, nothing changes for you."))


@offers.post("/v/<venue>/offers/<uuid:offer>/keep-time")
@requires(Permission.OFFER_ANSWER)
def keep_time(venue: Venue, offer: UUID) -> Response:
    """She takes back what she had suggested."""
    withdraw_counter_proposal(venue, offer=get_offer(venue, current_member(), offer), by=_me())
    return _suggested(venue, offer, _("Your suggestion is taken back."))


@offers.post("/my/day/seen")
@requires(Permission.OFFER_ANSWER)
def seen() -> tuple[str, int]:
    """The page has shown these offers to her."""
    mark_seen(request.form.getlist("offer", type=UUID), by=_me())
    return "", 204


@offers.post("/v/<venue>/bookings/<uuid:booking>/withdraw")
@requires(Permission.OFFER_ANSWER)
def withdraw(venue: Venue, booking: UUID) -> Response:
    """She gives a booking back before it begins."""
    withdraw_from_booking(venue, booking=get_own_booking(venue, current_member(), booking), by=_me())
    told = _("Given back. Your colleagues are asked now.")
    return done(url_for("offers.day"), message=told, fragment="offers/day.html#day", day=_day())


def _me() -> Actor:
    return Actor.of_member(current_member(), door=DOOR)


def _day() -> Day:
    member, at = current_member(), now()
    visits = list_visits(member, start=at - BEHIND, end=at + AHEAD)
    ids, guests = [item.id for item in visits], {item.booking.customer_id for item in visits}
    asked = list_offers(member, at=at)
    known = Known(
        looks=looks_of(member, ids),
        noted=customers_with_notes(member.organisation, {guest for guest in guests if guest is not None}),
        suggestions=suggestions_of(asked, member, at=at),
        wishes=list_wishes(member, at=at),
    )
    return day_of(member, asked, visits, list_gone(member, start=at), known, at=at)


def _answered(offer: Offer) -> Response:
    card = card_of(offer, at=now(), is_fresh=True)
    return done(
        url_for("offers.day"),
        message=card.answer,
        fragment="offers/_offer.html",
        announce="changed:offers",
        card=card,
    )


def _suggested(venue: Venue, offer: UUID, message: str) -> Response:
    return done(
        url_for("offers.day"),
        message=message,
        fragment="offers/_offer.html",
        announce="changed:offers",
        card=_fresh_card(venue, offer),
    )


def _fresh_card(venue: Venue, offer: UUID) -> Card:
    member, at = current_member(), now()
    asked = get_offer(venue, member, offer)
    other = other_times_of([asked], member, at=at)
    return card_of(asked, at=at, is_fresh=True, other=other.get(asked.id, NONE))


def _too_late(venue: Venue, offer: UUID, refusal: Conflict) -> Response:
    member, at = current_member(), now()
    asked = get_offer(venue, member, offer)
    if isinstance(refusal, TimeGone):
        card, told = _fresh_card(venue, offer), str(refusal.message)
    else:
        is_busy = isinstance(refusal, NotFree)
        in_the_way = find_in_the_way(member, asked.item) if is_busy else None
        other = other_times_of([asked], member, at=at, limit=1) if is_busy else {}
        told = refusal_of(asked, refusal, in_the_way=in_the_way)
        card = late_card(asked, told, at=at, other=other.get(asked.id, NONE))
    return too_late(url_for("offers.day"), message=told, fragment="offers/_offer.html", card=card)
