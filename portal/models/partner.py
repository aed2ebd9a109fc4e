"""Who pushes bookings, how many places a day she may take, and her last calls."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, SmallInteger, String, Text, UniqueConstraint, exists
from sqlalchemy.orm import Mapped, column_property, mapped_column

from portal.clock import now
from portal.database import Base, Key, Name, OrganisationOwned, PublicId, VenueOwned


class PartnerQuota(VenueOwned, Base):
    """How many guests a partner may book at a venue: for a weekday (0 = Sunday … 6 = Saturday), or for one date.

    A date goes before its weekday; there `places` None lifts the limit. Where nothing is said there is none.
    """

    __tablename__ = "partner_quota"
    __table_args__ = (
        UniqueConstraint("partner_id", "venue_id", "weekday"),
        UniqueConstraint("partner_id", "venue_id", "day"),
        CheckConstraint("(weekday IS NULL) <> (day IS NULL)", name="weekday_or_day"),
        CheckConstraint("weekday BETWEEN 0 AND 6", name="weekday_range"),
        CheckConstraint("places BETWEEN 0 AND 999", name="places_range"),
        CheckConstraint("day IS NOT NULL OR places IS NOT NULL", name="weekday_has_places"),
    )

    id: Mapped[Key]
    partner_id: Mapped[int] = mapped_column(ForeignKey("partner.id"))
    weekday: Mapped[int | None] = mapped_column(SmallInteger)
    day: Mapped[date | None] = mapped_column(Date)
    places: Mapped[int | None] = mapped_column(SmallInteger)


class Partner(OrganisationOwned, Base):
    """A channel that books over the API. All its keys together use up its quotas; with two it changes one for another.

    `version` counts what is decided about it: its name and its quotas.
    """

    __tablename__ = "partner"
    __table_args__ = (UniqueConstraint("organisation_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    uuid: Mapped[PublicId]
    name: Mapped[Name]
    created_at: Mapped[datetime] = mapped_column(default=now)
    version: Mapped[int] = mapped_column(default=1)

    # Read along with every key, so that partners without quotas cost their bookings nothing.
    is_limited: Mapped[bool] = column_property(
        exists().where(PartnerQuota.partner_id == id).correlate_except(PartnerQuota)
    )

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class ApiCall(OrganisationOwned, Base):
    """A call of a known key, as far as it may be kept: nobody's name, number, address or words.

    `code` is the refusal, `booking` the public identifier of the booking that was answered with. `request` and `answer`
    are JSON, shortened. Only the last ones of each key are kept.
    """

    __tablename__ = "api_call"
    __table_args__ = (Index(None, "api_key_id", "id"), Index(None, "booking"))

    id: Mapped[Key]
    uuid: Mapped[PublicId]
    api_key_id: Mapped[int] = mapped_column(ForeignKey("api_key.id"))
    at: Mapped[datetime] = mapped_column(default=now)
    method: Mapped[str] = mapped_column(String(10))
    path: Mapped[str] = mapped_column(String(400))
    status: Mapped[int] = mapped_column(SmallInteger)
    code: Mapped[str | None] = mapped_column(String(120))
    duration_ms: Mapped[int]
    external_id: Mapped[str | None] = mapped_column(String(255))
    booking: Mapped[UUID | None]
    request: Mapped[str | None] = mapped_column(Text)
    answer: Mapped[str | None] = mapped_column(Text)
