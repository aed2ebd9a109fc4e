"""The guest, who belongs to the organisation: one person, one row, at all its venues."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Boolean, CheckConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.clock import now
from portal.database import Base, Key, OrganisationOwned, PublicId


class Customer(OrganisationOwned, Base):
    """A guest. `phone` is E.164; `email_key` is the address folded for comparison; `name_key` is blind to accents.

    `preferences` are what she likes: pressure, areas to avoid, oil, music … Nothing about her health stands there.
    """

    __tablename__ = "customer"
    __table_args__ = (
        CheckConstraint("language IN ('fr', 'en')", name="language_known"),
        Index("uq_customer_phone", "organisation_id", "phone", unique=True),
        Index(None, "organisation_id", "email_key"),
        Index(None, "organisation_id", "name_key"),
    )

    id: Mapped[Key]
    uuid: Mapped[PublicId]
    first_name: Mapped[str | None] = mapped_column(String(100))
    last_name: Mapped[str | None] = mapped_column(String(100))
    email: Mapped[str | None] = mapped_column(String(255))
    email_key: Mapped[str | None] = mapped_column(String(255))
    phone: Mapped[str | None] = mapped_column(String(20))
    name_key: Mapped[str] = mapped_column(String(400), default="")
    language: Mapped[str] = mapped_column(String(2), default="fr")
    preferred_treatment_type: Mapped[str | None] = mapped_column(String(40))
    preferences: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict, server_default="{}")
    profile_completed: Mapped[bool] = mapped_column(Boolean, default=False)
    created_at: Mapped[datetime] = mapped_column(default=now)
    updated_at: Mapped[datetime] = mapped_column(default=now, onupdate=now)

    @property
    def name(self) -> str:
        """First and last name, as far as known."""
        return " ".join(part for part in (self.first_name, self.last_name) if part)
