"""From rows to facts: what a venue's slots are decided by, and what a booking asks of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, time
from typing import Any
from uuid import UUID

from sqlalchemy import Row

from portal.bookings.slots.calendar import OpeningWindow, Schedule, ScheduleKind, VenueCalendar, WeeklyBlock
from portal.bookings.slots.facts import Need, PendingNeed, Room, Shift, Therapist, Work
from portal.bookings.slots.intervals import Span
from portal.models import Variant, Venue

Fact = Row[*tuple[Any, ...]]
Facts = dict[str, list[Fact]]


def need_of(venue: Venue, variant: Variant, *, guests: int, gender: str | None = None) -> Need:
    """What a booking of the variant for so many guests asks of the venue."""
    treatment = variant.treatment
    return Need(
        duration=variant.duration,
        guests=guests,
        treatment_id=treatment.id,
        room_type_id=treatment.room_type_id,
        lead_time=treatment.lead_time_minutes or 0,
        buffer=max(venue.room_turnover_buffer_minutes, treatment.buffer_minutes),
        gender=gender,
        treatment_weekdays=_weekdays(treatment.available_days),
        variant_weekdays=_weekdays(variant.available_days),
    )


def plain_need_of(venue: Venue) -> Need:
    """What one guest asks of the venue whatever the treatment: one grid step, any room, any skill."""
    return Need(duration=venue.slot_interval, buffer=venue.room_turnover_buffer_minutes)


def calendar_of(venue: Venue, facts: Facts) -> VenueCalendar:
    """When the venue receives guests."""
    weekly: dict[int, list[OpeningWindow]] = {day: [] for day in range(7)} if facts["hours"] else {}
    for row in facts["hours"]:
        weekly[row.ref].append(OpeningWindow(row.opens, row.closes))
    special: dict[date, list[OpeningWindow]] = {}
    for row in facts["special"]:
        windows = special.setdefault(row.day, [])
        if row.opens is not None:
            windows.append(OpeningWindow(row.opens, row.closes))
    return VenueCalendar(
        timezone=venue.timezone,
        windows=(OpeningWindow(venue.opening_time, venue.closing_time),),
        schedule=_schedule(venue),
        weekday_windows={day: tuple(sorted(windows)) for day, windows in weekly.items()},
        special_days={day: tuple(sorted(windows)) for day, windows in special.items()},
        blocks=tuple(Span(row.ref, row.other) for row in facts["block"] if row.ref is not None),
        weekly_blocks=tuple(_weekly_blocks(facts["block"])),
        reasons={Span(row.ref, row.other): row.text for row in facts["block"] if row.ref is not None and row.text},
        slot_interval=venue.slot_interval,
        minimum_notice=venue.minimum_notice_minutes,
        allow_out_of_hours=venue.allow_out_of_hours_booking,
        inter_venue_buffer=venue.inter_venue_buffer_minutes,
    )


def _schedule(venue: Venue) -> Schedule:
    return Schedule(
        kind=ScheduleKind(venue.schedule_type),
        first=venue.recurring_start_date,
        last=venue.recurring_end_date,
        weekdays=_weekdays(venue.days_of_week),
        every_weeks=venue.recurrence_interval,
        dates=frozenset(date.fromisoformat(day) for day in venue.one_time_dates or []),
    )


def _weekly_blocks(rows: Iterable[Fact]) -> Iterable[WeeklyBlock]:
    for row in rows:
        if row.ref is None:
            for weekday in row.weekdays or range(7):
                yield WeeklyBlock(weekday, row.opens, row.closes or time(0), row.day, row.last_day, row.text)


def rooms_of(facts: Facts, claims: Iterable[Fact]) -> list[Room]:
    """The venue's rooms; a claim without item is a closure."""
    closures: dict[int, list[Span]] = defaultdict(list)
    for resource, _venue, start, end, item in claims:
        if item is None:
            closures[resource].append(Span(start, end))
    return [
        Room(row.ref, row.other, row.number, tuple(closures.get(row.ref, ())), UUID(row.text))
        for row in sorted(facts["room"], key=lambda row: row.ref)
    ]


def therapists_of(facts: Facts, shifts: Iterable[Fact]) -> list[Therapist]:
    """Everybody who works at the venue or at one that shares people with it."""
    ranks: dict[int, dict[int, int]] = defaultdict(dict)
    skills: dict[int, set[int]] = defaultdict(set)
    planned: dict[int, list[Shift]] = defaultdict(list)
    people: dict[int, Fact] = {}
    for row in facts["works_at"]:
        ranks[row.ref][row.other] = row.number
        people[row.ref] = row
    for row in facts["can_do"]:
        skills[row.ref].add(row.other)
    for resource, venue_id, start, end in shifts:
        planned[resource].append(Shift(venue_id, start, end))
    return [
        Therapist(
            id=resource,
            venue_ids=frozenset(ranks[resource]),
            shifts=tuple(planned[resource]),
            treatment_ids=frozenset(skills[resource]),
            gender=people[resource].text,
            member_id=people[resource].member,
            ranks=ranks[resource],
            has_account=bool(people[resource].signs_in),
        )
        for resource in sorted(people)
    ]


def pending_of(rows: Iterable[Fact]) -> list[PendingNeed]:
    """One need of each item, whose rows differ in who refused it."""
    refusals: dict[int, set[int]] = defaultdict(set)
    items: dict[int, Fact] = {}
    for row in rows:
        items[row.id] = row
        if row.resource_id is not None:
            refusals[row.id].add(row.resource_id)
    return [_pending_need(row, frozenset(refusals[row.id])) for row in items.values()]


def _pending_need(row: Fact, refused: frozenset[int]) -> PendingNeed:
    start, end = row.start, row.end
    return PendingNeed(
        item_id=row.id,
        work=Work(row.venue_id, start, end, row.treatment_id, row.gender_preference, refused),
        therapists_missing=row.guest_count - row.therapists_assigned,
        guests=row.guest_count,
        room_end=end + row.buffer_minutes * 60,
        room_type_id=row.room_type_id,
        movable=not row.room_pinned,
    )


def _weekdays(days: list[int] | None) -> frozenset[int] | None:
    return None if days is None else frozenset(days)
