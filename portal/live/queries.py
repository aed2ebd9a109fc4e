"""Reading what changed, on a connection of the caller's own: streams must not keep the request's session."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Connection, Select, func, or_, select

from portal.clock import now
from portal.live.changes import Change
from portal.models import LiveEvent, LoginSession, StaffMember, VenueMember

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
    if since is None or since < now() - REPLAYED:
        return None
    return _read(connection, wanted.where(LiveEvent.at >= since - SLACK))


def find_new(connection: Connection, *, newest: int, gaps: Sequence[int]) -> list[Change]:
    """The changes of all venues above `newest`, and those at the `gaps` that have appeared."""
    above = LiveEvent.id > newest
    return _read(connection, _changes().where(or_(above, LiveEvent.id.in_(gaps)) if gaps else above))


def find_recent_ids(connection: Connection) -> list[int]:
    """The newest ids, so that one who begins to watch knows which are missing among them."""
    return list(connection.scalars(select(LiveEvent.id).order_by(LiveEvent.id.desc()).limit(RECENT)))


def find_admissions(connection: Connection, session_ids: Collection[int]) -> dict[int, Admission]:
    """Which of the sessions are still good, by id, in one statement."""
    rows = connection.execute(
        select(LoginSession.id, StaffMember.role, VenueMember.venue_id)
        .join(StaffMember, StaffMember.id == LoginSession.member_id)
        .outerjoin(VenueMember, VenueMember.member_id == StaffMember.id)
        .where(
            LoginSession.id.in_(session_ids),
            LoginSession.ended_at.is_(None),
            LoginSession.expires_at > now(),
            StaffMember.active,
        )
    ).all()
    found: dict[int, Admission] = {}
    for session_id, role, venue_id in rows:
        known = found[session_id].venues if session_id in found else frozenset()
        found[session_id] = Admission(role, known | ({venue_id} if venue_id is not None else frozenset()))
    return found


def _changes() -> Select[tuple[int, int, list[str]]]:
    return select(LiveEvent.id, LiveEvent.venue_id, LiveEvent.topics).order_by(LiveEvent.id)


def _read(connection: Connection, query: Select[tuple[int, int, list[str]]]) -> list[Change]:
    return [Change(number, venue_id, tuple(topics)) for number, venue_id, topics in connection.execute(query)]
