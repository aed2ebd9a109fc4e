"""From a venue's wall clock to instants, also on the days on which the clock changes."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from portal.bookings.slots.intervals import Span
from portal.clock import local_instant

MINUTES_A_DAY = 24 * 60
_ORDINAL_1970 = date(1970, 1, 1).toordinal()


def resolve(day: date, minute: int, zone: ZoneInfo) -> tuple[int, bool]:
    """The instant at which the clock shows `minute` minutes after midnight of `day`, and whether it ever does.

    `minute` may be negative or past midnight. A time that exists twice is its first instant; for a time
    that does not exist the first existing instant after it is given, with False.
    """
    days, minute = divmod(minute, MINUTES_A_DAY)
    day += timedelta(days=days)
    wall = datetime(day.year, day.month, day.day, minute // 60, minute % 60, tzinfo=zone)
    first, second = _offset(wall), _offset(wall.replace(fold=1))
    naive = (day.toordinal() - _ORDINAL_1970) * 86_400 + minute * 60
    if second <= first:
        return naive - first, True
    return int(local_instant(wall.replace(tzinfo=None), zone.key).timestamp()), False


def local_day(day: date, zone: ZoneInfo) -> Span:
    """The local calendar day as a span; it begins with the first instant that carries its date."""
    return Span(resolve(day, 0, zone)[0], resolve(day, MINUTES_A_DAY, zone)[0])


def local(seconds: int, zone: ZoneInfo) -> datetime:
    """What the wall clock shows at an instant."""
    return datetime.fromtimestamp(seconds, zone)


def _offset(wall: datetime) -> int:
    offset = wall.utcoffset() or timedelta()  # a ZoneInfo always knows its offset
    return offset.days * 86_400 + offset.seconds
