"""What stands on the desk between two actions: a booking being typed, bookings picked up to be put elsewhere."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.clock import now
from portal.database import Base, Key, PublicId, VenueOwned
from portal.models.booking import Booking
from portal.models.member import StaffMember
from portal.models.resource import Resource


class SoftHold(VenueOwned, Base):
    """Somebody is typing a booking here: shown to others, never in the way of a real booking.

    One a member and venue; `draft` is what was typed so far, given back when the popover is opened again in time.
    """

    __tablename__ = "soft_hold"
    __table_args__ = (
        UniqueConstraint("venue_id", "member_id"),
        CheckConstraint("ends_at > starts_at", name="ends_after_start"),
        Index(None, "venue_id", "expires_at"),
    )

    id: Mapped[Key]
    uuid: Mapped[PublicId]
    member_id: Mapped[int] = mapped_column(ForeignKey("staff_member.id"))
    resource_id: Mapped[int | None] = mapped_column(ForeignKey("resource.id"))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    draft: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    expires_at: Mapped[datetime]

    member: Mapped[StaffMember] = relationship()
    resource: Mapped[Resource | None] = relationship()


class Parked(VenueOwned, Base):
    """A booking that a member has picked up: it keeps its place until it is put elsewhere or let go."""

    __tablename__ = "parked"
    __table_args__ = (UniqueConstraint("member_id", "booking_id"),)

    id: Mapped[Key]
    member_id: Mapped[int] = mapped_column(ForeignKey("staff_member.id"))
    booking_id: Mapped[int] = mapped_column(ForeignKey("booking.id"), index=True)
    at: Mapped[datetime] = mapped_column(default=now)

    booking: Mapped[Booking] = relationship()
