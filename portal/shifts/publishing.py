"""From plan to rota: drafts of some weeks become what people work by, and they are told, once each."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import date, timedelta
from uuid import UUID

from flask_babel import gettext as _

import portal.audit as audit
from portal.audit import Actor
from portal.bookings import news
from portal.changes.record import recording
from portal.database import atomic
from portal.errors import Invalid
from portal.models import Shift, Venue
from portal.notices.service import GRACE
from portal.shifts.copying import MOST_WEEKS, lock_dates
from portal.shifts.errors import Stale
from portal.shifts.queries import drafts_between, names_of_drafts
from portal.shifts.telling import known_of, tell_changed

_DAY = timedelta(days=1)


@atomic
def publish_rota(venue: Venue, *, monday: date, weeks: int = 1, seen: str | None = None, by: Actor) -> list[Shift]:
    """The drafts of these weeks are worked from now on; everybody whose shifts that are is told, by one notice.

    `seen` is the `state` of the drafts that were looked at. A second click publishes nothing more. Raises Invalid,
    Stale when others are there by now.
    """
    days = days_of(monday, weeks)
    lock_dates(venue, [monday + n * _DAY for n in range(7 * weeks)])
    drafts = drafts_between(venue, *days)
    if not drafts:
        return []
    if seen is not None and seen != state_of((one.uuid, one.version) for one in drafts):
        raise Stale()
    people = {one.member_id: one.member for one in drafts}
    knew = known_of(venue, people, days)
    with recording(venue, "rota:published", *drafts, by=by):
        for one in drafts:
            one.publish()
    audit.record(by, "rota:published", venue, monday=str(monday), weeks=weeks, shifts=len(drafts))
    news.tell_shifts(venue, *map(news.Worked.of, drafts))
    tell_changed(venue, people.values(), days, knew, by=by, after=GRACE)
    return drafts


def state_of_drafts(venue: Venue, monday: date, weeks: int = 1) -> tuple[int, str]:
    """How many drafts these weeks have, and the state that a page shows of them."""
    found = names_of_drafts(venue, *days_of(monday, weeks))
    return len(found), state_of(found)


def state_of(drafts: Iterable[tuple[UUID, int]]) -> str:
    """The same for the same drafts, none of which has changed."""
    told = ",".join(sorted(f"{name}:{version}" for name, version in drafts))
    return hashlib.sha256(told.encode()).hexdigest()[:16]


def days_of(monday: date, weeks: int) -> tuple[date, date]:
    """First and last date of some weeks. Raises Invalid."""
    if not 1 <= weeks <= MOST_WEEKS:
        raise Invalid(_("Please choose 1 to %(count)d weeks.", count=MOST_WEEKS), field="weeks")
    return monday, monday + (7 * weeks - 1) * _DAY
