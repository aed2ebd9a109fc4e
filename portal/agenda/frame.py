"""Which hours a day page shows, and where an instant stands on it.

Everything counts in steps of five elapsed minutes from the first instant shown, so that days with a clock change are
drawn as long as they are; only the labels are wall time.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from portal.agenda.facts import DayFacts
from portal.bookings.slots.intervals import Span, joined

STEP = 300
# How far past midnight a day may be drawn: enough for an evening that ends late, and for the style sheet's rows.
LATEST_AFTER_MIDNIGHT = 6 * 3600
_HOUR = 3600


class Stretch(NamedTuple):
    """A start and a length, in steps."""

    s: int
    d: int


class Tick(NamedTuple):
    """A full hour of the venue's clock."""

    s: int
    label: str


@dataclass(frozen=True, slots=True)
class Frame:
    """The instants shown, from one full hour to another."""

    span: Span
    zone: ZoneInfo

    @property
    def steps(self) -> int:
        return (self.span.end - self.span.start) // STEP

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
    begun = [hours for hours in facts.hours if day.start <= hours.start < day.end] or [facts.usual]
    begun += [shift for person in facts.people for shift in person.shifts if day.start <= shift.start < day.end]
    begun += [visit.span for visit in facts.visits if visit.span.start < day.end and visit.span.end > day.start]
    first = max(min(span.start for span in begun), day.start)
    last = min(max(span.end for span in begun), day.end + LATEST_AFTER_MIDNIGHT)
    return Frame(Span(_full_hour(first, facts.zone), _next_full_hour(last, facts.zone)), facts.zone)


def _full_hour(instant: int, zone: ZoneInfo) -> int:
    wall = datetime.fromtimestamp(instant, zone)
    return instant - wall.minute * 60 - wall.second


def _next_full_hour(instant: int, zone: ZoneInfo) -> int:
    floor = _full_hour(instant, zone)
    return floor if floor == instant else floor + _HOUR


def _has_length(span: Span) -> bool:
    return span.start < span.end
