"""Waves with two workers: real processes on the same database, each wave sent once.

The control takes the lock away and demands that waves are then sent twice: otherwise nothing was proved.
"""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import update

import portal.bookings.waves as waves
from portal.audit import Actor
from portal.bookings.creation import request_booking
from portal.bookings.queries import get_booking
from portal.bookings.request import Request
from portal.clock import now
from portal.database import db
from portal.models import Booking, BookingEvent, BookingItem, Offer, Venue
from tests.factories import House, make_member, make_shift, make_variant
from tests.support.databases import Database
from tests.support.portal_app import ROOT, as_environment, make_app

pytestmark = pytest.mark.race

BOOKINGS = 48
RANKS = 4


@pytest.fixture
def bookings(house: House) -> list[Booking]:
    """Many short ones, each offered to the first of four ranks."""
    for rank in range(2, RANKS + 1):
        member = make_member(house.organisation, house.lutetia, first_name=f"Rank{rank}", priority=rank)
        make_shift(house.lutetia, member, house.day)
    short = make_variant(house.massage, duration=10)
    starts = [house.at("10:00") + timedelta(minutes=10 * number) for number in range(BOOKINGS)]
    made = [
        request_booking(
            house.lutetia,
            Request(variant=short, starts_at=start, customer=None, price_minor=1, channel="desk", desk=True),
            by=Actor.of_key(house.key_row, door="partner"),
        )
        for start in starts
    ]
    db.session.commit()
    return made


def test_two_workers_send_each_wave_once(house: House, bookings: list[Booking], database: Database) -> None:
    db.session.rollback()
    with ExitStack() as stack:
        workers = [stack.enter_context(_worker(database)) for _ in range(2)]
        time.sleep(2.5)  # both look every half second by now
        _make_due()
        _wait_until_sent()
        assert [worker.poll() for worker in workers] == [None, None]

    assert _asked() == Counter({2: BOOKINGS}), "a wave was sent twice, or two waves at once"
    assert _offers() == BOOKINGS * 3  # Thérèse and Marc of the first rank, one of the second


def test_without_the_lock_two_workers_send_waves_twice(
    app: Flask, house: House, bookings: list[Booking], database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    unguarded = make_app(database.url, unsafe_without_guards=True)
    monkeypatch.setattr(waves, "lock_booking", _without_lock)
    monkeypatch.setattr(waves, "take_due_booking", _take_without_lock)
    _make_due()
    start = threading.Barrier(2)

    def work() -> None:
        with unguarded.app_context():
            start.wait()
            waves.send_due_waves()
            db.session.remove()

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    with unguarded.app_context():
        db.engine.dispose()

    lines = _asked()
    assert lines != Counter({2: BOOKINGS}), f"The workers do not race, so the test above proves nothing: {lines}"


def _without_lock(venue: Venue, booking: Booking) -> Booking:
    found = get_booking(venue, booking.uuid)
    time.sleep(0.02)
    return found


def _take_without_lock(item_id: int, *, at: Any) -> Booking | None:
    item = db.session.get(BookingItem, item_id)
    return item.booking if item and item.next_wave_at and item.next_wave_at <= at else None


@contextmanager
def _worker(database: Database) -> Iterator[subprocess.Popen[bytes]]:
    environment = {"PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT), **as_environment(database.url)}
    words = [sys.executable, "-m", "flask", "--app", "wsgi:app", "worker"]
    process = subprocess.Popen(words, cwd=ROOT, env=environment)  # noqa: S603  (our own words)
    try:
        yield process
    finally:
        process.terminate()
        process.wait(10)


def _make_due() -> None:
    db.session.rollback()
    with db.engine.execution_options(thermes_write=True).begin() as connection:
        connection.execute(update(BookingItem).values(next_wave_at=now() - timedelta(seconds=1)))


def _wait_until_sent() -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        with db.engine.connect() as connection:
            due = connection.scalar(db.select(db.func.count()).where(BookingItem.next_wave_at <= now()))
        if not due:
            return
        time.sleep(0.1)
    raise AssertionError("The workers did not send what was due.")


def _asked() -> Counter[int]:
    """How many lines of the history say that a wave of this rank was asked."""
    db.session.rollback()
    lines = db.session.query(BookingEvent).filter(BookingEvent.verb == "asked").all()
    counted = Counter(int(line.details["rank"]) for line in lines)
    db.session.rollback()
    return counted


def _offers() -> int:
    count = db.session.query(Offer).count()
    db.session.rollback()
    return count
