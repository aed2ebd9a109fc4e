"""From what is typed or stands in an address to an instant at the venue, and back."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import portal.clock as clock
from portal.bookings.slots.calendar import FIRST_DAY, LAST_DAY
from portal.models import Venue

STEP = timedelta(minutes=5)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_TIME = re.compile(r"(\d{2}:\d{2})(:00)?", re.ASCII)
_OFFSET = re.compile(r"[+-]\d{2}:\d{2}", re.ASCII)
_AT = re.compile(r"(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2})(?::\d{2}(?:\.\d{1,6})?)?(Z|[+-]\d{2}:\d{2})?", re.ASCII)


class NoSuchTime(ValueError):
    """The clock is put forward over this time: it does not exist on that day."""


def read_moment(venue: Venue, day: str, time: str, offset: str = "") -> datetime | None:
    """The instant of a typed date and time; None for what is none. Raises NoSuchTime in the gap of spring.

    A time that exists twice is the first one, unless the offset (`+01:00`) is that of the second.
    """
    found = _TIME.fullmatch(time)
    if not _DAY.fullmatch(day) or not found:
        return None
    try:
        wall = datetime.fromisoformat(f"{day}T{found[1]}")
    except ValueError:
        return None
    if not FIRST_DAY <= wall.date() <= LAST_DAY:
        return None
    if not clock.exists(wall, venue.timezone):
        raise NoSuchTime
    second = wall.replace(tzinfo=ZoneInfo(venue.timezone), fold=1)
    if _OFFSET.fullmatch(offset) and second.isoformat().endswith(offset):
        return second.astimezone(clock.now().tzinfo)
    return clock.local_instant(wall, venue.timezone)


def read_at(venue: Venue, text: str) -> datetime | None:
    """The instant of an address's `at`: local ISO time, or any with an offset; None for what is none."""
    found = _AT.fullmatch(text)
    if not found:
        return None
    day, time, offset = found.groups()
    if offset is None:
        try:
            return read_moment(venue, day, time)
        except NoSuchTime:
            return None
    try:
        instant = datetime.fromisoformat(f"{day}T{time}{offset}")
        local = instant.astimezone(ZoneInfo(venue.timezone))
    except (ValueError, OverflowError):
        return None
    return local.astimezone(clock.now().tzinfo) if FIRST_DAY <= local.date() <= LAST_DAY else None


def typed(venue: Venue, instant: datetime) -> dict[str, str]:
    """The instant as it stands in the fields `date`, `time` and `offset`."""
    local = instant.astimezone(ZoneInfo(venue.timezone))
    twice = local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset()
    return {
        "date": local.date().isoformat(),
        "time": f"{local:%H:%M}",
        "offset": local.isoformat()[-6:] if twice else "",
    }


def local_iso(venue: Venue, instant: datetime) -> str:
    """The instant as it stands in an address."""
    fields = typed(venue, instant)
    return f"{fields['date']}T{fields['time']}{fields['offset']}"


def next_step(instant: datetime) -> datetime:
    """The first full five minutes at or after an instant."""
    over = timedelta(minutes=instant.minute % 5, seconds=instant.second, microseconds=instant.microsecond)
    return instant + (STEP - over if over else over)
