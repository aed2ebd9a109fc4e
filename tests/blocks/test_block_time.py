"""Blocking time keeps guests away; bookings that stand there are shown first and stay."""

from __future__ import annotations

from datetime import time, timedelta
from uuid import uuid4

import pytest
from flask_babel import force_locale
from sqlalchemy import func, select

from portal.blocks.errors import BookingsUnderneath
from portal.bookings.errors import SlotUnavailable
from portal.clock import frozen, start_of_day
from portal.database import db
from portal.errors import Invalid, NotFound
from portal.models import AuditEntry, Block, Change, Claim, LiveEvent, VenueMember
from tests.blocks.conftest import Book, MakeBlock, can_book, claimed, person
from tests.factories import House, make_shift, save


def test_nobody_is_booked_during_a_break(house: House, block: MakeBlock, book: Book) -> None:
    assert can_book(house, "12:00", house.therese)

    [lunch] = block("12:30", "13:30")

    assert claimed(lunch) == [("12:30", "13:30", False)]
    assert not can_book(house, "12:00", house.therese)
    assert not can_book(house, "13:00", house.therese)
    assert can_book(house, "13:30", house.therese)
    assert can_book(house, "12:00", house.marc)
    book("12:00", house.marc)
    with pytest.raises(SlotUnavailable, match="slot_unavailable"):
        book("12:00")


def test_a_room_that_is_cleaned_is_not_given_to_anybody(house: House, block: MakeBlock, book: Book) -> None:
    block("10:00", "11:00", *house.rooms, kind="cleaning")
    assert [claim.resource_id for claim in book("10:00").item.claims] == [house.duo_room.id]


def test_several_people_and_rooms_at_once_share_a_batch(house: House, block: MakeBlock) -> None:
    blocks = block("09:00", "09:30", person(house.therese), person(house.marc), house.duo_room, kind="meeting")

    assert len(blocks) == 3
    assert len({one.batch for one in blocks}) == 1
    assert {one.resource_id for one in blocks} == {
        person(house.therese).id,
        person(house.marc).id,
        house.duo_room.id,
    }


def test_the_same_person_named_twice_is_blocked_once(house: House, block: MakeBlock) -> None:
    assert len(block("12:30", "13:30", person(house.therese), person(house.therese))) == 1


def test_bookings_underneath_are_listed_before_anything_is_saved(house: House, block: MakeBlock, book: Book) -> None:
    first, second = book("10:00", house.therese), book("14:00", house.therese)
    book("11:00", house.marc)
    book("18:00", house.therese)

    with pytest.raises(BookingsUnderneath) as told:
        block("10:30", "15:00", kind="training")

    assert [one.booking for one in told.value.bookings] == [first.uuid, second.uuid]
    one = told.value.bookings[0]
    assert (one.guest, one.resource, one.status) == ("Hélène Dupont", "Thérèse Test", "confirmed")
    assert one.treatment == ("Massage relaxant", "Relaxing massage")
    assert _count(Block) == 0


def test_the_bookings_that_were_seen_stay_and_both_stand(house: House, block: MakeBlock, book: Book) -> None:
    booking = book("10:00", house.therese)

    [made] = block("09:30", "12:00", over=[booking.uuid])

    assert claimed(made) == [("09:30", "10:00", False), ("10:00", "11:00", True), ("11:00", "12:00", False)]
    assert booking.status == "confirmed"
    held = db.session.scalars(select(Claim).where(Claim.item_id == booking.item.id)).all()
    assert all(claim.active and not claim.overbooked for claim in held)
    assert not can_book(house, "09:00", house.therese)
    assert not can_book(house, "11:00", house.therese)


def test_a_booking_that_came_after_the_list_is_shown_again(house: House, block: MakeBlock, book: Book) -> None:
    seen, late = book("10:00", house.therese), book("11:00", house.therese)

    with pytest.raises(BookingsUnderneath) as told:
        block("10:00", "12:00", over=[seen.uuid])

    assert [one.booking for one in told.value.bookings] == [seen.uuid, late.uuid]
    assert _count(Block) == 0


def test_turnover_is_nobodys_visit(house: House, block: MakeBlock, book: Book) -> None:
    house.lutetia.room_turnover_buffer_minutes = 30
    db.session.commit()
    room = book("10:00").item.claims[0].resource

    [made] = block("11:00", "12:00", room, kind="cleaning")

    assert claimed(made) == [("11:00", "11:30", True), ("11:30", "12:00", False)]


def test_of_a_booking_at_another_venue_only_the_time_is_told(house: House, block: MakeBlock, book: Book) -> None:
    save(VenueMember(venue=house.marais, member=house.therese))
    book("10:00", house.therese)
    house.lutetia, house.marais = house.marais, house.lutetia  # now seen from the other venue

    with pytest.raises(BookingsUnderneath) as told:
        block("10:00", "12:00")

    [one] = told.value.bookings
    assert (one.booking, one.number, one.status, one.guest, one.treatment) == (None, None, None, "", ("", None))
    assert one.span == (house.at("10:00"), house.at("11:00"))
    [made] = block("10:00", "12:00", over=[one.key])
    assert claimed(made) == [("10:00", "11:00", True), ("11:00", "12:00", False)]


def test_a_block_over_a_block_claims_what_is_left(house: House, block: MakeBlock) -> None:
    block("12:00", "13:00")
    [longer], [within] = block("11:00", "14:00", kind="training"), block("12:15", "12:45", kind="meeting")

    assert claimed(longer) == [("11:00", "12:00", False), ("13:00", "14:00", False)]
    assert claimed(within) == []


def test_an_absence_of_days_is_claimed_day_by_day(house: House, block: MakeBlock) -> None:
    [away] = block("09:00", None, kind="vacation", ends_at=house.at("20:00", days=6))

    assert len(claimed(away)) == 7
    assert all(claim.ends_at - claim.starts_at <= timedelta(hours=24) for claim in away.claims)
    assert not can_book(house, "10:00", house.therese, days=5)


def test_a_block_may_cross_midnight(house: House, block: MakeBlock) -> None:
    [night] = block("22:00", None, house.rooms[0], kind="cleaning", ends_at=house.at("02:00", days=1))
    assert claimed(night) == [("22:00", "02:00", False)]


def test_this_morning_may_be_blocked_but_not_yesterday(house: House, block: MakeBlock) -> None:
    with frozen(house.at("15:00")):
        [made] = block("09:00", "16:00", kind="sick")
        assert claimed(made) == [("09:00", "16:00", False)]
        midnight = start_of_day(house.day, "Europe/Paris")
        with pytest.raises(Invalid) as told:
            block(None, "16:00", person(house.marc), starts_at=midnight - timedelta(minutes=5))
        assert told.value.field == "day"


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"ends_at": -60}, "end"),
        ({"ends_at": 0}, "end"),
        ({"ends_at": 63}, "end"),
        ({"ends_at": 367 * 24 * 60}, "last_day"),
        ({"starts_at": 740 * 24 * 60, "ends_at": 741 * 24 * 60}, "day"),
        ({"starts_at": 1}, "start"),
        ({"kind": "holiday"}, "kind"),
        ({"kind": ""}, "kind"),
        ({"reason": "x" * 201}, "reason"),
        ({"reason": "x" * 10_000}, "reason"),
        ({"resources": []}, "who"),
        ({"ends_at": None}, "end"),
        ({"starts_at": None}, "start"),
    ],
    ids=str,
)
def test_what_is_wrong_is_named_and_changes_nothing(
    house: House, block: MakeBlock, wrong: dict[str, object], field: str
) -> None:
    start = house.at("10:00")
    given = {
        name: start + timedelta(minutes=value) if isinstance(value, int) else value for name, value in wrong.items()
    }
    with pytest.raises(Invalid) as told:
        block("10:00", "11:00", **given)
    assert told.value.field == field
    assert (_count(Block), _count(Claim), _count(Change)) == (0, 0, 0)


def test_strangers_cannot_be_blocked(house: House, block: MakeBlock) -> None:
    for stranger in (house.rooms[0], person(house.therese)):
        with pytest.raises(NotFound):
            block("10:00", "11:00", stranger, venue=house.marais)
    assert _count(Block) == 0


def test_the_same_form_twice_makes_one_block(house: House, block: MakeBlock) -> None:
    batch = uuid4()
    first, again = block("12:30", "13:30", batch=batch), block("12:30", "13:30", batch=batch)
    assert [one.uuid for one in again] == [one.uuid for one in first]
    assert (_count(Block), _count(Change)) == (1, 1)


def test_it_is_written_down_and_told(house: House, block: MakeBlock) -> None:
    [lunch] = block("12:30", "13:30", reason="Déjeuner")

    change = db.session.scalars(select(Change)).one()
    assert (change.verb, change.member_id) == ("block:made", house.camille.id)
    assert [(one["uuid"], one["created"]) for one in change.before] == [(str(lunch.uuid), True)]
    line = db.session.scalars(select(AuditEntry).where(AuditEntry.verb == "block:made")).one()
    assert (line.subject, line.actor_name) == (lunch.uuid, house.camille.name)
    told = db.session.scalars(select(LiveEvent.topics).order_by(LiveEvent.id.desc())).first()
    assert told is not None
    assert set(told) == {
        f"agenda:{house.day}",
        f"column:{house.day}:{house.therese.uuid}",
        f"column:{house.day}:lane",
    }


class TestLateAndLeavingEarly:
    def test_late_is_from_the_start_of_her_shift(self, house: House, block: MakeBlock) -> None:
        [late] = block(None, "10:15", kind="late")
        assert claimed(late) == [("09:00", "10:15", False)]
        assert not can_book(house, "10:00", house.therese)
        assert can_book(house, "10:15", house.therese)

    def test_leaving_early_is_until_its_end(self, block: MakeBlock) -> None:
        [early] = block("18:00", None, kind="leaving_early")
        assert claimed(early) == [("18:00", "20:00", False)]

    def test_each_by_her_own_shift_on_each_date(self, house: House, block: MakeBlock) -> None:
        rule = f"FREQ=DAILY;UNTIL={house.day + timedelta(days=8):%Y%m%d}T235959"
        made = block(None, "10:00", person(house.therese), person(house.marc), kind="late", rule=rule)
        assert len(made) == 14  # a week of shifts: without one nobody is late

    def test_a_shift_past_midnight_is_one_working_day(self, house: House, block: MakeBlock) -> None:
        make_shift(house.lutetia, house.therese, house.day + timedelta(days=20), start=time(21), end=time(3))
        [early] = block(None, None, kind="leaving_early", starts_at=house.at("01:00", days=21))
        assert claimed(early) == [("01:00", "03:00", False)]

    @pytest.mark.parametrize(("kind", "clock"), [("late", "09:00"), ("late", "20:00"), ("leaving_early", "08:00")])
    def test_outside_her_shift_says_when_it_is(self, block: MakeBlock, kind: str, clock: str) -> None:
        with pytest.raises(Invalid) as told:
            block(clock, clock, kind=kind)
        assert "09:00" in str(told.value.message)
        assert told.value.field == ("end" if kind == "late" else "start")

    def test_without_a_shift_nobody_is_late(self, house: House, block: MakeBlock) -> None:
        with force_locale("en"), pytest.raises(Invalid) as told:
            block(None, None, kind="late", ends_at=house.at("10:00", days=30))
        assert str(told.value.message) == "Thérèse Test has no shift at that time."

    def test_rooms_are_never_late(self, house: House, block: MakeBlock) -> None:
        with pytest.raises(Invalid) as told:
            block(None, "10:00", house.rooms[0], kind="late")
        assert told.value.field == "who"


def _count(model: type[Block] | type[Claim] | type[Change]) -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(model)) or 0
