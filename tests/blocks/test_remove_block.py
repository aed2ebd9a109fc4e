"""Removing a block gives its time back, of one or of all that were made with it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.blocks.service import Scope, remove_block
from portal.clock import frozen
from portal.database import db
from portal.models import Block, Change, Claim, VenueMember
from tests.blocks.conftest import Book, MakeBlock, can_book, claimed, desk, person
from tests.factories import House, save


def test_guests_can_come_again(house: House, block: MakeBlock, book: Book) -> None:
    [lunch] = block("12:30", "13:30")
    _remove(house, lunch)

    assert can_book(house, "12:30", house.therese)
    book("12:30", house.therese)
    assert lunch.removed_at is not None


@pytest.mark.parametrize(
    ("scope", "left"),
    [("this", [0, 0, 1, 2, 2, 3, 3]), ("following", [0, 0]), ("all", [])],
    ids=["this", "following", "all"],
)
def test_this_one_the_following_or_all(house: House, block: MakeBlock, scope: Scope, left: list[int]) -> None:
    made = block("12:30", "13:30", person(house.therese), person(house.marc), rule="FREQ=DAILY;COUNT=4")

    _remove(house, made[2], scope)

    assert [(one.starts_at - made[0].starts_at).days for one in _standing()] == left


def test_what_is_over_stays_in_the_book(house: House, block: MakeBlock) -> None:
    made = block("12:30", "13:30", rule="FREQ=DAILY;COUNT=4")
    with frozen(house.at("15:00", days=1)):
        removed = _remove(house, made[3], "all")
    assert [one.id for one in removed] == [made[2].id, made[3].id]
    assert [one.id for one in _standing()] == [made[0].id, made[1].id]


def test_another_batch_is_left_alone(house: House, block: MakeBlock) -> None:
    [first], [second] = block("10:00", "11:00"), block("12:30", "13:30")
    _remove(house, first, "all")
    assert _standing() == [second]


def test_twice_is_harmless(house: House, block: MakeBlock) -> None:
    [lunch] = block("12:30", "13:30")
    _remove(house, lunch)
    at = lunch.removed_at
    assert _remove(house, lunch) == []
    assert (lunch.removed_at, len(db.session.scalars(select(Change)).all())) == (at, 2)


def test_where_another_block_lies_the_time_stays_blocked(house: House, block: MakeBlock) -> None:
    [long], [lunch] = block("10:00", "14:00", kind="training"), block("12:30", "13:30")
    assert claimed(lunch) == []

    _remove(house, long)

    db.session.refresh(lunch)
    assert claimed(lunch) == [("12:30", "13:30", False)]
    assert can_book(house, "11:00", house.therese)
    assert not can_book(house, "12:00", house.therese)


def test_a_booking_underneath_is_none_of_its_business(house: House, block: MakeBlock, book: Book) -> None:
    booking = book("10:00", house.therese)
    [made] = block("09:00", "12:00", over=[booking.uuid])

    _remove(house, made)

    held = db.session.scalars(select(Claim).where(Claim.active)).all()
    assert {claim.item_id for claim in held} == {booking.item.id}
    assert booking.status == "confirmed"
    assert not can_book(house, "10:00", house.therese)


def test_two_blocks_over_one_booking_both_mark_it_in_turn(house: House, block: MakeBlock, book: Book) -> None:
    booking = book("10:00", house.therese)
    [first], [second] = (block("10:00", "11:00", over=[booking.uuid], kind=kind) for kind in ("sick", "training"))
    assert (claimed(first), claimed(second)) == ([("10:00", "11:00", True)], [])

    _remove(house, first)

    db.session.refresh(second)
    assert claimed(second) == [("10:00", "11:00", True)]


def test_it_can_be_undone(house: House, block: MakeBlock) -> None:
    made = block("12:30", "13:30", rule="FREQ=DAILY;COUNT=2")
    _remove(house, made[0], "all")
    change = db.session.scalars(select(Change).order_by(Change.id.desc())).first()
    assert change is not None
    assert (change.verb, {one["uuid"] for one in change.before}) == ("block:removed", {str(one.uuid) for one in made})
    assert [len(one["claims"]) for one in change.before] == [1, 1]


def test_another_venues_block_of_hers_takes_over_too(house: House, block: MakeBlock) -> None:
    save(VenueMember(venue=house.marais, member=house.therese))
    [here] = block("10:00", "12:00")
    [there] = block("11:00", "12:00", venue=house.marais)
    assert claimed(there) == []
    _remove(house, here)
    db.session.refresh(there)
    assert claimed(there) == [("11:00", "12:00", False)]
    assert there.ends_at - there.starts_at == timedelta(hours=1)


def _remove(house: House, block: Block, scope: Scope = "this") -> list[Block]:
    return remove_block(house.lutetia, block=block, scope=scope, by=desk(house))


def _standing() -> list[Block]:
    return list(db.session.scalars(select(Block).where(Block.removed_at.is_(None)).order_by(Block.starts_at, Block.id)))
