"""A booking, its states and its history. Nobody else assigns `booking.status`."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import JSON, Boolean, CheckConstraint, ForeignKey, Index, SmallInteger, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.clock import now
from portal.database import Base, Key, PublicId, VenueOwned
from portal.errors import Conflict
from portal.models.api_key import ApiKey
from portal.models.booking_item import BookingItem
from portal.models.customer import Customer
from portal.models.member import StaffMember
from portal.models.venue import Venue

if TYPE_CHECKING:
    from portal.audit import Actor

PENDING, CONFIRMED, ONGOING = "pending", "confirmed", "ongoing"
COMPLETED, CANCELLED, NOSHOW = "completed", "cancelled", "noshow"
STATUSES = (PENDING, CONFIRMED, ONGOING, COMPLETED, CANCELLED, NOSHOW)
UNDERWAY = (CONFIRMED, ONGOING)
SETTLED = ("paid", "charged", "charged_to_room", "offert")
PAYMENT_METHODS = (
    "room", "card", "card_on_site", "tap_to_pay", "cash", "offert", "gift_amount", "voucher", "external_voucher",
    "partner_billed",
)  # fmt: skip
PAYMENT_STATUSES = (
    "pending", "awaiting_payment", "paid", "failed", "refunded", "charged", "charged_to_room", "card_saved", "expired",
    "offert", "pending_partner_billing", "pending_room_charge", "pending_voucher_check",
)  # fmt: skip
PAID_STATUSES = ("paid", "charged_to_room", "charged")
CLIENT_TYPES = ("hotel", "staycation", "classpass", "external")


class FullyStaffed(Conflict):
    """As many therapists as guests have accepted already."""

    code = "fully_staffed"
    message = _l("Just taken by a colleague. Nothing to do.")


class NotCancellable(Conflict):
    """Only a pending or confirmed booking can be cancelled."""

    code = "not_cancellable"
    message = _l("This booking can no longer be cancelled.")


class NotNow(Conflict):
    """The step does not follow from the state the booking is in."""

    code = "not_now"
    message = _l("This booking has moved on in the meantime.")


class NotAssigned(Conflict):
    """A therapist gives back a booking that she does not hold."""

    code = "not_assigned"
    message = _l("This booking is not yours, so there is nothing to give back.")


@dataclass(frozen=True)
class CancellationTerms:
    """What a cancellation costs, in minor units, and the share of the deposit that goes back."""

    refund_percent: int
    refund_minor: int
    fee_minor: int


def _one_of(column: str, values: tuple[str, ...]) -> CheckConstraint:
    listed = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} IN ({listed})", name=f"{column}_known")


class Booking(VenueOwned, Base):
    """A guest's visit. `number` is sequential per organisation; money in minor units of `currency`."""

    __tablename__ = "booking"
    __table_args__ = (
        UniqueConstraint("organisation_id", "number"),
        UniqueConstraint("venue_id", "external_id"),
        _one_of("status", STATUSES),
        _one_of("payment_method", PAYMENT_METHODS),
        _one_of("payment_status", PAYMENT_STATUSES),
        _one_of("client_type", CLIENT_TYPES),
        CheckConstraint("channel IN ('partner', 'desk', 'api', 'online')", name="channel_known"),
        CheckConstraint("guest_count BETWEEN 1 AND 20", name="guest_count_range"),
        CheckConstraint("price_minor BETWEEN 0 AND 9999999999", name="price_range"),
        CheckConstraint("ends_at > starts_at", name="ends_after_start"),
        CheckConstraint("cancellation_fee_minor >= 0", name="fee_positive"),
        CheckConstraint("(status = 'cancelled') = (cancelled_at IS NOT NULL)", name="cancelled_has_instant"),
        Index(None, "venue_id", "starts_at"),
        Index(None, "customer_id", "starts_at"),
        Index(None, "organisation_id", "external_reference"),
    )

    id: Mapped[Key]
    uuid: Mapped[PublicId]
    number: Mapped[int]
    customer_id: Mapped[int] = mapped_column(ForeignKey("customer.id"))
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
    arrived_at: Mapped[datetime | None]
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
    customer: Mapped[Customer] = relationship()
    api_key: Mapped[ApiKey | None] = relationship()
    therapist: Mapped[StaffMember | None] = relationship(foreign_keys=therapist_id)
    items: Mapped[list[BookingItem]] = relationship(back_populates="booking", order_by="BookingItem.position")
    events: Mapped[list[BookingEvent]] = relationship(back_populates="booking", order_by="BookingEvent.id")

    @property
    def is_open(self) -> bool:
        """It can still be cancelled, moved or staffed."""
        return self.status in {PENDING, CONFIRMED}

    @property
    def is_paid(self) -> bool:
        return self.payment_status in PAID_STATUSES

    @property
    def is_underway(self) -> bool:
        """It is staffed and not over."""
        return self.status in UNDERWAY

    @property
    def is_settled(self) -> bool:
        """Nothing is left to collect from the guest."""
        return self.payment_status in SETTLED or self.price_minor == 0

    @property
    def item(self) -> BookingItem:
        """The first item: the only one of bookings with a single treatment."""
        return self.items[0]

    def accept(self, item: BookingItem, member: StaffMember, *, by: Actor, at: datetime) -> None:
        """Staff `item` with `member`; the last missing therapist confirms the booking. Harmless if already hers.

        Raises FullyStaffed when every guest of the item has a therapist.
        """
        if item.is_served_by(member):
            return
        if self.status != PENDING or item.therapists_missing == 0:
            raise FullyStaffed()
        item.assign(member, at=at)
        if self.therapist_id is None:
            self.therapist_id, self.therapist_assigned_at = member.id, at
        staffed = all(one.therapists_missing == 0 for one in self.items)
        self._become(CONFIRMED if staffed else PENDING, "accepted", by=by, at=at, therapist=member.name)

    def give_back(self, item: BookingItem, member: StaffMember, *, by: Actor, at: datetime) -> None:
        """`member` steps back; the booking needs a therapist again. Raises NotAssigned."""
        if not self.is_open or not item.is_served_by(member):
            raise NotAssigned()
        item.release(member, at=at)
        if self.therapist_id == member.id:
            heir = next((a for one in self.items for a in one.current_assignments), None)
            self.therapist_id = heir.member_id if heir else None
            self.therapist_assigned_at = heir.assigned_at if heir else None
        self._become(PENDING, "withdrawn", by=by, at=at, therapist=member.name)

    def cancel(self, terms: CancellationTerms, *, reason: str, cancelled_by: str, by: Actor, at: datetime) -> None:
        """End the booking before it began. Raises NotCancellable."""
        if not self.is_open:
            raise NotCancellable()
        self.cancelled_at, self.cancelled_by, self.cancellation_reason = at, cancelled_by, reason
        self.cancellation_fee_minor = terms.fee_minor
        self.cancellation_refund_percent = terms.refund_percent
        self._become(CANCELLED, "cancelled", by=by, at=at, reason=reason)

    def arrive(self, *, by: Actor, at: datetime) -> None:
        """The guest is here; the status stays as it is. Harmless when noted before. Raises NotNow once it is over."""
        if self.status not in {PENDING, CONFIRMED, ONGOING}:
            raise NotNow()
        if self.arrived_at is None:
            self.arrived_at = at
            self._become(self.status, "arrived", by=by, at=at)

    def begin(self, *, by: Actor, at: datetime) -> None:
        """The treatment has begun. Raises NotNow unless the booking is confirmed."""
        if self.status != CONFIRMED:
            raise NotNow()
        self._become(ONGOING, "begun", by=by, at=at)

    def complete(self, *, by: Actor, at: datetime) -> None:
        """The visit is over. Harmless when it was; raises NotNow unless the booking is confirmed or ongoing."""
        if self.status == COMPLETED:
            return
        if not self.is_underway:
            raise NotNow()
        self._become(COMPLETED, "completed", by=by, at=at)

    def mark_noshow(self, *, by: Actor, at: datetime) -> None:
        """The guest did not come. Raises NotNow before the start, and when the booking is over."""
        if self.status not in {PENDING, CONFIRMED, ONGOING} or at < self.starts_at:
            raise NotNow()
        self._become(NOSHOW, "noshow", by=by, at=at)

    def remember(self, verb: str, *, by: Actor, at: datetime, from_status: str | None = None, **details: Any) -> None:
        """Add a line to the history."""
        self.events.append(self.line(verb, by=by, at=at, from_status=from_status, **details))

    def line(
        self, verb: str, *, by: Actor, at: datetime, from_status: str | None = None, **details: Any
    ) -> BookingEvent:
        """A line of the history: who, when, from → to, through which door."""
        return BookingEvent(
            booking_id=self.id, verb=verb, at=at, from_status=from_status, to_status=self.status, details=details,
            actor_kind=by.kind, actor=by.uuid, actor_name=by.name, door=by.door,
        )  # fmt: skip

    def _become(self, status: str, verb: str, *, by: Actor, at: datetime, **details: Any) -> None:
        before, self.status, self.updated_at = self.status, status, at
        self.remember(verb, by=by, at=at, from_status=before, **details)


class BookingEvent(Base):
    """A line of a booking's history, as shown to staff."""

    __tablename__ = "booking_event"

    id: Mapped[Key]
    booking_id: Mapped[int] = mapped_column(ForeignKey("booking.id"), index=True)
    at: Mapped[datetime] = mapped_column(default=now)
    verb: Mapped[str] = mapped_column(String(40))
    from_status: Mapped[str | None] = mapped_column(String(20))
    to_status: Mapped[str] = mapped_column(String(20))
    actor_kind: Mapped[str] = mapped_column(String(20))
    actor: Mapped[uuid.UUID | None]
    actor_name: Mapped[str] = mapped_column(String(200))
    door: Mapped[str] = mapped_column(String(20))
    details: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)

    booking: Mapped[Booking] = relationship(back_populates="events")
