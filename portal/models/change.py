"""What a member of the desk did, with the state before it, so that it can be undone."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.clock import now
from portal.database import Base, Key, PublicId, VenueOwned
from portal.models.member import StaffMember


class Change(VenueOwned, Base):
    """One action, over one or many bookings and blocks. `before` holds their states, see portal/changes/memento.py.

    `subjects` are the uuids of the bookings and blocks touched; `after` their versions once it was done: whoever
    changed one of them later stands in the way of an undo.
    """

    __tablename__ = "change"
    __table_args__ = (Index(None, "member_id", "at"),)

    id: Mapped[Key]
    uuid: Mapped[PublicId]
    member_id: Mapped[int] = mapped_column(ForeignKey("staff_member.id"))
    at: Mapped[datetime] = mapped_column(default=now)
    verb: Mapped[str] = mapped_column(String(60))
    before: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    after: Mapped[dict[str, int]] = mapped_column(JSON, default=dict)
    undone_at: Mapped[datetime | None]

    member: Mapped[StaffMember] = relationship()

    @property
    def is_undone(self) -> bool:
        return self.undone_at is not None
