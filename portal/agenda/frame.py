"""Which hours a day page shows, and where an instant stands on it.

Everything counts in steps of five elapsed minutes from the first instant shown, so that days with a clock change are
drawn as long as they are; only the labels are wall time.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time
from typing import NamedTuple
from zoneinfo import ZoneInfo

from portal.agenda.facts import DayFacts
from portal.bookings.slots.intervals import Span, epoch, joined
from portal.clock import local_instant

STEP = 300
# Until when a day may be drawn: enough for an evening that ends late, and for the style sheet's rows.
_SIX = time(6)
_HOUR = 3600
_WRITTEN = re.compile(r"(\d{1,3})\.(\d{1,3})", re.ASCII)


class Stretch(NamedTuple):
    """A start and a length, in steps."""

    s: int
    d: int

    @property
    def classes(self) -> str:
        """Hours and fives of the start and of the length, as the style sheet knows them: `a-9 b-3 x-1 y-0`."""
        return f"a-{self.s // 12} b-{self.s % 12} x-{self.d // 12} y-{self.d % 12}"


class Tick(NamedTuple):
    """A full hour of the venue's clock."""

    s: int
    label: str

    @property
    def classes(self) -> str:
        """Hours and fives of its place, see `Stretch`."""
        return f"a-{self.s // 12} b-{self.s % 12}"


@dataclass(frozen=True, slots=True)
class Frame:
    """The instants shown, from one full hour to another."""

    span: Span
    zone: ZoneInfo

    @property
    def steps(self) -> int:
        return (self.span.end - self.span.start) // STEP

    @property
    def starts_at(self) -> datetime:
        return datetime.fromtimestamp(self.span.start, UTC)

    def holds(self, other: Frame) -> bool:
        """Whether all that the other shows is shown here too."""
        return self.span.contains(other.span.start, other.span.end)

    def place(self, span: Span) -> Stretch | None:
        """Where the visible part of `span` stands; None when nothing of it is shown."""
        start, end = max(span.start, self.span.start), min(span.end, self.span.end)
        if start >= end:
            return None
        first = (start - self.span.start) // STEP
        last = -(-(end - self.span.start) // STEP)
        return Stretch(first, last - first)

    def places(self, spans: Iterable[Span]) -> list[Stretch]:
        """The visible ones among `spans`, those that touch joined into one."""
        return [place for place in map(self.place, joined(spans)) if place]

    def gaps(self, spans: Iterable[Span]) -> list[Stretch]:
        """What of the frame lies outside all `spans`."""
        edge, found = self.span.start, []
        for span in joined(spans):
            found.append(Span(edge, span.start))
            edge = max(edge, span.end)
        return self.places([*filter(_has_length, found), Span(edge, max(edge, self.span.end))])

    def ticks(self) -> list[Tick]:
        """The full hours on the wall: one is missing in spring, one stands twice in autumn."""
        instants = range(self.span.start, self.span.end, STEP)
        walls = ((instant, datetime.fromtimestamp(instant, self.zone)) for instant in instants)
        return [
            Tick((instant - self.span.start) // STEP, f"{wall:%H:%M}") for instant, wall in walls if not wall.minute
        ]


def frame_of(facts: DayFacts) -> Frame:
    """Opening hours, widened to the first and the last shift and visit of the date, in full hours.

    What began the day before is shown from midnight on; what runs past midnight is shown to its end.
    """
    day = facts.span
    begun = facts.begins(facts.hours) or [facts.usual]
    begun += facts.begins(shift for person in facts.people for shift in person.shifts)
    begun += [visit.span for visit in facts.visits if visit.span.start < day.end and visit.span.end > day.start]
    first = max(min(span.start for span in begun), day.start)
    last = min(max(span.end for span in begun), latest(day.end, facts.zone))
    return Frame(Span(_full_hour(first, facts.zone), _next_full_hour(last, facts.zone)), facts.zone)


def latest(midnight: int, zone: ZoneInfo) -> int:
    """Until when the day that ends at that midnight may be drawn: six in the morning by the next day's clock."""
    tomorrow = datetime.fromtimestamp(midnight, zone).date()
    return epoch(local_instant(datetime.combine(tomorrow, _SIX), zone.key))


def written(frame: Frame, day: Span) -> str:
    """The frame as it stands in an address: `108.132`, steps from the day's midnight and steps shown."""
    return f"{(frame.span.start - day.start) // STEP}.{frame.steps}"


def read(text: str, day: Span, zone: ZoneInfo) -> Frame | None:
    """The frame of an address; None when it cannot be one of this day."""
    found = _WRITTEN.fullmatch(text)
    if not found:
        return None
    start, steps = day.start + int(found[1]) * STEP, int(found[2])
    end = start + steps * STEP
    return Frame(Span(start, end), zone) if steps and end <= latest(day.end, zone) else None


def week_frames(week: Sequence[DayFacts]) -> list[Frame]:
    """A frame a day, all of one length and, unless the clock is changed, from one hour on the wall."""
    alone = [frame_of(facts) for facts in week]
    first = min(datetime.fromtimestamp(frame.span.start, frame.zone).time() for frame in alone)
    starts = [_at(facts, first) for facts in week]
    length = max(frame.span.end - start for frame, start in zip(alone, starts, strict=True))
    return [Frame(Span(start, start + length), frame.zone) for frame, start in zip(alone, starts, strict=True)]


def _at(facts: DayFacts, wall: time) -> int:
    return epoch(local_instant(datetime.combine(facts.day, wall), facts.zone.key))


def _full_hour(instant: int, zone: ZoneInfo) -> int:
    wall = datetime.fromtimestamp(instant, zone)
    return instant - wall.minute * 60 - wall.second


def _next_full_hour(instant: int, zone: ZoneInfo) -> int:
    floor = _full_hour(instant, zone)
    return floor if floor == instant else floor + _HOUR


def _has_length(span: Span) -> bool:
    return span.start < span.end
