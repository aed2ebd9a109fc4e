"""A site: its hours, its schedule rule, its buffers and policies."""

from __future__ import annotations

from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    CheckConstraint,
    Date,
    ForeignKey,
    Index,
    LargeBinary,
    Numeric,
    SmallInteger,
    String,
    Time,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

import portal.clock as clock
from portal.clock import now
from portal.database import Base, Key, Name, OrganisationOwned, PublicId, VenueOwned
from portal.models.organisation import Organisation


class Venue(OrganisationOwned, Base):
    """A spa or hotel spa. Local times below are in `timezone`; minutes are whole; percents are 0–100.

    `picture` is the fingerprint of its picture, if there is one; `image` and `cover_image` are addresses elsewhere.
    """

    __tablename__ = "venue"
    __table_args__ = (
        CheckConstraint("venue_type IN ('hotel', 'spa')", name="venue_type_known"),
        CheckConstraint("status IN ('active', 'inactive')", name="status_known"),
        CheckConstraint("schedule_type IN ('always_open', 'specific_days', 'one_time')", name="schedule_type_known"),
        CheckConstraint("slot_interval BETWEEN 5 AND 240", name="slot_interval_range"),
        CheckConstraint("recurrence_interval BETWEEN 1 AND 52", name="recurrence_interval_range"),
        CheckConstraint("booking_hold_duration_minutes BETWEEN 1 AND 15", name="hold_range"),
        CheckConstraint("out_of_hours_surcharge_percent BETWEEN 0 AND 100", name="surcharge_range"),
        CheckConstraint("minimum_notice_minutes BETWEEN 0 AND 525600", name="notice_range"),
        CheckConstraint("room_turnover_buffer_minutes BETWEEN 0 AND 240", name="room_buffer_range"),
        CheckConstraint("inter_venue_buffer_minutes BETWEEN 0 AND 480", name="inter_venue_buffer_range"),
        CheckConstraint("therapist_escalation_delay_minutes BETWEEN 1 AND 240", name="escalation_range"),
        CheckConstraint("vat BETWEEN 0 AND 100", name="vat_range"),
        CheckConstraint("massage_wording IN ('massage', 'modelage')", name="massage_wording_known"),
        CheckConstraint("deposit_wording IN ('arrhes', 'acompte')", name="deposit_wording_known"),
    )

    id: Mapped[Key]
    uuid: Mapped[PublicId]
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    name: Mapped[Name]
    name_en: Mapped[str | None] = mapped_column(String(200))
    description: Mapped[str | None] = mapped_column(String(2000))
    description_en: Mapped[str | None] = mapped_column(String(2000))
    landing_subtitle: Mapped[str | None] = mapped_column(String(300))
    address: Mapped[str | None] = mapped_column(String(300))
    postal_code: Mapped[str | None] = mapped_column(String(20))
    city: Mapped[str | None] = mapped_column(String(120))
    country: Mapped[str | None] = mapped_column(String(2))
    currency: Mapped[str] = mapped_column(String(3))
    venue_type: Mapped[str] = mapped_column(String(10), default="spa")
    timezone: Mapped[str] = mapped_column(String(64))
    image: Mapped[str | None] = mapped_column(String(500))
    cover_image: Mapped[str | None] = mapped_column(String(500))
    picture: Mapped[str | None] = mapped_column(String(12))
    status: Mapped[str] = mapped_column(String(10), default="active")
    vat: Mapped[Decimal] = mapped_column(Numeric(5, 2), default=Decimal(20))
    opening_time: Mapped[time] = mapped_column(Time, default=time(9))
    closing_time: Mapped[time] = mapped_column(Time, default=time(20))
    slot_interval: Mapped[int] = mapped_column(SmallInteger, default=30)
    schedule_type: Mapped[str] = mapped_column(String(20), default="always_open")
    days_of_week: Mapped[list[int] | None] = mapped_column(JSON(none_as_null=True))
    recurrence_interval: Mapped[int] = mapped_column(SmallInteger, default=1)
    recurring_start_date: Mapped[date | None] = mapped_column(Date)
    recurring_end_date: Mapped[date | None] = mapped_column(Date)
    one_time_dates: Mapped[list[str] | None] = mapped_column(JSON(none_as_null=True))
    offert: Mapped[bool] = mapped_column(Boolean, default=False)
    booking_hold_enabled: Mapped[bool] = mapped_column(Boolean, default=False)
    booking_hold_duration_minutes: Mapped[int | None] = mapped_column(SmallInteger)
    allow_out_of_hours_booking: Mapped[bool] = mapped_column(Boolean, default=False)
    out_of_hours_surcharge_percent: Mapped[int | None] = mapped_column(SmallInteger)
    minimum_notice_minutes: Mapped[int] = mapped_column(default=0)
    room_turnover_buffer_minutes: Mapped[int] = mapped_column(SmallInteger, default=0)
    inter_venue_buffer_minutes: Mapped[int] = mapped_column(SmallInteger, default=0)
    therapist_escalation_delay_minutes: Mapped[int] = mapped_column(SmallInteger, default=10)
    auto_validation: Mapped[bool] = mapped_column(Boolean, default=False)
    massage_wording: Mapped[str] = mapped_column(String(10), default="massage")
    deposit_wording: Mapped[str] = mapped_column(String(10), default="arrhes")
    cancellation_tiers: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    created_at: Mapped[datetime] = mapped_column(default=now)
    version: Mapped[int] = mapped_column(default=1, server_default="1")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012

    organisation: Mapped[Organisation] = relationship()
    opening_hours: Mapped[list[OpeningHours]] = relationship(order_by="OpeningHours.opens")

    @property
    def venue_id(self) -> int:
        """As of everything that belongs to a venue: its own lines of the trail are found with theirs."""
        return self.id

    def today(self) -> date:
        """The venue's today."""
        return clock.today(self.timezone)


class VenuePicture(OrganisationOwned, Base):
    """A venue's picture as we have drawn it anew: a JPEG without anything else in it."""

    __tablename__ = "venue_picture"

    id: Mapped[Key]
    uuid: Mapped[PublicId]
    venue_id: Mapped[int] = mapped_column(ForeignKey("venue.id"), unique=True)
    content: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[datetime] = mapped_column(default=now)


class OpeningHours(Base):
    """A weekday's own hours (0 = Sunday … 6 = Saturday); a venue without rows is open `opening_time`–`closing_time`.

    A weekday without a row, at a venue that has rows, is closed. `closes` at or before `opens` means the next day.
    """

    __tablename__ = "opening_hours"
    __table_args__ = (CheckConstraint("weekday BETWEEN 0 AND 6", name="weekday_range"),)

    id: Mapped[Key]
    venue_id: Mapped[int] = mapped_column(ForeignKey("venue.id"), index=True)
    weekday: Mapped[int] = mapped_column(SmallInteger)
    opens: Mapped[time] = mapped_column(Time)
    closes: Mapped[time] = mapped_column(Time)


class SpecialDay(Base):
    """One date that wins over the rule: closed (no times), or open between its own times (several rows allowed)."""

    __tablename__ = "special_day"
    __table_args__ = (
        CheckConstraint("(opens IS NULL) = (closes IS NULL)", name="times_together"),
        Index(None, "venue_id", "day"),
    )

    id: Mapped[Key]
    venue_id: Mapped[int] = mapped_column(ForeignKey("venue.id"))
    day: Mapped[date] = mapped_column(Date)
    opens: Mapped[time | None] = mapped_column(Time)
    closes: Mapped[time | None] = mapped_column(Time)
    note: Mapped[str | None] = mapped_column(String(200))


class VenueBlock(VenueOwned, Base):
    """Time at which the whole venue takes no bookings: dated (two instants) or weekly (weekdays and local times).

    A weekly block may be bounded by `first_day` and `last_day`, both included; one that ends at or before its start
    ends on the next day.
    """

    __tablename__ = "venue_block"
    __table_args__ = (
        CheckConstraint("(starts_at IS NULL) = (ends_at IS NULL)", name="instants_together"),
        CheckConstraint("(starts_at IS NULL) <> (start_time IS NULL)", name="dated_or_weekly"),
        CheckConstraint("ends_at > starts_at", name="ends_after_start"),
        CheckConstraint("last_day >= first_day", name="last_after_first"),
    )

    id: Mapped[Key]
    uuid: Mapped[PublicId]
    reason: Mapped[str | None] = mapped_column(String(200))
    starts_at: Mapped[datetime | None]
    ends_at: Mapped[datetime | None]
    weekdays: Mapped[list[int] | None] = mapped_column(JSON(none_as_null=True))
    start_time: Mapped[time | None] = mapped_column(Time)
    end_time: Mapped[time | None] = mapped_column(Time)
    first_day: Mapped[date | None] = mapped_column(Date)
    last_day: Mapped[date | None] = mapped_column(Date)
    version: Mapped[int] = mapped_column(default=1, server_default="1")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012
