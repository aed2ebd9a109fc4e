"""Signing in and out, ending sessions, a new password."""

from __future__ import annotations

import hashlib
import secrets
import unicodedata
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import delete, update

from portal.audit import Actor, record
from portal.clock import now
from portal.database import atomic, db
from portal.models import AuditEntry, LoginSession, StaffMember
from portal.models.member import CODE, ENROLMENT
from portal.seal import can_seal
from portal.session import passwords, queries, throttle
from portal.session.errors import TooManyTries, WrongCredentials
from portal.session.factor.queries import find_factor
from portal.session.factor.required import must_have
from portal.session.factor.service import begin
from portal.session.letters import Kind, tell

SEEN_EVERY = timedelta(minutes=1)
# For so long a network from which a member has signed in stays familiar; then old sessions are forgotten.
FAMILIAR_FOR = timedelta(days=60)
DOOR = "session"


@dataclass(frozen=True, slots=True)
class Visitor:
    """Where a sign-in comes from."""

    address: str | None
    user_agent: str = ""

    @property
    def network(self) -> str:
        return throttle.network_of(self.address)


def sign_in(
    email: str, password: str, *, visitor: Visitor, replaces: LoginSession | None = None
) -> tuple[LoginSession, str]:
    """A new session, and the token for the cookie, which is stored nowhere; the session it `replaces` ends.

    Where a second factor is asked for, or has to be set up first, the session awaits that and signs nobody in.

    Raises WrongCredentials, TooManyTries (in which case the password has decided nothing), Unavailable.
    """
    account = normal(email)
    member = _admit(account, visitor)
    stored = member.password_hash if member else None
    # Hashing takes long: it happens outside any transaction, and what it found is checked again inside the next.
    right = passwords.verify(stored, password)
    proof = _Proof(account, member.id if member else 0, stored, right)
    fresh = passwords.renewed(stored, password) if right and stored else None
    opened = _decide(proof, visitor, fresh_hash=fresh, replaces=replaces)
    if opened is None:
        raise WrongCredentials()
    return opened


def sign_out(login: LoginSession, *, by: Actor) -> LoginSession:
    """End one's own session, at once; harmless when it has ended."""
    return _end(login, by, "member:signed_out")


def end_session(login: LoginSession, *, by: Actor) -> LoginSession:
    """End a session elsewhere, at once; harmless when it has ended."""
    return _end(login, by, "member:session_ended")


@atomic
def end_all_sessions(member: StaffMember, *, by: Actor, keep: LoginSession | None = None) -> int:
    """End every session of the member but `keep`, at once; says how many."""
    query = update(LoginSession).where(LoginSession.member_id == member.id, LoginSession.ended_at.is_(None))
    ended = db.session.execute(query.where(LoginSession.id != (keep.id if keep else 0)).values(ended_at=now()))
    record(by, "member:sessions_ended", member, count=ended.rowcount)  # type: ignore[attr-defined]  # of an UPDATE
    return int(ended.rowcount)  # type: ignore[attr-defined]


def change_password(member: StaffMember, password: str, *, by: Actor, keep: LoginSession | None = None) -> None:
    """Give the member a new password and end all sessions but `keep`. Raises Invalid with field `password`."""
    passwords.refuse_weak(password, member)
    _store_password(member, passwords.hash_password(password), by, keep)


def is_due(login: LoginSession) -> bool:
    """Whether the session's last use was noted so long ago that it is worth a write."""
    return login.ended_at is None and login.last_seen_at <= now() - SEEN_EVERY


@atomic
def note_seen(login: LoginSession) -> None:
    """The session is in use: written at most once in SEEN_EVERY, whoever else notes it at the same time."""
    at = now()
    due = update(LoginSession).where(LoginSession.id == login.id, LoginSession.last_seen_at <= at - SEEN_EVERY)
    db.session.execute(due.values(last_seen_at=at))


def hash_token(token: str) -> str:
    """What is stored of a token: 256 random bits need no slow hash."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


@dataclass(frozen=True, slots=True)
class _Proof:
    """What hashing has found: `right` for the hash as it was stored then."""

    account: str
    member_id: int
    stored: str | None
    right: bool


@atomic
def _admit(account: str, visitor: Visitor) -> StaffMember | None:
    member = queries.find_member(account)
    _refuse_when_throttled(_limits(account, member.id if member else 0, visitor))
    return member


@atomic
def _decide(
    proof: _Proof, visitor: Visitor, *, fresh_hash: str | None, replaces: LoginSession | None
) -> tuple[LoginSession, str] | None:
    """Count again under the lock: of many guesses sent at once only so many are answered at all, right or wrong."""
    queries.lock_sign_ins()
    limits = _limits(proof.account, proof.member_id, visitor)
    _refuse_when_throttled(limits)
    member = queries.lock_member(proof.member_id)
    if not proof.right or member is None or not member.active or member.password_hash != proof.stored:
        _note_failure(member, limits, visitor)
        return None
    member.password_hash = fresh_hash or member.password_hash
    return open_session(member, visitor, replaces=replaces, awaits=_awaits(member))


def _awaits(member: StaffMember) -> str | None:
    """What the password alone does not prove. What is to be set up is begun, so that the next page only shows it."""
    factor = find_factor(member)
    if factor is not None and factor.is_on:
        return CODE
    if not must_have(member):
        return None
    if can_seal():
        begin(member, by=Actor.of_member(member, door=DOOR))
    return ENROLMENT


def _limits(account: str, member_id: int, visitor: Visitor) -> list[throttle.Limit]:
    familiar = queries.has_signed_in_from(member_id, visitor.network, since=now() - FAMILIAR_FOR)
    return throttle.limits(account, visitor.network, familiar=familiar)


def _refuse_when_throttled(limits: list[throttle.Limit]) -> None:
    at = now()
    since = at - throttle.MEMORY
    waits = [
        throttle.wait(queries.recent_failures(limit.key, since=since, at_most=limit.worth_reading), limit.allowed, at)
        for limit in limits
    ]
    if max(waits) > timedelta(0):
        raise TooManyTries(max(waits))


def _note_failure(member: StaffMember | None, limits: list[throttle.Limit], visitor: Visitor) -> None:
    """The line names the member if there is one; an address that belongs to nobody is not kept."""
    at = now()
    queries.note_attempts([limit.key for limit in limits], at=at)
    db.session.add(
        AuditEntry(
            organisation_id=member.organisation_id if member else None,
            at=at,
            actor_kind="visitor",
            actor_name=visitor.network,
            door=DOOR,
            verb="member:sign_in_refused",
            subject=member.uuid if member else None,
        )
    )


def open_session(
    member: StaffMember, visitor: Visitor, *, replaces: LoginSession | None, awaits: str | None = None
) -> tuple[LoginSession, str]:
    """A new session and its token; the session it `replaces` ends. Called within a verb."""
    at, token = now(), secrets.token_urlsafe(32)
    agent = visitor.user_agent[:300] or None
    login = LoginSession.start(
        member, token_hash=hash_token(token), address=visitor.network, user_agent=agent, at=at, awaits=awaits
    )
    _forget_old_sessions(member)
    db.session.add(login)
    if replaces is not None:
        replaces.end(at)
    verb = "member:password_given" if awaits else "member:signed_in"
    record(Actor.of_member(member, door=DOOR), verb, member, network=visitor.network)
    return login, token


def _forget_old_sessions(member: StaffMember) -> None:
    long_ago = now() - FAMILIAR_FOR
    old = (LoginSession.created_at < long_ago, LoginSession.expires_at < now())
    db.session.execute(delete(LoginSession).where(LoginSession.member_id == member.id, *old))


@atomic
def _end(login: LoginSession, by: Actor, verb: str) -> LoginSession:
    if login.ended_at is None:
        login.end(now())
        record(by, verb, login.member)
    return login


@atomic
def _store_password(member: StaffMember, password_hash: str, by: Actor, keep: LoginSession | None) -> None:
    member.password_hash = password_hash
    record(by, "member:password_changed", member)
    tell(member, Kind.PASSWORD_CHANGED)
    end_all_sessions(member, by=by, keep=keep)


def normal(email: str) -> str:
    """As addresses are stored."""
    return unicodedata.normalize("NFC", email.strip()).lower()
