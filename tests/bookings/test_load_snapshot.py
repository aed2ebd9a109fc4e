"""What the slot rules are told: all that is stored about the venue, in four statements however much there is."""

from __future__ import annotations

from datetime import datetime, time, timedelta

import pytest

from portal.bookings.availability import Reason, Refusal, day_slots, decide, open_days
from portal.bookings.service import accept_booking
from portal.bookings.slots.assembly import need_of
from portal.bookings.slots.queries import load_snapshot
from portal.database import db
from portal.models import Block, Claim, OpeningHours, Resource, SpecialDay, StaffMember, VenueBlock, VenueMember
from portal.offers.service import decline_offer
from tests.bookings.conftest import Book, accept, offer_to, phone
from tests.factories import House, lend, make_room, make_treatment, qualify, save
from tests.support.statements import counted


def reason(house: House, clock: str = "10:00", *, guests: int = 1, days: int = 0) -> str | None:
    day = house.day + timedelta(days=days)
    need = need_of(house.lutetia, house.single, guests=guests)
    snapshot = load_snapshot(house.lutetia, first=day, last=day)
    answer = decide(snapshot, need, house.at(clock, days=days), house.at("00:00") - timedelta(hours=1))
    return answer.reason.value if isinstance(answer, Refusal) else None


def listed(house: House, *, guests: int = 1, days: int = 0) -> list[str]:
    day = house.day + timedelta(days=days)
    need = need_of(house.lutetia, house.single, guests=guests)
    slots = day_slots(load_snapshot(house.lutetia, first=day, last=day), need, day, house.at("00:00"))
    return [f"{slot.local_time:%H:%M}" for slot in slots]


def block(house: House, resource: Resource, starts_at: datetime, ends_at: datetime) -> None:
    """A block of a room or a person, with the claim that reserves its time."""
    owner = {"organisation_id": resource.organisation_id, "venue_id": house.lutetia.id, "resource_id": resource.id}
    made = save(Block(**owner, starts_at=starts_at, ends_at=ends_at))
    save(Claim(**owner, block_id=made.id, starts_at=starts_at, ends_at=ends_at))


def person(member: StaffMember) -> Resource:
    assert member.resource is not None
    return member.resource


@pytest.mark.parametrize("days", [1, 62])
def test_four_statements_for_a_day_and_for_two_months(house: House, book: Book, days: int) -> None:
    for clock in ("10:00", "12:00", "14:00"):
        accept(house, book(clock), house.therese)
        book(clock)
    last = house.day + timedelta(days=days - 1)
    with counted(db.engine) as statements:
        snapshot = load_snapshot(house.lutetia, first=house.day, last=last)
        need = need_of(house.lutetia, house.single, guests=1)
        found = open_days(snapshot, need, house.day, last, house.at("00:00"))
    statements.at_most(4)
    assert len(found) == min(days, 7), "the house has shifts for a week"


def test_hours_special_days_and_blocks_reach_the_rules(house: House) -> None:
    venue, weekday = house.lutetia, house.day.isoweekday() % 7
    assert listed(house)[0] == "09:00"
    save(OpeningHours(venue_id=venue.id, weekday=weekday, opens=time(11), closes=time(15)))
    assert listed(house)[0] == "11:00"
    assert reason(house, days=1) == Reason.VENUE_CLOSED, "a weekday without a row is closed"
    tomorrow = house.day + timedelta(days=1)
    save(SpecialDay(venue_id=venue.id, day=tomorrow, opens=time(12), closes=time(14)))
    assert listed(house, days=1) == ["12:00", "12:30", "13:00"]
    save(SpecialDay(venue_id=venue.id, day=house.day))
    assert reason(house, "12:00") == Reason.VENUE_CLOSED
    owner = {"organisation_id": venue.organisation_id, "venue_id": venue.id}
    save(VenueBlock(**owner, starts_at=house.at("13:00", days=1), ends_at=house.at("14:00", days=1)))
    assert listed(house, days=1) == ["12:00"]
    every_week = {"weekdays": [(weekday + 1) % 7], "start_time": time(12), "end_time": time(12, 30)}
    save(VenueBlock(**owner, **every_week, first_day=tomorrow, last_day=tomorrow))
    assert reason(house, "12:00", days=1) == Reason.BLOCKED


def test_closures_of_rooms_and_blocks_of_people_reach_the_rules(house: House) -> None:
    for room in house.rooms:
        block(house, room, house.at("10:00"), house.at("12:00"))
    assert reason(house, guests=2) is None, "the duo room is open"
    block(house, house.duo_room, house.at("11:00"), house.at("11:15"))
    assert reason(house, "10:30") == Reason.NO_ROOM
    assert reason(house, "11:30") is None
    block(house, person(house.therese), house.at("15:00"), house.at("16:00"))
    assert reason(house, "15:00") is None
    block(house, person(house.marc), house.at("15:30"), house.at("16:00"))
    assert reason(house, "15:00") == Reason.NO_THERAPIST


def test_confirmed_and_pending_bookings_take_rooms_and_therapists(house: House, book: Book) -> None:
    accept(house, book("10:00"), house.therese)
    assert reason(house, guests=2) == Reason.NO_THERAPIST
    waiting = book("10:30")
    assert reason(house, "10:00") == Reason.NO_THERAPIST
    assert reason(house, "11:00") is None, "Thérèse is free again"
    accept(house, waiting, house.marc)
    assert reason(house, "11:00") is None
    assert reason(house, "11:00", guests=2) == Reason.NO_THERAPIST


def test_buffers_and_inactive_things_count_as_stored(house: House, book: Book) -> None:
    house.lutetia.room_turnover_buffer_minutes = 30
    for room in (house.rooms[1], house.duo_room):
        room.active = False
    save(house.lutetia)
    book("10:00")
    assert reason(house, "11:00") == Reason.NO_ROOM
    assert reason(house, "11:30") is None
    assert reason(house, "09:00") == Reason.NO_ROOM
    house.marc.active = False
    save(house.marc)
    make_room(house.lutetia, house.duo_room.room_type)
    assert reason(house, "10:00") == Reason.NO_THERAPIST


def test_skills_and_refusals_decide_who_is_kept_for_whom(house: House, book: Book) -> None:
    waiting = book("10:00")
    decline_offer(house.lutetia, offer=offer_to(waiting, house.therese), by=phone(house.therese))
    assert reason(house, "10:00") is None, "Marc is kept for the one who waits, Thérèse is free"
    qualify(house.therese, make_treatment(house.lutetia, house.massage.room_type))
    assert reason(house, "10:00") == Reason.NO_THERAPIST


def test_what_therapists_do_at_another_venue_counts(house: House, book: Book) -> None:
    house.lutetia.inter_venue_buffer_minutes, house.marc.active = 30, False
    save(house.lutetia, house.marc, VenueMember(venue_id=house.marais.id, member_id=house.therese.id))
    lend(house.therese, house.marais, house.day, start=time(10, 30), end=time(11, 30))
    make_room(house.marais)
    away = book("10:30", venue=house.marais, variant=make_treatment(house.marais).variants[0])
    assert reason(house, "09:30") == Reason.NO_THERAPIST, "whoever waits there needs her, and she needs half an hour"
    accept_booking(house.marais, offer=offer_to(away, house.therese), by=phone(house.therese))
    assert reason(house, "09:30") == Reason.NO_THERAPIST
    assert reason(house, "11:30") == Reason.NO_THERAPIST
    assert reason(house, "09:00") is None
    assert reason(house, "12:00") is None
