"""Who works when: shifts from last week until after the next clock change, breaks, and a closed room."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from itertools import count
from zoneinfo import ZoneInfo

from portal.clock import local_instant
from portal.models import Block, Claim, Resource, RotaTemplate, Shift, StaffMember, Venue
from portal.models.shift import DRAFT, PUBLISHED

DAYS_BACK, DAYS_AHEAD = 7, 28


def last_planned_day(today: date) -> date:
    """Two weeks after the next change of the clocks in Paris, where most venues are."""
    zone = ZoneInfo("Europe/Paris")
    for days in count(1):
        before, after = (datetime.combine(today + timedelta(days=days + n), time(12), zone) for n in (0, 1))
        if before.utcoffset() != after.utcoffset():
            return today + timedelta(days=max(days + 1 + 14, DAYS_AHEAD))
    raise AssertionError("unreachable")


def make_shifts(member: StaffMember, place: int, venues: list[Venue], today: date) -> list[Shift]:
    """The planned days of the colleague at `place` in the list, from a week ago on.

    Whoever works at two venues changes from day to day. The stars, who come first, work all day and are there today
    and tomorrow, whatever day of the week that is.
    """
    shifts = []
    for offset in range(-DAYS_BACK, (last_planned_day(today) - today).days + 1):
        day, venue = today + timedelta(days=offset), venues[offset % len(venues)]
        if not _is_off(place, offset) and _is_open(venue, day):
            start, end = _hours(venue, place, offset)
            shifts.append(Shift.planned(venue, member, day=day, start=start, end=end))
    return shifts


def make_desk(member: StaffMember, venue: Venue, today: date) -> tuple[list[Shift], RotaTemplate]:
    """A receptionist's pattern, published for this week; the two weeks after it are drafts that wait for somebody."""
    monday = today - timedelta(days=today.weekday())
    hours = [{"week": 0, "weekday": n, "start": "09:00", "end": "17:00"} for n in range(5)]
    late = [{"week": 1, "weekday": n, "start": "12:00", "end": "20:00"} for n in range(5)]
    template = RotaTemplate(
        organisation_id=venue.organisation_id, venue_id=venue.id, venue=venue, member=member, weeks=2,
        pattern=hours + late, exceptions=[{"day": f"{monday + timedelta(days=16)}"}], valid_from=monday,
    )  # fmt: skip
    shifts = []
    for day in (monday + timedelta(days=n) for n in range(21)):
        for start, end in template.hours_on(day):
            status = PUBLISHED if day < monday + timedelta(days=7) else DRAFT
            shifts.append(Shift.planned(venue, member, day=day, start=start, end=end, status=status))
    return shifts, template


def make_breaks(shifts: list[Shift], resources: dict[int, Resource]) -> list[Block]:
    """Half an hour in the middle of each shift."""
    return [_break(shift, resources[shift.member_id]) for shift in shifts]


def make_closure(room: Resource, venue: Venue, today: date) -> Block:
    """A room that is repaired in the first two hours of today."""
    starts_at = local_instant(datetime.combine(today, venue.opening_time), venue.timezone)
    return _block(venue, room, "closure", "Réparation de la ventilation", starts_at, timedelta(hours=2))


def claim_of(block: Block) -> Claim:
    """What keeps the block's time from being given away."""
    return Claim(
        organisation_id=block.organisation_id,
        venue_id=block.venue_id,
        resource_id=block.resource_id,
        block_id=block.id,
        starts_at=block.starts_at,
        ends_at=block.ends_at,
    )


def is_star(place: int) -> bool:
    """Thérèse and Marc, and whoever comes first elsewhere: kept free for those who try the demo."""
    return place < 2


def _is_off(place: int, offset: int) -> bool:
    """One day a week for the stars, two for the others; nobody is off today."""
    if is_star(place):
        return offset % 7 == 5
    return offset % 7 in {1 + place % 6, 1 + (place + 1) % 6}


def _is_open(venue: Venue, day: date) -> bool:
    return venue.days_of_week is None or day.isoweekday() % 7 in venue.days_of_week


def _hours(venue: Venue, place: int, offset: int) -> tuple[time, time]:
    if is_star(place):
        return venue.opening_time, venue.closing_time
    opens, closes = venue.opening_time.hour, venue.closing_time.hour
    early = (place + offset // 7) % 2 == 0
    return (time(opens), time(opens + 8)) if early else (time(closes - 8), time(closes))


def _break(shift: Shift, resource: Resource) -> Block:
    middle = time((shift.start_time.hour + shift.end_time.hour) // 2)
    starts_at = local_instant(datetime.combine(shift.day, middle), shift.venue.timezone)
    return _block(shift.venue, resource, "break", None, starts_at, timedelta(minutes=30))


def _block(
    venue: Venue, resource: Resource, kind: str, reason: str | None, starts_at: datetime, length: timedelta
) -> Block:
    return Block(
        organisation_id=venue.organisation_id,
        venue_id=venue.id,
        resource_id=resource.id,
        kind=kind,
        reason=reason,
        starts_at=starts_at,
        ends_at=starts_at + length,
    )
