"""A longer treatment pushes the visits in its way: by as much as it takes, all or none, one change."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime, time
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import select, text

from portal.bookings.errors import BadTime, SlotUnavailable, Stale
from portal.bookings.moves.desk import push_at_desk
from portal.bookings.moving import Move, move_booking, resize_booking
from portal.bookings.pushing import CannotPush, TooMuch, pushes_needed, resize_and_push
from portal.bookings.refusals import sentence
from portal.bookings.service import accept_booking
from portal.bookings.visit import start
from portal.clock import frozen
from portal.database import db, rehearse
from portal.errors import PortalError
from portal.models import AuditEntry, Booking, Change, GuestMessage, LiveEvent, Offer, OutboxEvent, StaffMember, Venue
from portal.undo.service import undo_last
from tests.bookings.conftest import Book, accept, offer_to, phone
from tests.bookings.test_move_booking import chain, desk, held, utc
from tests.factories import House, make_customer, make_member, make_shift
from tests.support.language import in_english

OVERLAPS = """
SELECT count(*) FROM claim AS one JOIN claim AS other
    ON other.resource_id = one.resource_id AND other.id > one.id
   AND other.starts_at < one.ends_at AND one.starts_at < other.ends_at
 WHERE one.active AND other.active
"""
Hers = Callable[..., Booking]


@pytest.fixture
def hers(house: House, book: Book) -> Hers:
    """`hers("10:00")`: an hour with Thérèse."""

    def make(clock: str, member: StaffMember | None = None, **given: object) -> Booking:
        booking = book(clock, **given)
        accept(house, booking, member or house.therese)
        return booking

    return make


def needed(house: House, booking: Booking, minutes: int) -> dict[UUID, datetime]:
    pushes = pushes_needed(house.lutetia, booking=booking, minutes=minutes)
    return {push.booking.uuid: push.starts_at for push in pushes}


def lengthen(house: House, booking: Booking, minutes: int, **given: object) -> list[Booking]:
    agreed = given.pop("agreed", None)
    pushes = resize_and_push(
        house.lutetia, booking=booking, minutes=minutes, by=desk(house),
        agreed=needed(house, booking, minutes) if agreed is None else agreed, **given,  # type: ignore[arg-type]
    )  # fmt: skip
    return [push.booking for push in pushes]


def starts(*bookings: Booking) -> list[str]:
    db.session.expire_all()
    return [f"{one.starts_at:%H:%M}" for one in bookings]


def test_the_next_visit_begins_when_the_longer_one_is_over(house: House, hers: Hers) -> None:
    first, second = hers("10:00"), hers("11:00")

    assert lengthen(house, first, 75) == [second]

    assert (first.starts_at, first.ends_at) == (house.at("10:00"), house.at("11:15"))
    assert (second.starts_at, second.ends_at) == (house.at("11:15"), house.at("12:15"))
    assert (second.status, second.therapist) == ("confirmed", house.therese)
    assert ("Thérèse Test", utc(house, "11:15"), utc(house, "12:15")) in held(second)
    line = second.events[-1]
    assert (line.verb, line.details["starts_at"]) == ("moved", house.at("11:00").isoformat())
    rescheduled = db.session.scalars(select(OutboxEvent).where(OutboxEvent.type == "booking.rescheduled")).all()
    assert len(rescheduled) == 2
    told = {topic for event in db.session.scalars(select(LiveEvent)) for topic in event.topics}
    assert f"column:{house.day}:{house.therese.uuid}" in told


@pytest.mark.parametrize("made_first", ["10:00", "11:00"])
def test_one_undo_takes_back_both(house: House, hers: Hers, made_first: str) -> None:
    bookings = {clock: hers(clock) for clock in sorted(["10:00", "11:00"], key=made_first.__ne__)}
    first, second = bookings["10:00"], bookings["11:00"]
    before = held(first), held(second)
    lengthen(house, first, 75)
    assert db.session.scalars(select(Change.verb)).all() == ["booking:pushed"]

    undo_last(house.lutetia, by=desk(house))

    assert starts(first, second) == [utc(house, "10:00"), utc(house, "11:00")]
    assert (held(first), held(second)) == before


def test_whoever_is_behind_goes_on_too_and_a_gap_takes_it_up(house: House, hers: Hers) -> None:
    first, second, third, fourth = (hers(clock) for clock in ("10:00", "11:00", "12:00", "13:30"))
    assert lengthen(house, first, 80) == [second, third]
    assert starts(second, third, fourth) == [utc(house, clock) for clock in ("11:20", "12:20", "13:30")]


def test_what_follows_in_the_visit_pushes_as_well(house: House, hers: Hers) -> None:
    visit, other = chain(house), hers("11:30")
    assert lengthen(house, visit, 90, item=visit.items[0], agreed={other.uuid: house.at("12:00")}) == [other]
    assert [one.starts_at for one in visit.items] == [house.at("10:00"), house.at("11:30")]


def test_a_visit_of_several_treatments_is_pushed_as_a_whole(house: House, hers: Hers) -> None:
    first, visit = hers("09:00"), chain(house)
    assert lengthen(house, first, 65) == [visit]
    assert [one.starts_at for one in visit.items] == [house.at("10:05"), house.at("11:05")]


def test_both_therapists_of_a_couple_have_somebody_next(house: House, hers: Hers, book: Book) -> None:
    couple = book("10:00", variant=house.duo, guest_count=2, price_minor=18000)
    for member in (house.therese, house.marc):
        accept(house, couple, member)
    with_therese, with_marc = hers("11:00"), hers("11:00", house.marc)
    assert set(lengthen(house, couple, 70)) == {with_therese, with_marc}
    assert starts(with_therese, with_marc) == [utc(house, "11:10")] * 2


def test_the_room_makes_way_with_its_turnover_where_there_is_no_other(house: House, hers: Hers) -> None:
    house.lutetia.room_turnover_buffer_minutes = 15
    house.rooms[1].active = house.duo_room.active = False
    db.session.commit()
    first, second = hers("10:00"), hers("11:15", house.marc, desk=True)

    assert lengthen(house, first, 75) == [second]

    assert starts(second) == [utc(house, "11:30")]
    assert {name for name, _, _ in held(second)} == {"Cabine 1", "Marc Test"}


def test_nobody_makes_way_for_a_room_where_another_is_free(house: House, hers: Hers) -> None:
    first, second = hers("10:00"), hers("11:00", house.marc)
    move_booking(house.lutetia, booking=first, move=Move(room=house.rooms[0]), by=desk(house))
    move_booking(house.lutetia, booking=second, move=Move(room=house.rooms[0]), by=desk(house))
    assert needed(house, first, 75) == {}
    resize_booking(house.lutetia, booking=first, minutes=75, by=desk(house))
    assert ("Cabine 1", utc(house, "10:00"), utc(house, "11:15")) not in held(first)


def test_a_guest_in_treatment_keeps_her_room(house: House, hers: Hers) -> None:
    """What has begun changes no rooms: the one who comes next into it makes way."""
    first, second = hers("10:00"), hers("11:00", house.marc)
    for booking in (first, second):
        move_booking(house.lutetia, booking=booking, move=Move(room=house.rooms[0]), by=desk(house))
    with frozen(house.at("10:10")):
        start(house.lutetia, booking=first, by=desk(house))
        with pytest.raises(SlotUnavailable) as refused:
            resize_booking(house.lutetia, booking=first, minutes=75, by=desk(house))
        told = in_english(lambda: sentence(house.lutetia, refused.value))
        assert told == "No suitable room is free: Cabine 1 is taken from 11:00 to 12:00."
        assert lengthen(house, first, 75) == [second]
    assert starts(second) == [utc(house, "11:15")]
    assert ("Cabine 1", utc(house, "10:00"), utc(house, "11:15")) in held(first)


def test_the_pushed_one_ends_with_the_shift(house: House, book: Book, hers: Hers) -> None:
    ines = make_member(house.organisation, house.lutetia, first_name="Inès")
    make_shift(house.lutetia, ines, house.day, end=time(12))
    first, second = hers("10:00", ines), hers("11:00", ines)
    before = held(first), held(second)

    with pytest.raises(CannotPush) as refused:
        lengthen(house, first, 75)

    told = in_english(lambda: sentence(house.lutetia, refused.value))
    assert told == "Inès Test is not on shift then (nearest: 09:00 to 12:00)."
    assert refused.value.push.booking is second
    assert starts(first, second) == [utc(house, "10:00"), utc(house, "11:00")]
    assert (held(first), held(second)) == before
    assert not db.session.scalars(select(Change)).all()


def test_the_last_of_a_row_cannot_and_nobody_moves(house: House, hers: Hers) -> None:
    bookings = [hers(clock) for clock in ("17:00", "18:00", "19:00")]
    with pytest.raises(CannotPush) as refused:
        lengthen(house, bookings[0], 75)
    assert refused.value.push.booking is bookings[2]
    assert refused.value.reason == "outside_hours"
    assert starts(*bookings) == [utc(house, clock) for clock in ("17:00", "18:00", "19:00")]


def test_what_has_begun_is_asked_of_nobody(house: House, hers: Hers) -> None:
    first, second = hers("10:00"), hers("12:00")
    move_booking(
        house.lutetia, booking=second, move=Move(starts_at=house.at("10:30")), by=desk(house), overbook_reason="Duo"
    )
    with frozen(house.at("10:31")):
        start(house.lutetia, booking=second, by=desk(house))
        assert needed(house, first, 75) == {}


def test_more_than_three_visits_are_no_push(house: House, hers: Hers) -> None:
    first, *_rest = (hers(clock) for clock in ("10:00", "11:00", "12:00", "13:00", "14:00"))
    with pytest.raises(TooMuch):
        needed(house, first, 75)


def test_nobody_waits_for_hours(house: House, hers: Hers) -> None:
    first, second = hers("10:00"), hers("11:00")
    assert needed(house, first, 240) == {second.uuid: house.at("14:00")}
    with pytest.raises(TooMuch):
        needed(house, first, 245)


def test_nothing_is_pushed_that_was_not_agreed(house: House, hers: Hers) -> None:
    first, second = hers("10:00"), hers("11:00")
    third = hers("15:00")
    for agreed in (
        {},
        {second.uuid: house.at("11:30")},
        {second.uuid: house.at("11:15"), third.uuid: house.at("15:15")},
        {uuid4(): house.at("11:15")},
    ):
        with pytest.raises(Stale):
            lengthen(house, first, 75, agreed=agreed)
    move_booking(house.lutetia, booking=second, move=Move(starts_at=house.at("11:05")), by=desk(house))
    with pytest.raises(Stale):
        lengthen(house, first, 60, agreed={second.uuid: house.at("11:15")})
    with pytest.raises(Stale):
        lengthen(house, first, 75, version=first.version - 1)
    assert starts(first, second) == [utc(house, "10:00"), utc(house, "11:05")]


@pytest.mark.parametrize("minutes", [0, -15, 62, 10**9])
def test_lengths_that_cannot_be(house: House, hers: Hers, minutes: int) -> None:
    first = hers("10:00")
    with pytest.raises(BadTime):
        lengthen(house, first, minutes, agreed={})


def test_the_pushed_guest_is_told_and_undo_takes_it_back(house: House, hers: Hers) -> None:
    lea = make_customer(house.organisation, first_name="Léa", last_name="Martin", email="lea@example.org")
    paul = make_customer(house.organisation, first_name="Paul", last_name="Roy", email="paul@example.org")
    first, second = hers("10:00", customer=paul), hers("11:00", customer=lea)
    agreed = {second.uuid: house.at("11:15")}

    def push(tell: bool | None = None) -> list[tuple[str, str, bool]]:
        push_at_desk(house.lutetia, booking=first, minutes=75, agreed=agreed, member=house.camille, tell=tell)
        told = db.session.scalars(select(GuestMessage).order_by(GuestMessage.id)).all()
        undo_last(house.lutetia, by=desk(house))
        return [(one.address, one.kind, one.is_waiting) for one in told]

    assert push() == [("lea@example.org", "moved", False)], "waiting no more: it was undone"
    assert len(push(tell=False)) == 1, "nobody else"
    assert house.camille.preferences["tell_guest"] is False


def test_a_rehearsal_leaves_nothing_behind(house: House, hers: Hers) -> None:
    first, second = hers("10:00"), hers("11:00")
    before = len(db.session.scalars(select(AuditEntry)).all())
    pushed = rehearse(lambda: [one.uuid for one in lengthen(house, first, 75)])
    assert pushed == [second.uuid]
    assert starts(first, second) == [utc(house, "10:00"), utc(house, "11:00")]
    assert len(db.session.scalars(select(AuditEntry)).all()) == before
    assert not db.session.scalars(select(Change)).all()


@pytest.mark.race
def test_two_clicks_and_a_therapist_who_accepts_at_the_same_moment(
    app: Flask, house: House, hers: Hers, book: Book
) -> None:
    first, second, wanted = hers("10:00"), hers("11:00"), book("12:00")
    offer = offer_to(wanted, house.therese).id

    def push() -> None:
        lutetia, camille = (
            db.session.get_one(Venue, house.lutetia.id),
            db.session.get_one(StaffMember, house.camille.id),
        )
        push_at_desk(
            lutetia, booking=db.session.get_one(Booking, first.id), minutes=75, member=camille,
            agreed={second.uuid: house.at("11:15")},
        )  # fmt: skip

    def take() -> None:
        lutetia, therese = (
            db.session.get_one(Venue, house.lutetia.id),
            db.session.get_one(StaffMember, house.therese.id),
        )
        accept_booking(lutetia, offer=db.session.get_one(Offer, offer), by=phone(therese))

    told = _at_once(app, push, push, take)

    assert told in (["done", "stale", "not_free"], ["stale", "done", "not_free"], ["stale", "stale", "done"])
    with db.engine.connect() as connection:
        assert connection.scalar(text(OVERLAPS)) == 0


def _at_once(app: Flask, *works: Callable[[], None]) -> list[str]:
    """What becomes of each of them, begun at the same moment in threads of their own."""
    for one in list(db.session):
        getattr(one, "uuid", None)
    db.session.expunge_all()
    db.session.rollback()
    told, barrier = ["nothing"] * len(works), threading.Barrier(len(works))

    def play(number: int) -> None:
        with app.app_context():
            barrier.wait(timeout=30)
            try:
                works[number]()
                told[number] = "done"
            except PortalError as refused:
                told[number] = refused.code
            finally:
                db.session.remove()

    threads = [threading.Thread(target=play, args=(number,)) for number in range(len(works))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return told
