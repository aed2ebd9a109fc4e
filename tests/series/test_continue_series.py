"""The worker goes on three months ahead; what it cannot place waits; two workers at once are harmless."""

from __future__ import annotations

import threading
from datetime import date, datetime

from flask import Flask
from sqlalchemy import func, select

from portal.bookings.creation import request_booking
from portal.clock import frozen
from portal.database import db
from portal.models import Booking, OutboxEvent, Series, Venue
from portal.series.making import create_series, place_date
from portal.series.rules import Rule
from portal.series.service import continue_series
from portal.worker import duties
from tests.factories import House, at
from tests.series.conftest import dates, desk, made, wish

TUESDAY = date(2027, 3, 2)
A_MONTH_LATER = datetime.fromisoformat("2027-03-29T08:00+02:00")  # Easter Monday


def test_it_makes_what_has_come_near_and_only_once(spring: House) -> None:
    series = _weekly(spring)
    with frozen(A_MONTH_LATER):
        assert [continue_series(spring.lutetia), continue_series(spring.lutetia)] == [1, 0]

    assert dates(made(series))[-3:] == ["15.06.", "22.06.", "29.06."]
    assert series.made_until == date(2027, 6, 29)


def test_a_date_that_cannot_be_had_waits_to_be_placed(spring: House) -> None:
    series = _weekly(spring)
    for member in (spring.therese, spring.marc):
        asked = wish(spring, date(2027, 6, 15), "17:30", therapists=(member,))
        request_booking(spring.lutetia, asked, by=desk(spring))

    with frozen(A_MONTH_LATER):
        continue_series(spring.lutetia)
        assert series.skipped == ["2027-06-15"]
        told = db.session.scalar(select(OutboxEvent).where(OutboxEvent.type == "series.conflict"))
        assert told is not None
        assert told.payload == {"day": "2027-06-15", "reason": "no_therapist"}
        start = at(spring.lutetia, date(2027, 6, 16), "12:00")
        placed = place_date(spring.lutetia, series=series, day=date(2027, 6, 15), starts_at=start, by=desk(spring))

    assert (placed.starts_at, placed.series_date) == (start, date(2027, 6, 15))
    assert series.skipped == []


def test_a_count_counts_what_was_made_before(spring: House) -> None:
    series = create_series(spring.lutetia, wish(spring, TUESDAY), rule=Rule("WEEKLY", count=15), by=desk(spring))
    with frozen(A_MONTH_LATER):
        continue_series(spring.lutetia)

    assert len(made(series)) == 15
    assert series.ended_on == date(2027, 6, 30)
    with frozen(datetime.fromisoformat("2027-05-01T08:00+02:00")):
        assert continue_series(spring.lutetia) == 0


def test_what_is_no_longer_on_the_menu_waits(spring: House) -> None:
    series = _weekly(spring)
    spring.single.active = False
    db.session.commit()

    with frozen(A_MONTH_LATER):
        continue_series(spring.lutetia)

    assert series.skipped == ["2027-06-08", "2027-06-15", "2027-06-22", "2027-06-29"]


def test_two_workers_at_once_make_each_date_once(spring: House, app: Flask) -> None:
    series = _weekly(spring)
    venue_id, line = spring.lutetia.id, threading.Barrier(3)
    db.session.commit()
    failed: list[Exception] = []

    def work() -> None:
        with app.app_context(), frozen(A_MONTH_LATER):
            try:
                line.wait(10)
                continue_series(db.session.get_one(Venue, venue_id))
            except Exception as error:  # noqa: BLE001  (a thread's failure is the test's)
                failed.append(error)
            finally:
                db.session.remove()

    workers = [threading.Thread(target=work) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)

    db.session.expire_all()
    assert failed == []
    assert len(dates(made(series))) == len(set(dates(made(series)))) == 18
    assert db.session.scalar(select(func.count()).select_from(Booking)) == 18


def test_it_is_one_of_the_worker_s_duties(spring: House) -> None:
    series = _weekly(spring)
    with frozen(A_MONTH_LATER):
        for duty in duties():
            if duty.run.__name__ == "go_on_with_series":
                assert [duty.do(), duty.do()] == [1, 0]

    assert dates(made(db.session.merge(series)))[-1] == "29.06."


def _weekly(house: House) -> Series:
    return create_series(house.lutetia, wish(house, TUESDAY), rule=Rule("WEEKLY"), by=desk(house))
