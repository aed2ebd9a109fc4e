"""What leaves after the commit: outbox rows, and the trail of live updates."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, Index, SmallInteger, String, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.clock import now
from portal.database import Base, Key, OrganisationOwned, PublicId


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


class LiveEvent(Base):
    """Which topics of a venue changed: open pages are told and fetch what they show. Kept for a few minutes."""

    __tablename__ = "live_event"

    id: Mapped[Key]
    venue_id: Mapped[int] = mapped_column(ForeignKey("venue.id"))
    topics: Mapped[list[str]] = mapped_column(JSON)
    at: Mapped[datetime] = mapped_column(default=now, index=True)
