"""Two people at two desks merge the same two guests at the same instant: it is done once, whichever way round.

The control takes the locks away and demands that somebody is then told something else than that it was done already.
"""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

import pytest
from flask import Flask

from portal.audit import SYSTEM
from portal.database import db
from portal.duplicates.merging.service import merge_guests
from portal.duplicates.merging.undoing import undo_merge
from portal.models import Customer, GuestMerge, Organisation
from tests.factories import House, make_customer
from tests.support.rivals import DONE, at_once, nobody_waits

pytestmark = pytest.mark.race
ROUNDS, ALREADY = 4, "merged_already"
Pair = tuple[UUID, UUID]


@pytest.mark.parametrize("crosswise", [False, True], ids=["the same way", "crosswise"])
def test_one_merge_is_made(app: Flask, house: House, crosswise: bool) -> None:
    for number in range(ROUNDS):
        pair = _two(house)
        assert sorted(_race(app, house, pair, crosswise)) == [DONE, ALREADY]
        assert (db.session.query(GuestMerge).count(), db.session.query(Customer).count()) == (number + 1, number + 1)


def test_one_undo_is_made(app: Flask, house: House) -> None:
    key = house.organisation.id
    for _round in range(ROUNDS):
        keep, lose = _two(house)
        made = merge_guests(house.organisation, keep=keep, lose=lose, versions=(1, 1), take={}, by=SYSTEM)
        assert sorted(at_once(app, *[_undo(key, made.uuid)] * 2)) == ["already_undone", DONE]


def test_without_the_locks_it_is_not_said_kindly(app: Flask, house: House) -> None:
    with nobody_waits():
        told = [sorted(_race(app, house, _two(house), crosswise=False)) for _round in range(ROUNDS)]
    assert any(one != [DONE, ALREADY] for one in told), f"They do not race, so the tests above prove nothing: {told}"


def _race(app: Flask, house: House, pair: Pair, crosswise: bool) -> list[str]:
    key = house.organisation.id

    def work(keep: UUID, lose: UUID) -> Callable[[], object]:
        return lambda: merge_guests(
            db.session.get_one(Organisation, key), keep=keep, lose=lose, versions=(1, 1), take={}, by=SYSTEM
        )

    return at_once(app, work(*pair), work(*(pair[::-1] if crosswise else pair)))


def _undo(organisation: int, merge: UUID) -> Callable[[], object]:
    return lambda: undo_merge(db.session.get_one(Organisation, organisation), merge=merge, by=SYSTEM)


def _two(house: House) -> Pair:
    return make_customer(house.organisation).uuid, make_customer(house.organisation).uuid
