"""One row per reserved thing and time range: the invariant «never two at once» is the schema's, see guards."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Boolean, CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.database import Base, Key, VenueOwned
from portal.models.resource import Resource


class Claim(VenueOwned, Base):
    """A resource is reserved for [starts_at, ends_at). A room's range includes its turnover buffer.

    Two active claims of one resource never overlap unless one of them was overbooked on purpose. Ranges are at most
    24 hours: longer absences are several rows, which lets SQLite look a bounded distance back.
    """

    __tablename__ = "claim"
    __table_args__ = (
        CheckConstraint("ends_at > starts_at", name="ends_after_start"),
        CheckConstraint("(item_id IS NULL) <> (block_id IS NULL)", name="item_or_block"),
        Index(None, "resource_id", "starts_at"),
        Index(None, "venue_id", "starts_at"),
    )

    id: Mapped[Key]
    resource_id: Mapped[int] = mapped_column(ForeignKey("resource.id"))
    item_id: Mapped[int | None] = mapped_column(ForeignKey("booking_item.id"), index=True)
    block_id: Mapped[int | None] = mapped_column(ForeignKey("block.id"), index=True)
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    active: Mapped[bool] = mapped_column(Boolean, default=True)
    overbooked: Mapped[bool] = mapped_column(Boolean, default=False)

    resource: Mapped[Resource] = relationship()

    def release(self) -> None:
        """Give the time back; harmless when it was."""
        self.active = False

    def reserve(self) -> None:
        """The time is reserved again."""
        self.active = True
