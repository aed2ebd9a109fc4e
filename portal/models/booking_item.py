"""One treatment of a booking, and who serves it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import Boolean, CheckConstraint, ForeignKey, Index, SmallInteger, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.clock import now
from portal.database import Base, Key, PublicId, VenueOwned
from portal.models.claim import Claim
from portal.models.member import StaffMember
from portal.models.treatment import Treatment, Variant

if TYPE_CHECKING:
    from portal.models.booking import Booking
    from portal.models.offer import Offer


class BookingItem(VenueOwned, Base):
    """One treatment of a booking: it needs a therapist per guest, and rooms, for its time.

    `requested` is the therapist whom the guest asked for: she is asked first, and kept when others change.
    `offered_rank` and `next_wave_at` say how far its offer has gone, `alerted_at` that nobody is left to be asked;
    `buffer_minutes` is the turnover that its rooms were reserved with.
    """

    __tablename__ = "booking_item"
    __table_args__ = (
        CheckConstraint("ends_at > starts_at", name="ends_after_start"),
        CheckConstraint("guest_count BETWEEN 1 AND 20", name="guest_count_range"),
        CheckConstraint("therapists_assigned BETWEEN 0 AND guest_count", name="never_overstaffed"),
        CheckConstraint("price_minor BETWEEN 0 AND 9999999999", name="price_range"),
        CheckConstraint(
            "gender_preference IS NULL OR gender_preference IN ('female', 'male')", name="gender_preference_known"
        ),
        Index(None, "venue_id", "starts_at"),
    )

    id: Mapped[Key]
    uuid: Mapped[PublicId]
    booking_id: Mapped[int] = mapped_column(ForeignKey("booking.id"), index=True)
    treatment_id: Mapped[int] = mapped_column(ForeignKey("treatment.id"))
    variant_id: Mapped[int] = mapped_column(ForeignKey("variant.id"))
    position: Mapped[int] = mapped_column(SmallInteger, default=0)
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    buffer_minutes: Mapped[int] = mapped_column(SmallInteger, default=0)
    guest_count: Mapped[int] = mapped_column(SmallInteger, default=1)
    price_minor: Mapped[int | None]
    gender_preference: Mapped[str | None] = mapped_column(String(10))
    room_pinned: Mapped[bool] = mapped_column(Boolean, default=False)
    out_of_hours: Mapped[bool] = mapped_column(Boolean, default=False)
    therapists_assigned: Mapped[int] = mapped_column(SmallInteger, default=0)
    offered_rank: Mapped[int | None] = mapped_column(SmallInteger)
    next_wave_at: Mapped[datetime | None] = mapped_column(index=True)
    alerted_at: Mapped[datetime | None]
    requested_id: Mapped[int | None] = mapped_column(ForeignKey("staff_member.id"))

    booking: Mapped[Booking] = relationship(back_populates="items")
    treatment: Mapped[Treatment] = relationship()
    variant: Mapped[Variant] = relationship()
    requested: Mapped[StaffMember | None] = relationship()
    assignments: Mapped[list[Assignment]] = relationship(back_populates="item", order_by="Assignment.id")
    claims: Mapped[list[Claim]] = relationship()
    offers: Mapped[list[Offer]] = relationship(back_populates="item", order_by="(Offer.rank, Offer.id)")

    @property
    def duration(self) -> int:
        """Minutes of treatment, turnover excluded."""
        return int((self.ends_at - self.starts_at).total_seconds()) // 60

    @property
    def therapists_missing(self) -> int:
        return self.guest_count - self.therapists_assigned

    @property
    def current_assignments(self) -> list[Assignment]:
        return [assignment for assignment in self.assignments if assignment.ended_at is None]

    @property
    def waits_for_answer(self) -> bool:
        """Somebody of the wave that was asked last has not answered yet."""
        return any(offer.is_open and offer.rank == self.offered_rank for offer in self.offers)

    def is_served_by(self, member: StaffMember) -> bool:
        return any(assignment.member_id == member.id for assignment in self.current_assignments)

    def assign(self, member: StaffMember, *, at: datetime) -> None:
        self.assignments.append(Assignment(member=member, assigned_at=at))
        self.therapists_assigned += 1
        if self.therapists_missing == 0:
            self.stop_asking()

    def release(self, member: StaffMember, *, at: datetime) -> None:
        for assignment in self.current_assignments:
            if assignment.member_id == member.id:
                assignment.ended_at = at
                self.therapists_assigned -= 1

    def ask(self, rank: int, *, at: datetime, wait: timedelta) -> None:
        """A wave of this rank is asked at that instant; the next one has its turn after the wait."""
        self.offered_rank, self.next_wave_at, self.alerted_at = rank, at + wait, None

    def hurry(self, *, at: datetime) -> None:
        """Nobody of this wave is left to answer: the next one has its turn at once, unless there is none to come."""
        if self.next_wave_at is not None:
            self.next_wave_at = min(self.next_wave_at, at)

    def alert(self, *, at: datetime) -> None:
        """Nobody is left to be asked: the desk has to see to it. Harmless when it was told before."""
        self.next_wave_at, self.alerted_at = None, self.alerted_at or at

    def stop_asking(self) -> None:
        """It has its therapists, or needs none any more."""
        self.next_wave_at = self.alerted_at = None


class Assignment(Base):
    """A therapist serves an item, until `ended_at` when she steps back."""

    __tablename__ = "assignment"
    __table_args__ = (Index(None, "member_id", "item_id"),)

    id: Mapped[Key]
    item_id: Mapped[int] = mapped_column(ForeignKey("booking_item.id"), index=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("staff_member.id"))
    assigned_at: Mapped[datetime] = mapped_column(default=now)
    ended_at: Mapped[datetime | None]

    item: Mapped[BookingItem] = relationship(back_populates="assignments")
    member: Mapped[StaffMember] = relationship()
