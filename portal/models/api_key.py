"""Keys of partners and integrations."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, Boolean, CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.clock import now
from portal.database import Base, Key, Name, OrganisationOwned, PublicId
from portal.models.member import StaffMember
from portal.models.organisation import Organisation
from portal.models.partner import Partner
from portal.models.venue import Venue


class ApiKey(OrganisationOwned, Base):
    """A partner's key for one surface, optionally narrowed to one venue. Only the SHA-256 of the secret part is kept.

    `rate_limit_per_min` counts every authenticated request; None = no limit. `test` keys make sandbox bookings.
    """

    __tablename__ = "api_key"
    __table_args__ = (
        CheckConstraint("surface IN ('partner', 'management')", name="surface_known"),
        CheckConstraint("rate_limit_per_min >= 1", name="rate_limit_range"),
    )

    id: Mapped[Key]
    uuid: Mapped[PublicId]
    partner_id: Mapped[int] = mapped_column(ForeignKey("partner.id"), index=True)
    venue_id: Mapped[int | None] = mapped_column(ForeignKey("venue.id"))
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff_member.id"))
    name: Mapped[Name]
    surface: Mapped[str] = mapped_column(String(20), default="partner")
    prefix: Mapped[str] = mapped_column(String(20), unique=True)
    secret_hash: Mapped[str] = mapped_column(String(64))
    scopes: Mapped[list[str]] = mapped_column(JSON, default=list)
    test: Mapped[bool] = mapped_column(Boolean, default=False)
    rate_limit_per_min: Mapped[int | None]
    created_at: Mapped[datetime] = mapped_column(default=now)
    last_used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012

    organisation: Mapped[Organisation] = relationship()
    partner: Mapped[Partner] = relationship()
    venue: Mapped[Venue | None] = relationship()
    created_by: Mapped[StaffMember | None] = relationship()


class RateWindow(Base):
    """How many requests a key made in the minute that began at `window` (unix seconds): shared by all processes."""

    __tablename__ = "rate_window"

    api_key_id: Mapped[int] = mapped_column(ForeignKey("api_key.id"), primary_key=True)
    window: Mapped[int] = mapped_column(primary_key=True)
    hits: Mapped[int] = mapped_column(default=0)
