"""Changing one block: its times, its kind, its reason."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from portal.blocks.errors import BookingsUnderneath, Stale
from portal.blocks.service import change_block, remove_block
from portal.clock import frozen
from portal.database import db
from portal.errors import Invalid
from portal.models import Block, Change, LiveEvent
from tests.blocks.conftest import Book, MakeBlock, can_book, claimed, desk
from tests.factories import House


def test_the_old_time_can_be_had_again_and_the_new_one_not(house: House, block: MakeBlock) -> None:
    [lunch] = block("12:30", "13:30")

    changed = _change(house, lunch, "14:00", "15:00", kind="meeting", reason="Équipe")

    assert claimed(changed) == [("14:00", "15:00", False)]
    assert (changed.kind, changed.reason, changed.version) == ("meeting", "Équipe", 2)
    assert can_book(house, "12:30", house.therese)
    assert not can_book(house, "14:30", house.therese)


def test_a_block_may_become_longer_or_shorter_over_itself(house: House, block: MakeBlock) -> None:
    [lunch] = block("12:30", "13:30")
    assert claimed(_change(house, lunch, "12:00", "14:00")) == [("12:00", "14:00", False)]
    assert claimed(_change(house, lunch, "12:45", "13:15")) == [("12:45", "13:15", False)]


def test_bookings_that_it_did_not_cover_are_shown_first(house: House, block: MakeBlock, book: Book) -> None:
    first, second = book("10:00", house.therese), book("14:00", house.therese)
    [made] = block("10:00", "12:00", over=[first.uuid])

    with pytest.raises(BookingsUnderneath) as told:
        _change(house, made, "10:00", "15:00")
    assert [one.booking for one in told.value.bookings] == [first.uuid, second.uuid]
    db.session.rollback()
    assert claimed(made) == [("10:00", "11:00", True), ("11:00", "12:00", False)]

    changed = _change(house, made, "10:00", "15:00", over=[second.uuid])
    assert claimed(changed) == [
        ("10:00", "11:00", True), ("11:00", "14:00", False), ("14:00", "15:00", True),
    ]  # fmt: skip


def test_where_another_block_lay_under_it_that_one_takes_over(house: House, block: MakeBlock) -> None:
    [morning] = block("10:00", "13:00", kind="training")
    [lunch] = block("12:00", "13:30")
    assert claimed(lunch) == [("13:00", "13:30", False)]

    _change(house, morning, "10:00", "11:00", kind="training")

    db.session.refresh(lunch)
    assert claimed(lunch) == [("12:00", "13:00", False), ("13:00", "13:30", False)]


def test_saving_over_a_newer_change_is_refused(house: House, block: MakeBlock) -> None:
    [lunch] = block("12:30", "13:30")
    _change(house, lunch, "12:00", "13:00", version=1)

    with pytest.raises(Stale):
        _change(house, lunch, "14:00", "15:00", version=1)

    db.session.rollback()
    assert claimed(lunch) == [("12:00", "13:00", False)]


def test_what_was_removed_is_not_changed(house: House, block: MakeBlock) -> None:
    [lunch] = block("12:30", "13:30")
    remove_block(house.lutetia, block=lunch, scope="this", by=desk(house))
    with pytest.raises(Stale):
        _change(house, lunch, "14:00", "15:00")


def test_the_others_of_its_batch_stay(house: House, block: MakeBlock) -> None:
    monday, tuesday = block("12:30", "13:30", rule="FREQ=DAILY;COUNT=2")
    _change(house, monday, "12:00", "13:00")
    assert claimed(tuesday) == [("12:30", "13:30", False)]


def test_what_began_before_today_keeps_its_start(house: House, block: MakeBlock) -> None:
    [away] = block("09:00", None, kind="sick", ends_at=house.at("20:00", days=1))
    with frozen(house.at("08:00", days=1)):
        changed = change_block(
            house.lutetia, block=away, starts_at=away.starts_at, ends_at=house.at("12:00", days=1), kind="sick",
            reason=None, by=desk(house),
        )  # fmt: skip
        assert changed.ends_at == house.at("12:00", days=1)
        with pytest.raises(Invalid) as told:
            _change(house, away, "08:00", "20:00")
    assert told.value.field == "day"


def test_it_can_be_undone_and_both_days_are_told(house: House, block: MakeBlock) -> None:
    [lunch] = block("12:30", "13:30")
    change_block(
        house.lutetia, block=lunch, starts_at=house.at("12:30", days=1), ends_at=house.at("13:30", days=1),
        kind="break", reason=None, by=desk(house),
    )  # fmt: skip
    change = db.session.scalars(select(Change).order_by(Change.id.desc())).first()
    assert change is not None
    assert change.verb == "block:changed"
    assert change.before[0]["starts_at"] == house.at("12:30").isoformat()
    assert [claim["starts_at"] for claim in change.before[0]["claims"]] == [house.at("12:30").isoformat()]
    told = db.session.scalars(select(LiveEvent.topics).order_by(LiveEvent.id.desc())).first()
    assert told is not None
    for day in (house.day, house.day + timedelta(days=1)):
        assert f"column:{day}:{house.therese.uuid}" in told


def _change(house: House, block: Block, start: str, end: str, **given: Any) -> Block:
    words = {"kind": "break", "reason": None, "by": desk(house)}
    return change_block(house.lutetia, block=block, starts_at=house.at(start), ends_at=house.at(end), **words | given)
