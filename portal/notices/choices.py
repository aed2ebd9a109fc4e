"""What a member wants to be told, how, and when not: `StaffMember.preferences["notices"]`, read and written here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from portal.clock import local_instant
from portal.models import StaffMember
from portal.notices.kinds import Kind

NOTICES = "notices"
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Quiet:
    """From one local time of day to another, perhaps across midnight."""

    start: time
    end: time

    def until(self, at: datetime, zone: str) -> datetime | None:
        """The instant at which these hours end, if they have begun at `at` by the clock of the zone."""
        local = at.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
        is_over_night = self.end <= self.start
        begun, ended = local.time() >= self.start, local.time() >= self.end
        if not ((begun or not ended) if is_over_night else (begun and not ended)):
            return None
        day = local.date() + (DAY if is_over_night and begun else 0 * DAY)
        return local_instant(datetime.combine(day, self.end), zone)


@dataclass(frozen=True, slots=True)
class Choices:
    """`off` are the kinds she does not want; `sms` whether a text message may follow a push that does not arrive."""

    off: frozenset[str] = frozenset()
    quiet: Quiet | None = None
    sms: bool = True

    def wants(self, kind: str) -> bool:
        """Whether she is told this; a test that she has asked for always."""
        return kind == Kind.TEST or kind not in self.off

    def as_json(self) -> dict[str, Any]:
        """As it is kept."""
        quiet = {"from": f"{self.quiet.start:%H:%M}", "to": f"{self.quiet.end:%H:%M}"} if self.quiet else None
        return {"off": sorted(self.off), "quiet": quiet, "sms": self.sms}


def choices_of(member: StaffMember) -> Choices:
    """What she has chosen; everything at any time as long as she has chosen nothing."""
    kept = member.preferences.get(NOTICES) or {}
    return Choices(frozenset(kept.get("off") or ()), _quiet(kept.get("quiet")), kept.get("sms", True))


def _quiet(kept: Mapping[str, str] | None) -> Quiet | None:
    if not kept:
        return None
    return Quiet(time.fromisoformat(kept["from"]), time.fromisoformat(kept["to"]))
