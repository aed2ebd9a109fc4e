"""How the desk reads a block."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from portal.blocks.facts import Kind, Span
from portal.clock import local_date
from portal.i18n import short_date
from portal.models import Block
from portal.series.rules import WEEKDAYS
from portal.series.words import weekday_names

KIND_WORDS = {
    Kind.BREAK: _l("Break"),
    Kind.MEETING: _l("Meeting"),
    Kind.TRAINING: _l("Training"),
    Kind.CLEANING: _l("Cleaning"),
    Kind.LATE: _l("Arrives late"),
    Kind.LEAVING_EARLY: _l("Leaves early"),
    Kind.SICK: _l("Absent"),
    Kind.VACATION: _l("Leave"),
    Kind.CLOSURE: _l("Closed"),
    Kind.OTHER: _l("Blocked"),
}
KIND_ICONS = {
    Kind.BREAK: "coffee",
    Kind.MEETING: "users",
    Kind.TRAINING: "graduation-cap",
    Kind.CLEANING: "sparkles",
    Kind.LATE: "clock-alert",
    Kind.LEAVING_EARLY: "log-out",
    Kind.SICK: "user-x",
    Kind.VACATION: "sun",
    Kind.CLOSURE: "lock",
    Kind.OTHER: "ban",
}
REPEAT_WORDS = {
    "none": _l("Not repeated"),
    "daily": _l("Every day"),
    "weekly": _l("Every week"),
    "monthly": _l("Every month"),
}


def weekdays() -> list[tuple[str, str]]:
    """`MO` with `Monday`, and so on to Sunday."""
    return list(zip(WEEKDAYS, weekday_names(), strict=True))


def kind_word(kind: str) -> str:
    """What kind of block it is."""
    return str(KIND_WORDS[Kind(kind)] if kind in {*Kind} else KIND_WORDS[Kind.OTHER])


def kind_icon(kind: str) -> str:
    """The icon of a kind."""
    return KIND_ICONS[Kind(kind)] if kind in {*Kind} else KIND_ICONS[Kind.OTHER]


def made_sentence(blocks: list[Block], zone: str) -> str:
    """`Break for Thérèse: Fri 20 Nov, 12:30–13:30.`, or how many there are."""
    kind, first = kind_word(blocks[0].kind), blocks[0]
    if len(blocks) > 1:
        return ngettext("%(kind)s: %(num)d block.", "%(kind)s: %(num)d blocks.", len(blocks), kind=kind)
    return _("%(kind)s: %(name)s, %(when)s.", kind=kind, name=first.resource.name, when=when(first, zone))


def when(block: Block, zone: str) -> str:
    """When the block is, as `span` says it."""
    return span(Span(block.starts_at, block.ends_at), zone)


def span(given: Span, zone: str) -> str:
    """`Fri 20 Nov, 12:30–13:30`; with both dates when it ends on another day."""
    start, end = (moment.astimezone(ZoneInfo(zone)) for moment in given)
    if start.date() == end.date():
        return f"{short_date(start.date())}, {start:%H:%M}–{end:%H:%M}"
    first, last = f"{short_date(start.date())}, {start:%H:%M}", f"{short_date(end.date())}, {end:%H:%M}"
    return _("%(start)s to %(end)s", start=first, end=last)


def dates_sentence(starts: Sequence[datetime], zone: str) -> str:
    """How many dates there are still, and which is the last."""
    last = short_date(local_date(starts[-1], zone))
    return ngettext("%(num)d date until %(day)s", "%(num)d dates until %(day)s", len(starts), day=last)
