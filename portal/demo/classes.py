"""A class of the demo, some days ahead, with guests who have joined it."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from portal.audit import Actor
from portal.bookings.errors import SlotUnavailable
from portal.classes.service import open_session
from portal.clock import frozen, local_instant
from portal.demo.cast import Cast
from portal.models import Booking

DAYS_AHEAD = range(2, 7)
HOURS = (time(9), time(10), time(11))
PARTICIPANTS = 5


def make_class(cast: Cast, at: datetime) -> Booking | None:
    """The first venue's class on the first day that has room for it; it is led by a therapist who is free then."""
    venue = cast.venues[0]
    dish = next((one for one in cast.menus[venue.id] if one.kind == "class"), None)
    if dish is None:
        return None
    by = Actor("system", "Thermes", "demo")
    leaders = [one.member for one in cast.therapists if one.is_qualified(dish) and one.works_at(venue)]
    with frozen(at):
        for day in (venue.today() + timedelta(days=ahead) for ahead in DAYS_AHEAD):
            for start in (local_instant(datetime.combine(day, hour), venue.timezone) for hour in HOURS):
                for leader in reversed(leaders):
                    try:
                        return open_session(
                            venue, variant=dish.variants[0], starts_at=start, therapist=leader,
                            customers=cast.guests[-PARTICIPANTS:], by=by,
                        )  # fmt: skip
                    except SlotUnavailable:
                        continue
    return None
