"""The trail of who did what."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.clock import now
from portal.database import Base, Key


class AuditEntry(Base):
    """One line per change, in its transaction: actor, verb (`booking:accepted`), subject. Never updated or deleted."""

    __tablename__ = "audit_entry"
    __table_args__ = (Index(None, "organisation_id", "at"), Index(None, "subject"))

    id: Mapped[Key]
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    venue_id: Mapped[int | None] = mapped_column(ForeignKey("venue.id"))
    at: Mapped[datetime] = mapped_column(default=now)
    actor_kind: Mapped[str] = mapped_column(String(20))
    actor: Mapped[uuid.UUID | None]
    actor_name: Mapped[str] = mapped_column(String(200))
    door: Mapped[str] = mapped_column(String(20))
    verb: Mapped[str] = mapped_column(String(60))
    subject: Mapped[uuid.UUID | None]
    details: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
