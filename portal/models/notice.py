"""What a member of staff is told outside the open page: by push, e-mail or text message."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.clock import now
from portal.database import Base, Key, OrganisationOwned, PublicId
from portal.models.member import StaffMember

QUEUED, SENT, DELIVERED, FAILED, SKIPPED = "queued", "sent", "delivered", "failed", "skipped"
PUSH, EMAIL, SMS = "push", "email", "sms"


class PushSubscription(OrganisationOwned, Base):
    """A browser of a member that can be woken (RFC 8030): where to send, and the keys to encrypt with (RFC 8291).

    `endpoint_hash` is the SHA-256 of the address: a browser belongs to the member who signed in on it last.
    """

    __tablename__ = "push_subscription"

    id: Mapped[Key]
    uuid: Mapped[PublicId]
    member_id: Mapped[int] = mapped_column(ForeignKey("staff_member.id"), index=True)
    session_id: Mapped[int | None] = mapped_column(ForeignKey("login_session.id"), index=True)
    endpoint: Mapped[str] = mapped_column(String(1000))
    endpoint_hash: Mapped[str] = mapped_column(String(64), unique=True)
    p256dh: Mapped[str] = mapped_column(String(200))
    auth: Mapped[str] = mapped_column(String(100))
    user_agent: Mapped[str | None] = mapped_column(String(300))
    created_at: Mapped[datetime] = mapped_column(default=now)
    used_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]

    member: Mapped[StaffMember] = relationship()

    def end(self, at: datetime) -> None:
        """The browser is gone, signed out, or does not want it; harmless when it had ended."""
        self.ended_at = self.ended_at or at


class Notice(OrganisationOwned, Base):
    """Something one member is to know. `kind` names the words, `subject` what it is about, `details` plain values.

    `key` says the same thing once: whoever writes the notice a second time changes nothing. `due_at` waits for the end
    of her quiet hours. A notice that is no longer true when its time has come is voided.
    """

    __tablename__ = "notice"
    __table_args__ = (
        UniqueConstraint("member_id", "key"),
        Index(
            "ix_notice_waiting",
            "due_at",
            postgresql_where=text("done_at IS NULL"),
            sqlite_where=text("done_at IS NULL"),
        ),
    )

    id: Mapped[Key]
    uuid: Mapped[PublicId]
    member_id: Mapped[int] = mapped_column(ForeignKey("staff_member.id"), index=True)
    venue_id: Mapped[int | None] = mapped_column(ForeignKey("venue.id"), index=True)
    key: Mapped[str] = mapped_column(String(120))
    kind: Mapped[str] = mapped_column(String(30))
    subject: Mapped[UUID | None]
    details: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    created_at: Mapped[datetime] = mapped_column(default=now)
    due_at: Mapped[datetime] = mapped_column(default=now)
    delivered_at: Mapped[datetime | None]
    seen_at: Mapped[datetime | None]
    voided_at: Mapped[datetime | None]
    done_at: Mapped[datetime | None]

    member: Mapped[StaffMember] = relationship()
    deliveries: Mapped[list[Delivery]] = relationship(back_populates="notice", order_by="Delivery.id")


class Delivery(Base):
    """One way in which a notice was sent, and what became of it: a second one follows when no receipt comes."""

    __tablename__ = "delivery"
    __table_args__ = (
        UniqueConstraint("notice_id", "channel"),
        CheckConstraint("channel IN ('push', 'email', 'sms')", name="channel_known"),
        CheckConstraint("status IN ('queued', 'sent', 'delivered', 'failed', 'skipped')", name="status_known"),
    )

    id: Mapped[Key]
    notice_id: Mapped[int] = mapped_column(ForeignKey("notice.id"))
    channel: Mapped[str] = mapped_column(String(10))
    status: Mapped[str] = mapped_column(String(10), default=QUEUED)
    reference: Mapped[str | None] = mapped_column(String(200))
    created_at: Mapped[datetime] = mapped_column(default=now)
    sent_at: Mapped[datetime | None]
    delivered_at: Mapped[datetime | None]
    error: Mapped[str | None] = mapped_column(String(300))

    notice: Mapped[Notice] = relationship(back_populates="deliveries")
