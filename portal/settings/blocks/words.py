"""How the settings say when a venue takes no bookings."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

from flask_babel import gettext as _

from portal.i18n import short_date
from portal.models import Venue, VenueBlock
from portal.series.words import weekday_names
from portal.settings.blocks.forms import is_whole
from portal.settings.blocks.plan import MIDNIGHT


def when(venue: Venue, block: VenueBlock) -> str:
    """`Monday, Thursday 09:00–10:00`, `Mon 3 Aug to Wed 5 Aug, whole days`, `Mon 3 Aug, 08:00 to …`."""
    if block.starts_at is None or block.ends_at is None:
        return _("%(days)s, %(hours)s", days=_days(block), hours=_hours(block))
    zone = ZoneInfo(venue.timezone)
    start, end = block.starts_at.astimezone(zone), block.ends_at.astimezone(zone)
    if is_whole(start, end):
        first, last = start.date(), (end - timedelta(days=1)).date()
        if first == last:
            return _("%(day)s, all day", day=short_date(first))
        return _("%(first)s to %(last)s, whole days", first=short_date(first), last=short_date(last))
    if start.date() == end.date():
        return f"{short_date(start.date())}, {start:%H:%M}–{end:%H:%M}"
    first_end, last_end = (f"{short_date(one.date())}, {one:%H:%M}" for one in (start, end))
    return _("%(start)s to %(end)s", start=first_end, end=last_end)


def bounds(venue: Venue, block: VenueBlock) -> str:
    """From when, until when a weekly block is repeated; nothing where that is not to be said."""
    first = block.first_day if block.first_day and block.first_day > venue.today() else None
    if first and block.last_day:
        return _("from %(first)s to %(last)s", first=short_date(first), last=short_date(block.last_day))
    if first:
        return _("from %(day)s on", day=short_date(first))
    return _("until %(day)s", day=short_date(block.last_day)) if block.last_day else ""


def _days(block: VenueBlock) -> str:
    """`Monday, Thursday`, from Monday on as everywhere; `Every day`."""
    chosen = set(block.weekdays or range(7))
    names = [name for day, name in enumerate(weekday_names(), start=1) if day % 7 in chosen]
    return _("Every day") if len(names) == len(weekday_names()) else ", ".join(names)


def _hours(block: VenueBlock) -> str:
    start, end = block.start_time or MIDNIGHT, block.end_time or MIDNIGHT
    return _("all day") if start == MIDNIGHT == end else f"{start:%H:%M}–{end:%H:%M}"
