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
from portal.models.venue import Venue

REQUESTED, APPROVED, REFUSED, CANCELLED = "requested", "approved", "refused", "cancelled"
ASKED, ACCEPTED, DECLINED = "asked", "accepted", "declined"
EXPIRED = "expired"
SICK = "sick"


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

    @property
    def is_waiting(self) -> bool:
        """Nobody has decided yet, and she may still take it back."""
        return self.status == REQUESTED

    @property
    def is_approved(self) -> bool:
        return self.status == APPROVED

    @property
    def is_sick(self) -> bool:
        return self.kind == SICK

    def approve(self, *, batch: UUID, at: datetime, by: StaffMember | None) -> None:
        """Its time is held by the blocks of the batch. Being sick needs nobody's word: `by` is None."""
        self.status, self.batch = APPROVED, batch
        self.decided_at, self.decided_by, self.answer = at, by, None

    def refuse(self, reason: str, *, at: datetime, by: StaffMember) -> None:
        self.status, self.answer, self.decided_at, self.decided_by = REFUSED, reason, at, by

    def cancel(self, *, at: datetime) -> None:
        """She takes it back, or its blocks are gone; harmless when it was over before."""
        if self.status != CANCELLED:
            self.status, self.decided_at = CANCELLED, at

    def stretch(self, starts_at: datetime, ends_at: datetime) -> None:
        """Its blocks stand elsewhere now."""
        self.starts_at, self.ends_at = starts_at, ends_at


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
    venue: Mapped[Venue] = relationship()
    decided_by: Mapped[StaffMember | None] = relationship(foreign_keys=decided_by_id)

    @property
    def begins_at(self) -> datetime:
        """When the first of its shifts begins: from then on nothing changes hands."""
        starts = [self.shift.starts_at] + ([self.other_shift.starts_at] if self.other_shift else [])
        return min(starts)

    def state_at(self, at: datetime) -> str:
        """Its status; `expired` when its time came before it was approved."""
        waits = self.status in {ASKED, ACCEPTED}
        return EXPIRED if waits and self.begins_at <= at else self.status

    def accept(self, colleague: StaffMember, *, at: datetime) -> None:
        self.status, self.colleague, self.answered_at = ACCEPTED, colleague, at

    def decline(self, *, at: datetime) -> None:
        self.status, self.answered_at = DECLINED, at

    def approve(self, *, at: datetime, by: StaffMember) -> None:
        self.status, self.decided_at, self.decided_by = APPROVED, at, by

    def refuse(self, reason: str, *, at: datetime, by: StaffMember) -> None:
        self.status, self.answer, self.decided_at, self.decided_by = REFUSED, reason, at, by

    def cancel(self, *, at: datetime) -> None:
        """She takes it back; harmless when she did before."""
        if self.status != CANCELLED:
            self.status, self.decided_at = CANCELLED, at
