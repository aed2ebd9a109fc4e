"""Where the links of an agenda lead: other days, other views, other looks."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import cached_property
from typing import Any
from uuid import UUID

from flask import url_for

from portal.agenda.days import beside, month_beside
from portal.agenda.look import Look
from portal.models import Venue

DAY, WEEK, LIST, MONTH = "day", "week", "list", "month"
_ENDPOINTS = {DAY: "agenda.day", WEEK: "agenda.week", LIST: "agenda.list_day", MONTH: "agenda.month"}
_NOBODY = str(UUID(int=0))


class Addresses:
    """All addresses of one view of one day. `saved` is the look that an address need not ask for; `of` whose week."""

    def __init__(self, venue: Venue, day: date, view: str, look: Look, saved: Look, of: UUID | None = None) -> None:
        self.venue, self.day, self.view, self.look, self.saved, self.of = venue, day, view, look, saved, of

    @cached_property
    def here(self) -> str:
        return self.to(self.view, self.day)

    @property
    def previous(self) -> str | None:
        return self._beside(-1)

    @property
    def next(self) -> str | None:
        return self._beside(1)

    @property
    def today(self) -> str:
        return self.to(self.view, self.venue.today())

    @property
    def sheet(self) -> str:
        return url_for("agenda.sheet", venue=self.venue.slug, day=self.day, by=self.look.by)

    @property
    def rota(self) -> str:
        return url_for("rota.week", venue=self.venue.slug, day=self.day)

    @property
    def last_week(self) -> str | None:
        """What copying the rota of the week before would make of this one."""
        day = beside(self.day, -7)
        return url_for("copies.ask", venue=self.venue.slug, day=day, how="weeks", weeks=1) if day else None

    @property
    def without_filters(self) -> str:
        return self.to(self.view, self.day, state=None, family=None, only=None)

    def to(self, view: str, day: date, **changes: Any) -> str:
        """Another view or day, with the same look but for the changes."""
        look = replace(self.look, **changes) if changes else self.look
        of = self.of if view == WEEK and look.by == self.look.by else None
        return url_for(_ENDPOINTS[view], venue=self.venue.slug, day=day, of=of, **look.query(self.saved))

    def block(self, block: UUID) -> str:
        """The panel of a block, alone or as a page."""
        before, after = self._block
        return f"{before}{block}{after}"

    def column(self, key: object) -> str:
        """The column of a therapist or room alone, or the `lane`, without its frame."""
        before, after = self._column
        return f"{before}{key}{after}"

    def panel(self, booking: UUID) -> str:
        """The panel of a booking alone."""
        before, after = self._panel
        return f"{before}{booking}{after}"

    @cached_property
    def _column(self) -> tuple[str, str]:
        asked = self.look.query(self.saved)
        return _around(url_for("agenda.column", venue=self.venue.slug, day=self.day, key=_NOBODY, **asked))

    @cached_property
    def _block(self) -> tuple[str, str]:
        return _around(url_for("blocks.show", venue=self.venue.slug, block=_NOBODY, by=self.look.by))

    @cached_property
    def _panel(self) -> tuple[str, str]:
        return _around(url_for("bookings.show", venue=self.venue.slug, booking=_NOBODY, by=self.look.by))

    def _beside(self, direction: int) -> str | None:
        if self.view == MONTH:
            day = month_beside(self.day, direction)
        else:
            day = beside(self.day, direction * (7 if self.view == WEEK else 1))
        return self.to(self.view, day) if day else None


def _around(url: str) -> tuple[str, str]:
    before, _nobody, after = url.partition(_NOBODY)
    return before, after
