"""The tenant: everything belongs to one organisation."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.clock import now
from portal.database import Base, Key, Name, PublicId


class Organisation(Base):
    """A tenant. Its guests, team and partners are its own; no query crosses it."""

    __tablename__ = "organisation"

    id: Mapped[Key]
    uuid: Mapped[PublicId]
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    name: Mapped[Name]
    default_language: Mapped[str] = mapped_column(String(2), default="fr")
    currency: Mapped[str] = mapped_column(String(3), default="EUR")
    created_at: Mapped[datetime] = mapped_column(default=now)


class Counter(Base):
    """The last number given out per organisation and kind (booking, treatment, location): sequential, never reused."""

    __tablename__ = "counter"
    __table_args__ = (UniqueConstraint("organisation_id", "kind"), CheckConstraint("value >= 0", name="value_positive"))

    id: Mapped[Key]
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    kind: Mapped[str] = mapped_column(String(20))
    value: Mapped[int] = mapped_column(default=0)
