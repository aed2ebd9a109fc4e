"""The demo keeps the house's own rules; they are read from the rows, not from the code that made them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from portal.bookings.availability import alternatives, eligible_therapists, open_days
from portal.bookings.broadcast import work_of
from portal.bookings.slots.assembly import need_of
from portal.bookings.slots.queries import load_snapshot
from portal.database import db
from portal.models import (
    Assignment,
    Block,
    Booking,
    BookingItem,
    Claim,
    Counter,
    CounterProposal,
    Event,
    Offer,
    Organisation,
    Room,
    Shift,
    StaffMember,
    TicketOrder,
    Treatment,
    Variant,
    Venue,
)
from tests.commands.conftest import MOMENT, Loaded

STAFFED = {"confirmed", "ongoing", "completed", "noshow"}


def bookings() -> Sequence[Booking]:
    return db.session.scalars(
        select(Booking).options(
            selectinload(Booking.events),
            selectinload(Booking.venue),
            selectinload(Booking.items).options(
                selectinload(BookingItem.treatment),
                selectinload(BookingItem.claims).selectinload(Claim.resource),
                selectinload(BookingItem.offers).selectinload(Offer.member),
                selectinload(BookingItem.assignments)
                .selectinload(Assignment.member)
                .options(selectinload(StaffMember.qualifications), selectinload(StaffMember.venue_links)),
            ),
        )
    ).all()


def venues() -> Sequence[Venue]:
    return db.session.scalars(select(Venue).order_by(Venue.id)).all()


def local(instant: datetime, venue: Venue) -> datetime:
    return instant.astimezone(ZoneInfo(venue.timezone))


def test_nothing_is_claimed_twice(demo: Loaded) -> None:
    claims = db.session.scalars(select(Claim).where(Claim.active).order_by(Claim.resource_id, Claim.starts_at)).all()
    assert len(claims) > 1000
    twice = [b.id for a, b in pairwise(claims) if a.resource_id == b.resource_id and b.starts_at < a.ends_at]
    assert twice == []


def test_every_staffed_item_has_its_therapists_on_shift_and_qualified(demo: Loaded) -> None:
    shifts = defaultdict(list)
    for shift in db.session.scalars(select(Shift)):
        shifts[shift.member_id, shift.venue_id].append(shift)
    for booking in bookings():
        item = booking.item
        serving = [assignment.member for assignment in item.current_assignments]
        people = {claim.resource_id for claim in item.claims if claim.resource.kind == "person"}
        assert item.therapists_assigned == len(serving)
        assert people == {member.resource_id for member in serving}
        assert (booking.status in STAFFED) <= (len(serving) == booking.guest_count)
        assert booking.therapist_id == (serving[0].id if serving else None)
        for member in serving if booking.status != "cancelled" else []:
            assert any(
                shift.starts_at <= item.starts_at and item.ends_at <= shift.ends_at
                for shift in shifts[member.id, booking.venue_id]
            ), f"{member.name} is off shift at {item.starts_at}"
            known = {qualification.treatment_id for qualification in member.qualifications}
            assert not known or item.treatment_id in known
            assert booking.venue_id in {link.venue_id for link in member.venue_links}


def test_rooms_are_held_with_their_turnover_and_only_by_what_is_alive(demo: Loaded) -> None:
    for booking in bookings():
        item, venue = booking.item, booking.venue
        rooms = [claim for claim in item.claims if isinstance(claim.resource, Room)]
        assert sum(claim.resource.capacity for claim in rooms) >= booking.guest_count
        assert {claim.active for claim in item.claims} == {booking.status != "cancelled"}
        for claim in rooms:
            assert claim.resource.venue_id == booking.venue_id
            assert claim.ends_at == item.ends_at + timedelta(minutes=venue.room_turnover_buffer_minutes)
        start, end = local(booking.starts_at, venue), local(booking.ends_at, venue)
        assert venue.opening_time <= start.time() < end.time() <= venue.closing_time
        since_opening = (start.hour - venue.opening_time.hour) * 60 + start.minute
        assert since_opening % venue.slot_interval == 0


def test_today_shows_every_state(demo: Loaded) -> None:
    today = MOMENT.astimezone(ZoneInfo("Europe/Paris")).date()
    ours = [booking for booking in bookings() if booking.venue.slug in {"lutetia", "marais"}]
    now = [booking for booking in ours if local(booking.starts_at, booking.venue).date() == today]
    assert 75 <= len(now) <= 85
    assert {booking.status for booking in now} == {*STAFFED, "pending", "cancelled"}
    assert any(booking.arrived_at and booking.status == "confirmed" for booking in now)
    assert any(booking.test for booking in now)
    assert any(booking.channel == "partner" and not booking.test for booking in now)
    assert {booking.guest_count for booking in now} == {1, 2}
    assert any(booking.status == "ongoing" and booking.ends_at < MOMENT and not booking.is_settled for booking in now)
    assert db.session.query(CounterProposal).filter_by(status="open").count() == 1
    others: dict[date, int] = defaultdict(int)
    for booking in ours:
        others[local(booking.starts_at, booking.venue).date()] += 1
    del others[today]
    assert len(others) == 14
    assert max(others.values()) < len(now) / 2


def test_states_agree_with_the_clock(demo: Loaded) -> None:
    for booking in bookings():
        match booking.status:
            case "completed" | "noshow":
                assert booking.starts_at < MOMENT
            case "ongoing":
                assert booking.starts_at <= MOMENT
            case "confirmed" | "pending":
                assert booking.starts_at > MOMENT
        assert (booking.status in {"ongoing", "completed"}) <= (booking.arrived_at is not None)
        assert (booking.status == "completed") <= booking.is_settled


def test_history_leads_to_the_state(demo: Loaded) -> None:
    for booking in bookings():
        lines = booking.events
        assert lines[0].verb == "requested"
        assert lines[0].at == booking.created_at
        assert lines[-1].to_status == booking.status
        assert all(line.from_status == before.to_status for before, line in pairwise(lines))
        moments = [line.at for line in lines]
        assert moments == sorted(moments)
        assert moments[-1] <= MOMENT


def test_numbers_follow_the_order_of_creation(demo: Loaded) -> None:
    for organisation in db.session.scalars(select(Organisation)):
        ours = [booking for booking in bookings() if booking.organisation_id == organisation.id]
        ours.sort(key=lambda booking: booking.number)
        assert [b.number for b in ours] == list(range(ours[0].number, ours[0].number + len(ours)))
        assert all(a.created_at <= b.created_at for a, b in pairwise(ours))
        counter = select(Counter.value).where(Counter.organisation_id == organisation.id, Counter.kind == "booking")
        assert db.session.scalar(counter) == ours[-1].number


def test_pending_bookings_can_be_served_by_those_who_are_asked(demo: Loaded) -> None:
    waiting = [booking for booking in bookings() if booking.status == "pending"]
    assert len(waiting) >= 4
    for booking in waiting:
        day = local(booking.starts_at, booking.venue).date()
        able = eligible_therapists(load_snapshot(booking.venue, first=day, last=day), work_of(booking.item))
        asked = {offer.member.resource_id for offer in booking.item.offers if offer.is_open}
        assert asked, "nobody was asked"
        assert asked <= set(able)
        assert len(asked) >= booking.item.therapists_missing
    therese, marc = stars()
    for star in (therese, marc):
        assert db.session.scalar(select(Offer.id).where(Offer.member_id == star.id, Offer.status == "open").limit(1))


def test_every_venue_can_be_booked_on_most_days(demo: Loaded) -> None:
    for venue in venues():
        first, last = venue.today(), venue.today() + timedelta(days=20)
        snapshot = load_snapshot(venue, first=first, last=last)
        variants = db.session.scalars(select(Variant).join(Treatment).where(Treatment.venue_id == venue.id)).all()
        for variant in variants:
            need = need_of(venue, variant, guests=variant.guest_count)
            assert len(open_days(snapshot, need, first, last, MOMENT)) >= 14, f"{venue.slug} {variant.label}"


@pytest.mark.parametrize("days", [0, 1])
def test_an_hour_with_therese_or_marc_is_free(demo: Loaded, days: int) -> None:
    """The scripted story: a 60-minute massage is booked, both are asked, whichever hour was chosen."""
    venue = db.session.scalars(select(Venue).where(Venue.slug == "lutetia")).one()
    day = venue.today() + timedelta(days=days)
    snapshot = load_snapshot(venue, first=day, last=day)
    query = select(Variant).join(Treatment).where(Treatment.venue_id == venue.id, Variant.duration == 60)
    for variant in db.session.scalars(query.where(Variant.guest_count == 1)):
        need = need_of(venue, variant, guests=1)
        starts = alternatives(snapshot, need, MOMENT, MOMENT, limit=50, within_days=1)
        both = [start for start in starts if set(stars()) <= set(_asked(venue, variant, start))]
        assert len(both) >= (6 if days == 0 else 16)
        assert len(both) >= len(starts) * 0.8


def test_therese_and_marc_share_rank_and_shift(demo: Loaded) -> None:
    therese, marc = stars()
    assert [link.priority for link in therese.venue_links] == [link.priority for link in marc.venue_links] == [1]
    planned = [
        {(shift.day, shift.start_time, shift.end_time) for shift in db.session.scalars(query)}
        for query in (select(Shift).where(Shift.member_id == star.id) for star in (therese, marc))
    ]
    assert planned[0] == planned[1]
    assert therese.qualifications == marc.qualifications == []


def test_shifts_reach_past_the_next_clock_change(demo: Loaded) -> None:
    for venue in venues():
        days = db.session.scalars(select(Shift.day).where(Shift.venue_id == venue.id)).all()
        assert str(max(days)) >= "2027-04-08"
        assert "2027-03-30" in {str(day) for day in days}


def test_breaks_and_a_closed_room_hold_their_time(demo: Loaded) -> None:
    kinds: dict[str, int] = defaultdict(int)
    for block in db.session.scalars(select(Block)):
        kinds[block.kind] += 1
        claim = db.session.scalars(select(Claim).where(Claim.block_id == block.id)).one()
        assert (claim.starts_at, claim.ends_at, claim.active) == (block.starts_at, block.ends_at, True)
    assert kinds["closure"] == 1
    assert kinds["break"] > 20


def test_events_have_sold_what_their_orders_say(demo: Loaded) -> None:
    events = db.session.scalars(select(Event).order_by(Event.starts_at)).all()
    assert [event.status for event in events] == ["published", "draft"]
    published = events[0]
    orders = db.session.scalars(select(TicketOrder).where(TicketOrder.event_id == published.id)).all()
    assert {order.status for order in orders} == {"paid", "free", "pending", "cancelled"}
    tickets = [ticket for order in orders for ticket in order.tickets]
    held = 2  # the pending order
    assert published.taken == len([ticket for ticket in tickets if ticket.status == "valid"]) + held
    assert published.taken == sum(kind.taken for kind in published.ticket_types)
    assert len({ticket.secret for ticket in tickets}) == len({ticket.code for ticket in tickets}) == len(tickets)


def stars() -> tuple[StaffMember, StaffMember]:
    query = select(StaffMember).where(
        StaffMember.email.in_(["therese@maison-lutece.example", "marc@maison-lutece.example"])
    )
    therese, marc = db.session.scalars(query.order_by(StaffMember.id)).all()
    return therese, marc


def _asked(venue: Venue, variant: Variant, start: datetime) -> list[StaffMember]:
    """Whoever of the venue's best rank could take it."""
    day = local(start, venue).date()
    item = BookingItem(
        venue_id=venue.id, starts_at=start, ends_at=start + timedelta(minutes=variant.duration),
        treatment_id=variant.treatment_id, offers=[],
    )  # fmt: skip
    able = eligible_therapists(load_snapshot(venue, first=day, last=day), work_of(item))
    return list(db.session.scalars(select(StaffMember).where(StaffMember.resource_id.in_(able))))
