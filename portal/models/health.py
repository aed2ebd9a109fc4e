"""What a therapist must know of a guest's health; nobody else reads it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.clock import now
from portal.database import Base, Key, OrganisationOwned, PublicId


class HealthNote(OrganisationOwned, Base):
    """A guest's allergies, contraindications and consent, sealed: `sealed` is AES-256-GCM with the nonce in front,
    `key_id` says which of PORTAL_ENCRYPTION_KEYS it was sealed with."""

    __tablename__ = "health_note"

    id: Mapped[Key]
    uuid: Mapped[PublicId]
    customer_id: Mapped[int] = mapped_column(ForeignKey("customer.id"), unique=True)
    key_id: Mapped[str] = mapped_column(String(16))
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    written_at: Mapped[datetime] = mapped_column(default=now)
    written_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff_member.id"))
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012
