"""Never two at once: sixteen processes over real HTTP, and SQL has the last word.

The control runs the same crowd with the guards switched off and demands that overlaps happen: without it, a test that
never races would pass as well.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, time
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text

from portal import guards
from portal.database import db
from portal.models import VenueMember
from tests.factories import (
    PASSWORD,
    House,
    lend,
    make_member,
    make_room,
    make_shift,
    make_treatment,
    save,
)
from tests.races.crowd import Stage, let_loose
from tests.support.databases import Database
from tests.support.server import LiveServer, serve

pytestmark = pytest.mark.race

OVERLAPS = """
SELECT count(*) FROM claim AS one JOIN claim AS other
    ON other.resource_id = one.resource_id AND other.id > one.id
   AND other.starts_at < one.ends_at AND one.starts_at < other.ends_at
 WHERE one.active AND other.active
"""
MISSTAFFED = """
SELECT count(*) FROM booking JOIN booking_item ON booking_item.booking_id = booking.id
 WHERE (booking.status = 'confirmed') <> (booking_item.therapists_assigned = booking_item.guest_count)
   AND booking.status IN ('pending', 'confirmed')
"""
UNCLAIMED = """
SELECT count(*) FROM booking_item JOIN booking ON booking.id = booking_item.booking_id
 WHERE booking.status IN ('pending', 'confirmed') AND booking_item.therapists_assigned <> (
    SELECT count(*) FROM claim JOIN resource ON resource.id = claim.resource_id
     WHERE claim.item_id = booking_item.id AND claim.active AND resource.kind = 'person')
"""


def test_sixteen_processes_never_book_two_at_once(app: Flask, house: House, database: Database, tmp_path: Path) -> None:
    with _open(database, tmp_path) as server:
        answers = let_loose(_stage(house, server), attempts=2000)

    assert {name for name in answers if name.split()[-1].startswith("5")} == set(), answers
    assert answers["book 201"] > 20, answers
    assert answers["book 409"] > 20, answers
    assert sum(answers[name] for name in answers if name.startswith("accept")) > 20, answers
    assert answers["move 303"] > 10, answers
    assert answers["resize 303"] > 5, answers
    assert answers["resize 409"] > 5, answers
    assert answers["move 409"] > 10, answers
    assert answers["undo 303"] > 5, answers
    assert (_count(OVERLAPS), _count(MISSTAFFED), _count(UNCLAIMED)) == (0, 0, 0)


def test_without_the_guards_the_same_crowd_does_overlap(
    app: Flask, house: House, database: Database, tmp_path: Path
) -> None:
    with _without_guards(), _open(database, tmp_path, unsafe_without_guards=True) as server:
        stage = _stage(house, server)
        total: Counter[str] = Counter()
        overlaps = 0
        for round_ in range(8):
            total += let_loose(stage, attempts=160, round_=round_)
            overlaps = _count(OVERLAPS)
            _clear_the_day()
            if overlaps:
                break

    assert overlaps > 0, f"The crowd does not race, so the test above proves nothing: {total}"


def _stage(house: House, server: LiveServer) -> Stage:
    """Two venues with four shared therapists, and starts 20 minutes apart for treatments of an hour."""
    house.lutetia.slot_interval = house.marais.slot_interval = 20
    room_type = house.massage.room_type
    others = [make_member(house.organisation, house.lutetia, first_name=f"Zoe{number}") for number in range(2)]
    therapists = [house.therese, house.marc, *others]
    save(*[VenueMember(venue=house.marais, member=member) for member in therapists])
    for member in others:
        make_shift(house.lutetia, member, house.day)
    for member in therapists[::2]:
        lend(member, house.marais, house.day, start=time(9), end=time(12))
    for member in therapists[1::2]:
        lend(member, house.marais, house.day, start=time(12), end=time(16))
    make_room(house.marais, room_type)
    make_room(house.marais, room_type)
    elsewhere = make_treatment(house.marais, room_type).variants[0]
    starts = [house.at(clock) for clock in ("10:00", "10:20", "10:40", "11:00", "11:20", "14:00", "14:40")]
    stage = Stage(
        url=server.url,
        key=house.key,
        variants=[
            ("lutetia", str(house.single.uuid), 1),
            ("lutetia", str(house.duo.uuid), 2),
            ("marais", str(elsewhere.uuid), 1),
        ],
        starts=[start.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") for start in starts],
        therapists=[member.email for member in therapists],
        password=PASSWORD,
        desk=house.camille.email,
        day=house.day.isoformat(),
        columns=[str(member.uuid) for member in therapists],
    )
    db.session.rollback()  # a read left open would keep SQLite's writers waiting
    return stage


def _clear_the_day() -> None:
    """Free every place, so that the crowd begins another round with a rush."""
    db.session.execute(text("UPDATE claim SET active = false"))
    db.session.execute(text("UPDATE booking SET status = 'cancelled', cancelled_at = created_at"))
    db.session.commit()


@contextmanager
def _open(database: Database, folder: Path, **settings: Any) -> Iterator[LiveServer]:
    db.session.commit()
    with serve(database.url, folder, workers=4, threads=8, **settings) as server:
        yield server


@contextmanager
def _without_guards() -> Iterator[None]:
    db.session.commit()
    with db.engine.execution_options(thermes_write=True).begin() as connection:
        guards.remove(connection)
    try:
        yield
    finally:
        db.session.rollback()
        with db.engine.execution_options(thermes_write=True).begin() as connection:
            guards.install(connection)


def _count(sql: str) -> int:
    with db.engine.connect() as connection:  # closed at once: an open read keeps SQLite's writers waiting
        return int(connection.scalar(text(sql)) or 0)
