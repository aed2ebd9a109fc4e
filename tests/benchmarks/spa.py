"""The spa that is measured, with as many bookings in its past and future as wanted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time, timedelta

from portal.clock import today
from portal.database import db
from portal.models import ApiKey, Room, Shift, StaffMember, Variant, Venue
from tests.factories import (
    make_key,
    make_member,
    make_organisation,
    make_room,
    make_room_type,
    make_treatment,
    make_venue,
    qualify,
)

FUTURE_DAYS = 62
BUFFER = 15
# An hour and its turnover fit seven times into 09:00–20:00 on the grid of 30 minutes.
STARTS = ("09:00", "10:30", "12:00", "13:30", "15:00", "16:30", "18:00")


@dataclass
class Spa:
    """A venue with its people, who are all on shift from `first` on, the day after today."""

    venue: Venue
    variant: Variant
    rooms: list[Room]
    therapists: list[StaffMember]
    receptionist: StaffMember
    key: str
    key_row: ApiKey
    first: date

    @property
    def last(self) -> date:
        """The last day that a range of the partner API can reach from `first`."""
        return self.first + timedelta(days=FUTURE_DAYS - 1)


def make_spa(*, therapists: int = 12, rooms: int = 6, shift_days: int = FUTURE_DAYS) -> Spa:
    """An hour's massage with turnover; therapists in three ranks, two thirds of whom do nothing else."""
    organisation = make_organisation()
    venue = make_venue(organisation, room_turnover_buffer_minutes=BUFFER)
    room_type = make_room_type(organisation)
    treatment = make_treatment(venue, room_type, code="MAS60")
    team = [
        make_member(organisation, venue, first_name=f"Praticienne{number:02}", priority=1 + number * 3 // therapists)
        for number in range(therapists)
    ]
    for member in team[: therapists * 2 // 3]:
        qualify(member, treatment)
    first = today(venue.timezone) + timedelta(days=1)
    _plan(venue, team, first, shift_days)
    key, key_row = make_key(organisation)
    return Spa(
        venue=venue,
        variant=treatment.variants[0],
        rooms=[make_room(venue, room_type) for _ in range(rooms)],
        therapists=team,
        receptionist=make_member(organisation, venue, role="receptionist", locale="fr"),
        key=key,
        key_row=key_row,
        first=first,
    )


def _plan(venue: Venue, team: list[StaffMember], first: date, days: int) -> None:
    for offset in range(days):
        day = first + timedelta(days=offset)
        db.session.add_all(Shift.planned(venue, member, day=day, start=time(9), end=time(20)) for member in team)
    db.session.commit()
