"""The history of a booking."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.clock import now
from portal.database import Base, Key

if TYPE_CHECKING:
    from portal.audit import Actor
    from portal.models.booking import Booking


class BookingEvent(Base):
    """A line of a booking's history, as shown to staff."""

    __tablename__ = "booking_event"

    id: Mapped[Key]
    booking_id: Mapped[int] = mapped_column(ForeignKey("booking.id"), index=True)
    at: Mapped[datetime] = mapped_column(default=now)
    verb: Mapped[str] = mapped_column(String(40))
    from_status: Mapped[str | None] = mapped_column(String(20))
    to_status: Mapped[str] = mapped_column(String(20))
    actor_kind: Mapped[str] = mapped_column(String(20))
    actor: Mapped[uuid.UUID | None]
    actor_name: Mapped[str] = mapped_column(String(200))
    door: Mapped[str] = mapped_column(String(20))
    details: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)

    booking: Mapped[Booking] = relationship(back_populates="events")

    @classmethod
    def about(
        cls, booking: Booking, verb: str, *, by: Actor, at: datetime, from_status: str | None = None, **details: Any
    ) -> BookingEvent:
        """A line of the history: who, when, from → to, through which door."""
        return cls(
            booking_id=booking.id, verb=verb, at=at, from_status=from_status, to_status=booking.status,
            details=details, actor_kind=by.kind, actor=by.uuid, actor_name=by.name, door=by.door,
        )  # fmt: skip
