"""Two managers plan the same person for the same hours at the same moment: one shift stands."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from portal import guards
from portal.audit import Actor
from portal.database import atomic, db
from portal.errors import PortalError
from portal.models import Shift, StaffMember, Venue
from portal.shifts.service import plan_shift
from tests.factories import House, make_shift
from tests.shifts.conftest import clock

ROUNDS = 6
OVERLAPS = """
SELECT count(*) FROM shift AS one JOIN shift AS other
    ON other.member_id = one.member_id AND other.id > one.id
   AND other.starts_at < one.ends_at AND one.starts_at < other.ends_at
 WHERE one.status <> 'removed' AND other.status <> 'removed'
"""


@pytest.mark.race
def test_rivals_at_two_venues(app: Flask, bare: House) -> None:
    for days in range(ROUNDS):
        told = _at_once(app, *(_planned(bare, venue.id, days) for venue in (bare.lutetia, bare.marais)))
        assert sorted(told) == ["done", "shift_overlaps"], told
    assert _overlaps() == 0


@pytest.mark.race
def test_without_the_guards_both_are_written(app: Flask, bare: House) -> None:
    with _unguarded():
        for days in range(ROUNDS):
            _at_once(app, *(_by_force(bare, venue.id, days) for venue in (bare.lutetia, bare.marais)))
        found = _overlaps()
        db.session.query(Shift).delete()
        db.session.commit()
    assert found > 0, "If nobody races here, the test above proves nothing."


@pytest.mark.parametrize("change", ["insert", "move", "hand over", "bring back"])
def test_the_database_itself_refuses(bare: House, change: str) -> None:
    make_shift(bare.lutetia, bare.therese, bare.day)
    whose = bare.marc if change == "hand over" else bare.therese
    other = make_shift(bare.marais, whose, bare.day + timedelta(days=1), start=clock("19:55"), end=clock("23:00"))
    if change != "insert":
        other.place(bare.marais, bare.day, clock("19:55"), clock("23:00"))
    if change == "hand over":
        db.session.flush()
        other.hand_to(bare.therese)
    elif change == "bring back":
        other.remove()
        db.session.flush()
        other.publish()
    elif change == "insert":
        db.session.add(Shift.planned(bare.marais, bare.therese, day=bare.day, start=clock("19:55"), end=clock("21:00")))
    with pytest.raises(IntegrityError) as refused:
        db.session.flush()
    assert guards.NO_SHIFT_OVERLAP in str(refused.value)


def test_nor_does_it_take_one_that_is_longer_than_a_day(bare: House) -> None:
    shift = make_shift(bare.lutetia, bare.therese, bare.day)
    shift.ends_at = bare.at("09:05", days=1)
    with pytest.raises(IntegrityError) as refused:
        db.session.flush()
    assert guards.SHIFTS.length in str(refused.value)


def _planned(house: House, venue_id: int, days: int) -> Callable[[], None]:
    return _work(house, venue_id, lambda venue, member, by: plan_shift(
        venue, member=member, day=house.at("09:00", days=days).date(), start=clock("09:00"), end=clock("17:00"), by=by
    ))  # fmt: skip


def _by_force(house: House, venue_id: int, days: int) -> Callable[[], None]:
    day = house.at("09:00", days=days).date()

    @atomic
    def write(venue: Venue, member: StaffMember, _by: Actor) -> Shift:
        shift = Shift.planned(venue, member, day=day, start=clock("09:00"), end=clock("17:00"))
        db.session.add(shift)
        return shift

    return _work(house, venue_id, write)


def _work(house: House, venue_id: int, do: Callable[[Venue, StaffMember, Actor], Shift]) -> Callable[[], None]:
    therapist, desk = house.therese.id, house.maud.id

    def run() -> None:
        by = Actor.of_member(db.session.get_one(StaffMember, desk), door="agenda")
        do(db.session.get_one(Venue, venue_id), db.session.get_one(StaffMember, therapist), by)

    return run


def _at_once(app: Flask, *works: Callable[[], None]) -> list[str]:
    """What becomes of each of them, begun at the same moment in threads of their own."""
    db.session.commit()
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


def _overlaps() -> int:
    db.session.commit()
    with db.engine.connect() as connection:
        return int(connection.scalar(text(OVERLAPS)) or 0)


@contextmanager
def _unguarded() -> Iterator[None]:
    db.session.commit()
    with db.engine.execution_options(thermes_write=True).begin() as connection:
        guards.remove(connection, guards.SHIFTS)
    try:
        yield
    finally:
        db.session.rollback()
        with db.engine.execution_options(thermes_write=True).begin() as connection:
            guards.install(connection)
