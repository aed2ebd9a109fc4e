"""What leaves after the commit: outbox rows, and the trail of live updates."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, SmallInteger, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.clock import now
from portal.database import Base, Key, OrganisationOwned, PublicId, VenueOwned


class OutboxEvent(OrganisationOwned, Base):
    """Something happened, written in the transaction of the change itself; a worker delivers it at least once.

    A worker takes a row by setting `lease_until`; a lease that ran out may be taken by another.
    """

    __tablename__ = "outbox_event"
    __table_args__ = (
        Index(
            "ix_outbox_event_due",
            "run_at",
            postgresql_where=text("done_at IS NULL"),
            sqlite_where=text("done_at IS NULL"),
        ),
    )

    id: Mapped[Key]
    uuid: Mapped[PublicId]
    type: Mapped[str] = mapped_column(String(60))
    subject: Mapped[UUID | None]
    payload: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    created_at: Mapped[datetime] = mapped_column(default=now)
    run_at: Mapped[datetime] = mapped_column(default=now)
    attempts: Mapped[int] = mapped_column(SmallInteger, default=0)
    lease_until: Mapped[datetime | None]
    done_at: Mapped[datetime | None]
    failed_at: Mapped[datetime | None]
    error: Mapped[str | None] = mapped_column(String(1000))

    def lease(self, until: datetime) -> None:
        """A worker has it until then; a worker that dies has tried too."""
        self.lease_until = until
        self.attempts += 1

    def deliver(self, at: datetime) -> None:
        self.done_at, self.lease_until, self.error = at, None, None

    def postpone(self, until: datetime, error: str) -> None:
        self.run_at, self.lease_until, self.error = until, None, error

    def park(self, at: datetime, error: str) -> None:
        """Given up: it waits for a person and stands in nobody's way."""
        self.failed_at, self.lease_until, self.error = at, None, error


QUEUED, SENT, VOIDED, SKIPPED, FAILED = "queued", "sent", "voided", "skipped", "failed"


class GuestMessage(VenueOwned, Base):
    """A message to a guest about a booking, as the desk can read it. It waits until `due_at`, so that an undo voids it.

    `kind` names the template. `details` hold the guest (`customer`), what the message replaces (`replaces`) and what
    it tells beside the booking itself (`was`). The text stands here from the moment in which it is handed over: a
    message without is one that nobody can have read.
    """

    __tablename__ = "guest_message"
    __table_args__ = (
        CheckConstraint("status IN ('queued', 'sent', 'voided', 'skipped', 'failed')", name="status_known"),
        CheckConstraint("channel IN ('email', 'sms')", name="channel_known"),
        Index(None, "booking_id", "created_at"),
    )

    id: Mapped[Key]
    uuid: Mapped[PublicId]
    booking_id: Mapped[int] = mapped_column(ForeignKey("booking.id"))
    change_id: Mapped[int | None] = mapped_column(ForeignKey("change.id"), index=True)
    kind: Mapped[str] = mapped_column(String(40))
    channel: Mapped[str] = mapped_column(String(10), default="email")
    address: Mapped[str] = mapped_column(String(255))
    language: Mapped[str] = mapped_column(String(2))
    details: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    status: Mapped[str] = mapped_column(String(10), default=QUEUED)
    subject: Mapped[str | None] = mapped_column(String(300))
    body: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(default=now)
    due_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    error: Mapped[str | None] = mapped_column(String(300))

    @property
    def is_waiting(self) -> bool:
        """Whether it can still be stopped."""
        return self.status == QUEUED and self.body is None

    @property
    def has_left(self) -> bool:
        """Whether the guest may have read it."""
        return self.status == SENT or (self.status == QUEUED and self.body is not None)

    def hand_over(self, subject: str, body: str) -> None:
        """It is being sent; a worker that dies from now on may send it twice."""
        self.subject, self.body, self.error = subject[:300], body, None

    def take_back(self, error: str) -> None:
        """The server did not take it: it waits for the next try."""
        self.subject, self.body, self.error = None, None, error[:300]

    def sent(self, at: datetime) -> None:
        self.status, self.sent_at, self.error = SENT, at, None

    def void(self) -> None:
        """The change that it tells was undone, or a newer message tells it better."""
        self.status = VOIDED

    def wait(self, due_at: datetime) -> None:
        """It is true again: the message that replaced it was undone."""
        self.status, self.due_at = QUEUED, due_at

    def skip(self, reason: str) -> None:
        """When its time came it was no longer true."""
        self.status, self.subject, self.body, self.error = SKIPPED, None, None, reason

    def fail(self, error: str) -> None:
        """It cannot be sent, or was tried often enough."""
        self.status, self.error = FAILED, error[:300]


class LiveEvent(Base):
    """Which topics of a venue changed: open pages are told and fetch what they show. Kept for a few minutes."""

    __tablename__ = "live_event"

    id: Mapped[Key]
    venue_id: Mapped[int] = mapped_column(ForeignKey("venue.id"))
    topics: Mapped[list[str]] = mapped_column(JSON)
    at: Mapped[datetime] = mapped_column(default=now, index=True)
