"""Facts of an invented day, in local wall times: `day(visits=[visit("10:00", "11:00")])`."""

from __future__ import annotations

import itertools
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from portal.agenda.facts import DayFacts, Hold, Label, Person, Room, Visit
from portal.bookings.slots.intervals import Span, epoch
from portal.clock import day_bounds, local_instant

PARIS = "Europe/Paris"
ORDINARY = date(2026, 11, 20)
SPRING = date(2027, 3, 28)
AUTUMN = date(2026, 10, 25)
THERESE, MARC, CABINE, DUO = 1, 2, 11, 12

_items = itertools.count(100)


class Day:
    """One date of a venue; times are `HH:MM`, `+HH:MM` on the next day, `-HH:MM` on the day before."""

    def __init__(self, day: date = ORDINARY, zone: str = PARIS) -> None:
        self.day, self.zone = day, zone

    def at(self, clock: str) -> int:
        days = {"+": 1, "-": -1}.get(clock[0], 0)
        wall = datetime.combine(self.day + timedelta(days=days), time.fromisoformat(clock.lstrip("+-")))
        return epoch(local_instant(wall, self.zone))

    def span(self, start: str, end: str) -> Span:
        return Span(self.at(start), self.at(end))

    def visit(self, start: str, end: str, **given: Any) -> Visit:
        item = given.pop("item_id", next(_items))
        defaults: dict[str, Any] = {
            "item_id": item,
            "booking": UUID(int=item),
            "status": "confirmed",
            "span": self.span(start, end),
            "guest": f"Guest {item}",
            "treatment": Label("Massage relaxant", "Relaxing massage"),
        }
        return Visit(**defaults | given)

    def hold(self, visit: Visit, *resources: int, **given: Any) -> list[Hold]:
        return [Hold(resource, visit.span, visit.item_id, **given) for resource in resources]

    def person(self, resource_id: int, *shifts: tuple[str, str]) -> Person:
        spans = tuple(self.span(*shift) for shift in shifts)
        return Person(resource_id, UUID(int=resource_id), Label(f"Person {resource_id}"), spans)

    def facts(self, **given: Any) -> DayFacts:
        """Open 09:00–20:00 with Thérèse on shift then, Marc off, one room and one duo room, unless told otherwise."""
        since, until = day_bounds(self.day, self.zone)
        opening = self.span("09:00", "20:00")
        defaults: dict[str, Any] = {
            "day": self.day,
            "zone": ZoneInfo(self.zone),
            "span": Span(epoch(since), epoch(until)),
            "usual": opening,
            "hours": [opening],
            "starts": range(opening.start, opening.end, 1800),
            "people": [self.person(THERESE, ("09:00", "20:00")), self.person(MARC)],
            "rooms": [
                Room(CABINE, UUID(int=CABINE), Label("Cabine 1", "Room 1")),
                Room(DUO, UUID(int=DUO), Label("Cabine duo"), capacity=2),
            ],
        }
        return DayFacts(**defaults | given)
