"""The second factor: set up, asked for, turned off. Who asks for it at the door is portal/session/entry/."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete

import portal.audit as audit
from portal.audit import Actor
from portal.clock import now
from portal.database import atomic, db
from portal.models import RecoveryCode, SecondFactor, StaffMember
from portal.seal import seal, unseal
from portal.session.factor import codes
from portal.session.factor.errors import AlreadyOn, NotOn, Required, WrongCode
from portal.session.factor.queries import find_factor, lock_factor, lock_recovery_code
from portal.session.factor.required import must_have
from portal.session.letters import Kind, tell


@atomic
def begin(member: StaffMember, *, by: Actor) -> SecondFactor:
    """A new secret to be taken into her telephone; until it is confirmed nothing is asked of her.

    Begun again, the secret is another one. Raises AlreadyOn, NoKey.
    """
    factor = lock_factor(member)
    if factor is not None and factor.is_on:
        raise AlreadyOn()
    if factor is None:
        factor = SecondFactor(organisation_id=member.organisation_id, member_id=member.id)
        db.session.add(factor)
    factor.key_id, factor.sealed = seal(codes.new_secret(), place=_place(member))
    factor.created_at, factor.last_step = now(), None
    db.session.flush()
    audit.record(by, "member:second_factor_begun", member)
    return factor


def secret_of(member: StaffMember) -> str | None:
    """The secret that is being set up; one that is in use is never shown again. Raises CannotBeRead."""
    factor = find_factor(member)
    return None if factor is None or factor.is_on else _opened(member, factor)


@atomic
def confirm(member: StaffMember, code: str, *, by: Actor) -> list[str]:
    """Her telephone has it: from now on it is asked for. Returns recovery codes, which are stored nowhere.

    Raises WrongCode, NotOn when nothing was begun, AlreadyOn, CannotBeRead.
    """
    factor = lock_factor(member)
    if factor is None:
        raise NotOn()
    if factor.is_on:
        raise AlreadyOn()
    step = codes.step_of(_opened(member, factor), code, now())
    if step is None or not factor.take(step):
        raise WrongCode()
    factor.confirm(now())
    audit.record(by, "member:second_factor_on", member)
    tell(member, Kind.FACTOR_ON)
    return _new_codes(member)


@atomic
def renew_codes(member: StaffMember, *, by: Actor) -> list[str]:
    """Ten new recovery codes; the old ones open nothing any more. Raises NotOn."""
    factor = lock_factor(member)
    if factor is None or not factor.is_on:
        raise NotOn()
    audit.record(by, "member:recovery_codes_renewed", member)
    tell(member, Kind.CODES_RENEWED)
    return _new_codes(member)


@atomic
def turn_off(member: StaffMember, *, by: Actor) -> None:
    """From now on her password is enough; harmless when it was. Raises Required."""
    factor = lock_factor(member)
    if factor is None:
        return
    if must_have(member) and factor.is_on:
        raise Required()
    was_on = factor.is_on
    remove(member)
    if was_on:
        audit.record(by, "member:second_factor_off", member)
        tell(member, Kind.FACTOR_OFF)


def remove(member: StaffMember) -> None:
    """Nothing is left of it. Called within a verb."""
    db.session.execute(delete(SecondFactor).where(SecondFactor.member_id == member.id))
    db.session.execute(delete(RecoveryCode).where(RecoveryCode.member_id == member.id))


def takes(member: StaffMember, code: str, *, at: datetime) -> bool:
    """Use up a code of this moment, or a recovery code of hers. Called within a verb. Raises CannotBeRead."""
    if codes.is_recovery_like(code):
        return _takes_recovery(member, code, at)
    factor = lock_factor(member)
    if factor is None or not factor.is_on:
        return False
    step = codes.step_of(_opened(member, factor), code, at)
    return step is not None and factor.take(step)


def _takes_recovery(member: StaffMember, code: str, at: datetime) -> bool:
    found = lock_recovery_code(member, codes.hash_recovery(member, code))
    if found is None:
        return False
    found.used_at = at
    tell(member, Kind.CODE_USED)
    return True


def _new_codes(member: StaffMember) -> list[str]:
    db.session.execute(delete(RecoveryCode).where(RecoveryCode.member_id == member.id))
    made = codes.new_recovery_codes()
    db.session.add_all(
        RecoveryCode(
            organisation_id=member.organisation_id, member_id=member.id, code_hash=codes.hash_recovery(member, code)
        )
        for code in made
    )
    return made


def _opened(member: StaffMember, factor: SecondFactor) -> str:
    return unseal(factor.sealed, key=factor.key_id, place=_place(member))


def _place(member: StaffMember) -> str:
    return f"second-factor:{member.organisation_id}:{member.uuid}"
