"""Her password once more, before what a stolen session must not be enough for."""

from __future__ import annotations

import portal.audit as audit
from portal.audit import Actor
from portal.clock import now
from portal.database import atomic
from portal.models import StaffMember
from portal.session import passwords, queries, throttle
from portal.session.errors import TooManyTries, WrongPassword


def prove(member: StaffMember, password: str, *, by: Actor) -> None:
    """It is the member herself. Raises WrongPassword, TooManyTries (the password has decided nothing), Unavailable."""
    stored = member.password_hash
    # Hashing takes long: it happens outside any transaction.
    right = passwords.verify(stored, password)
    if not _count(member, stored, right=right, by=by):
        raise WrongPassword()


@atomic
def _count(member: StaffMember, stored: str | None, *, right: bool, by: Actor) -> bool:
    """Counted under the lock of all sign-ins: of many guesses sent at once only so many are answered."""
    queries.lock_sign_ins()
    at, limit = now(), throttle.limit_of("step-up", str(member.uuid))
    failures = queries.recent_failures(limit.key, since=at - throttle.MEMORY, at_most=limit.worth_reading)
    wait = throttle.wait(failures, limit.allowed, at)
    if wait.total_seconds() > 0:
        raise TooManyTries(wait)
    current = queries.lock_member(member.id)
    if right and current is not None and current.active and current.password_hash == stored:
        return True
    queries.note_attempts([limit.key], at=at)
    audit.record(by, "member:proof_refused", member)
    return False
