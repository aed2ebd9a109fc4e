"""What the second factor reads, always of one member."""

from __future__ import annotations

from sqlalchemy import func, select

from portal.database import db
from portal.models import RecoveryCode, SecondFactor, StaffMember


def find_factor(member: StaffMember) -> SecondFactor | None:
    """Her second factor, set up or being set up."""
    return db.session.scalar(select(SecondFactor).where(SecondFactor.member_id == member.id))


def lock_factor(member: StaffMember) -> SecondFactor | None:
    """The same as of now, locked until the end of the transaction."""
    query = select(SecondFactor).where(SecondFactor.member_id == member.id).with_for_update()
    return db.session.scalar(query.execution_options(populate_existing=True))


def lock_recovery_code(member: StaffMember, code_hash: str) -> RecoveryCode | None:
    """A recovery code of hers that was not used, locked."""
    query = select(RecoveryCode).where(
        RecoveryCode.member_id == member.id, RecoveryCode.code_hash == code_hash, RecoveryCode.used_at.is_(None)
    )
    return db.session.scalar(query.with_for_update().execution_options(populate_existing=True))


def count_codes(member: StaffMember) -> int:
    """How many recovery codes she has left."""
    left = select(func.count()).select_from(RecoveryCode)
    return db.session.scalar(left.where(RecoveryCode.member_id == member.id, RecoveryCode.used_at.is_(None))) or 0
