"""The day of an agenda page, as it stands in the URL."""

from __future__ import annotations

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
    if not FIRST.toordinal() <= day.toordinal() + days <= LAST.toordinal():
        return None
    return day + timedelta(days=days)
