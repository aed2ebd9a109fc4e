"""Who takes part in a booking beside the guest it stands under: the second of a couple, the members of a class."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, SmallInteger, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.clock import now
from portal.database import Base, Key, PublicId, VenueOwned
from portal.models.booking_states import REFUNDED, SETTLED
from portal.models.customer import Customer

JOINED, ATTENDED, LEFT, MISSED = "joined", "attended", "left", "noshow"
EXPECTED = (JOINED, ATTENDED)


class Participant(VenueOwned, Base):
    """One guest of a booking for two, or of a class. `position` counts from 0; a guest without a name has no customer.

    joined → attended | left | noshow; who left or was missed may come back. Money in minor units of the booking's
    currency; only members of a class pay for themselves.
    """

    __tablename__ = "participant"
    __table_args__ = (
        CheckConstraint("status IN ('joined', 'attended', 'left', 'noshow')", name="status_known"),
        CheckConstraint("price_minor BETWEEN 0 AND 9999999999", name="price_range"),
        CheckConstraint("position >= 0", name="position_positive"),
        # A member of a class has one place, whichever door he came through.
        Index("uq_participant_customer", "booking_id", "customer_id", unique=True),
        Index(None, "customer_id"),
    )

    id: Mapped[Key]
    uuid: Mapped[PublicId]
    booking_id: Mapped[int] = mapped_column(ForeignKey("booking.id"), index=True)
    customer_id: Mapped[int | None] = mapped_column(ForeignKey("customer.id"))
    name: Mapped[str | None] = mapped_column(String(200))
    position: Mapped[int] = mapped_column(SmallInteger, default=0)
    status: Mapped[str] = mapped_column(String(10), default=JOINED)
    price_minor: Mapped[int | None]
    payment_status: Mapped[str] = mapped_column(String(30), default="pending")
    arrived_at: Mapped[datetime | None]
    joined_at: Mapped[datetime] = mapped_column(default=now)
    left_at: Mapped[datetime | None]

    customer: Mapped[Customer | None] = relationship()

    @property
    def label(self) -> str:
        """The name that staff read, empty when nobody has told it."""
        return (self.customer.name if self.customer else self.name) or ""

    @property
    def is_in(self) -> bool:
        """Whether he takes a place."""
        return self.status != LEFT

    @property
    def is_expected(self) -> bool:
        """Whether he may still come, or has come."""
        return self.status in EXPECTED

    @property
    def owes(self) -> bool:
        """Whether something is left to collect from him, who pays for himself; not from who was missed."""
        return self.is_expected and bool(self.price_minor) and self.payment_status not in (*SETTLED, REFUNDED)

    def join(self, *, at: datetime) -> None:
        """He has a place, perhaps again. Harmless when he had one."""
        if not self.is_in:
            self.status, self.joined_at, self.left_at = JOINED, at, None

    def leave(self, *, at: datetime) -> None:
        """His place is free. Harmless when it was."""
        if self.is_in:
            self.status, self.left_at = LEFT, at

    def come(self, *, at: datetime) -> None:
        """He took part."""
        self.status, self.arrived_at = ATTENDED, self.arrived_at or at

    def miss(self) -> None:
        """He did not come."""
        self.status, self.arrived_at = MISSED, None

    def expect(self) -> None:
        """It is open again whether he comes."""
        self.status, self.arrived_at = JOINED, None
