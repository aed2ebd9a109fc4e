"""What a member of staff is told outside the open page: by push, e-mail or text message."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.clock import now
from portal.database import Base, Key, OrganisationOwned, PublicId
from portal.models.member import LoginSession, StaffMember
from portal.models.venue import Venue

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
    session_id: Mapped[int | None] = mapped_column(ForeignKey("login_session.id", ondelete="SET NULL"), index=True)
    endpoint: Mapped[str] = mapped_column(String(1000))
    endpoint_hash: Mapped[str] = mapped_column(String(64), unique=True)
    p256dh: Mapped[str] = mapped_column(String(200))
    auth: Mapped[str] = mapped_column(String(100))
    user_agent: Mapped[str | None] = mapped_column(String(300))
    created_at: Mapped[datetime] = mapped_column(default=now)
    used_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]

    member: Mapped[StaffMember] = relationship()
    session: Mapped[LoginSession | None] = relationship()

    @classmethod
    def hash_of(cls, endpoint: str) -> str:
        """By what an address is found."""
        return hashlib.sha256(endpoint.encode("utf-8", "replace")).hexdigest()

    def is_open(self, at: datetime) -> bool:
        """Whether it still wakes its member: not ended, and the session in which it was made neither."""
        return self.ended_at is None and self.session is not None and self.session.is_open(at)

    def hand_to(self, session: LoginSession, *, p256dh: str, auth: str, user_agent: str | None, at: datetime) -> None:
        """From now on it belongs to whoever is signed in there."""
        if self.member_id != session.member_id or self.ended_at is not None:
            self.created_at, self.used_at = at, None
        self.session, self.member = session, session.member
        self.organisation_id = session.member.organisation_id
        self.p256dh, self.auth, self.user_agent, self.ended_at = p256dh, auth, user_agent, None

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
    subject: Mapped[UUID | None] = mapped_column(index=True)
    details: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    created_at: Mapped[datetime] = mapped_column(default=now)
    due_at: Mapped[datetime] = mapped_column(default=now)
    delivered_at: Mapped[datetime | None]
    seen_at: Mapped[datetime | None]
    voided_at: Mapped[datetime | None]
    done_at: Mapped[datetime | None]

    member: Mapped[StaffMember] = relationship()
    venue: Mapped[Venue | None] = relationship()
    deliveries: Mapped[list[Delivery]] = relationship(back_populates="notice", order_by="Delivery.id")

    @property
    def is_urgent(self) -> bool:
        """It does not wait for the end of her quiet hours."""
        return bool(self.details.get("urgent"))

    @property
    def has_left(self) -> bool:
        """She may have heard of it."""
        return self.voided_at is None and bool(self.deliveries)

    def void(self, at: datetime) -> None:
        """It is not true any more, or overtaken: she is not told. Harmless once it is done with."""
        if self.done_at is None:
            self.voided_at = self.done_at = at

    def wait(self, until: datetime) -> None:
        """It is for later."""
        self.due_at = until

    def send(self, channel: str) -> bool:
        """From now on it is on its way by this channel; False when it was before."""
        if any(delivery.channel == channel for delivery in self.deliveries):
            return False
        self.deliveries.append(Delivery(channel=channel))
        return True

    def by(self, channel: str) -> Delivery | None:
        """How it was sent by this channel."""
        return next((delivery for delivery in self.deliveries if delivery.channel == channel), None)

    def finish(self, at: datetime) -> None:
        """There is nothing left to do about it."""
        self.done_at = self.done_at or at

    def receive(self, at: datetime) -> None:
        """Her device has shown it."""
        self.delivered_at = self.delivered_at or at
        self.finish(at)

    def see(self, at: datetime) -> None:
        """She has tapped on it."""
        self.receive(at)
        self.seen_at = self.seen_at or at


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

    @property
    def is_waiting(self) -> bool:
        """Nobody has taken it yet."""
        return self.status == QUEUED

    def sent(self, at: datetime, reference: str | None = None) -> None:
        """Whoever carries it has taken it, under this name of theirs."""
        if self.status != DELIVERED:
            self.status = SENT
        self.sent_at, self.error = self.sent_at or at, None
        self.reference = reference[:200] if reference else self.reference

    def arrive(self, at: datetime) -> None:
        """It was shown; a receipt may be faster than the answer to the sender."""
        self.status, self.delivered_at = DELIVERED, self.delivered_at or at

    def fail(self, error: str) -> None:
        """It is not taken, or no longer worth sending; what was taken before stays so."""
        if self.status == QUEUED:
            self.status, self.error = FAILED, error[:300]

    def skip(self) -> None:
        """Overtaken before it left."""
        if self.status == QUEUED:
            self.status = SKIPPED
