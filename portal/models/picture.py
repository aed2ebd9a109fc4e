"""Pictures that a venue shows of itself."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from portal.clock import now
from portal.database import Base, Key, PublicId, VenueOwned


class VenuePicture(VenueOwned, Base):
    """A venue's picture as JPEG, made anew from what was sent: `large` for pages, `small` as a square.

    A new picture is a new row with a new address; those before it go.
    """

    __tablename__ = "venue_picture"
    __table_args__ = (CheckConstraint("width >= 1 AND height >= 1", name="size_positive"),)

    id: Mapped[Key]
    uuid: Mapped[PublicId]
    large: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    small: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    width: Mapped[int]
    height: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(default=now)
