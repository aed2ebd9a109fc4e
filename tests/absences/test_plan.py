"""The plan for the visits of somebody who is away: who takes them, when, and whose wishes would be lost."""

from __future__ import annotations

from datetime import time
from typing import Any

import pytest
from sqlalchemy import delete

from portal.absences.rehome.plan import Line, plan
from portal.absences.rehome.queries import visits_hit
from portal.blocks.service import block_time
from portal.bookings.slots.intervals import instant
from portal.clock import frozen, now
from portal.database import db
from portal.i18n import clock_time
from portal.models import Booking, Shift, StaffMember, VenueMember
from tests.absences.conftest import Visit, desk
from tests.blocks.conftest import person
from tests.bookings.conftest import Book, accept
from tests.factories import House, lend, make_member, make_shift, make_treatment, qualify, save

DAY = ("00:00", "23:55")
NOBODY = ("nobody", "")


def planned(house: House, *members: StaffMember, span: tuple[str, str] = DAY, **given: Any) -> list[Line]:
    """The plan for the house's day without these members, Thérèse if none is named."""
    start, end = (house.at(clock) for clock in span)
    gone = members or (house.therese,)
    visits = [one for member in gone for one in visits_hit(house.lutetia, member, start, end, at=now())]
    away = [(person(member).id, start, end) for member in gone]
    return plan(house.lutetia, visits, away, now=now(), **given)


def told(house: House, lines: list[Line]) -> list[tuple[str, str]]:
    """Who and when, in first names and local time."""
    names = {person(member).id: member.first_name for member in _team(house)}
    chosen = [one.proposal for one in lines]
    return [(names[one.person], clock_time(instant(one.start), "Europe/Paris")) if one else NOBODY for one in chosen]


def test_a_colleague_takes_it_at_the_same_time_in_the_same_room(house: House, visit: Visit) -> None:
    visit("10:00")
    visit("14:00")
    lines = planned(house)
    assert told(house, lines) == [("Marc", "10:00"), ("Marc", "14:00")]
    assert all(line.is_kept and not line.is_moved and line.proposal.rooms == () for line in lines if line.proposal)


@pytest.mark.parametrize("obstacle", ["not qualified", "off shift", "busy", "blocked"])
def test_who_cannot_is_not_proposed(house: House, visit: Visit, obstacle: str) -> None:
    visit("10:00")
    if obstacle == "not qualified":
        qualify(house.marc, make_treatment(house.lutetia))
    elif obstacle == "off shift":
        _send_home(house.marc, house)
    elif obstacle == "busy":
        visit("10:30", house.marc)
    else:
        _block(house, "10:30", "11:00", house.marc)
    assert told(house, planned(house, moving=False)) == [NOBODY]


def test_when_nobody_is_free_then_it_moves_as_little_as_can_be(house: House, visit: Visit) -> None:
    booking = visit("10:00")
    visit("10:30", house.marc)
    [line] = planned(house)
    assert told(house, [line]) == [("Marc", "09:30")]
    assert line.is_moved
    assert line.proposal is not None
    assert {hold.room_id for hold in line.proposal.rooms} == {_room(booking)}


def test_another_room_when_its_own_is_taken_then(house: House, visit: Visit) -> None:
    booking = visit("10:00")
    visit("10:30", house.marc)
    _block(house, "09:00", "10:00", next(room for room in house.rooms if room.id == _room(booking)))
    [line] = planned(house)
    assert line.proposal is not None
    assert told(house, [line]) == [("Marc", "09:30")]
    assert _room(booking) not in {hold.room_id for hold in line.proposal.rooms}


def test_all_are_decided_together(house: House, visit: Visit) -> None:
    """Inès does the massage only, Marc everything: whoever comes first must not take the wrong one."""
    ines = _colleague(house, "Inès")
    facial = make_treatment(house.lutetia, house.massage.room_type)
    qualify(ines, house.massage)
    zoe = _colleague(house, "Zoé")
    visit("10:00")
    visit("10:00", zoe, variant=facial.variants[0])
    lines = planned(house, house.therese, zoe)
    assert told(house, lines) == [("Inès", "10:00"), ("Marc", "10:00")]


def test_whom_the_guest_asked_for_is_kept_when_she_is_back(house: House, visit: Visit) -> None:
    booking = visit("11:00")
    _ask_for(booking, house.therese)
    [line] = planned(house, span=("09:00", "12:30"))
    assert told(house, [line]) == [("Thérèse", "12:30")]
    assert line.is_kept


def test_a_wish_that_would_be_lost_is_said(house: House, visit: Visit) -> None:
    booking = visit("11:00")
    _ask_for(booking, house.therese)
    [line] = planned(house)
    assert told(house, [line]) == [("Marc", "11:00")]
    assert line.proposal is not None
    assert (line.is_kept, line.proposal.breaks) == (False, "requested")


def test_a_colleague_whom_the_guest_asked_for_comes_first(house: House, visit: Visit) -> None:
    ines = _colleague(house, "Inès", priority=3)
    booking = visit("11:00")
    _ask_for(booking, ines)
    assert told(house, planned(house)) == [("Inès", "11:00")]


def test_a_woman_is_kept_where_one_was_wished_for(house: House, visit: Visit) -> None:
    visit("10:00", gender_preference="female")
    [line] = planned(house)
    assert line.proposal is not None
    assert (told(house, [line]), line.proposal.breaks) == ([("Marc", "10:00")], "gender")
    ines = _colleague(house, "Inès", priority=3, gender="female")
    assert told(house, planned(house)) == [("Inès", "10:00")]
    _block(house, "10:00", "11:00", ines)
    [line] = planned(house)
    assert told(house, [line]) == [("Inès", "11:00")]


def test_a_lost_wish_does_not_move_another_guest(house: House, visit: Visit) -> None:
    zoe = _colleague(house, "Zoé")
    _send_home(zoe, house)
    make_shift(house.lutetia, zoe, house.day, start=time(10), end=time(11))
    asked, plain = visit("10:00"), visit("10:00", zoe)
    _ask_for(asked, house.therese)
    lines = planned(house, house.therese, zoe)
    assert told(house, [line for line in lines if line.visit.booking == plain.uuid]) == [("Marc", "10:00")]


def test_whoever_waits_for_a_therapist_keeps_the_last_one(house: House, visit: Visit, book: Book) -> None:
    visit("10:00")
    book("10:30")
    assert told(house, planned(house, moving=False)) == [NOBODY]
    _colleague(house, "Inès")
    assert told(house, planned(house, moving=False))[0][0] in {"Marc", "Inès"}


def test_one_of_a_couples_therapists_is_replaced_and_the_couple_stays(house: House, book: Book) -> None:
    booking = book("10:00", variant=house.duo, guest_count=2)
    accept(house, booking, house.therese)
    accept(house, booking, house.marc)
    assert told(house, planned(house)) == [NOBODY]
    _colleague(house, "Inès")
    assert told(house, planned(house)) == [("Inès", "10:00")]


def test_the_way_from_another_venue_counts(house: House, visit: Visit) -> None:
    house.lutetia.inter_venue_buffer_minutes = 30
    save(VenueMember(venue=house.marais, member=house.marc))
    lend(house.marc, house.marais, house.day, start=time(11), end=time(12))
    there = make_treatment(house.marais)
    visit("10:00")
    elsewhere = visit("14:00", house.marc)
    for item in elsewhere.items:
        for claim in item.claims:
            claim.starts_at, claim.ends_at = house.at("11:15"), house.at("12:00")
            claim.venue_id = house.marais.id
    save(elsewhere)
    assert there
    assert told(house, planned(house, moving=False)) == [NOBODY]


def test_what_has_begun_or_is_over_is_left_alone(house: House, visit: Visit) -> None:
    visit("10:00")
    with frozen(house.at("10:30")):
        assert len(planned(house)) == 1  # the guest waits: nobody has begun
    with frozen(house.at("11:00")):
        assert planned(house) == []


def test_the_same_plan_as_before_while_nothing_changes(house: House, visit: Visit) -> None:
    for clock in ("09:00", "10:00", "12:00", "15:30"):
        visit(clock)
    _colleague(house, "Inès")
    assert told(house, planned(house)) == told(house, planned(house))


def _colleague(house: House, name: str, **given: Any) -> StaffMember:
    made = make_member(house.organisation, house.lutetia, first_name=name, **given)
    make_shift(house.lutetia, made, house.day)
    house.extra.setdefault("team", []).append(made)
    return made


def _team(house: House) -> list[StaffMember]:
    return [house.therese, house.marc, *house.extra.get("team", [])]


def _send_home(member: StaffMember, house: House) -> None:
    db.session.execute(delete(Shift).where(Shift.member_id == member.id, Shift.day == house.day))
    db.session.commit()


def _block(house: House, start: str, end: str, who: Any) -> None:
    resource = person(who) if isinstance(who, StaffMember) else who
    block_time(
        house.lutetia, resources=[resource], starts_at=house.at(start), ends_at=house.at(end), kind="meeting",
        by=desk(house),
    )  # fmt: skip


def _ask_for(booking: Booking, member: StaffMember) -> None:
    booking.item.requested = member
    save(booking)


def _room(booking: Booking) -> int:
    return next(claim.resource_id for claim in booking.item.claims if claim.active and claim.resource.kind == "room")
