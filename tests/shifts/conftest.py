"""Short ways to plan the house's week, and a manager's page."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, time, timedelta
from typing import Any

import pytest
from flask_babel import force_locale
from sqlalchemy import delete, select

from portal.audit import Actor
from portal.changes.queries import last_change
from portal.database import db
from portal.models import AuditEntry, Notice, Shift, StaffMember
from portal.models.shift import REMOVED
from portal.shifts.service import plan_shift
from portal.undo.service import undo_change
from tests.bookings.conftest import Book, accept, book, phone
from tests.factories import House
from tests.support.client import PageClient
from tests.support.sign_in import sign_in

__all__ = ["Book", "accept", "book", "phone"]

Plan = Callable[..., Shift]


@pytest.fixture
def bare(house: House) -> Iterator[House]:
    """Nobody has a shift; the day is the Monday of the week after next. What is told is told in English."""
    db.session.execute(delete(Shift))
    today = house.lutetia.today()
    house.day = today + timedelta(days=14 - today.weekday())
    db.session.commit()
    with force_locale("en"):
        yield house


@pytest.fixture
def plan(bare: House) -> Plan:
    """`plan(house.marc, "09:00", "17:00", days=1)`: a draft of Marc's on the house's Tuesday."""

    def make(member: StaffMember, start: str = "09:00", end: str = "17:00", *, days: int = 0, **given: Any) -> Shift:
        words: dict[str, Any] = {
            "day": bare.day + timedelta(days=days),
            "start": clock(start),
            "end": clock(end),
            "by": maud(bare),
        }
        return plan_shift(given.pop("venue", bare.lutetia), member=member, **words | given)

    return make


@pytest.fixture
def manager(client: PageClient, house: House) -> PageClient:
    """Maud's desk, signed in."""
    sign_in(client, house.maud)
    return client


def maud(house: House) -> Actor:
    return Actor.of_member(house.maud, door="agenda")


def clock(text: str) -> time:
    return time.fromisoformat(text)


def rota(house: House, *, status: str | None = None) -> list[tuple[str, date, str, str]]:
    """Who stands in the rota of lutetia: first name, day, hours, status; in order."""
    query = select(Shift).where(Shift.venue_id == house.lutetia.id, Shift.status != REMOVED)
    found = db.session.scalars(query.order_by(Shift.starts_at, Shift.id)).all()
    return [
        (one.member.first_name, one.day, f"{one.start_time:%H:%M}-{one.end_time:%H:%M}", one.status)
        for one in found
        if status in {None, one.status}
    ]


def undo(house: House) -> None:
    """Maud takes back what she did last."""
    change = last_change(house.lutetia, house.maud)
    assert change is not None
    undo_change(house.lutetia, change=change, by=maud(house))
    db.session.expire_all()


def notices(house: House, member: StaffMember) -> list[Notice]:
    """What the member is to be told of the rota."""
    query = select(Notice).where(Notice.member_id == member.id, Notice.kind == "rota").order_by(Notice.id)
    return list(db.session.scalars(query))


def trail(verb: str) -> list[dict[str, Any]]:
    """The details of the lines of that verb."""
    return [one.details for one in db.session.scalars(select(AuditEntry).where(AuditEntry.verb == verb))]
