"""Planned working time, and time in which a person or a room cannot be had."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from uuid import UUID

from sqlalchemy import CheckConstraint, ColumnElement, Date, ForeignKey, Index, String, Time
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.clock import local_instant
from portal.database import Base, Key, PublicId, VenueOwned
from portal.models.claim import Claim
from portal.models.member import StaffMember
from portal.models.resource import Resource
from portal.models.venue import Venue

DRAFT, PUBLISHED, REMOVED = "draft", "published", "removed"


class Shift(VenueOwned, Base):
    """Working time of a member at a venue. The wall times are the promise, the instants are derived from them.

    A draft is the manager's plan: nobody works by it until it is published. Two shifts of one person that stand, drafts
    or not, at whatever venue, never overlap, and none is longer than 24 hours: see guards.
    """

    __tablename__ = "shift"
    __table_args__ = (
        CheckConstraint("ends_at > starts_at", name="ends_after_start"),
        CheckConstraint("status IN ('draft', 'published', 'removed')", name="status_known"),
        Index(None, "venue_id", "starts_at"),
        Index(None, "member_id", "starts_at"),
    )

    id: Mapped[Key]
    uuid: Mapped[PublicId]
    member_id: Mapped[int] = mapped_column(ForeignKey("staff_member.id"))
    day: Mapped[date] = mapped_column(Date)
    start_time: Mapped[time] = mapped_column(Time)
    end_time: Mapped[time] = mapped_column(Time)
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    status: Mapped[str] = mapped_column(String(10), default=PUBLISHED, server_default=PUBLISHED)
    template_id: Mapped[int | None] = mapped_column(ForeignKey("rota_template.id"), index=True)
    version: Mapped[int] = mapped_column(default=1, server_default="1")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012

    member: Mapped[StaffMember] = relationship()
    venue: Mapped[Venue] = relationship()

    @classmethod
    def planned(
        cls, venue: Venue, member: StaffMember, *, day: date, start: time, end: time, status: str = PUBLISHED
    ) -> Shift:
        """A shift in the venue's wall time; an end at or before the start is on the next day."""
        shift = cls(organisation_id=venue.organisation_id, venue_id=venue.id, venue=venue, member=member, status=status)
        shift.place(venue, day, start, end)
        return shift

    @classmethod
    def counts(cls) -> ColumnElement[bool]:
        """By which shifts people work: whoever asks who is there, for slots, offers or a calendar, asks this."""
        return cls.status == PUBLISHED

    @classmethod
    def stands(cls) -> ColumnElement[bool]:
        """What the rota shows: drafts too. Whoever plans asks this, since drafts take time as well."""
        return cls.status != REMOVED

    @property
    def length(self) -> timedelta:
        """How long it really is: on the night of a clock change not what the wall says."""
        return self.ends_at - self.starts_at

    def follow_clock(self, timezone: str) -> None:
        """Its venue has another time zone: the wall times stay, the instants follow. Where a gap would leave nothing
        of it, it is as long as it was.
        """
        was = self.length
        self._derive(timezone)
        if self.ends_at <= self.starts_at:
            self.ends_at = self.starts_at + was

    @property
    def is_draft(self) -> bool:
        return self.status == DRAFT

    @property
    def is_published(self) -> bool:
        return self.status == PUBLISHED

    def place(self, venue: Venue, day: date, start: time, end: time) -> None:
        """It is then, by the venue's clock."""
        self.day, self.start_time, self.end_time = day, start, end
        self._derive(venue.timezone)

    def lift(self) -> None:
        """Its time is free until it is put back: others change places meanwhile."""
        self.status = REMOVED

    def _derive(self, timezone: str) -> None:
        last_day = self.day if self.end_time > self.start_time else self.day + timedelta(days=1)
        self.starts_at = local_instant(datetime.combine(self.day, self.start_time), timezone)
        self.ends_at = local_instant(datetime.combine(last_day, self.end_time), timezone)

    def hand_to(self, member: StaffMember) -> None:
        """Somebody else works it."""
        self.member = member

    def publish(self) -> None:
        """From now on it is worked; harmless when it was."""
        self.status = PUBLISHED

    def remove(self) -> None:
        """Nobody works it, and its time is free for another shift. The row stays: exchanges and undo point at it."""
        self.status = REMOVED


class Block(VenueOwned, Base):
    """A person or a room is not to be had: break, meeting, closure … Its time is reserved by claims of its own.

    Blocks that were made together, for several people or several dates, share a `batch`.
    """

    __tablename__ = "block"
    __table_args__ = (
        CheckConstraint(
            "kind IN ('break', 'meeting', 'training', 'cleaning', 'vacation', 'sick', 'late', 'leaving_early', "
            "'closure', 'other')",
            name="kind_known",
        ),
        CheckConstraint("ends_at > starts_at", name="ends_after_start"),
        Index(None, "resource_id", "starts_at"),
    )

    id: Mapped[Key]
    uuid: Mapped[PublicId]
    resource_id: Mapped[int] = mapped_column(ForeignKey("resource.id"))
    kind: Mapped[str] = mapped_column(String(20), default="other")
    reason: Mapped[str | None] = mapped_column(String(200))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    batch: Mapped[UUID | None] = mapped_column(index=True)
    removed_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1, server_default="1")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012

    resource: Mapped[Resource] = relationship()
    venue: Mapped[Venue] = relationship()
    claims: Mapped[list[Claim]] = relationship()

    def release(self) -> None:
        """Give back all the time that it holds."""
        for claim in self.claims:
            claim.release()

    def remove(self, *, at: datetime) -> None:
        """It keeps nobody away any more; harmless when it was removed before."""
        self.removed_at = self.removed_at or at
        self.release()
