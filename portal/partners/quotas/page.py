"""What the pages of quotas show."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask import url_for

from portal.bookings.quotas.rules import Use, limits
from portal.clock import local_date, start_of_day
from portal.i18n import name_of
from portal.models import Organisation, Partner, Venue
from portal.partners.queries import get_partner, venues_of
from portal.partners.quotas.forms import DaysForm, WeekForm, week_values
from portal.partners.quotas.queries import booked_by, quotas_of

SHOWN = 7  # days


@dataclass(frozen=True, slots=True)
class VenueUse:
    """The coming days of a partner at a venue."""

    name: str
    href: str
    days: list[Use]


def coming(organisation: Organisation, partner: Partner) -> list[VenueUse]:
    """Today and the days after it at every venue: three statements, however many they are."""
    venues = venues_of(organisation)
    if not venues:
        return []
    spans = {venue.id: (venue.today(), venue.today() + timedelta(days=SHOWN - 1)) for venue in venues}
    since = min(start_of_day(spans[venue.id][0], venue.timezone) for venue in venues)
    until = max(start_of_day(spans[venue.id][1] + timedelta(days=1), venue.timezone) for venue in venues)
    quotas = quotas_of(organisation, partner, since=min(first for first, _last in spans.values()))
    zones = {venue.id: venue.timezone for venue in venues}
    taken: Counter[tuple[int, date]] = Counter()
    for venue_id, starts_at, guests in booked_by(organisation, partner, since=since, until=until):
        if venue_id in zones:
            taken[venue_id, local_date(starts_at, zones[venue_id])] += guests
    rows = []
    for venue in venues:
        first, last = spans[venue.id]
        most = limits([one for one in quotas if one.venue_id == venue.id], first=first, last=last)
        days = [first + timedelta(days=number) for number in range(SHOWN)]
        uses = [Use(day, most.get(day), taken[venue.id, day]) for day in days]
        rows.append(VenueUse(name_of(venue), _href(organisation, partner, venue), uses))
    return rows


def beside(organisation: Organisation, partner: Partner, venue: Venue, **forms: Any) -> dict[str, Any]:
    """The context of `partners/quotas.html`; of its forms those that are given."""
    quotas = quotas_of(organisation, partner, since=venue.today(), venue=venue)
    return {
        "partner": partner,
        "place": venue,
        "exceptions": [one for one in quotas if one.day is not None],
        "week": forms.get("week") or week_form(organisation, partner, venue),
        "dates": forms.get("dates") or days_form(organisation, partner),
    }


def week_form(organisation: Organisation, partner: Partner, venue: Venue) -> WeekForm:
    """The form as the weekdays stand now."""
    found = get_partner(organisation, partner.uuid)
    return WeekForm.of(found.version, week_values(quotas_of(organisation, found, since=date.max, venue=venue)))


def days_form(organisation: Organisation, partner: Partner) -> DaysForm:
    """An empty form of dates, which knows the partner's state."""
    return DaysForm.of(get_partner(organisation, partner.uuid).version, {})


def _href(organisation: Organisation, partner: Partner, venue: Venue) -> str:
    return url_for("partner_quotas.show_venue", organisation=organisation.slug, partner=partner.uuid, venue=venue.slug)
