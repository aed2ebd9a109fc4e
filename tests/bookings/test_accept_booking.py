"""First come, first served; whoever is late reads why, and a repeat by the winner is harmless."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from portal.bookings.errors import (
    AlreadyTaken,
    NotFree,
    NotOffered,
    NotQualified,
    OfferCancelled,
    OfferExpired,
)
from portal.bookings.service import accept_booking, cancel_booking
from portal.clock import frozen
from portal.database import db
from portal.errors import NotFound
from portal.models import Booking, Claim, OutboxEvent
from portal.offers.service import decline_offer
from tests.bookings.conftest import Book, accept, asked, offer_to, partner, phone
from tests.factories import House, make_treatment, qualify, save


def test_the_first_one_confirms_it_and_the_others_are_closed(house: House, book: Book) -> None:
    booking = book("10:00")

    accept(house, booking, house.therese)

    assert booking.status == "confirmed"
    assert booking.therapist is house.therese
    assert asked(booking) == {"Thérèse": "accepted", "Marc": "taken"}
    assert _claims_of(house.therese.resource_id) == [(house.at("10:00"), house.at("11:00"))]


def test_the_late_one_is_told_kindly_and_nothing_changes(house: House, book: Book) -> None:
    booking = book("10:00")
    accept(house, booking, house.therese)

    with pytest.raises(AlreadyTaken) as refused:
        accept(house, booking, house.marc)

    assert refused.value.code == "already_taken"
    assert booking.therapist is house.therese
    assert _claims_of(house.marc.resource_id) == []


def test_a_second_tap_of_the_winner_is_harmless(house: House, book: Book) -> None:
    booking = book("10:00")
    accept(house, booking, house.therese)
    lines = len(booking.events)

    again = accept(house, booking, house.therese)

    assert again.status == "accepted"
    assert len(booking.events) == lines
    assert len(_claims_of(house.therese.resource_id)) == 1


def test_a_duo_needs_two(house: House, book: Book) -> None:
    booking = book("10:00", variant=house.duo, guest_count=2)

    accept(house, booking, house.therese)
    assert (booking.status, booking.item.therapists_missing) == ("pending", 1)
    assert asked(booking)["Marc"] == "open"

    accept(house, booking, house.marc)
    assert booking.status == "confirmed"
    assert booking.therapist is house.therese


def test_confirmation_is_published_once(house: House, book: Book) -> None:
    booking = book("10:00")
    accept(house, booking, house.therese)
    accept(house, booking, house.therese)

    types = db.session.scalars(select(OutboxEvent.type).order_by(OutboxEvent.id)).all()
    assert types == ["booking.created", "booking.confirmed"]


def test_a_colleague_s_offer_cannot_be_answered(house: House, book: Book) -> None:
    booking = book("10:00")

    with pytest.raises(NotOffered):
        accept_booking(house.lutetia, offer=offer_to(booking, house.therese), by=phone(house.marc))


def test_an_offer_of_another_venue_does_not_exist(house: House, book: Book) -> None:
    booking = book("10:00")

    with pytest.raises(NotFound):
        accept_booking(house.marais, offer=offer_to(booking, house.therese), by=phone(house.therese))


def test_a_member_who_left_cannot_accept(house: House, book: Book) -> None:
    booking = book("10:00")
    house.therese.active = False
    db.session.commit()

    with pytest.raises(NotOffered):
        accept(house, booking, house.therese)


def test_a_cancelled_booking_says_so(house: House, book: Book) -> None:
    booking = book("10:00")
    cancel_booking(house.lutetia, booking=booking, reason="Ill", cancelled_by="partner", by=partner(house))

    with pytest.raises(OfferCancelled):
        accept(house, booking, house.therese)


def test_what_she_declined_stays_declined(house: House, book: Book) -> None:
    booking = book("10:00")
    decline_offer(house.lutetia, offer=offer_to(booking, house.therese), by=phone(house.therese))

    with pytest.raises(OfferExpired):
        accept(house, booking, house.therese)


def test_after_the_start_it_is_too_late(house: House, book: Book) -> None:
    booking = book("10:00")

    with frozen(house.at("10:01")), pytest.raises(OfferExpired):
        accept(house, booking, house.therese)


def test_a_skill_that_was_taken_away_is_missing(house: House, book: Book) -> None:
    booking = book("10:00")
    other = make_treatment(house.lutetia)
    qualify(house.therese, other)
    db.session.expire(house.therese)

    with pytest.raises(NotQualified):
        accept(house, booking, house.therese)


def test_who_took_another_at_the_same_time_is_not_free(house: House, book: Book) -> None:
    first, second = book("10:00"), book("10:30")
    accept(house, first, house.therese)

    with pytest.raises(NotFree) as refused:
        accept(house, second, house.therese)

    assert refused.value.details["interval"] == (house.at("10:00"), house.at("11:00"))
    assert second.status == "pending"


def test_the_schema_refuses_what_the_check_did_not_see(house: House, book: Book, monkeypatch) -> None:  # type: ignore[no-untyped-def]  # pytest's own fixture
    """With the check in Python switched off the guard is the last word, and says it in the same words."""
    first, second = book("10:00"), book("10:30")
    accept(house, first, house.therese)
    monkeypatch.setattr("portal.bookings.service.therapist_conflict", lambda *_: None)

    with pytest.raises(NotFree):
        accept(house, second, house.therese)

    fresh = db.session.get_one(Booking, second.id)
    assert (fresh.status, fresh.item.therapists_assigned) == ("pending", 0)


def test_an_item_is_never_overstaffed_whatever_writes_it(house: House, book: Book) -> None:
    booking = book("10:00")
    booking.item.therapists_assigned = 2

    with pytest.raises(Exception, match="never_overstaffed"):
        save(booking.item)
    db.session.rollback()


def _claims_of(resource_id: int | None) -> list[tuple[object, object]]:
    rows = db.session.execute(
        select(Claim.starts_at, Claim.ends_at).where(Claim.resource_id == resource_id, Claim.active)
    )
    return [(row.starts_at, row.ends_at) for row in rows]
