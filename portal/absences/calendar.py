"""The week in the address of *My week*: from Monday to Sunday, as the calendar has it."""

from __future__ import annotations

from datetime import date, timedelta

from portal.errors import NotFound

# A Monday and a Sunday.
FIRST, LAST = date(2000, 1, 3), date(2100, 12, 26)
_WEEK = timedelta(days=7)


def read_day(text: str) -> date:
    """A date written `YYYY-MM-DD`, in the years that the product knows. Raises NotFound."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise NotFound() from None
    if str(day) != text or not FIRST <= day <= LAST:
        raise NotFound()
    return day


def week_of(day: date) -> list[date]:
    """Monday to Sunday."""
    monday = day - timedelta(days=day.weekday())
    return [monday + timedelta(days=offset) for offset in range(7)]


def weeks_beside(day: date) -> tuple[date | None, date | None]:
    """The Mondays of the weeks before and after; None beyond the years that the product knows."""
    monday = week_of(day)[0]
    before, after = monday - _WEEK, monday + _WEEK
    return (before if before >= FIRST else None), (after if after < LAST else None)
