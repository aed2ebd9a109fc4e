"""The day of an agenda page, as it stands in the URL, and the week and the month around it."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta

from portal.errors import NotFound

FIRST, LAST = date(2000, 1, 1), date(2100, 12, 31)


def read_day(text: str) -> date:
    """A date written `YYYY-MM-DD`, from 2000 to 2100. Raises NotFound."""
    if len(text) != 10 or not text.isascii():
        raise NotFound()
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise NotFound() from None
    if not FIRST <= day <= LAST:
        raise NotFound()
    return day


def beside(day: date, days: int) -> date | None:
    """The date so many days later; None beyond the years that the product knows."""
    return day + timedelta(days=days) if _is_known(day.toordinal() + days) else None


def week_of(day: date) -> list[date]:
    """Monday to Sunday, without what lies beyond the years that the product knows."""
    monday = day.toordinal() - day.weekday()
    return [date.fromordinal(number) for number in range(monday, monday + 7) if _is_known(number)]


def month_of(day: date) -> tuple[date, date]:
    """The first and the last day of its month."""
    return day.replace(day=1), day.replace(day=monthrange(day.year, day.month)[1])


def month_beside(day: date, months: int) -> date | None:
    """The first day of the month so many months later; None beyond the years that the product knows."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, 1) if FIRST.year <= year <= LAST.year else None


def _is_known(number: int) -> bool:
    return FIRST.toordinal() <= number <= LAST.toordinal()
