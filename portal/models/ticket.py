"""What an event sells, and what a buyer holds."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Boolean, CheckConstraint, ForeignKey, SmallInteger, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.clock import now
from portal.database import Base, Key, Name, OrganisationOwned, PublicId


class TicketType(OrganisationOwned, Base):
    """A kind of ticket. `taken` counts sold and held ones and never passes `quantity`."""

    __tablename__ = "ticket_type"
    __table_args__ = (
        CheckConstraint("price_minor BETWEEN 0 AND 9999999999", name="price_range"),
        CheckConstraint("quantity BETWEEN 0 AND 100000", name="quantity_range"),
        CheckConstraint("taken BETWEEN 0 AND quantity", name="never_oversold"),
        CheckConstraint("max_per_order BETWEEN 1 AND 100", name="max_per_order_range"),
    )

    id: Mapped[Key]
    uuid: Mapped[PublicId]
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"), index=True)
    name: Mapped[Name]
    name_en: Mapped[str | None] = mapped_column(String(200))
    price_minor: Mapped[int]
    currency: Mapped[str] = mapped_column(String(3))
    quantity: Mapped[int]
    taken: Mapped[int] = mapped_column(default=0)
    sales_start_at: Mapped[datetime | None]
    sales_end_at: Mapped[datetime | None]
    max_per_order: Mapped[int] = mapped_column(SmallInteger, default=10)
    active: Mapped[bool] = mapped_column(Boolean, default=True)


class Ticket(OrganisationOwned, Base):
    """One admission. `secret` (≥ 128 bits) is in the QR code, `code` is for people, without 0, O, 1 and I."""

    __tablename__ = "ticket"
    __table_args__ = (CheckConstraint("status IN ('valid', 'redeemed', 'cancelled')", name="status_known"),)

    id: Mapped[Key]
    uuid: Mapped[PublicId]
    order_id: Mapped[int] = mapped_column(ForeignKey("ticket_order.id"), index=True)
    ticket_type_id: Mapped[int] = mapped_column(ForeignKey("ticket_type.id"), index=True)
    secret: Mapped[str] = mapped_column(String(64), unique=True)
    code: Mapped[str] = mapped_column(String(16), unique=True)
    attendee_name: Mapped[str | None] = mapped_column(String(200))
    status: Mapped[str] = mapped_column(String(20), default="valid")
    redeemed_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(default=now)

    ticket_type: Mapped[TicketType] = relationship()
