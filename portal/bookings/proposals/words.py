"""How the desk reads a suggested time."""

from __future__ import annotations

from flask_babel import gettext as _

from portal.clock import local_date
from portal.i18n import clock_time, inner_day_and_time
from portal.models import CounterProposal, Offer, Venue


def sentence_of(venue: Venue, offer: Offer, proposal: CounterProposal) -> str:
    """`suggests tomorrow 16:00 instead of 15:00`: the therapist's name stands before it."""
    stands, zone = offer.item.starts_at, venue.timezone
    same_day = local_date(stands, zone) == local_date(proposal.starts_at, zone)
    instead = clock_time(stands, zone) if same_day else inner_day_and_time(stands, zone)
    when = inner_day_and_time(proposal.starts_at, zone)
    return _("suggests %(when)s instead of %(instead)s", when=when, instead=instead)
