"""Reading what changed, on a connection of the caller's own: streams must not keep the request's session."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Connection, Select, func, or_, select
from sqlalchemy.orm import Session, joinedload

from portal.clock import now
from portal.live.changes import Change
from portal.models import LiveEvent, LoginSession, StaffMember

# Rows are kept longer than this, see service.forget_changes.
REPLAYED = timedelta(minutes=10)
# A change is stamped when it is written and seen when it is committed.
SLACK = timedelta(seconds=10)
RECENT = 100


class Admission(NamedTuple):
    """A session that is still good, with its member's role and the venues that she is linked to now."""

    role: str
    venues: frozenset[int]


def find_missed(
    venues: Collection[int], connection: Connection, *, after: int | None, since: datetime | None
) -> list[Change] | None:
    """The venues' changes after the id `after`, else since the instant `since`; none when neither is given.

    None when that is too long ago to be told.
    """
    if after is None and since is None:
        return []
    wanted = _changes().where(LiveEvent.venue_id.in_(venues))
    if after is not None:
        oldest, newest = connection.execute(select(func.min(LiveEvent.id), func.max(LiveEvent.id))).one()
        if after > (newest or 0) or after + 1 < (oldest or 0):
            return None
        return _read(connection, wanted.where(LiveEvent.id > after))
    at = now()
    if since is None or since < at - REPLAYED:
        return None
    return _read(connection, wanted.where(LiveEvent.at >= min(since, at) - SLACK))


def find_new(connection: Connection, *, newest: int, gaps: Sequence[int]) -> list[Change]:
    """The changes of all venues above `newest`, and those at the `gaps` that have appeared."""
    above = LiveEvent.id > newest
    return _read(connection, _changes().where(or_(above, LiveEvent.id.in_(gaps)) if gaps else above))


def find_recent_ids(connection: Connection) -> list[int]:
    """The newest ids, so that one who begins to watch knows which are missing among them."""
    return list(connection.scalars(select(LiveEvent.id).order_by(LiveEvent.id.desc()).limit(RECENT)))


def find_admissions(connection: Connection, session_ids: Collection[int]) -> dict[int, Admission]:
    """Which of the sessions are still good, by id, in two statements however many they are."""
    query = (
        select(LoginSession)
        .where(LoginSession.id.in_(session_ids))
        .options(joinedload(LoginSession.member).selectinload(StaffMember.venue_links))
    )
    with Session(connection) as session:
        return {login.id: _admission(login.member) for login in session.scalars(query) if login.is_open(now())}


def _admission(member: StaffMember) -> Admission:
    return Admission(member.role, frozenset(link.venue_id for link in member.venue_links))


def _changes() -> Select[int, int, list[str]]:
    return select(LiveEvent.id, LiveEvent.venue_id, LiveEvent.topics).order_by(LiveEvent.id)


def _read(connection: Connection, query: Select[int, int, list[str]]) -> list[Change]:
    return [Change(number, venue_id, tuple(topics)) for number, venue_id, topics in connection.execute(query)]
