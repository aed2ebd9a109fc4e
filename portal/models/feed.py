"""The private address at which a member's calendar is read by her own calendar program."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Boolean, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.clock import now
from portal.database import Base, Key, OrganisationOwned
from portal.models.member import StaffMember


class CalendarFeed(OrganisationOwned, Base):
    """One address a member. The address holds a random token, this row its SHA-256; renewing it ends the old one."""

    __tablename__ = "calendar_feed"

    id: Mapped[Key]
    member_id: Mapped[int] = mapped_column(ForeignKey("staff_member.id"), unique=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    with_surname: Mapped[bool] = mapped_column(Boolean, default=False)
    created_at: Mapped[datetime] = mapped_column(default=now)
    read_at: Mapped[datetime | None]

    member: Mapped[StaffMember] = relationship()
