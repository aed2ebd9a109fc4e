"""What is offered can be booked and then served; what is not offered is refused. Compared with brute force."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from portal.bookings.availability import (
    Busy,
    Grant,
    Need,
    OpeningWindow,
    PendingNeed,
    Reason,
    Refusal,
    Room,
    Shift,
    Snapshot,
    Span,
    Therapist,
    VenueCalendar,
    Work,
    alternatives,
    day_slots,
    decide,
    instant,
    open_days,
)
from tests.bookings import oracle
from tests.bookings.oracle import CLOSES, OPENS, TICK, World

DAY = date(2027, 3, 1)
NOW = datetime(2027, 2, 20, tzinfo=UTC)
MIDNIGHT = int(datetime.combine(DAY, time(), UTC).timestamp())
STARTS = range(MIDNIGHT + OPENS * 3600, MIDNIGHT + CLOSES * 3600, 1800)
BY_HAND = [instant(start) for start in range(STARTS.start - 3600, STARTS.stop + 3600, TICK)]
thorough = settings(max_examples=250, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])


def between(first: int, last: int) -> st.SearchStrategy[int]:
    """Epoch seconds of that day, on a quarter of an hour."""
    return st.integers(first * 4, last * 4).map(lambda tick: MIDNIGHT + tick * TICK)


@st.composite
def spans(draw: st.DrawFn, lengths: tuple[int, ...] = (2, 3, 4, 6)) -> Span:
    start = draw(between(OPENS, CLOSES - 1))
    return Span(start, start + draw(st.sampled_from(lengths)) * TICK)


@st.composite
def therapists(draw: st.DrawFn) -> tuple[Therapist, ...]:
    team = []
    for ident in range(101, 101 + draw(st.integers(2, 3))):
        venues = draw(st.sampled_from([(1,), (1,), (1, 2), (2,)]))
        begins, ends = draw(st.sampled_from([(8, 15), (8, 15), (9, 11), (11, 14)]))
        shifts = tuple(Shift(venue, MIDNIGHT + begins * 3600, MIDNIGHT + ends * 3600) for venue in venues)
        skills = draw(st.sampled_from([frozenset(), frozenset({1}), frozenset({2}), frozenset({1, 2})]))
        team.append(Therapist(ident, frozenset(venues), shifts, skills, draw(st.sampled_from(["female", "male"]))))
    return tuple(team)


@st.composite
def rooms(draw: st.DrawFn) -> tuple[Room, ...]:
    capacities = draw(st.sampled_from([(1, 1, 2), (1, 2), (1, 1, 1), (2, 2), (1,)]))
    kinds = draw(st.sampled_from([(1, 1, 1), (1, 1, 2)]))
    closures = draw(st.sampled_from([0, 0, 1]))
    return tuple(
        Room(number, kind, capacity, tuple(draw(st.lists(spans((2,)), max_size=closures))))
        for number, (capacity, kind) in enumerate(zip(capacities, kinds, strict=False), start=1)
    )


@st.composite
def worlds(draw: st.DrawFn) -> World:
    team, cabins = draw(therapists()), draw(rooms())
    room_busy: list[Busy] = []
    therapist_busy: list[Busy] = []
    for item in range(draw(st.integers(0, 3))):
        span = draw(spans())
        room_busy.append(Busy(draw(st.sampled_from(cabins)).id, 1, span.start, span.end + TICK, 50 + item))
        venue = draw(st.sampled_from([1, 1, 2, None]))
        therapist_busy.append(Busy(draw(st.sampled_from(team)).id, venue, *draw(spans())))
    count = draw(st.integers(0, 4))
    pending = [draw(pending_bookings(item, cabins, team, room_busy)) for item in range(1, count + 1)]
    way = draw(st.sampled_from([0, 30]))
    return World(MIDNIGHT, cabins, team, tuple(room_busy), tuple(therapist_busy), tuple(pending), way)


@st.composite
def pending_bookings(
    draw: st.DrawFn, item: int, cabins: tuple[Room, ...], team: tuple[Therapist, ...], room_busy: list[Busy]
) -> PendingNeed:
    """A booking that waits, sometimes at the other venue; here it sits in a room (the claim is added)."""
    span, guests = draw(spans()), draw(st.sampled_from([1, 1, 2]))
    venue = draw(st.sampled_from([1, 1, 1, 2]))
    work = Work(
        venue, span.start, span.end, draw(st.sampled_from([1, 2])), draw(st.sampled_from([None, None, "female"])),
        frozenset(draw(st.lists(st.sampled_from(team), max_size=1).map(lambda who: [t.id for t in who]))),
    )  # fmt: skip
    end = span.end + draw(st.sampled_from([0, TICK]))
    if venue == 1:
        room = draw(st.sampled_from(cabins))
        guests = min(guests, room.capacity)
        room_busy.append(Busy(room.id, 1, span.start, end, item))
    missing = draw(st.integers(1, guests))
    return PendingNeed(item, work, missing, guests, end, None, movable=draw(st.sampled_from([True, True, True, False])))


needs = st.builds(
    Need,
    duration=st.sampled_from([30, 45, 60]),
    guests=st.sampled_from([1, 1, 2]),
    treatment_id=st.sampled_from([None, 1, 2]),
    room_type_id=st.sampled_from([None, 1]),
    buffer=st.sampled_from([0, 15]),
    gender=st.sampled_from([None, None, "female"]),
)


def snapshot(world: World, **more: Any) -> Snapshot:
    calendar = VenueCalendar(
        "UTC", (OpeningWindow(time(OPENS), time(CLOSES)),), slot_interval=30, inter_venue_buffer=world.way
    )
    facts: dict[str, Any] = {
        "rooms": world.rooms, "therapists": world.therapists, "room_busy": world.room_busy,
        "therapist_busy": world.therapist_busy, "pending": world.pending,
    }  # fmt: skip
    return Snapshot(venue_id=1, calendar=calendar, first_day=DAY, last_day=DAY, **{**facts, **more})


@thorough
@given(worlds(), needs)
def test_a_slot_is_offered_exactly_when_brute_force_finds_a_way(world: World, need: Need) -> None:
    offered = {slot.starts_at for slot in day_slots(snapshot(world), need, DAY, NOW)}
    possible = {instant(start) for start in STARTS if oracle.may_be_booked(world, need, start)}
    assert offered == possible


@thorough
@given(worlds(), needs)
def test_deciding_and_listing_agree_at_every_instant(world: World, need: Need) -> None:
    prepared = snapshot(world)
    offered = {slot.starts_at for slot in day_slots(prepared, need, DAY, NOW)}
    for start in BY_HAND:
        answer = decide(snapshot(world), need, start, NOW)
        assert isinstance(answer, Grant) is (start in offered)
        if isinstance(answer, Refusal):
            assert answer.starts_at < answer.ends_at
            assert (answer.reason is Reason.OFF_GRID) <= (start.minute % 30 != 0)
    assert open_days(prepared, need, DAY, DAY, NOW) == ([DAY] if offered else [])
    nearest = alternatives(prepared, need, BY_HAND[7], NOW)
    assert sorted(nearest, key=lambda start: (abs(start - BY_HAND[7]), start < BY_HAND[7])) == nearest
    assert len(nearest) == min(3, len(offered))
    assert set(nearest) <= offered


@thorough
@given(worlds(), needs, st.data())
def test_a_slot_offered_can_be_booked_and_then_served(world: World, need: Need, data: st.DataObject) -> None:
    slots = day_slots(snapshot(world), need, DAY, NOW)
    assume(slots)
    slot = data.draw(st.sampled_from(slots))
    served, left = oracle.most_served(world), slot.capacity
    for item in range(1000, 1010):
        answer = decide(snapshot(world), need, slot.starts_at, NOW)
        assert isinstance(answer, Grant) is (left > 0), f"{left} guests of {slot.capacity} should still find a place"
        if isinstance(answer, Refusal):
            return
        world = oracle.booked(world, need, answer, item)
        assert not oracle.clashes(world, {item, *answer.moves})
        served, left = served + need.guests, left - need.guests
        assert oracle.most_served(world) == served, "the newcomer is served, and nobody else loses a therapist"
    raise AssertionError("a small venue never fills up")


@thorough
@given(worlds(), worlds(), needs)
def test_nothing_changes_when_unrelated_venues_fill_up(world: World, elsewhere: World, need: Need) -> None:
    """Therapists, claims and bookings of venues that share nobody with this one leave every slot as it was."""
    far = 1000
    strangers = tuple(
        replace(t, id=t.id + far, venue_ids=frozenset({far}), shifts=tuple(s._replace(venue_id=far) for s in t.shifts))
        for t in elsewhere.therapists
    )
    shifted = {"resource_id": far, "item_id": far}
    foreign = [
        b._replace(**{name: (getattr(b, name) or 0) + by for name, by in shifted.items()}, venue_id=far)
        for b in elsewhere.therapist_busy
    ]
    waiting = tuple(
        replace(need, item_id=need.item_id + far, work=replace(need.work, venue_id=far)) for need in elsewhere.pending
    )
    crowded = snapshot(
        world,
        therapists=(*strangers, *world.therapists),
        therapist_busy=(*foreign, *world.therapist_busy),
        room_busy=(
            *world.room_busy,
            *(b._replace(resource_id=b.resource_id + far, item_id=None) for b in elsewhere.room_busy),
        ),
        pending=(*waiting, *world.pending),
    )
    assert day_slots(crowded, need, DAY, NOW) == day_slots(snapshot(world), need, DAY, NOW)


@thorough
@given(worlds(), needs, st.integers(0, 6 * 60))
def test_no_slot_lies_within_the_notice(world: World, need: Need, minutes: int) -> None:
    now = instant(MIDNIGHT + 6 * 3600) + timedelta(minutes=minutes)
    hurried = replace(need, lead_time=90)
    late = [slot.starts_at for slot in day_slots(snapshot(world), hurried, DAY, now)]
    assert late == [
        s.starts_at for s in day_slots(snapshot(world), need, DAY, NOW) if s.starts_at >= now + timedelta(minutes=90)
    ]
