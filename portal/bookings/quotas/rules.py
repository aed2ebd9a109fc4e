"""A partner's quota of a day: what is said for the date, else for its weekday, less the guests of what stands."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from portal.bookings.availability import Slot
from portal.bookings.quotas.queries import booked_at, hold_quota, quotas_at
from portal.bookings.slots.calendar import weekday_of
from portal.bookings.slots.facts import Need
from portal.bookings.slots.intervals import Span, epoch
from portal.clock import day_bounds
from portal.models import ApiKey, Partner, PartnerQuota, Venue


@dataclass(frozen=True, slots=True)
class Use:
    """A day of a partner at a venue, in guests. `places` None = no limit; the desk may have moved more onto it."""

    day: date
    places: int | None
    taken: int

    @property
    def left(self) -> int | None:
        """How many guests may still be booked."""
        return None if self.places is None else max(self.places - self.taken, 0)


def uses(venue: Venue, partner: Partner, *, first: date, last: date, test: bool = False) -> list[Use]:
    """Each day from `first` to `last`: two statements."""
    places = limits(quotas_at(venue, partner, first=first, last=last), first=first, last=last)
    taken: Counter[date] = Counter()
    for day, guests in booked_at(venue, partner, first=first, last=last, test=test):
        taken[day] += guests
    return [Use(day, places.get(day), taken[day]) for day in _days(first, last)]


def limits(quotas: Sequence[PartnerQuota], *, first: date, last: date) -> Mapping[date, int | None]:
    """What may be booked on each day on which something is said: the date goes before its weekday."""
    weekly = {quota.weekday: quota.places for quota in quotas if quota.weekday is not None}
    dated = {quota.day: quota.places for quota in quotas if quota.day is not None}
    found = {day: weekly[weekday_of(day)] for day in _days(first, last) if weekday_of(day) in weekly}
    return found | {day: places for day, places in dated.items() if first <= day <= last}


def uses_of(venue: Venue, key: ApiKey | None, *, first: date, last: date, held: bool = False) -> list[Use]:
    """The days of the partner whose key it is; [] where nothing is said for it anywhere, without a statement.

    A `held` quota is nobody else's to book against until the transaction ends.
    """
    if key is None or not key.partner.is_limited:
        return []
    if held:
        hold_quota(venue, key.partner)
    return uses(venue, key.partner, first=first, last=last, test=key.test)


def within_quota(venue: Venue, need: Need, key: ApiKey | None, *, first: date, last: date, held: bool = False) -> Need:
    """The same need, which meets the days on which the key's partner may not book so many; `held` as in `uses_of`."""
    days = uses_of(venue, key, first=first, last=last, held=held)
    return replace(need, exhausted=exhausted(venue, days, guests=need.guests)) if days else need


def exhausted(venue: Venue, days: Iterable[Use], *, guests: int) -> tuple[Span, ...]:
    """The local days that leave less than so many places: no start on them can be had."""
    full = [use.day for use in days if use.left is not None and use.left < guests]
    bounds = [day_bounds(day, venue.timezone) for day in full]
    return tuple(Span(epoch(start), epoch(end)) for start, end in bounds)


def capped(slots: Iterable[Slot], day: Use | None, *, guests: int) -> list[Slot]:
    """The slots of a day, each for no more guests than the quota leaves."""
    if day is None or day.left is None:
        return list(slots)
    most = day.left // guests * guests
    return [replace(slot, capacity=min(slot.capacity, most)) for slot in slots]


def _days(first: date, last: date) -> Iterator[date]:
    return (first + timedelta(days=number) for number in range((last - first).days + 1))
