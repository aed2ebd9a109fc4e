"""What is still planned for somebody who leaves."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import joinedload

from portal.database import db
from portal.models import Organisation, Shift, ShiftSwap, StaffMember, TimeOff
from portal.models.absence import ACCEPTED, APPROVED, ASKED


def find_departure(organisation: Organisation, member: StaffMember, *, at: datetime) -> TimeOff | None:
    """The time off that was made because she leaves, as long as it lasts: decided at the instant in which it began."""
    query = select(TimeOff).where(
        TimeOff.organisation_id == organisation.id, TimeOff.member_id == member.id, TimeOff.status == APPROVED,
        TimeOff.kind == "other", TimeOff.starts_at == TimeOff.decided_at, TimeOff.ends_at > at,
    )  # fmt: skip
    return db.session.scalar(query.order_by(TimeOff.id).limit(1).with_for_update(of=TimeOff))


def shifts_to_come(organisation: Organisation, member: StaffMember, *, at: datetime) -> list[Shift]:
    """The shifts of hers that begin later, drafts too, with their venues, in their order."""
    query = _to_come(organisation, member, at).order_by(Shift.starts_at)
    return list(db.session.scalars(query))


def lock_shifts_to_come(organisation: Organisation, member: StaffMember, *, at: datetime) -> list[Shift]:
    """The same, held until the transaction ends, in the order in which everybody locks them."""
    query = _to_come(organisation, member, at).order_by(Shift.id).with_for_update(of=Shift)
    return list(db.session.scalars(query.execution_options(populate_existing=True)))


def exchanges_of(organisation: Organisation, member: StaffMember, shifts: Collection[Shift]) -> list[ShiftSwap]:
    """What is asked about these shifts, and what she was asked or has taken."""
    ids = [shift.id for shift in shifts]
    query = select(ShiftSwap).where(
        ShiftSwap.organisation_id == organisation.id, ShiftSwap.status.in_((ASKED, ACCEPTED)),
        or_(ShiftSwap.colleague_id == member.id, ShiftSwap.shift_id.in_(ids), ShiftSwap.other_shift_id.in_(ids)),
    )  # fmt: skip
    return list(db.session.scalars(query.options(joinedload(ShiftSwap.venue)).order_by(ShiftSwap.id)))


def _to_come(organisation: Organisation, member: StaffMember, at: datetime) -> Select[Shift]:
    query = select(Shift).where(
        Shift.organisation_id == organisation.id, Shift.member_id == member.id, Shift.starts_at > at, Shift.stands()
    )  # fmt: skip
    return query.options(joinedload(Shift.venue))
