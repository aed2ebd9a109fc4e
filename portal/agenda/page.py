"""What surrounds the board on its page: addresses, words and families, worked out once a page and not once a card."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zlib import crc32
from zoneinfo import ZoneInfo

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from portal import clock
from portal.agenda.board import THERAPIST
from portal.agenda.days import beside
from portal.agenda.facts import ELSEWHERE, Label, Visit
from portal.agenda.pieces import Board, Card, Column
from portal.bookings.slots.intervals import Span
from portal.i18n import long_date, name_of
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
    "venue": _l("No bookings"),
    ELSEWHERE: _l("At another venue"),
}
# The usual categories keep the colours that suit them; any other gets one that stays the same.
_FAMILIES = {"massage": 5, "facial": 1, "body": 4, "ritual": 8, "hammam": 6, "couple": 2, "beauty": 7, "nails": 3}


@dataclass(frozen=True, slots=True)
class AgendaPage:
    """Addresses and words of one board. `card_url` and `panel_url` want the booking's identifier put in."""

    venue: Venue
    board: Board
    cancelled: bool
    self_url: str
    card_url: str
    panel_url: str

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.board.zone)

    @property
    def is_today(self) -> bool:
        return self.board.day == self.venue.today()

    @property
    def previous_url(self) -> str | None:
        return self._day_url(beside(self.board.day, -1))

    @property
    def next_url(self) -> str | None:
        return self._day_url(beside(self.board.day, 1))

    @property
    def today_url(self) -> str:
        return str(self._day_url(self.venue.today()))

    @property
    def print_url(self) -> str:
        return url_for("agenda.sheet", venue=self.venue.slug, day=self.board.day, by=self.board.by)

    @property
    def cancelled_url(self) -> str:
        """The same page with the cancelled bookings shown, or hidden again."""
        return _day_url(self.venue, self.board.day, self.board.by, cancelled=not self.cancelled)

    def axis_url(self, by: str) -> str:
        return _day_url(self.venue, self.board.day, by, cancelled=self.cancelled)

    def href(self, booking: UUID) -> str:
        return self.card_url.replace(_NOBODY, str(booking))

    def panel_href(self, booking: UUID) -> str:
        return self.panel_url.replace(_NOBODY, str(booking))

    def clock(self, instant: int) -> str:
        """`14:30` of an epoch second, by the venue's clock."""
        return f"{datetime.fromtimestamp(instant, self.zone):%H:%M}"

    def short_hours(self, spans: tuple[Span, ...]) -> str:
        """`9–13, 15–18:30`: as much as fits above a column."""
        return re.sub(r"(?<![\d:])0(?=\d)|:00", "", self.hours(spans))

    def hours(self, spans: tuple[Span, ...]) -> str:
        """`09:00 – 13:00, 14:00 – 20:00`, without what belongs to the neighbouring days."""
        start, end = clock.day_bounds(self.board.day, self.board.zone)
        mine = [span for span in spans if start.timestamp() <= span.start < end.timestamp()]
        return ", ".join(f"{self.clock(span.start)}–{self.clock(span.end)}" for span in mine)

    def family(self, card: Card) -> int:
        """1 to 8, the same for all treatments of a category."""
        category = (card.visit.category or "").lower()
        return _FAMILIES.get(category) or crc32(category.encode()) % 8 + 1

    def where(self, card: Card) -> str:
        return self.names(card.where)

    def names(self, labels: tuple[Label, ...]) -> str:
        return ", ".join(name_of(label) for label in labels)

    def block_word(self, kind: str) -> str:
        return str(BLOCK_WORDS.get(kind, BLOCK_WORDS["other"]))

    def column_name(self, column: Column) -> str:
        """What a column is read out as: name, hours, occupancy."""
        name, hours = name_of(column.label), self.hours(column.hours)
        if not hours:
            return _("%(name)s, no shift", name=name) if self.board.by == THERAPIST else name
        return _("%(name)s, %(hours)s, %(percent)d%% booked", name=name, hours=hours, percent=column.occupancy)

    def card_name(self, card: Card, word: str, column: Label | None = None) -> str:
        """What a card is read out as: date, time, guest, treatment, person, room, state."""
        visit = card.visit
        parts = [long_date(self.board.day), f"{self.clock(visit.span.start)}–{self.clock(visit.span.end)}"]
        parts += [visit.guest, name_of(visit.treatment), name_of(column) if column else "", self.where(card), word]
        return ", ".join(part for part in [*parts, *self.flags(card)] if part)

    def flags(self, card: Card) -> list[str]:
        """What the small signs of a card mean."""
        visit = card.visit
        told = [
            (visit.is_waiting and visit.guests > 1, self.missing(visit)),
            (visit.unpaid, _("to pay")),
            (visit.noted, _("with a note")),
            (visit.partner, _("from a partner")),
            (visit.out_of_hours, _("out of hours")),
            (card.overbooked, _("overbooked")),
            (visit.test, _("test booking")),
        ]
        return [word for is_so, word in told if is_so]

    def missing(self, visit: Visit) -> str:
        return ngettext("one therapist missing", "%(num)d therapists missing", visit.missing)

    def _day_url(self, day: date | None) -> str | None:
        return _day_url(self.venue, day, self.board.by, cancelled=self.cancelled) if day else None


_NOBODY = str(UUID(int=0))


def page_of(venue: Venue, board: Board, *, cancelled: bool = False) -> AgendaPage:
    """The page of a board; `cancelled` tells whether cancelled bookings are shown."""
    own: dict[str, Any] = {"by": board.by, "cancelled": 1 if cancelled else None}
    return AgendaPage(
        venue=venue,
        board=board,
        cancelled=cancelled,
        self_url=_day_url(venue, board.day, board.by, cancelled=cancelled),
        card_url=url_for("agenda.day", venue=venue.slug, day=board.day, **own, booking=_NOBODY),
        panel_url=url_for("bookings.show", venue=venue.slug, booking=_NOBODY, by=board.by),
    )


def _day_url(venue: Venue, day: date, by: str, *, cancelled: bool) -> str:
    own: dict[str, Any] = {"by": by, "cancelled": 1 if cancelled else None}
    return url_for("agenda.day", venue=venue.slug, day=day, **own)
