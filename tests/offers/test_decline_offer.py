"""Decline: one tap, a reason if she likes, never asked again, no harm when repeated."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from portal.bookings.errors import AlreadyTaken, AlreadyYours, NotOffered, OfferCancelled, OfferExpired
from portal.bookings.service import cancel_booking
from portal.clock import frozen
from portal.database import db
from portal.errors import Invalid
from portal.models import AuditEntry, LiveEvent, OutboxEvent
from portal.offers.service import REASONS, decline_offer
from tests.bookings.conftest import Book, accept, asked, offer_to, partner, phone
from tests.factories import House
from tests.offers.conftest import path
from tests.support.client import PageClient


def test_it_is_closed_for_her_and_open_for_the_others(house: House, book: Book) -> None:
    booking = book("15:00")

    offer = decline_offer(house.lutetia, offer=offer_to(booking, house.therese), by=phone(house.therese))

    assert asked(booking) == {"Thérèse": "declined", "Marc": "open"}
    assert offer.reason is None
    assert offer.answered_at is not None
    assert booking.status == "pending"


def test_it_leaves_its_traces_in_one_transaction(house: House, book: Book) -> None:
    booking = book("15:00")
    told = len(_live())

    decline_offer(house.lutetia, offer=offer_to(booking, house.therese), by=phone(house.therese), reason="not_free")

    line = booking.events[-1]
    assert (line.verb, line.actor_name, line.door) == ("declined", "Thérèse Test", "phone")
    assert line.details == {"therapist": "Thérèse Test", "reason": "not_free"}
    assert db.session.scalars(select(AuditEntry.verb).order_by(AuditEntry.id.desc())).first() == "offer:declined"
    assert db.session.scalars(select(OutboxEvent.type).order_by(OutboxEvent.id.desc())).first() == "offer.declined"
    fresh = _live()[told:]
    topics = [f"agenda:{house.day.isoformat()}", f"asked:{booking.uuid}", "offers"]
    assert [event.topics for event in fresh] == [topics]


def test_a_repeat_is_harmless(house: House, book: Book) -> None:
    booking = book("15:00")
    mine = offer_to(booking, house.therese)
    first = decline_offer(house.lutetia, offer=mine, by=phone(house.therese), reason="too_far").answered_at
    lines = len(booking.events)

    again = decline_offer(house.lutetia, offer=mine, by=phone(house.therese), reason="other")

    assert (again.answered_at, again.reason) == (first, "too_far")
    assert len(booking.events) == lines


def test_only_while_it_is_open(house: House, book: Book) -> None:
    taken, gone, late = book("10:00"), book("12:00"), book("14:00")
    accept(house, taken, house.therese)
    cancel_booking(house.lutetia, booking=gone, reason="r", cancelled_by="customer", by=partner(house))

    with pytest.raises(AlreadyYours):
        decline_offer(house.lutetia, offer=offer_to(taken, house.therese), by=phone(house.therese))
    with pytest.raises(AlreadyTaken):
        decline_offer(house.lutetia, offer=offer_to(taken, house.marc), by=phone(house.marc))
    with pytest.raises(OfferCancelled):
        decline_offer(house.lutetia, offer=offer_to(gone, house.marc), by=phone(house.marc))
    with frozen(house.at("14:00")), pytest.raises(OfferExpired):
        decline_offer(house.lutetia, offer=offer_to(late, house.marc), by=phone(house.marc))


def test_only_her_own(house: House, book: Book) -> None:
    booking = book("15:00")

    with pytest.raises(NotOffered):
        decline_offer(house.lutetia, offer=offer_to(booking, house.therese), by=phone(house.marc))
    with pytest.raises(NotOffered):
        decline_offer(house.lutetia, offer=offer_to(booking, house.therese), by=partner(house))
    assert asked(booking)["Thérèse"] == "open"


def test_only_a_known_reason(house: House, book: Book) -> None:
    with pytest.raises(Invalid):
        decline_offer(
            house.lutetia, offer=offer_to(book("15:00"), house.therese), by=phone(house.therese), reason="<b>"
        )


def test_one_tap_on_the_phone(house: House, book: Book, therese: PageClient) -> None:
    offer = offer_to(book("15:00"), house.therese)
    therese.get("/my/day")

    answer = therese.hx(path(offer, "decline"), method="POST")

    assert answer.status_code == 200
    assert "You declined. There is nothing else to do." in therese.page.text
    assert offer.status == "declined"


def test_a_reason_is_one_tap_too(house: House, book: Book, therese: PageClient) -> None:
    offer = offer_to(book("15:00"), house.therese)
    therese.get("/my/day")
    offered = [button.get("value") for button in therese.page.all(".//button[@name='reason']")]
    assert offered == list(REASONS)
    token = therese.page.csrf_token

    answer = therese.post(path(offer, "decline"), data={"csrf_token": token, "reason": "not_my_treatment"})

    assert (answer.status_code, answer.location) == (303, "/my/day")
    assert (offer.status, offer.reason) == ("declined", "not_my_treatment")


def test_an_unknown_reason_is_refused_without_a_trace(house: House, book: Book, therese: PageClient) -> None:
    offer = offer_to(book("15:00"), house.therese)
    therese.get("/my/day")

    for reason in ("nonsense", "x" * 5000, "\x00"):
        answer = therese.hx(path(offer, "decline"), method="POST", data={"reason": reason})
        assert answer.status_code == 422
    assert offer.status == "open"


def _live() -> list[LiveEvent]:
    return list(db.session.scalars(select(LiveEvent).order_by(LiveEvent.id)))
