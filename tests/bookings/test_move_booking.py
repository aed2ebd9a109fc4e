"""Moving a visit: its time, its therapist, its room, and what stands in the way."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from portal.audit import Actor
from portal.bookings.creation import request_booking
from portal.bookings.errors import SlotUnavailable, Stale
from portal.bookings.moving import Move, move_booking
from portal.bookings.refusals import sentence
from portal.bookings.request import Request
from portal.bookings.service import cancel_booking
from portal.database import db
from portal.models import Booking, Change, Claim, LiveEvent, OutboxEvent
from portal.models.booking_states import NotNow
from tests.bookings.conftest import Book, accept, asked
from tests.factories import House, make_customer, make_member, make_shift, make_treatment, make_variant, qualify
from tests.support.language import in_english


def desk(house: House) -> Actor:
    return Actor.of_member(house.camille, door="agenda")


def held(booking: Booking) -> set[tuple[str, str, str]]:
    """What the booking holds: name, from, to (UTC)."""
    query = select(Claim).where(Claim.item_id.in_([item.id for item in booking.items]), Claim.active)
    return {
        (claim.resource.name, f"{claim.starts_at:%H:%M}", f"{claim.ends_at:%H:%M}")
        for claim in db.session.scalars(query)
    }


def utc(house: House, clock: str) -> str:
    return f"{house.at(clock):%H:%M}"


def test_a_confirmed_visit_takes_its_therapist_and_its_room_along(house: House, book: Book) -> None:
    booking = book("10:00")
    accept(house, booking, house.therese)
    before = held(booking)

    move_booking(house.lutetia, booking=booking, move=Move(starts_at=house.at("15:35")), by=desk(house))

    assert (booking.starts_at, booking.ends_at) == (house.at("15:35"), house.at("16:35"))
    assert booking.status == "confirmed"
    assert held(booking) == {(name, utc(house, "15:35"), utc(house, "16:35")) for name, _, _ in before}
    line = booking.events[-1]
    assert (line.verb, line.details["starts_at"]) == ("moved", house.at("10:00").isoformat())
    event = db.session.scalars(select(OutboxEvent).where(OutboxEvent.type == "booking.rescheduled")).one()
    assert event.payload["previous"]["starts_at"] == house.at("10:00").isoformat()


def test_a_pending_visit_asks_those_who_are_there_then(house: House, book: Book) -> None:
    late = make_member(house.organisation, house.lutetia, first_name="Inès")
    make_shift(house.lutetia, late, house.day + timedelta(days=8))
    booking = book("10:00")
    assert asked(booking) == {"Thérèse": "open", "Marc": "open"}

    move_booking(house.lutetia, booking=booking, move=Move(starts_at=house.at("10:00", days=8)), by=desk(house))

    assert asked(booking) == {"Thérèse": "cancelled", "Marc": "cancelled", "Inès": "open"}
    assert booking.status == "pending"


def test_another_therapist_is_reserved_at_once(house: House, book: Book) -> None:
    booking = book("10:00")
    accept(house, booking, house.therese)
    move_booking(house.lutetia, booking=booking, move=Move(therapist=house.marc), by=desk(house))

    assert (booking.status, booking.therapist) == ("confirmed", house.marc)
    assert {name for name, _, _ in held(booking)} == {"Marc Test", "Cabine 1"}
    assert asked(booking) == {"Thérèse": "taken", "Marc": "accepted"}
    assert [line.verb for line in booking.events][-3:] == ["unassigned", "assigned", "moved"]


def test_from_the_lane_to_a_column_confirms_it(house: House, book: Book) -> None:
    booking = book("10:00")
    move_booking(house.lutetia, booking=booking, move=Move(therapist=house.marc), by=desk(house))
    assert (booking.status, booking.therapist) == ("confirmed", house.marc)
    assert asked(booking) == {"Thérèse": "taken", "Marc": "accepted"}


def test_another_room_is_kept_from_then_on(house: House, book: Book) -> None:
    booking = book("10:00")
    move_booking(house.lutetia, booking=booking, move=Move(room=house.rooms[1]), by=desk(house))
    assert held(booking) == {("Cabine 2", utc(house, "10:00"), utc(house, "11:00"))}
    assert booking.item.room_pinned


def test_a_room_that_is_taken_is_exchanged_without_a_word(house: House, book: Book) -> None:
    first, second = book("10:00"), book("12:00")
    accept(house, first, house.therese)
    move_booking(house.lutetia, booking=second, move=Move(starts_at=house.at("10:00")), by=desk(house))
    rooms = {name for name, _, _ in held(first) | held(second)} - {"Thérèse Test"}
    assert len(rooms) == 2


@pytest.mark.parametrize(
    ("clock", "told"),
    [
        ("12:30", "Thérèse Test is with another guest from 12:00 to 13:00."),
        ("21:00", "This is outside the opening hours"),
        ("10:02", "Please choose a time in steps of five minutes."),
    ],
)
def test_what_is_in_the_way_is_named_and_nothing_changes(house: House, book: Book, clock: str, told: str) -> None:
    booking, other = book("10:00"), book("12:00")
    accept(house, booking, house.therese)
    accept(house, other, house.therese)
    before = held(booking)

    with pytest.raises(SlotUnavailable) as refused:
        move_booking(house.lutetia, booking=booking, move=Move(starts_at=house.at(clock)), by=desk(house))

    assert told in in_english(lambda: sentence(house.lutetia, refused.value))
    assert len(refused.value.alternatives) == 3
    db.session.expire_all()
    assert held(booking) == before
    assert booking.starts_at == house.at("10:00")
    assert not db.session.scalars(select(Change)).all()


def test_who_cannot_do_it_is_told_so(house: House, book: Book) -> None:
    facial = make_treatment(house.lutetia, name="Soin du visage")
    qualify(house.marc, facial)
    booking = book("10:00")
    with pytest.raises(SlotUnavailable) as refused:
        move_booking(house.lutetia, booking=booking, move=Move(therapist=house.marc), by=desk(house))
    assert in_english(lambda: sentence(house.lutetia, refused.value)) == "Marc Test does not do this treatment."


def test_into_the_past_is_refused(house: House, book: Book) -> None:
    booking = book("10:00")
    with pytest.raises(SlotUnavailable, match="slot_unavailable") as refused:
        move_booking(house.lutetia, booking=booking, move=Move(starts_at=house.at("10:00", days=-2)), by=desk(house))
    assert refused.value.reason == "lead_time"


def test_a_manager_puts_it_on_top_of_another_with_a_reason(house: House, book: Book) -> None:
    booking, other = book("10:00"), book("12:00")
    accept(house, booking, house.therese)
    accept(house, other, house.therese)

    move_booking(
        house.lutetia, booking=booking, move=Move(starts_at=house.at("12:00")),
        by=Actor.of_member(house.maud, door="agenda"), overbook_reason="Fêtent leurs noces d'or",
    )  # fmt: skip

    query = select(Claim).where(Claim.active, Claim.overbooked)
    assert [claim.resource.name for claim in db.session.scalars(query)] == ["Thérèse Test"]
    assert booking.events[-1].details["overbooked"] == "Fêtent leurs noces d'or"
    assert {name for name, _, _ in held(booking)} & {"Cabine 2", "Cabine duo"}, (
        "a free room is taken where there is one"
    )


def test_an_older_version_is_refused(house: House, book: Book) -> None:
    booking = book("10:00")
    version = booking.version
    accept(house, booking, house.therese)
    with pytest.raises(Stale):
        move_booking(
            house.lutetia, booking=booking, move=Move(starts_at=house.at("11:00")), by=desk(house), version=version
        )


def test_what_is_over_stays(house: House, book: Book) -> None:
    booking = book("10:00")
    cancel_booking(house.lutetia, booking=booking, reason="Malade", cancelled_by="staff", by=desk(house))
    with pytest.raises(NotNow):
        move_booking(house.lutetia, booking=booking, move=Move(starts_at=house.at("11:00")), by=desk(house))


def test_a_couple_moves_together_and_one_therapist_can_change(house: House, book: Book) -> None:
    ines = make_member(house.organisation, house.lutetia, first_name="Inès")
    make_shift(house.lutetia, ines, house.day)
    booking = book("10:00", variant=house.duo, guest_count=2, price_minor=18000)
    accept(house, booking, house.therese)
    accept(house, booking, house.marc)

    move_booking(
        house.lutetia, booking=booking, by=desk(house),
        move=Move(starts_at=house.at("14:00"), therapist=ines, instead_of=house.marc),
    )  # fmt: skip

    assert booking.status == "confirmed"
    assert held(booking) == {
        (name, utc(house, "14:00"), utc(house, "15:00")) for name in ("Thérèse Test", "Inès Test", "Cabine duo")
    }


def chain(house: House, *, at: str = "10:00", **given: object) -> Booking:
    """An hour of massage and half an hour after it, in one room with one therapist."""
    half = make_variant(house.massage, label="30 min", duration=30, price_minor=5000)
    wish = Request(
        variant=house.single, then=(half,), starts_at=house.at(at), customer=make_customer(house.organisation),
        price_minor=14500, channel="desk", desk=True, therapists=(house.therese,), **given,  # type: ignore[arg-type]
    )  # fmt: skip
    return request_booking(house.lutetia, wish, by=desk(house))


def test_a_chain_stays_in_its_room_and_moves_as_one(house: House) -> None:
    house.lutetia.room_turnover_buffer_minutes = 15
    booking = chain(house)
    assert held(booking) == {
        ("Thérèse Test", utc(house, "10:00"), utc(house, "11:00")),
        ("Cabine 1", utc(house, "10:00"), utc(house, "11:00")),
        ("Thérèse Test", utc(house, "11:00"), utc(house, "11:30")),
        ("Cabine 1", utc(house, "11:00"), utc(house, "11:45")),
    }
    move_booking(house.lutetia, booking=booking, move=Move(starts_at=house.at("16:00")), by=desk(house))
    assert [item.starts_at for item in booking.items] == [house.at("16:00"), house.at("17:00")]
    assert held(booking) == {
        ("Thérèse Test", utc(house, "16:00"), utc(house, "17:00")),
        ("Cabine 1", utc(house, "16:00"), utc(house, "17:00")),
        ("Thérèse Test", utc(house, "17:00"), utc(house, "17:30")),
        ("Cabine 1", utc(house, "17:00"), utc(house, "17:45")),
    }
    assert booking.status == "confirmed"


def test_one_treatment_of_a_chain_moves_alone_and_the_room_gets_its_turnover_back(house: House) -> None:
    house.lutetia.room_turnover_buffer_minutes = 15
    booking = chain(house)
    move_booking(
        house.lutetia, booking=booking, item=booking.items[1], move=Move(starts_at=house.at("13:00"), alone=True),
        by=desk(house),
    )  # fmt: skip
    assert (booking.starts_at, booking.ends_at) == (house.at("10:00"), house.at("13:30"))
    assert ("Cabine 1", utc(house, "10:00"), utc(house, "11:15")) in held(booking)


@pytest.mark.parametrize(
    ("start", "how", "given"),
    [
        ("10:00", {"together": True}, ["Marc", "Marc"]),
        ("16:00", {"together": True}, ["Marc", "Marc"]),
        ("16:00", {}, ["Marc", "Thérèse"]),
        ("16:00", {"alone": True}, ["Marc", "Thérèse"]),
    ],
)
def test_a_chain_goes_to_another_therapist_as_a_whole_if_that_is_wished(
    house: House, start: str, how: dict[str, Any], given: list[str]
) -> None:
    booking = chain(house)
    move_booking(
        house.lutetia, booking=booking, item=booking.items[0], by=desk(house),
        move=Move(starts_at=house.at(start), therapist=house.marc, instead_of=house.therese, **how),
    )  # fmt: skip
    assert [[one.member.first_name for one in item.current_assignments] for item in booking.items] == [
        [name] for name in given
    ]
    assert booking.items[1].starts_at == house.at("11:00" if how.get("alone") or start == "10:00" else "17:00")
    assert booking.status == "confirmed"


def test_open_pages_hear_of_both_days(house: House, book: Book) -> None:
    booking = book("10:00")
    move_booking(house.lutetia, booking=booking, move=Move(starts_at=house.at("10:00", days=2)), by=desk(house))
    told = db.session.scalars(select(LiveEvent).order_by(LiveEvent.id.desc())).first()
    assert told is not None
    assert {f"agenda:{house.day}", f"agenda:{house.day + timedelta(days=2)}"} <= set(told.topics)
