"""All that decides about a venue's slots, read at one moment and indexed once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from portal.bookings.slots.calendar import Days, VenueCalendar
from portal.bookings.slots.facts import Busy, PendingNeed, Room, Session, Therapist
from portal.bookings.slots.planner import RoomPlanner
from portal.bookings.slots.roster import Roster
from portal.bookings.slots.staffing import Staffing


class Snapshot:
    """One venue from `first_day` to `last_day` (local dates, inclusive).

    `rooms` are the venue's active ones; `therapists` the active ones of this venue and of every venue that
    shares therapists with it, with their shifts at all of them; `pending` likewise. `room_busy` and
    `therapist_busy` hold every active claim that touches the days asked for, from wherever it was made.
    """

    def __init__(
        self,
        *,
        venue_id: int,
        calendar: VenueCalendar,
        first_day: date,
        last_day: date,
        rooms: Sequence[Room] = (),
        therapists: Sequence[Therapist] = (),
        room_busy: Iterable[Busy] = (),
        therapist_busy: Iterable[Busy] = (),
        pending: Sequence[PendingNeed] = (),
        sessions: Iterable[Session] = (),
    ) -> None:
        self.venue_id = venue_id
        self.first_day = first_day
        self.last_day = last_day
        self.days = Days(calendar)
        self.rooms = RoomPlanner(rooms, room_busy, [need for need in pending if need.work.venue_id == venue_id])
        self.roster = Roster(therapists, therapist_busy, calendar.inter_venue_buffer * 60)
        self.staffing = Staffing(self.roster, pending)
        self.room_uuids = {room.id: room.uuid for room in rooms if room.uuid}
        self.team = {therapist.id: therapist for therapist in therapists}
        self.sessions = sorted(sessions, key=lambda session: (session.start, session.id))
        self.pending = {need.item_id: need for need in pending}

    @property
    def calendar(self) -> VenueCalendar:
        return self.days.calendar
