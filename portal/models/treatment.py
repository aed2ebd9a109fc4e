"""The menu: treatments and their variants (duration × guests × price)."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import JSON, Boolean, CheckConstraint, ForeignKey, Index, SmallInteger, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.clock import now
from portal.database import Base, Key, Name, PublicId, VenueOwned
from portal.models.resource import RoomType
from portal.models.venue import Venue


class Treatment(VenueOwned, Base):
    """A service of one venue. Weekdays are 0 = Sunday … 6 = Saturday, None = every day; money in minor units."""

    __tablename__ = "treatment"
    __table_args__ = (
        CheckConstraint("kind IN ('appointment', 'event', 'class')", name="kind_known"),
        CheckConstraint("min_participants >= 1 AND max_participants >= min_participants", name="participants_range"),
        CheckConstraint("lead_time_minutes BETWEEN 0 AND 525600", name="lead_time_range"),
        CheckConstraint("buffer_minutes BETWEEN 0 AND 240", name="buffer_range"),
        CheckConstraint("deposit_kind IN ('none', 'fixed', 'percent')", name="deposit_kind_known"),
        CheckConstraint("deposit_percent BETWEEN 0 AND 100", name="deposit_percent_range"),
        CheckConstraint("deposit_minor >= 0", name="deposit_positive"),
    )

    id: Mapped[Key]
    uuid: Mapped[PublicId]
    slug: Mapped[str | None] = mapped_column(String(80))
    code: Mapped[str | None] = mapped_column(String(12))
    name: Mapped[Name]
    name_en: Mapped[str | None] = mapped_column(String(200))
    description: Mapped[str | None] = mapped_column(String(2000))
    description_en: Mapped[str | None] = mapped_column(String(2000))
    category: Mapped[str | None] = mapped_column(String(40))
    service_for: Mapped[str | None] = mapped_column(String(10))
    kind: Mapped[str] = mapped_column(String(20), default="appointment")
    min_participants: Mapped[int] = mapped_column(SmallInteger, default=1)
    max_participants: Mapped[int] = mapped_column(SmallInteger, default=1)
    lead_time_minutes: Mapped[int | None]
    buffer_minutes: Mapped[int] = mapped_column(SmallInteger, default=0)
    room_type_id: Mapped[int | None] = mapped_column(ForeignKey("room_type.id"))
    image: Mapped[str | None] = mapped_column(String(500))
    sort_order: Mapped[int | None]
    is_bestseller: Mapped[bool] = mapped_column(Boolean, default=False)
    is_addon: Mapped[bool] = mapped_column(Boolean, default=False)
    is_bundle: Mapped[bool] = mapped_column(Boolean, default=False)
    bundle_id: Mapped[str | None] = mapped_column(String(36))
    available_days: Mapped[list[int] | None] = mapped_column(JSON(none_as_null=True))
    deposit_kind: Mapped[str] = mapped_column(String(10), default="none")
    deposit_minor: Mapped[int | None]
    deposit_percent: Mapped[int | None] = mapped_column(SmallInteger)
    active: Mapped[bool] = mapped_column(Boolean, default=True)
    created_at: Mapped[datetime] = mapped_column(default=now)
    version: Mapped[int] = mapped_column(default=1, server_default="1")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012

    venue: Mapped[Venue] = relationship()
    room_type: Mapped[RoomType | None] = relationship()
    variants: Mapped[list[Variant]] = relationship(
        back_populates="treatment", order_by="(Variant.sort_order, Variant.guest_count, Variant.duration)"
    )


class Variant(Base):
    """One way to take a treatment. `duration` in minutes; `price_minor` is None when on request."""

    __tablename__ = "variant"
    __table_args__ = (
        CheckConstraint("duration BETWEEN 5 AND 720", name="duration_range"),
        CheckConstraint("guest_count BETWEEN 1 AND 2", name="guest_count_range"),
        CheckConstraint("price_minor BETWEEN 0 AND 9999999999", name="price_range"),
        CheckConstraint("price_on_request OR price_minor IS NOT NULL", name="price_known"),
        Index(
            "uq_variant_default",
            "treatment_id",
            unique=True,
            postgresql_where=text("is_default AND active"),
            sqlite_where=text("is_default AND active"),
        ),
    )

    id: Mapped[Key]
    uuid: Mapped[PublicId]
    treatment_id: Mapped[int] = mapped_column(ForeignKey("treatment.id"), index=True)
    label: Mapped[Name]
    label_en: Mapped[str | None] = mapped_column(String(200))
    duration: Mapped[int] = mapped_column(SmallInteger)
    price_minor: Mapped[int | None]
    price_on_request: Mapped[bool] = mapped_column(Boolean, default=False)
    guest_count: Mapped[int] = mapped_column(SmallInteger, default=1)
    is_default: Mapped[bool] = mapped_column(Boolean, default=False)
    sort_order: Mapped[int | None]
    available_days: Mapped[list[int] | None] = mapped_column(JSON(none_as_null=True))
    active: Mapped[bool] = mapped_column(Boolean, default=True)
    version: Mapped[int] = mapped_column(default=1, server_default="1")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012

    treatment: Mapped[Treatment] = relationship(back_populates="variants")

    @property
    def length(self) -> timedelta:
        """How long the treatment takes."""
        return timedelta(minutes=self.duration)
