"""A booking that comes again: the rule and what each occurrence is made from."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Date, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.clock import now
from portal.database import Base, Key, PublicId, VenueOwned
from portal.models.venue import Venue


class Series(VenueOwned, Base):
    """`rule` is an RFC 5545 RRULE without DTSTART; `first` is the local wall time of the first occurrence.

    Each occurrence is a booking of its own that keeps its original local date. `made_until` is the last local date
    that has been looked at: the worker goes on from there. `skipped` are dates left out on purpose (ISO), `template`
    is what a new occurrence is made from. A series that was ended has `ended_on`: no occurrence from that date on.
    """

    __tablename__ = "series"

    id: Mapped[Key]
    uuid: Mapped[PublicId]
    rule: Mapped[str] = mapped_column(String(300))
    first: Mapped[str] = mapped_column(String(19))
    template: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    skipped: Mapped[list[str]] = mapped_column(JSON, default=list)
    made_until: Mapped[date] = mapped_column(Date)
    ended_on: Mapped[date | None] = mapped_column(Date)
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff_member.id"))
    created_at: Mapped[datetime] = mapped_column(default=now)
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012

    venue: Mapped[Venue] = relationship()

    def reaches(self, day: date) -> bool:
        """Whether a date of the rule still belongs to it: it was not ended before."""
        return self.ended_on is None or day < self.ended_on
