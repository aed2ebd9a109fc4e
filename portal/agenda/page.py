"""What surrounds the board on its page: words and addresses, worked out once a page and not once a card."""

from __future__ import annotations

import re
from datetime import date, datetime
from functools import cache, cached_property, lru_cache
from typing import Any
from uuid import UUID
from zlib import crc32
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from flask_babel import ngettext

import portal.clock as clock
from portal.agenda.addresses import Addresses
from portal.agenda.facts import Label, Visit
from portal.agenda.ink import ink
from portal.agenda.look import FILTERS, THERAPIST, Look
from portal.agenda.month import MonthDay
from portal.agenda.pieces import Card, Column, Face
from portal.agenda.words import ONLY_WORDS, SHUT_WORDS
from portal.blocks.words import kind_word
from portal.i18n import language, long_date, month_and_year, weekday
from portal.models import Venue
from portal.wording import called

# The usual categories keep the colours that suit them; any other gets one that stays the same.
_FAMILIES = {"massage": 5, "facial": 1, "body": 4, "ritual": 8, "hammam": 6, "couple": 2, "beauty": 7, "nails": 3}

_SIGNS = ("unpaid", "noted", "partner", "series", "out_of_hours", "test", "asked_for", "alerted")


class AgendaPage:
    """Words and addresses of one view of one day, in the reader's language, at the venue's time."""

    def __init__(self, venue: Venue, day: date, at: Addresses) -> None:
        self.venue, self.day, self.at, self.view = venue, day, at, at.view
        self.look: Look = at.look
        self.zone = ZoneInfo(venue.timezone)
        self.today = venue.today()
        self.is_today = day == self.today
        self.only_words = ONLY_WORDS
        self.now = int(clock.now().timestamp())
        self.ink = ink()
        self._is_filtered = self.look.is_filtered
        self._english = language() == "en"
        self._dates: dict[date, str] = {}
        self._missing = cache(_missing)

    @property
    def month(self) -> str:
        return month_and_year(self.day)

    @property
    def weekdays(self) -> list[str]:
        """From Monday on, in both languages: the house has one week."""
        return [weekday(date.fromordinal(number)) for number in range(1, 8)]

    @property
    def asked(self) -> dict[str, Any]:
        """What a form that leads to another page must carry along to keep the look."""
        return self.look.query(self.at.saved)

    @property
    def asked_but_filters(self) -> dict[str, Any]:
        kept = {name: value for name, value in self.asked.items() if name not in FILTERS}
        return {**kept, "of": self.at.of} if self.at.of else kept

    def href(self, booking: UUID) -> str:
        """This page with the booking's panel open."""
        return f"{self.at.here}&booking={booking}"

    def panel_href(self, booking: UUID) -> str:
        """The panel alone."""
        return self.at.panel(booking)

    def name(self, label: Label) -> str:
        """The name in the reader's language; French where there is no English one."""
        return called((label.name_en or label.name) if self._english else label.name, self.venue)

    def names(self, labels: tuple[Label, ...]) -> str:
        return ", ".join(map(self.name, labels))

    def clock(self, instant: int) -> str:
        """`14:30` of an epoch second, by the venue's clock."""
        return _on_the_wall(instant, self.zone)[1]

    def time(self, visit: Visit) -> str:
        return f"{self.clock(visit.span.start)}–{self.clock(visit.span.end)}"

    def minutes(self, visit: Visit) -> str:
        return self._minutes.replace("0", str(visit.minutes))

    def waits(self, visit: Visit) -> int | None:
        """For how many minutes the guest has been waiting, or is being waited for; None when nobody waits."""
        if visit.state == "arrived" and visit.since is not None:
            return max(0, self.now - visit.since) // 60
        return (self.now - visit.span.start) // 60 if visit.is_late(self.now) else None

    def hours(self, column: Column) -> str:
        """`09:00–13:00, 14:00–20:00`."""
        return ", ".join(f"{self.clock(span.start)}–{self.clock(span.end)}" for span in column.hours)

    def short_hours(self, column: Column) -> str:
        """`9–13, 15–18:30`: as much as fits above a column."""
        return re.sub(r"(?<![\d:])0(?=\d)|:00", "", self.hours(column))

    def family(self, visit: Visit) -> int:
        """1 to 8, the same for all treatments of a category."""
        category = (visit.category or "").lower()
        return _FAMILIES.get(category) or crc32(category.encode()) % 8 + 1

    def block_word(self, kind: str) -> str:
        return str(SHUT_WORDS[kind]) if kind in SHUT_WORDS else kind_word(kind)

    def column_name(self, column: Column) -> str:
        """What a column is read out as: name, hours, occupancy."""
        name, hours = self.name(column.label), self.hours(column)
        if not hours:
            return _("%(name)s, no shift", name=name) if self.look.by == THERAPIST else name
        return _("%(name)s, %(hours)s, %(percent)d%% booked", name=name, hours=hours, percent=column.occupancy)

    def day_column_name(self, column: Column) -> str:
        """The same for a column that stands for a day: date, hours, occupancy."""
        return ", ".join(part for part in (long_date(column.day), self.hours(column)) if part)

    def month_day_name(self, one: MonthDay) -> str:
        """`Friday 20 November 2026, 80% booked, 24 bookings, 2 to staff`."""
        parts = [long_date(one.day)]
        if not one.is_open:
            parts.append(_("closed"))
        if one.occupancy is not None:
            parts.append(_("%(percent)d%% booked", percent=one.occupancy))
        parts.append(ngettext("%(num)d booking", "%(num)d bookings", len(one.bookings)))
        if one.to_staff:
            parts.append(ngettext("one to staff", "%(num)d to staff", len(one.to_staff)))
        return ", ".join(parts)

    def face(self, card: Card, column: Label | None) -> Face:
        """A card as it is drawn; `column` is the label of the axis that the card itself does not tell."""
        visit = card.visit
        treatment = self.name(visit.treatment)
        return Face(
            classes=f"is-{card.state} f-{self.family(visit)} {card.place.classes}{self._marks(card)}",
            href=self.href(visit.booking),
            label=self.card_name(card, column),
            waits=self.waits(visit),
            guest=visit.guest or (treatment if visit.capacity is not None else self.ink.nameless),
            what=visit.code or treatment,
            minutes=self.minutes(visit),
            where=self.names(card.where),
        )

    def _marks(self, card: Card) -> str:
        """The classes that only some cards have."""
        visit, lane = card.visit, card.lane
        found = f" l-{lane.number}-of-{lane.of}" if lane.of > 1 else ""
        marks = {
            "is-test": visit.test,
            "is-overbooked": card.overbooked,
            "is-late": visit.is_late(self.now),
            "is-alerted": visit.alerted,
            "is-chained": card.chained,
            "is-out": self._is_filtered and not self.look.shows(visit, self.now),
        }
        return found + "".join(f" {mark}" for mark, has in marks.items() if has)

    def card_name(self, card: Card, column: Label | None) -> str:
        """What a card is read out as: date, time, guest, treatment, person, room, state."""
        visit = card.visit
        parts = [self._date(visit.span.start), self.time(visit), visit.guest, self.name(visit.treatment)]
        parts += [
            self.name(column) if column else "",
            self.names(card.where),
            self.ink.words[card.state],
            *self.flags(card),
        ]
        return ", ".join(part for part in parts if part)

    def flags(self, card: Card) -> list[str]:
        """What the small signs of a card mean."""
        return [*self.signs(card.visit), self._sign_words["overbooked"]] if card.overbooked else self.signs(card.visit)

    def signs(self, visit: Visit) -> list[str]:
        """What is particular about a visit."""
        told = [self.places(visit)] if visit.capacity is not None else []
        if visit.is_waiting:
            told.append(self._missing(visit.missing))
        words = self._sign_words
        told += [words[sign] for sign in _SIGNS if getattr(visit, sign)]
        return [*told, words["late"]] if visit.is_late(self.now) else told

    def places(self, visit: Visit) -> str:
        """`4 of 8 places taken`, of a class."""
        return _("%(taken)d of %(places)d places taken", taken=visit.participants or 0, places=visit.capacity or 0)

    @cached_property
    def _sign_words(self) -> dict[str, str]:
        return {
            "unpaid": _("to pay"),
            "noted": _("with a note"),
            "partner": _("from a partner"),
            "series": _("repeated"),
            "out_of_hours": _("out of hours"),
            "overbooked": _("overbooked"),
            "test": _("test booking"),
            "late": _("late"),
            "asked_for": _("asked for by the guest"),
            "alerted": _("nobody left to ask"),
        }

    @cached_property
    def _minutes(self) -> str:
        return _("%(count)d min", count=0)

    def _date(self, instant: int) -> str:
        """The date of an instant; few dates stand on a page, but many cards."""
        local = _on_the_wall(instant, self.zone)[0]
        found = self._dates.get(local)
        if found is None:
            found = self._dates[local] = long_date(local)
        return found


def _missing(count: int) -> str:
    """How many therapists a visit still needs, in words."""
    return ngettext("one therapist missing", "%(num)d therapists missing", count)


@lru_cache(maxsize=8192)
def _on_the_wall(instant: int, zone: ZoneInfo) -> tuple[date, str]:
    """Date and `14:30` of an epoch second; the same few instants stand on every page."""
    local = datetime.fromtimestamp(instant, zone)
    return local.date(), f"{local:%H:%M}"
