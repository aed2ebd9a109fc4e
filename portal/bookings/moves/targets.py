"""Where a treatment that has been taken may be put, and why not elsewhere: asked once, when it is taken. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from portal.bookings.availability import instant
from portal.bookings.moves.judging import STEP, Bench, Judge, Reasons
from portal.bookings.moves.queries import Column
from portal.bookings.slots.intervals import epoch
from portal.clock import day_bounds
from portal.models import BookingItem

# A day is drawn until six in the morning, by a clock that may be put back meanwhile.
_NIGHT = timedelta(hours=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A column as it is drawn: a therapist or a room on a day, known by `key`."""

    key: str
    day: date
    column: Column


def targets(bench: Bench, sheets: Sequence[Sheet], *, by_room: bool) -> dict[str, Any]:
    """For each column the starts that are not possible, as [first, last, number of the reason].

    Starts count in steps of five minutes from `origin`, the first instant of the first local day; `alone` says the
    same of the treatment without the others of its visit.
    """
    board = _Board(bench, sheets, by_room=by_room)
    booking, item = bench.taken.booking, bench.taken.item
    columns = board.columns(booking.items)
    alone = {"alone": board.columns([item])} if len(booking.items) > 1 else {}
    return {
        "origin": instant(board.origin).isoformat(),
        "item": str(item.uuid),
        "items": len(booking.items),
        "version": booking.version,
        "at": (epoch(item.starts_at) - board.origin) // STEP,
        "length": (epoch(item.ends_at) - epoch(item.starts_at)) // STEP,
        "columns": columns,
        "reasons": board.reasons.told,
        **alone,
    }


class _Board:
    """The columns of a day, or of the days of a week, with one treatment in hand."""

    def __init__(self, bench: Bench, sheets: Sequence[Sheet], *, by_room: bool) -> None:
        self.bench, self.sheets, self.by_room = bench, sheets, by_room
        self.reasons = Reasons()
        self.days = {day: self._starts(day) for day in sorted({sheet.day for sheet in sheets})}
        self.origin = next(iter(self.days.values())).start

    def columns(self, moved: Sequence[BookingItem]) -> dict[str, list[list[int]]]:
        """The impossible stretches of each column when these items move together."""
        judges = [self.bench.start(item, by_room=self.by_room) for item in moved]
        general = {day: [_first(judges, start) for start in starts] for day, starts in self.days.items()}
        return {
            sheet.key: self.reasons.stretches(
                self._against(sheet, moved, general[sheet.day]), (self.days[sheet.day].start - self.origin) // STEP
            )
            for sheet in self.sheets
        }

    def _against(
        self, sheet: Sheet, moved: Sequence[BookingItem], general: Iterable[str | None]
    ) -> Iterator[str | None]:
        own = self.bench.room(sheet.column) if self.by_room else self.bench.person(sheet.column, moved)
        return (told or own(start) for told, start in zip(general, self.days[sheet.day], strict=True))

    def _starts(self, day: date) -> range:
        since, until = day_bounds(day, self.bench.taken.venue.timezone)
        return range(epoch(since), epoch(until + _NIGHT), STEP)


def _first(judges: Iterable[Judge], start: int) -> str | None:
    return next(filter(None, (judge(start) for judge in judges)), None)
