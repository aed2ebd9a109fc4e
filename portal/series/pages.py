"""What the pages about series show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from portal.bookings.moves.judging import named
from portal.bookings.moves.queries import room_columns, therapist_columns
from portal.clock import now
from portal.models import Booking, Series, Venue
from portal.series import words
from portal.series.forms import RuleForm, SeriesForm
from portal.series.making import belongs_to_series
from portal.series.preview import LATER, Occurrence, preview_series
from portal.series.queries import occurrences_of
from portal.series.rules import InvalidRule, Rule, read_rule
from portal.series.template import first_wall, local_wall, wish_like


def repeat_page(
    venue: Venue,
    booking: Booking,
    form: RuleForm,
    rule: Rule | None,
    *,
    error: str = "",
    chosen: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """The context of `series/new.html`: the form of the rule, and of a rule that was asked for its dates."""
    found = preview_series(venue, wish=wish_like(booking), rule=rule, made=True) if rule else []
    return {
        "booking": booking,
        "form": form,
        "can_repeat": booking.is_open and booking.starts_at > now() and not belongs_to_series(booking),
        "rule": rule,
        "sentence": words.sentence(rule) if rule else "",
        "near": [one for one in found if one.state != LATER],
        "later": [one for one in found if one.state == LATER],
        "conflicts": sum(one.is_conflict for one in found),
        "names": _names(venue, found),
        "save": SeriesForm(formdata=None, rule=str(rule)) if rule else None,
        "error": error,
        "chosen": chosen or {},
        "venue": venue,
        "words": words,
    }


def asked_rule(form: RuleForm, booking: Booking, venue: Venue) -> Rule | None:
    """The rule asked for; what is wrong with it is told beside its field."""
    if not form.validate():
        return None
    rule = form.rule()
    try:
        rule.check(local_wall(booking.starts_at, venue))
    except InvalidRule as wrong:
        field = form[wrong.field or "frequency"]
        field.errors = [str(wrong.message)]
        return None
    return rule


def form_of(rule: Rule) -> RuleForm:
    """The form that a rule was asked with, for showing it again."""
    ends = "until" if rule.until else "count" if rule.count else "never"
    return RuleForm(
        formdata=None, meta={"csrf": False}, frequency=rule.frequency, interval=rule.interval, until=rule.until,
        count=rule.count, ends=ends, weekdays=[str(day) for day in rule.weekdays],
    )  # fmt: skip


def series_page(venue: Venue, series: Series, *, place: Any = None, error: str = "") -> dict[str, Any]:
    """The context of `series/show.html`: its bookings, and the dates that wait to be placed."""
    bookings, at = occurrences_of(venue, series), now()
    return {
        "series": series,
        "sentence": words.sentence(read_rule(series.rule)),
        "guest": bookings[0].guest_name if bookings else None,
        "treatment": bookings[0].items[0].treatment if bookings else None,
        "first": first_wall(series),
        "coming": [one for one in bookings if one.ends_at > at and one.cancelled_at is None],
        "past": sum(one.ends_at <= at and one.cancelled_at is None for one in bookings),
        "waiting": [day for day in map(date.fromisoformat, series.skipped) if day >= venue.today()],
        "place": place,
        "error": error,
        "venue": venue,
    }


def scope_page(
    venue: Venue, booking: Booking, form: Any, *, found: list[Occurrence] | None = None, error: str = ""
) -> dict[str, Any]:
    """The context of the pages that ask how much of a series is meant."""
    series = booking.series
    conflicts = [one for one in found or [] if one.is_conflict]
    return {
        "booking": booking,
        "form": form,
        "series": series,
        "sentence": words.sentence(read_rule(series.rule)) if series else "",
        "found": conflicts,
        "names": _names(venue, conflicts),
        "error": error,
        "venue": venue,
        "words": words,
    }


def _names(venue: Venue, found: Sequence[Occurrence]) -> dict[int, str]:
    """Of the people and rooms, where one of them is in the way: two statements."""
    if not any(one.subject for one in found):
        return {}
    return named(therapist_columns(venue), room_columns(venue))
