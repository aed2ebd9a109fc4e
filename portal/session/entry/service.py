"""The step after the password: a code, or setting the second factor up."""

from __future__ import annotations

from datetime import timedelta

import portal.audit as audit
from portal.audit import Actor
from portal.clock import now
from portal.database import atomic
from portal.errors import NotSignedIn
from portal.models import LoginSession, StaffMember
from portal.models.member import CODE, ENROLMENT
from portal.session import queries, throttle
from portal.session.errors import TooManyTries
from portal.session.factor import service as factor
from portal.session.factor.errors import WrongCode
from portal.session.service import DOOR, Visitor, open_session

Opened = tuple[LoginSession, str]


def enter_code(waiting: LoginSession, code: str, *, visitor: Visitor) -> Opened:
    """A new session, and its token, for who has given her password and now a code; the waiting one ends.

    At most 5 wrong codes in five minutes, 20 in an hour, 50 in a day. Raises WrongCode, TooManyTries, NotSignedIn when
    she has waited too long, CannotBeRead.
    """
    opened = _enter(waiting, code, visitor)
    if opened is None:
        raise WrongCode()
    return opened


@atomic
def enrol(waiting: LoginSession, code: str, *, visitor: Visitor) -> tuple[Opened, list[str]]:
    """Her telephone has the secret: she is signed in, and has recovery codes.

    Raises WrongCode, NotOn, CannotBeRead, NotSignedIn when she has waited too long.
    """
    member = _waiting(waiting, ENROLMENT)
    recovery = factor.confirm(member, code, by=Actor.of_member(member, door=DOOR))
    return open_session(member, visitor, replaces=waiting), recovery


@atomic
def _enter(waiting: LoginSession, code: str, visitor: Visitor) -> Opened | None:
    queries.lock_sign_ins()
    at, key = now(), throttle.key_of("second-factor", str(waiting.member_id))
    failures = queries.recent_failures(key, since=at - throttle.KEPT, at_most=throttle.MOST_CODES)
    wait = throttle.wait_for_code(failures, at)
    if wait > timedelta(0):
        raise TooManyTries(wait)
    member = _waiting(waiting, CODE)
    if factor.takes(member, code, at=at):
        return open_session(member, visitor, replaces=waiting)
    queries.note_attempts([key], at=at)
    audit.record(Actor.of_member(member, door=DOOR), "member:code_refused", member)
    return None


def _waiting(waiting: LoginSession, for_what: str) -> StaffMember:
    """Whose session waits, as of now. Raises NotSignedIn when it does not wait for this any more."""
    current = queries.lock_session(waiting.id)
    if current is None or current.awaits != for_what or not current.is_open(now()):
        raise NotSignedIn()
    return current.member
