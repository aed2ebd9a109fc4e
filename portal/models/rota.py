"""How a member's weeks usually look: what the rota is drawn from."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any, NamedTuple

from sqlalchemy import JSON, CheckConstraint, Date, ForeignKey, Index, SmallInteger
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.database import Base, Key, PublicId, VenueOwned
from portal.models.member import StaffMember
from portal.models.venue import Venue


class Hours(NamedTuple):
    """A shift in wall time; an end at or before the start is on the next day."""

    start: time
    end: time


class RotaTemplate(VenueOwned, Base):
    """The weekly pattern of a member at a venue, from `valid_from` to `valid_until` (both included; open without end).

    `pattern` is a list of `{"week", "weekday", "start", "end"}`: weekday 0 is Monday; with `weeks` > 1 the weeks take
    turns, beginning with week 0 in the week of `valid_from`. `exceptions` are dates with other hours, or with none.
    Shifts are made from it when somebody says so, never by themselves.
    """

    __tablename__ = "rota_template"
    __table_args__ = (
        CheckConstraint("weeks BETWEEN 1 AND 4", name="weeks_range"),
        CheckConstraint("valid_until IS NULL OR valid_until >= valid_from", name="until_after_from"),
        Index(None, "venue_id", "member_id"),
    )

    id: Mapped[Key]
    uuid: Mapped[PublicId]
    member_id: Mapped[int] = mapped_column(ForeignKey("staff_member.id"), index=True)
    weeks: Mapped[int] = mapped_column(SmallInteger, default=1)
    pattern: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    exceptions: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    valid_from: Mapped[date] = mapped_column(Date)
    valid_until: Mapped[date | None] = mapped_column(Date)
    removed_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012

    member: Mapped[StaffMember] = relationship()
    venue: Mapped[Venue] = relationship()

    def hours_in(self, week: int, weekday: int) -> list[Hours]:
        """The usual hours of a weekday in one of its weeks, in order."""
        found = (one for one in self.pattern if (one["week"], one["weekday"]) == (week, weekday))
        return sorted(_hours(one) for one in found)

    def hours_on(self, day: date) -> list[Hours]:
        """When she works on that date by this pattern: nothing outside its validity."""
        if day < self.valid_from or (self.valid_until is not None and day > self.valid_until):
            return []
        special = [one for one in self.exceptions if one["day"] == day.isoformat()]
        if special:
            return sorted(_hours(one) for one in special if one.get("start"))
        # Weeks are counted from Monday to Monday.
        monday, first = day.toordinal() - day.weekday(), self.valid_from.toordinal() - self.valid_from.weekday()
        return self.hours_in((monday - first) // 7 % self.weeks, day.weekday())

    def is_exception(self, day: date) -> bool:
        """Whether the date has hours of its own, or none."""
        return any(one["day"] == day.isoformat() for one in self.exceptions)

    def remove(self, *, at: datetime) -> None:
        """Nothing is made from it any more; harmless when it was removed."""
        self.removed_at = self.removed_at or at


def _hours(kept: dict[str, Any]) -> Hours:
    return Hours(time.fromisoformat(kept["start"]), time.fromisoformat(kept["end"]))
