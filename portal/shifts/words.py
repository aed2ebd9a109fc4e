"""How the rota is told."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from portal.absences.words import kind_word as off_word
from portal.absences.words import length, when
from portal.blocks.words import kind_icon as block_icon
from portal.blocks.words import kind_word as block_word
from portal.clock import local_date
from portal.i18n import clock_time, short_date, weekday
from portal.shifts.drafting import Draft, Line, Why
from portal.shifts.facts import About, Concern, Facts, Work

__all__ = ["block_icon", "block_word", "length", "off_word", "weekday", "when"]

_WHY = {
    Why.THERE: _l("stands there already"),
    Why.OFF: _l("approved time off"),
    Why.BLOCKED: _l("the time is blocked"),
    Why.PART_OFF: _l("some of this time is off and stays so"),
    Why.ASKED: _l("time off was asked for and waits for an answer"),
    Why.GONE: _l("no longer works at this venue"),
    Why.PAST: _l("this day is over"),
    Why.GAP: _l("the clock is changed that night: these hours do not exist"),
    Why.FAR: _l("too far ahead"),
    Why.EXCEPTION: _l("an exception of the pattern"),
    Why.PUBLISHED: _l("this day is published and stays as it is"),
}


def hours(start: time, end: time) -> str:
    """`09:00–17:30`."""
    return f"{start:%H:%M}–{end:%H:%M}"


def work_hours(work: Work) -> str:
    """The same of a shift, by the clock of its own venue."""
    return f"{clock_time(work.starts_at, work.zone)}–{clock_time(work.ends_at, work.zone)}"


def overlap_sentence(facts: Facts, other: Work) -> str:
    """Which shift stands in the way."""
    day, told = short_date(local_date(other.starts_at, other.zone)), work_hours(other)
    if other.venue_id == facts.venue_id:
        return _("There is a shift already on %(day)s, %(hours)s: shifts of one person cannot overlap.", day=day,
                 hours=told)  # fmt: skip
    return _("There is a shift at another venue on %(day)s, %(hours)s: shifts of one person cannot overlap.", day=day,
             hours=told)  # fmt: skip


def concern_sentence(concern: Concern, zone: str) -> str:
    """What should be known, with the time responsible."""
    told = when(concern.span.starts_at, concern.span.ends_at, zone)
    if concern.about is About.ELSEWHERE:
        return _("Too close to a shift at another venue, %(when)s: there is no time for the way.", when=told)
    if concern.about is About.OFF:
        return _("Time off is approved: %(kind)s, %(when)s.", kind=off_word(concern.kind), when=told)
    if concern.about is About.ASKED:
        return _("Time off is asked for: %(kind)s, %(when)s.", kind=off_word(concern.kind), when=told)
    return _("The time is blocked: %(kind)s, %(when)s.", kind=block_word(concern.kind), when=told)


def why_sentence(line: Line) -> str:
    """Why a line of a plan is left out, or what is to be known about it."""
    if line.why is Why.OVERLAP and line.other is not None:
        return _("overlaps with the shift %(hours)s", hours=work_hours(line.other))
    if line.why is Why.ELSEWHERE and line.other is not None:
        return _("too close to a shift at another venue, %(hours)s", hours=work_hours(line.other))
    return str(_WHY[line.why]) if line.why in _WHY else ""


def made_sentence(drafted: Draft) -> str:
    """What became of a copy or of patterns."""
    made, skipped = len(drafted.made), len(drafted.skipped)
    told = ngettext("%(num)d draft is made.", "%(num)d drafts are made.", made) if made else _("No new draft is made.")
    if dropped := len(drafted.dropped):
        told += " " + ngettext("%(num)d old draft makes way.", "%(num)d old drafts make way.", dropped)
    if skipped:
        told += " " + ngettext("%(num)d shift is left out.", "%(num)d shifts are left out.", skipped)
    return told


def would_sentence(drafted: Draft) -> str:
    """What a copy or patterns would do."""
    made, skipped, dropped = len(drafted.made), len(drafted.skipped), len(drafted.dropped)
    told = [ngettext("%(num)d draft would be made", "%(num)d drafts would be made", made)]
    if dropped:
        told.append(ngettext("%(num)d old draft would make way", "%(num)d old drafts would make way", dropped))
    if skipped:
        told.append(ngettext("%(num)d shift is left out", "%(num)d shifts are left out", skipped))
    return ", ".join(told)


def day_hours(starts_at: datetime, ends_at: datetime, start: datetime, end: datetime, zone: str) -> str:
    """The part of some time that lies on a day; nothing for the whole of it."""
    if starts_at <= start and ends_at >= end:
        return ""
    return f"{clock_time(max(starts_at, start), zone)}–{clock_time(min(ends_at, end), zone)}"


def week_title(days: Iterable[date]) -> str:
    """`Mon 7 Dec – Sun 13 Dec`."""
    listed = list(days)
    return f"{short_date(listed[0])} – {short_date(listed[-1])}"


def keys_of(concerns: Iterable[Concern]) -> str:
    """What a form remembers of the concerns that it shows."""
    return ",".join(one.key for one in concerns)


def is_key(text: str) -> bool:
    """Whether it may be the key of a concern."""
    about, _colon, subject = text.partition(":")
    try:
        UUID(subject)
    except ValueError:
        return False
    return about in {*About}
