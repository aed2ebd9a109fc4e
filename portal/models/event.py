"""Public sessions with tickets."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, SmallInteger, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.clock import now
from portal.database import Base, Key, Name, PublicId, VenueOwned
from portal.models.ticket import TicketType


class Event(VenueOwned, Base):
    """A session sold by ticket: draft → published → cancelled; it has ended when its time is over."""

    __tablename__ = "event"
    __table_args__ = (
        CheckConstraint("status IN ('draft', 'published', 'cancelled')", name="status_known"),
        CheckConstraint("ends_at > starts_at", name="ends_after_start"),
        CheckConstraint("capacity BETWEEN 1 AND 100000", name="capacity_range"),
        CheckConstraint("taken BETWEEN 0 AND capacity", name="never_oversold"),
        Index(None, "venue_id", "starts_at"),
    )

    id: Mapped[Key]
    uuid: Mapped[PublicId]
    name: Mapped[Name]
    name_en: Mapped[str | None] = mapped_column(String(200))
    description: Mapped[str | None] = mapped_column(String(2000))
    description_en: Mapped[str | None] = mapped_column(String(2000))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    capacity: Mapped[int]
    taken: Mapped[int] = mapped_column(default=0)
    status: Mapped[str] = mapped_column(String(20), default="draft")
    version: Mapped[int] = mapped_column(SmallInteger, default=1)
    created_at: Mapped[datetime] = mapped_column(default=now)

    ticket_types: Mapped[list[TicketType]] = relationship(order_by="TicketType.id")
