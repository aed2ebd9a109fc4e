"""What is still to come for somebody who leaves: her visits and shifts by venue, what she is asked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from portal.absences.impact import Hit, impact_of
from portal.absences.rehome.queries import venues_hit
from portal.clock import now
from portal.members.forms import LeaveForm
from portal.members.leaving.queries import shifts_to_come
from portal.members.queries import last_visit_end, open_offers
from portal.models import Organisation, Shift, StaffMember, Venue
from portal.tenancy import may_enter

SHOWN = 50


@dataclass(frozen=True, slots=True)
class Left:
    """The visits at one venue, the first of them by name; `may_enter` tells whether the reader works there."""

    venue: Venue
    hits: list[Hit]
    count: int
    sentence: str
    may_enter: bool


@dataclass(frozen=True, slots=True)
class Planned:
    """The shifts to come at one venue: the first SHOWN of them, and how many there are."""

    venue: Venue
    shifts: list[Shift]
    count: int


def leave_page(organisation: Organisation, member: StaffMember, *, by: StaffMember) -> dict[str, Any]:
    """The context of `members/leave.html`."""
    at = now()
    end = last_visit_end(member, at=at)
    return {
        "organisation": organisation,
        "someone": member,
        "left": [_left(member, venue, at, end, by) for venue in venues_hit(member, at, end, at=at)] if end else [],
        "offers": len(open_offers(member)),
        "rota": _rota(shifts_to_come(organisation, member, at=at)),
        "form": LeaveForm(formdata=None),
        "is_self": member.id == by.id,
    }


def _rota(shifts: list[Shift]) -> list[Planned]:
    venues = {shift.venue_id: shift.venue for shift in shifts}
    hers = [(venue, [shift for shift in shifts if shift.venue_id == key]) for key, venue in venues.items()]
    return [Planned(venue, planned[:SHOWN], len(planned)) for venue, planned in hers]


def _left(member: StaffMember, venue: Venue, start: Any, end: Any, by: StaffMember) -> Left:
    """Of a venue where the reader does not work only how many."""
    impact = impact_of(member, start, end, at=start, only=venue)
    is_hers = may_enter(by, venue)
    return Left(venue, impact.hits[:SHOWN] if is_hers else [], len(impact.hits), impact.sentence, is_hers)
