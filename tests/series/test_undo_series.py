"""One undo takes back what was done to a whole series."""

from __future__ import annotations

from datetime import date

from sqlalchemy import func, select

from portal.bookings.creation import request_booking
from portal.database import db
from portal.models import Claim
from portal.series.making import create_series
from portal.series.queries import occurrences_of
from portal.series.rules import Rule
from portal.series.service import ALL, FOLLOWING, cancel_series, change_series
from portal.undo.service import undo_last
from tests.factories import House, at
from tests.series.conftest import desk, made, walls, wish

TUESDAY = date(2027, 3, 2)
WEEKLY = Rule("WEEKLY", weekdays=(1,), count=6)


def test_one_undo_takes_all_away_and_the_first_can_be_repeated_again(spring: House) -> None:
    asked = wish(spring, TUESDAY)
    origin = request_booking(spring.lutetia, asked, by=desk(spring))
    series = create_series(spring.lutetia, asked, rule=WEEKLY, by=desk(spring), origin=origin)

    undo_last(spring.lutetia, by=desk(spring))

    assert [one.status for one in occurrences_of(spring.lutetia, series)] == ["pending", *["cancelled"] * 5]
    assert _active_claims() == 1
    again = create_series(spring.lutetia, asked, rule=WEEKLY, by=desk(spring), origin=origin)
    assert len(made(again)) == 6


def test_a_cancelled_series_stands_again(spring: House) -> None:
    series = create_series(spring.lutetia, wish(spring, TUESDAY), rule=WEEKLY, by=desk(spring))
    third = made(series)[2]
    cancel_series(spring.lutetia, booking=third, scope=FOLLOWING, reason="Moves away", by=desk(spring))

    undo_last(spring.lutetia, by=desk(spring))

    assert len(made(series)) == 6
    assert series.ended_on is None
    assert _active_claims() == 6


def test_a_moved_series_goes_back(spring: House) -> None:
    series = create_series(spring.lutetia, wish(spring, TUESDAY), rule=WEEKLY, by=desk(spring))
    there = at(spring.lutetia, date(2027, 3, 3), "17:00")
    change_series(spring.lutetia, booking=made(series)[0], scope=ALL, starts_at=there, by=desk(spring))

    undo_last(spring.lutetia, by=desk(spring))

    assert walls(spring, made(series)) == {"18:00"}
    assert [one.starts_at.date() for one in made(series)] == [one.series_date for one in made(series)]
    assert series.template["moves"] == {}


def _active_claims() -> int:
    return db.session.scalar(select(func.count()).select_from(Claim).where(Claim.active)) or 0
