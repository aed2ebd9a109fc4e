"""Time off that a member asks for, and shifts that change hands."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.clock import now
from portal.database import Base, Key, OrganisationOwned, PublicId, VenueOwned
from portal.models.member import StaffMember
from portal.models.shift import Shift

REQUESTED, APPROVED, REFUSED, CANCELLED = "requested", "approved", "refused", "cancelled"
ASKED, ACCEPTED, DECLINED = "asked", "accepted", "declined"


class TimeOff(OrganisationOwned, Base):
    """A member does not work from `starts_at` to `ends_at`: requested by her, decided by a manager.

    Once approved its time is held by blocks that share `batch`. requested → approved | refused | cancelled;
    approved → cancelled. Being sick is approved at once.
    """

    __tablename__ = "time_off"
    __table_args__ = (
        CheckConstraint("status IN ('requested', 'approved', 'refused', 'cancelled')", name="status_known"),
        CheckConstraint("kind IN ('vacation', 'sick', 'training', 'personal', 'other')", name="kind_known"),
        CheckConstraint("ends_at > starts_at", name="ends_after_start"),
        Index(None, "member_id", "starts_at"),
        Index(None, "organisation_id", "status", "starts_at"),
    )

    id: Mapped[Key]
    uuid: Mapped[PublicId]
    member_id: Mapped[int] = mapped_column(ForeignKey("staff_member.id"))
    kind: Mapped[str] = mapped_column(String(10))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    note: Mapped[str | None] = mapped_column(String(300))
    status: Mapped[str] = mapped_column(String(10), default=REQUESTED)
    asked_at: Mapped[datetime] = mapped_column(default=now)
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff_member.id"))
    answer: Mapped[str | None] = mapped_column(String(300))
    batch: Mapped[UUID | None] = mapped_column(index=True)
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012

    member: Mapped[StaffMember] = relationship(foreign_keys=member_id)
    decided_by: Mapped[StaffMember | None] = relationship(foreign_keys=decided_by_id)


class ShiftSwap(VenueOwned, Base):
    """A member gives a shift away, or swaps it for a colleague's (`other_shift`); without `colleague` to whoever takes.

    asked → accepted (by the colleague) → approved (by a manager: then the shifts change hands); declined, refused and
    cancelled end it.
    """

    __tablename__ = "shift_swap"
    __table_args__ = (
        CheckConstraint(
            "status IN ('asked', 'accepted', 'approved', 'declined', 'refused', 'cancelled')", name="status_known"
        ),
        # A shift is up for one exchange at a time.
        Index(
            "uq_shift_swap_open",
            "shift_id",
            unique=True,
            postgresql_where=text("status IN ('asked', 'accepted')"),
            sqlite_where=text("status IN ('asked', 'accepted')"),
        ),
        Index(None, "venue_id", "status"),
    )

    id: Mapped[Key]
    uuid: Mapped[PublicId]
    member_id: Mapped[int] = mapped_column(ForeignKey("staff_member.id"), index=True)
    shift_id: Mapped[int] = mapped_column(ForeignKey("shift.id"))
    colleague_id: Mapped[int | None] = mapped_column(ForeignKey("staff_member.id"), index=True)
    other_shift_id: Mapped[int | None] = mapped_column(ForeignKey("shift.id"), index=True)
    note: Mapped[str | None] = mapped_column(String(300))
    status: Mapped[str] = mapped_column(String(10), default=ASKED)
    asked_at: Mapped[datetime] = mapped_column(default=now)
    answered_at: Mapped[datetime | None]
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff_member.id"))
    answer: Mapped[str | None] = mapped_column(String(300))
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012

    member: Mapped[StaffMember] = relationship(foreign_keys=member_id)
    colleague: Mapped[StaffMember | None] = relationship(foreign_keys=colleague_id)
    shift: Mapped[Shift] = relationship(foreign_keys=shift_id)
    other_shift: Mapped[Shift | None] = relationship(foreign_keys=other_shift_id)
