"""What was done to a block can be undone: the book stands as before."""

from __future__ import annotations

from portal.blocks.service import change_block, remove_block
from portal.changes.queries import last_change
from portal.database import db
from portal.models import Block
from portal.undo.service import undo_change
from tests.blocks.conftest import Book, MakeBlock, can_book, claimed, desk
from tests.factories import House


def test_a_block_that_was_made_is_gone(house: House, block: MakeBlock) -> None:
    made = block("12:30", "13:30", rule="FREQ=DAILY;COUNT=3")
    _undo(house)
    assert all(_again(one).removed_at is not None for one in made)
    assert can_book(house, "12:30", house.therese)


def test_a_block_that_was_removed_is_back(house: House, block: MakeBlock, book: Book) -> None:
    booking = book("13:00", house.therese)
    [made] = block("12:30", "14:30", over=[booking.uuid])
    remove_block(house.lutetia, block=made, scope="this", by=desk(house))
    _undo(house)
    assert _again(made).removed_at is None
    assert claimed(_again(made)) == [("12:30", "13:00", False), ("13:00", "14:00", True), ("14:00", "14:30", False)]


def test_a_block_that_was_changed_is_as_before(house: House, block: MakeBlock) -> None:
    [made] = block("12:30", "13:30", reason="Repas")
    start, end = house.at("15:00"), house.at("16:00")
    change_block(house.lutetia, block=made, starts_at=start, ends_at=end, kind="meeting", reason=None, by=desk(house))
    _undo(house)
    assert (_again(made).kind, made.reason, claimed(made)) == ("break", "Repas", [("12:30", "13:30", False)])


def test_another_block_that_took_over_steps_back(house: House, block: MakeBlock) -> None:
    [long], [lunch] = block("10:00", "14:00", kind="training"), block("12:30", "13:30")
    remove_block(house.lutetia, block=long, scope="this", by=desk(house))
    _undo(house)
    assert (claimed(_again(long)), claimed(_again(lunch))) == ([("10:00", "14:00", False)], [])


def _undo(house: House) -> None:
    change = last_change(house.lutetia, house.camille)
    assert change is not None
    undo_change(house.lutetia, change=change, by=desk(house))


def _again(block: Block) -> Block:
    db.session.refresh(block)
    return block
