"""What surrounds the board on its page: addresses and words, worked out once a page and not once a card."""

from __future__ import annotations

import re
from datetime import date, datetime
from functools import cached_property
from typing import Any
from uuid import UUID
from zlib import crc32
from zoneinfo import ZoneInfo

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

import portal.clock as clock
from portal.agenda.board import THERAPIST
from portal.agenda.days import beside
from portal.agenda.facts import ELSEWHERE, Label, Visit
from portal.agenda.pieces import Board, Card, Column
from portal.bookings.slots.intervals import Span
from portal.i18n import language, long_date
from portal.models import Venue

BLOCK_WORDS = {
    "break": _l("Break"),
    "meeting": _l("Meeting"),
    "training": _l("Training"),
    "cleaning": _l("Cleaning"),
    "vacation": _l("Leave"),
    "sick": _l("Absent"),
    "late": _l("Arrives late"),
    "leaving_early": _l("Leaves early"),
    "closure": _l("Closed"),
    "other": _l("Blocked"),
    "venue": _l("Closed to bookings"),
    ELSEWHERE: _l("At another venue"),
}
# The usual categories keep the colours that suit them; any other gets one that stays the same.
_FAMILIES = {"massage": 5, "facial": 1, "body": 4, "ritual": 8, "hammam": 6, "couple": 2, "beauty": 7, "nails": 3}
_NOBODY = str(UUID(int=0))


class AgendaPage:
    """Addresses and words of one board; `cancelled` tells whether cancelled bookings are shown."""

    def __init__(self, venue: Venue, board: Board, *, cancelled: bool = False) -> None:
        self.venue, self.board, self.cancelled = venue, board, cancelled
        self.zone = ZoneInfo(board.zone)
        self.day_text = long_date(board.day)
        self.is_today = board.day == venue.today()
        self._english = language() == "en"

    @cached_property
    def self_url(self) -> str:
        return self._address(self.board.day, self.board.by, cancelled=self.cancelled)

    @property
    def previous_url(self) -> str | None:
        return self._day_url(beside(self.board.day, -1))

    @property
    def next_url(self) -> str | None:
        return self._day_url(beside(self.board.day, 1))

    @property
    def today_url(self) -> str | None:
        return self._day_url(self.venue.today())

    @property
    def print_url(self) -> str:
        return url_for("agenda.sheet", venue=self.venue.slug, day=self.board.day, by=self.board.by)

    @property
    def cancelled_url(self) -> str:
        """The same page with the cancelled bookings shown, or hidden again."""
        return self._address(self.board.day, self.board.by, cancelled=not self.cancelled)

    def axis_url(self, by: str) -> str:
        return self._address(self.board.day, by, cancelled=self.cancelled)

    def href(self, booking: UUID) -> str:
        """This page with the booking's panel open."""
        return f"{self.self_url}&booking={booking}"

    def panel_href(self, booking: UUID) -> str:
        """The panel alone."""
        before, after = self._panel_url
        return f"{before}{booking}{after}"

    def name(self, label: Label) -> str:
        """The name in the reader's language; French where there is no English one."""
        return (label.name_en or label.name) if self._english else label.name

    def names(self, labels: tuple[Label, ...]) -> str:
        return ", ".join(map(self.name, labels))

    def clock(self, instant: int) -> str:
        """`14:30` of an epoch second, by the venue's clock."""
        return f"{datetime.fromtimestamp(instant, self.zone):%H:%M}"

    def time(self, visit: Visit) -> str:
        return f"{self.clock(visit.span.start)}–{self.clock(visit.span.end)}"

    def minutes(self, visit: Visit) -> str:
        return self._minutes.replace("0", str(visit.minutes))

    def hours(self, spans: tuple[Span, ...]) -> str:
        """`09:00–13:00, 14:00–20:00`, without what belongs to the neighbouring days."""
        start, end = self._day_bounds
        mine = [span for span in spans if start <= span.start < end]
        return ", ".join(f"{self.clock(span.start)}–{self.clock(span.end)}" for span in mine)

    def short_hours(self, spans: tuple[Span, ...]) -> str:
        """`9–13, 15–18:30`: as much as fits above a column."""
        return re.sub(r"(?<![\d:])0(?=\d)|:00", "", self.hours(spans))

    def family(self, visit: Visit) -> int:
        """1 to 8, the same for all treatments of a category."""
        category = (visit.category or "").lower()
        return _FAMILIES.get(category) or crc32(category.encode()) % 8 + 1

    def block_word(self, kind: str) -> str:
        return str(BLOCK_WORDS.get(kind, BLOCK_WORDS["other"]))

    def column_name(self, column: Column) -> str:
        """What a column is read out as: name, hours, occupancy."""
        name, hours = self.name(column.label), self.hours(column.hours)
        if not hours:
            return _("%(name)s, no shift", name=name) if self.board.by == THERAPIST else name
        return _("%(name)s, %(hours)s, %(percent)d%% booked", name=name, hours=hours, percent=column.occupancy)

    def card_name(self, card: Card, word: str, column: Label | None) -> str:
        """What a card is read out as: date, time, guest, treatment, person, room, state."""
        visit = card.visit
        parts = [self.day_text, self.time(visit), visit.guest, self.name(visit.treatment)]
        parts += [self.name(column) if column else "", self.names(card.where), word, *self.flags(card)]
        return ", ".join(part for part in parts if part)

    def flags(self, card: Card) -> list[str]:
        """What the small signs of a card mean."""
        visit, words = card.visit, self._flag_words
        missing = visit.missing if visit.is_waiting else 0
        told = [ngettext("one therapist missing", "%(num)d therapists missing", missing)] if missing else []
        signs = {
            "unpaid": visit.unpaid,
            "noted": visit.noted,
            "partner": visit.partner,
            "out_of_hours": visit.out_of_hours,
            "overbooked": card.overbooked,
            "test": visit.test,
        }
        return told + [words[sign] for sign, is_so in signs.items() if is_so]

    @cached_property
    def _flag_words(self) -> dict[str, str]:
        return {
            "unpaid": _("to pay"),
            "noted": _("with a note"),
            "partner": _("from a partner"),
            "out_of_hours": _("out of hours"),
            "overbooked": _("overbooked"),
            "test": _("test booking"),
        }

    @cached_property
    def _minutes(self) -> str:
        return _("%(count)d min", count=0)

    @cached_property
    def _day_bounds(self) -> tuple[float, float]:
        start, end = clock.day_bounds(self.board.day, self.board.zone)
        return start.timestamp(), end.timestamp()

    @cached_property
    def _panel_url(self) -> tuple[str, str]:
        url = url_for("bookings.show", venue=self.venue.slug, booking=_NOBODY, by=self.board.by)
        before, _nobody, after = url.partition(_NOBODY)
        return before, after

    def _day_url(self, day: date | None) -> str | None:
        return self._address(day, self.board.by, cancelled=self.cancelled) if day else None

    def _address(self, day: date, by: str, *, cancelled: bool) -> str:
        wanted: dict[str, Any] = {"by": by, "cancelled": 1 if cancelled else None}
        return url_for("agenda.day", venue=self.venue.slug, day=day, **wanted)
