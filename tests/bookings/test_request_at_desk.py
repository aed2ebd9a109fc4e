"""What the desk may ask for beyond what partners may: who, where, off the grid, at once, on top of others."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from portal.bookings.creation import request_booking
from portal.bookings.errors import SlotUnavailable
from portal.bookings.refusals import sentence
from portal.bookings.request import Request
from portal.clock import frozen
from portal.database import db
from portal.models import Booking, Claim, OutboxEvent
from tests.bookings.conftest import asked
from tests.bookings.test_move_booking import desk, held, utc
from tests.factories import House, make_customer
from tests.support.language import in_english


def ask(house: House, clock: str = "10:00", **given: Any) -> Booking:
    wish: dict[str, Any] = {
        "variant": house.single,
        "starts_at": house.at(clock),
        "customer": make_customer(house.organisation),
        "price_minor": 9500,
        "channel": "desk",
        "desk": True,
    }
    return request_booking(house.lutetia, Request(**wish | given), by=desk(house))


def test_a_chosen_therapist_is_reserved_at_once_in_the_chosen_room(house: House) -> None:
    booking = ask(house, therapists=(house.therese,), room=house.rooms[1])
    assert (booking.status, booking.therapist, booking.created_by_id) == ("confirmed", house.therese, house.camille.id)
    assert held(booking) == {(name, utc(house, "10:00"), utc(house, "11:00")) for name in ("Thérèse Test", "Cabine 2")}
    assert asked(booking) == {}
    types = db.session.scalars(select(OutboxEvent.type).order_by(OutboxEvent.id)).all()
    assert types == ["booking.created", "booking.confirmed", "member.notice"]
    assert [line.verb for line in booking.events] == ["requested", "assigned"]


def test_anyone_is_asked_when_nobody_is_chosen(house: House) -> None:
    booking = ask(house)
    assert booking.status == "pending"
    assert asked(booking) == {"Thérèse": "open", "Marc": "open"}


def test_of_a_couple_one_may_be_chosen_and_the_other_asked(house: House) -> None:
    booking = ask(house, variant=house.duo, guest_count=2, price_minor=18000, therapists=(house.therese,))
    assert (booking.status, booking.item.therapists_missing) == ("pending", 1)
    assert asked(booking) == {"Marc": "open"}
    assert [guest.label for guest in booking.participants] == ["Hélène Dupont", ""]


def test_in_steps_of_five_minutes_and_in_the_five_that_have_begun(house: House) -> None:
    house.massage.lead_time_minutes = 24 * 60
    house.lutetia.minimum_notice_minutes = 120
    with frozen(house.at("10:03")):
        assert ask(house, "10:00").starts_at == house.at("10:00")
        assert ask(house, "10:35").starts_at == house.at("10:35")
        with pytest.raises(SlotUnavailable) as refused:
            ask(house, "09:55")
    assert refused.value.reason == "lead_time"


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"therapists": "marc"}, "Marc Test is with another guest from 10:00 to 11:00."),
        ({"room": 0}, "No suitable room is free: Cabine 1 is taken from 10:00 to 11:00."),
    ],
)
def test_whoever_is_chosen_and_cannot_is_named(house: House, given: dict[str, Any], told: str) -> None:
    ask(house, therapists=(house.marc,), room=house.rooms[0])
    chosen = {"therapists": (house.marc,)} if "therapists" in given else {"room": house.rooms[0]}
    with pytest.raises(SlotUnavailable) as refused:
        ask(house, "10:30", **chosen)
    assert in_english(lambda: sentence(house.lutetia, refused.value)) == told
    assert refused.value.alternatives


def test_who_is_not_on_shift_is_told_with_her_shift(house: House) -> None:
    with pytest.raises(SlotUnavailable) as refused:
        ask(house, starts_at=house.at("10:00", days=20), therapists=(house.therese,))
    assert in_english(lambda: sentence(house.lutetia, refused.value)).startswith("Thérèse Test is not on shift then")


def test_overbooked_with_a_reason_both_stand(house: House) -> None:
    first, second = (
        ask(house, therapists=(house.therese,), room=house.rooms[0], overbook_reason="Deux sœurs") for _ in range(2)
    )
    claims = db.session.scalars(select(Claim).where(Claim.active).order_by(Claim.id)).all()
    assert [claim.overbooked for claim in claims] == [False, False, True, True]
    assert "overbooked" not in first.events[0].details, "there was a place: nothing had to be bent"
    assert second.events[0].details["overbooked"] == "Deux sœurs"


def test_no_reason_helps_against_the_past(house: House) -> None:
    with pytest.raises(SlotUnavailable):
        ask(house, starts_at=house.at("10:00") - timedelta(days=3), overbook_reason="Bon")


def test_a_pending_booking_keeps_its_promise_against_the_desk(house: House) -> None:
    ask(house)
    ask(house)
    with pytest.raises(SlotUnavailable) as refused:
        ask(house, therapists=(house.therese,))
    assert "still waits for a therapist" in in_english(lambda: sentence(house.lutetia, refused.value))
