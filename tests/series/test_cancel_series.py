"""Cancelling one, the rest, or all that is still to come; and leaving the past alone."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from sqlalchemy import func, select

from portal.clock import frozen
from portal.database import db
from portal.models import Claim, Series
from portal.series.errors import NothingLeft
from portal.series.making import create_series
from portal.series.rules import Rule
from portal.series.service import ALL, FOLLOWING, THIS, cancel_series, continue_series
from tests.factories import House
from tests.series.conftest import dates, desk, made, wish

TUESDAY = date(2027, 3, 2)


@pytest.fixture
def weekly(spring: House) -> Series:
    return create_series(spring.lutetia, wish(spring, TUESDAY), rule=Rule("WEEKLY"), by=desk(spring))


def test_one_is_gone_for_good(spring: House, weekly: Series) -> None:
    cancel_series(spring.lutetia, booking=made(weekly)[1], scope=THIS, reason="Away", by=desk(spring))
    with frozen(datetime.fromisoformat("2027-03-16T08:00+01:00")):
        continue_series(spring.lutetia)

    assert "09.03." not in dates(made(weekly))
    assert weekly.ended_on is None


def test_this_and_following_end_the_series(spring: House, weekly: Series) -> None:
    gone = cancel_series(spring.lutetia, booking=made(weekly)[2], scope=FOLLOWING, reason="Moves away", by=desk(spring))
    with frozen(datetime.fromisoformat("2027-04-16T08:00+02:00")):
        assert continue_series(spring.lutetia) == 0

    assert dates(made(weekly)) == ["02.03.", "09.03."]
    assert {one.cancellation_reason for one in gone} == {"Moves away"}
    assert weekly.ended_on == date(2027, 3, 16)
    assert db.session.scalar(select(func.count()).select_from(Claim).where(Claim.active)) == 2


def test_all_means_all_that_has_not_begun(spring: House, weekly: Series) -> None:
    third = made(weekly)[2]
    with frozen(third.starts_at):
        cancel_series(spring.lutetia, booking=third, scope=ALL, reason="Ill", by=desk(spring))

    assert dates(made(weekly)) == ["02.03.", "09.03.", "16.03."]
    assert weekly.ended_on == date(2027, 3, 23)


def test_nothing_is_left_once_all_are_over(spring: House, weekly: Series) -> None:
    last = made(weekly)[-1]
    with frozen(last.ends_at), pytest.raises(NothingLeft):
        cancel_series(spring.lutetia, booking=last, scope=ALL, reason="Late", by=desk(spring))
