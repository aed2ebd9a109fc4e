"""A booking, its states and its history. Nobody else assigns `booking.status`."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import JSON, Boolean, CheckConstraint, Date, ForeignKey, Index, SmallInteger, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.clock import now
from portal.database import Base, Key, PublicId, VenueOwned
from portal.models.api_key import ApiKey
from portal.models.booking_event import BookingEvent
from portal.models.booking_facts import BookingFacts
from portal.models.booking_item import BookingItem
from portal.models.booking_states import (
    CANCELLED,
    CLIENT_TYPES,
    COMPLETED,
    CONFIRMED,
    NOSHOW,
    ONGOING,
    PAYMENT_METHODS,
    PAYMENT_STATUSES,
    PENDING,
    STATUSES,
    CancellationTerms,
    FullyStaffed,
    NotAssigned,
    NotCancellable,
    NotNow,
    one_of,
)
from portal.models.customer import Customer
from portal.models.member import StaffMember
from portal.models.participant import Participant
from portal.models.series import Series
from portal.models.venue import Venue

if TYPE_CHECKING:
    from portal.audit import Actor


class Booking(BookingFacts, VenueOwned, Base):
    """A guest's visit, or a session of a class (without customer: its guests are participants).

    `number` is sequential per organisation; money in minor units of `currency`; `series_date` is the local date on
    which an occurrence of a series stood at first. A booking for two has a participant for each of its guests.
    """

    __tablename__ = "booking"
    __table_args__ = (
        UniqueConstraint("organisation_id", "number"),
        UniqueConstraint("venue_id", "external_id"),
        one_of("status", STATUSES),
        one_of("payment_method", PAYMENT_METHODS),
        one_of("payment_status", PAYMENT_STATUSES),
        one_of("client_type", CLIENT_TYPES),
        CheckConstraint("channel IN ('partner', 'desk', 'api', 'online')", name="channel_known"),
        CheckConstraint("guest_count BETWEEN 1 AND 20", name="guest_count_range"),
        CheckConstraint("price_minor BETWEEN 0 AND 9999999999", name="price_range"),
        CheckConstraint("ends_at > starts_at", name="ends_after_start"),
        CheckConstraint("cancellation_fee_minor >= 0", name="fee_positive"),
        CheckConstraint("deposit_required_minor >= 0", name="deposit_positive"),
        CheckConstraint("(series_id IS NULL) = (series_date IS NULL)", name="series_has_date"),
        Index("uq_booking_occurrence", "series_id", "series_date", unique=True),
        CheckConstraint("(status = 'cancelled') = (cancelled_at IS NOT NULL)", name="cancelled_has_instant"),
        Index(None, "venue_id", "starts_at"),
        Index(None, "customer_id", "starts_at"),
        Index(None, "customer_id", "venue_id"),
        Index(None, "organisation_id", "external_reference"),
    )

    id: Mapped[Key]
    uuid: Mapped[PublicId]
    number: Mapped[int]
    customer_id: Mapped[int | None] = mapped_column(ForeignKey("customer.id"))
    status: Mapped[str] = mapped_column(String(20), default=PENDING)
    channel: Mapped[str] = mapped_column(String(20))
    api_key_id: Mapped[int | None] = mapped_column(ForeignKey("api_key.id"), index=True)
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff_member.id"))
    test: Mapped[bool] = mapped_column(Boolean, default=False)
    external_id: Mapped[str | None] = mapped_column(String(255))
    external_reference: Mapped[str | None] = mapped_column(String(255))
    client_type: Mapped[str] = mapped_column(String(20), default="external")
    payment_method: Mapped[str | None] = mapped_column(String(20))
    payment_status: Mapped[str] = mapped_column(String(30), default="pending")
    price_minor: Mapped[int]
    currency: Mapped[str] = mapped_column(String(3))
    guest_count: Mapped[int] = mapped_column(SmallInteger, default=1)
    guest_language: Mapped[str] = mapped_column(String(2), default="fr")
    room_number: Mapped[str | None] = mapped_column(String(20))
    notes: Mapped[str | None] = mapped_column(String(500))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    therapist_id: Mapped[int | None] = mapped_column(ForeignKey("staff_member.id"))
    therapist_assigned_at: Mapped[datetime | None]
    series_id: Mapped[int | None] = mapped_column(ForeignKey("series.id"), index=True)
    series_date: Mapped[date | None] = mapped_column(Date)
    deposit_required_minor: Mapped[int | None]
    deposit_due_at: Mapped[datetime | None]
    arrived_at: Mapped[datetime | None]
    began_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    cancelled_at: Mapped[datetime | None]
    cancelled_by: Mapped[str | None] = mapped_column(String(20))
    cancellation_reason: Mapped[str | None] = mapped_column(String(500))
    cancellation_fee_minor: Mapped[int | None]
    cancellation_refund_percent: Mapped[int | None] = mapped_column(SmallInteger)
    cancellation_tiers: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    created_at: Mapped[datetime] = mapped_column(default=now)
    updated_at: Mapped[datetime] = mapped_column(default=now, onupdate=now)
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012

    venue: Mapped[Venue] = relationship()
    customer: Mapped[Customer | None] = relationship()
    series: Mapped[Series | None] = relationship()
    participants: Mapped[list[Participant]] = relationship(order_by="(Participant.position, Participant.id)")
    api_key: Mapped[ApiKey | None] = relationship()
    therapist: Mapped[StaffMember | None] = relationship(foreign_keys=therapist_id)
    items: Mapped[list[BookingItem]] = relationship(back_populates="booking", order_by="BookingItem.position")
    events: Mapped[list[BookingEvent]] = relationship(back_populates="booking", order_by="BookingEvent.id")

    def accept(self, item: BookingItem, member: StaffMember, *, by: Actor, at: datetime) -> None:
        """Staff `item` with `member`; the last missing therapist confirms the booking. Harmless if already hers.

        Raises FullyStaffed when every guest of the item has a therapist.
        """
        self._staff(item, member, "accepted", by=by, at=at)

    def assign(self, item: BookingItem, member: StaffMember, *, by: Actor, at: datetime) -> None:
        """The desk gives `item` to `member`, as if she had accepted. Raises FullyStaffed."""
        self._staff(item, member, "assigned", by=by, at=at)

    def _staff(self, item: BookingItem, member: StaffMember, verb: str, *, by: Actor, at: datetime) -> None:
        if item.is_served_by(member):
            return
        if self.status not in {PENDING, ONGOING} or item.therapists_missing == 0:
            raise FullyStaffed()
        item.assign(member, at=at)
        if self.therapist_id is None:
            self.therapist_id, self.therapist_assigned_at = member.id, at
        staffed = CONFIRMED if all(one.therapists_missing == 0 for one in self.items) else PENDING
        self._become(ONGOING if self.status == ONGOING else staffed, verb, by=by, at=at, therapist=member.name)

    def unassign(self, item: BookingItem, member: StaffMember, *, by: Actor, at: datetime) -> None:
        """The desk takes `item` from `member`: pending unless it has begun. Harmless when she does not hold it."""
        if not item.is_served_by(member):
            return
        self._part(item, member, at=at)
        status = ONGOING if self.status == ONGOING else PENDING
        self._become(status, "unassigned", by=by, at=at, therapist=member.name)

    def give_back(self, item: BookingItem, member: StaffMember, *, by: Actor, at: datetime) -> None:
        """`member` steps back; the booking needs a therapist again. Raises NotAssigned."""
        if not self.is_open or not item.is_served_by(member):
            raise NotAssigned()
        self._part(item, member, at=at)
        self._become(PENDING, "withdrawn", by=by, at=at, therapist=member.name)

    def hand_over(self, item: BookingItem, giver: StaffMember, taker: StaffMember, *, by: Actor, at: datetime) -> None:
        """`taker` serves the item in place of `giver`, who holds it: nothing else changes."""
        item.release(giver, at=at)
        item.assign(taker, at=at)
        if self.therapist_id == giver.id:
            self.therapist_id, self.therapist_assigned_at = taker.id, at
        self._become(self.status, "handed_over", by=by, at=at, therapist=taker.name, giver=giver.name)

    def _part(self, item: BookingItem, member: StaffMember, *, at: datetime) -> None:
        item.release(member, at=at)
        if self.therapist_id == member.id:
            heir = next((a for one in self.items for a in one.current_assignments), None)
            self.therapist_id = heir.member_id if heir else None
            self.therapist_assigned_at = heir.assigned_at if heir else None

    def move(self, *, by: Actor, at: datetime, **details: Any) -> None:
        """Its items stand elsewhere or with others now: take over their times, and say so. Raises NotNow once over."""
        if self.status in {COMPLETED, CANCELLED, NOSHOW}:
            raise NotNow()
        self.starts_at = min(item.starts_at for item in self.items)
        self.ends_at = max(item.ends_at for item in self.items)
        self._become(self.status, "moved", by=by, at=at, **details)

    def edit(self, *, by: Actor, at: datetime, **values: Any) -> None:
        """Take over what the desk has changed of its details, and say what it was. Harmless without news."""
        news = {name: value for name, value in values.items() if getattr(self, name) != value}
        before = {name: getattr(self, name) for name in news}
        for name, value in news.items():
            setattr(self, name, value)
        if news:
            self._become(self.status, "edited", by=by, at=at, before=before, now=news)

    def ask_for(self, member: StaffMember | None, *, by: Actor, at: datetime) -> None:
        """The guest asks for this therapist, for all of the visit, or for nobody in particular any more."""
        for item in self.items:
            item.requested = member
        self._become(self.status, "asked_for", by=by, at=at, therapist=member.name if member else None)

    def part_with(
        self, guest: Participant, *, price_minor: int, by: Actor, at: datetime, missed: bool = False, **details: Any
    ) -> None:
        """One of several guests does not come: everything is for one fewer from now on, at another price.

        It stands under a guest who still comes. With `missed` he was expected and did not come, which may be noted
        after the treatment has begun. The therapists must have been reduced before. Raises NotNow.
        """
        is_ahead = self.is_open or (missed and self.status == ONGOING)
        if not is_ahead or self.guest_count < 2 or not guest.is_expected:
            raise NotNow()
        if missed:
            guest.miss()
        else:
            guest.leave(at=at)
        self.guest_count -= 1
        for item in self.items:
            item.guest_count = min(item.guest_count, self.guest_count)
            item.price_minor = price_minor if len(self.items) == 1 else item.price_minor
            if item.therapists_missing == 0:
                item.stop_asking()
        before, self.price_minor = self.price_minor, price_minor
        known = next((one.customer for one in self.participants if one.is_expected and one.customer), None)
        if self.customer_id == guest.customer_id and known is not None:
            self.customer = known
        staffed = CONFIRMED if all(one.therapists_missing == 0 for one in self.items) else PENDING
        prices = {"before": {"price_minor": before}, "now": {"price_minor": price_minor}}
        status = ONGOING if self.status == ONGOING else staffed
        verb = "missed" if missed else "parted"
        self._become(status, verb, by=by, at=at, guest=guest.label, **prices, **details)

    def note_guest(self, verb: str, guest: Participant, *, by: Actor, at: datetime) -> None:
        """Something about one of its guests: `joined`, `left`, `attended`, `missed`, `expected`, `named`."""
        self._become(self.status, verb, by=by, at=at, guest=guest.label)

    def retract(self, *, by: Actor, at: datetime) -> None:
        """Take back a booking that was just made: it is as if it had been cancelled free of charge. Raises NotNow."""
        if self.status not in {PENDING, CONFIRMED, ONGOING}:
            raise NotNow()
        self.cancelled_at, self.cancelled_by, self.cancellation_reason = at, "staff", None
        self.cancellation_fee_minor, self.cancellation_refund_percent = 0, 100
        self._become(CANCELLED, "undone", by=by, at=at)

    def cancel(self, terms: CancellationTerms, *, reason: str, cancelled_by: str, by: Actor, at: datetime) -> None:
        """End the booking before it began. Raises NotCancellable."""
        if not self.is_open:
            raise NotCancellable()
        self.cancelled_at, self.cancelled_by, self.cancellation_reason = at, cancelled_by, reason
        self.cancellation_fee_minor = terms.fee_minor
        self.cancellation_refund_percent = terms.refund_percent
        self._become(CANCELLED, "cancelled", by=by, at=at, reason=reason)

    def arrive(self, *, by: Actor, at: datetime, who: Participant | None = None) -> None:
        """The guest is here, or one of several (`who`; without it all of them); the status stays as it is.

        Harmless when noted before. Raises NotNow once the visit is over.
        """
        if self.status not in {PENDING, CONFIRMED, ONGOING}:
            raise NotNow()
        expected = [one for one in ([who] if who else self.participants) if one.is_expected and one.arrived_at is None]
        if self.arrived_at is not None and not expected:
            return
        for one in expected:
            one.arrived_at = at
        self.arrived_at = self.arrived_at or at
        details = {"guest": who.label} if who and who.label else {}
        self._become(self.status, "arrived", by=by, at=at, **details)

    def begin(self, *, by: Actor, at: datetime) -> None:
        """The treatment has begun. Harmless when it had; raises NotNow unless the booking is confirmed."""
        if self.status == ONGOING:
            return
        if self.status != CONFIRMED:
            raise NotNow()
        self.began_at = at
        self._become(ONGOING, "begun", by=by, at=at)

    def complete(self, *, by: Actor, at: datetime, just_now: bool = False) -> None:
        """The visit is over, perhaps at this very moment.

        Harmless when it was; raises NotNow unless the booking is confirmed or ongoing.
        """
        if self.status == COMPLETED:
            return
        if not self.is_underway:
            raise NotNow()
        self.finished_at = at if just_now else None
        self._become(COMPLETED, "completed", by=by, at=at)

    def mark_noshow(self, *, by: Actor, at: datetime) -> None:
        """The guest did not come. Harmless when noted before; raises NotNow before the start, and once it is over."""
        if self.status == NOSHOW:
            return
        if self.status not in {PENDING, CONFIRMED, ONGOING} or at < self.starts_at:
            raise NotNow()
        self._become(NOSHOW, "noshow", by=by, at=at)

    def note_payment(self, *, by: Actor, at: datetime, **details: Any) -> None:
        """A line of the ledger was written or voided; `details` are its kind, method, amount and currency."""
        self._become(self.status, "payment", by=by, at=at, **details)

    def become_paid(self, status: str, *, method: str | None) -> None:
        """Take over what follows from the ledger."""
        self.payment_status, self.payment_method = status, method or self.payment_method

    def remember(self, verb: str, *, by: Actor, at: datetime, from_status: str | None = None, **details: Any) -> None:
        """Add a line to the history."""
        self.events.append(BookingEvent.about(self, verb, by=by, at=at, from_status=from_status, **details))

    def _become(self, status: str, verb: str, *, by: Actor, at: datetime, **details: Any) -> None:
        before, self.status, self.updated_at = self.status, status, at
        if status in {COMPLETED, CANCELLED, NOSHOW}:
            for item in self.items:
                item.stop_asking()
        self.remember(verb, by=by, at=at, from_status=before, **details)
