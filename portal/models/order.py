"""A purchase of tickets."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.clock import now
from portal.database import Base, Key, Name, PublicId, VenueOwned
from portal.models.customer import Customer
from portal.models.event import Event
from portal.models.ticket import Ticket


class TicketOrder(VenueOwned, Base):
    """pending (a hold that expires) → paid | free → cancelled | refunded."""

    __tablename__ = "ticket_order"
    __table_args__ = (
        UniqueConstraint("organisation_id", "number"),
        CheckConstraint("status IN ('pending', 'paid', 'free', 'cancelled', 'refunded')", name="status_known"),
        CheckConstraint("total_minor BETWEEN 0 AND 9999999999", name="total_range"),
        Index(None, "event_id", "created_at"),
    )

    id: Mapped[Key]
    uuid: Mapped[PublicId]
    number: Mapped[int]
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"))
    customer_id: Mapped[int | None] = mapped_column(ForeignKey("customer.id"))
    buyer_name: Mapped[Name]
    buyer_email: Mapped[str | None] = mapped_column(String(255))
    status: Mapped[str] = mapped_column(String(20), default="pending")
    total_minor: Mapped[int]
    currency: Mapped[str] = mapped_column(String(3))
    expires_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(default=now)

    event: Mapped[Event] = relationship()
    customer: Mapped[Customer | None] = relationship()
    tickets: Mapped[list[Ticket]] = relationship()
