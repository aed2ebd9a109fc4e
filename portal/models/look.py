"""What a therapist last knew of a visit of hers, so that a change can be shown as one."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.database import Base, Key, OrganisationOwned
from portal.models.booking_item import BookingItem
from portal.models.member import StaffMember


class VisitLook(OrganisationOwned, Base):
    """One a therapist and treatment. `known` is where and when it stood when she last looked, empty once she knows
    that it is no longer hers; `was` what she knew before that, so that the mark stays for a moment after the look.

    `told_desk_at`: she had not confirmed a late change, and the desk was told.
    """

    __tablename__ = "visit_look"
    __table_args__ = (UniqueConstraint("member_id", "item_id"),)

    id: Mapped[Key]
    member_id: Mapped[int] = mapped_column(ForeignKey("staff_member.id"))
    item_id: Mapped[int] = mapped_column(ForeignKey("booking_item.id"), index=True)
    known: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    was: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    looked_at: Mapped[datetime]
    told_desk_at: Mapped[datetime | None]

    item: Mapped[BookingItem] = relationship()
    member: Mapped[StaffMember] = relationship()

    def look(self, now: dict[str, Any], *, at: datetime) -> None:
        """She has seen how it stands; harmless when she knew."""
        if self.known != now:
            self.was, self.known, self.looked_at, self.told_desk_at = self.known, now, at, None
