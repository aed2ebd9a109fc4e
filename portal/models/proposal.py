"""A therapist's answer to an offer that is neither yes nor no: another time."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.clock import now
from portal.database import Base, Key, PublicId, VenueOwned
from portal.models.offer import Offer
from portal.models.resource import Room

OPEN, ACCEPTED, REFUSED, EXPIRED, WITHDRAWN = "open", "accepted", "refused", "expired", "withdrawn"


class CounterProposal(VenueOwned, Base):
    """She could serve the offered treatment at another time. Nothing is reserved by it: the desk decides until
    `expires_at`, and whether the time can still be had is asked again then.

    open → accepted | refused | expired | withdrawn (by herself, or because the booking changed or was taken).
    """

    __tablename__ = "counter_proposal"
    __table_args__ = (
        CheckConstraint("status IN ('open', 'accepted', 'refused', 'expired', 'withdrawn')", name="status_known"),
        CheckConstraint("ends_at > starts_at", name="ends_after_start"),
        # She has one suggestion at a time for an offer, however often she taps.
        Index(
            "uq_counter_proposal_open",
            "offer_id",
            unique=True,
            postgresql_where=text("status = 'open'"),
            sqlite_where=text("status = 'open'"),
        ),
        Index(None, "venue_id", "status", "starts_at"),
    )

    id: Mapped[Key]
    uuid: Mapped[PublicId]
    offer_id: Mapped[int] = mapped_column(ForeignKey("offer.id"), index=True)
    room_id: Mapped[int | None] = mapped_column(ForeignKey("resource.id"))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    status: Mapped[str] = mapped_column(String(10), default=OPEN)
    made_at: Mapped[datetime] = mapped_column(default=now)
    expires_at: Mapped[datetime] = mapped_column(index=True)
    closed_at: Mapped[datetime | None]
    closed_by: Mapped[str | None] = mapped_column(String(200))
    answer: Mapped[str | None] = mapped_column(String(300))

    offer: Mapped[Offer] = relationship(overlaps="proposal")
    room: Mapped[Room | None] = relationship()

    @property
    def is_open(self) -> bool:
        return self.status == OPEN

    def waits_at(self, at: datetime) -> bool:
        """Whether the desk may still answer it."""
        return self.is_open and at < self.expires_at

    def close(self, status: str, *, at: datetime, by_name: str | None = None, answer: str | None = None) -> None:
        """It is answered, or overtaken (by nobody); harmless when it was closed before."""
        if self.is_open:
            self.status, self.closed_at, self.closed_by, self.answer = status, at, by_name, answer

    def bring_back(self, *, at: datetime) -> None:
        """What had answered or overtaken it is undone. What she took back herself, what was refused or is too old stays
        closed.
        """
        was_overtaken = self.status == WITHDRAWN and self.closed_by is None
        if (was_overtaken or self.status == ACCEPTED) and at < self.expires_at:
            self.status, self.closed_at, self.closed_by, self.answer = OPEN, None, None, None
