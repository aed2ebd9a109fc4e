"""What the room reads: members by e-mail, sessions by token, failures by key."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from functools import cache
from uuid import UUID

from sqlalchemy import Select, bindparam, delete, exists, func, insert, select
from sqlalchemy.orm import joinedload

from portal.clock import now
from portal.database import db
from portal.models import LoginAttempt, LoginSession, StaffMember, VenueMember
from portal.session.throttle import KEPT

# The members whom the demo's sign-in page shows, in this order.
DEMO_MEMBERS = (
    "camille@maison-lutece.example",
    "therese@maison-lutece.example",
    "marc@maison-lutece.example",
    "maud@maison-lutece.example",
    "ada@maison-lutece.example",
    "eve@alpes-bien-etre.example",
)
_SIGN_INS = 7_301_907  # any number that no other advisory lock uses


def find_member(email: str) -> StaffMember | None:
    """The member who signs in with this e-mail address (lower-case), active or not."""
    return db.session.scalar(select(StaffMember).where(StaffMember.email == email))


def lock_member(member_id: int) -> StaffMember | None:
    """The member as of now, locked until the end of the transaction."""
    query = select(StaffMember).where(StaffMember.id == member_id).with_for_update()
    return db.session.scalar(query.execution_options(populate_existing=True))


def find_session(token_hash: str) -> LoginSession | None:
    """The open session with this token, with its member, her organisation and venues: one statement."""
    found = db.session.scalars(_by_token(), {"token_hash": token_hash}).unique().one_or_none()
    return found if found is not None and found.is_open(now()) else None


@cache
def _by_token() -> Select[LoginSession]:
    """Made once: every request asks."""
    who = joinedload(LoginSession.member)
    return (
        select(LoginSession)
        .where(LoginSession.token_hash == bindparam("token_hash"), LoginSession.ended_at.is_(None))
        .options(
            who.joinedload(StaffMember.organisation),
            who.joinedload(StaffMember.venue_links).joinedload(VenueMember.venue),
        )
    )


def lock_session(session_id: int) -> LoginSession | None:
    """A session as of now with its member, locked until the end of the transaction."""
    query = select(LoginSession).where(LoginSession.id == session_id).with_for_update(of=LoginSession)
    return db.session.scalar(query.execution_options(populate_existing=True))


def sessions_of(member: StaffMember, *, at: datetime) -> list[LoginSession]:
    """The sessions in which the member is signed in, the last used first."""
    query = select(LoginSession).where(
        LoginSession.member_id == member.id, LoginSession.ended_at.is_(None), LoginSession.awaits.is_(None),
        LoginSession.expires_at > at,
    )  # fmt: skip
    found = db.session.scalars(query.order_by(LoginSession.last_seen_at.desc(), LoginSession.id))
    return [login for login in found if login.is_open(at)]


def find_session_of(member: StaffMember, session_id: UUID) -> LoginSession | None:
    """One of the member's own sessions."""
    return db.session.scalar(
        select(LoginSession).where(LoginSession.member_id == member.id, LoginSession.uuid == session_id)
    )


def has_signed_in_from(member_id: int, network: str, *, since: datetime) -> bool:
    """Whether the member has signed in from this network since then."""
    known = exists().where(
        LoginSession.member_id == member_id, LoginSession.address == network, LoginSession.created_at >= since
    )
    return bool(db.session.scalar(select(known)))


def recent_failures(key: str, *, since: datetime, at_most: int) -> list[datetime]:
    """When sign-ins failed under this key, newest first."""
    query = select(LoginAttempt.at).where(LoginAttempt.key == key, LoginAttempt.at > since)
    return list(db.session.scalars(query.order_by(LoginAttempt.at.desc()).limit(at_most)))


def note_attempts(keys: Iterable[str], *, at: datetime) -> None:
    """Count an attempt under each key, and forget those that count no more."""
    db.session.execute(delete(LoginAttempt).where(LoginAttempt.at <= at - KEPT))
    db.session.execute(insert(LoginAttempt), [{"key": key, "at": at} for key in keys])


def lock_sign_ins() -> None:
    """One sign-in at a time decides, in all processes: SQLite's write lock does that by itself."""
    if db.session.get_bind().dialect.name == "postgresql":
        db.session.execute(select(func.pg_advisory_xact_lock(_SIGN_INS)))


def demo_members() -> list[StaffMember]:
    """The members whom the demo's sign-in page shows."""
    found = db.session.scalars(select(StaffMember).where(StaffMember.email.in_(DEMO_MEMBERS), StaffMember.active))
    return sorted(found, key=lambda member: DEMO_MEMBERS.index(member.email))
