"""The ledger: what was taken, applied, refunded and kept, each with who and when. No card number is ever stored."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.clock import now
from portal.database import Base, Key, PublicId, VenueOwned

PAYMENT, REFUND = "payment", "refund"
DEPOSIT_TAKEN, DEPOSIT_APPLIED, DEPOSIT_REFUNDED, DEPOSIT_KEPT = (
    "deposit_taken",
    "deposit_applied",
    "deposit_refunded",
    "deposit_kept",
)


class Payment(VenueOwned, Base):
    """A line of the ledger. Lines are never changed: one that was a mistake is voided and stays to be read.

    `amount_minor` is positive; its kind says which way the money went.
    """

    __tablename__ = "payment"
    __table_args__ = (
        CheckConstraint(
            "kind IN ('payment', 'refund', 'deposit_taken', 'deposit_applied', 'deposit_refunded', 'deposit_kept')",
            name="kind_known",
        ),
        CheckConstraint("amount_minor BETWEEN 1 AND 9999999999", name="amount_range"),
    )

    id: Mapped[Key]
    uuid: Mapped[PublicId]
    booking_id: Mapped[int] = mapped_column(ForeignKey("booking.id"), index=True)
    participant_id: Mapped[int | None] = mapped_column(ForeignKey("participant.id"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    method: Mapped[str | None] = mapped_column(String(20))
    amount_minor: Mapped[int]
    currency: Mapped[str] = mapped_column(String(3))
    note: Mapped[str | None] = mapped_column(String(300))
    at: Mapped[datetime] = mapped_column(default=now)
    actor: Mapped[UUID | None]
    actor_name: Mapped[str] = mapped_column(String(200))
    voided_at: Mapped[datetime | None]
    voided_by_name: Mapped[str | None] = mapped_column(String(200))

    @property
    def counts(self) -> bool:
        return self.voided_at is None

    def void(self, *, by_name: str, at: datetime) -> None:
        """Take it back; harmless when it was."""
        if self.voided_at is None:
            self.voided_at, self.voided_by_name = at, by_name
