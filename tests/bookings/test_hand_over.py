"""Another therapist at the same time in the same room: who can, who cannot, and what becomes of it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import delete, select

from portal.blocks.service import block_time
from portal.bookings.errors import SlotUnavailable, Stale
from portal.bookings.handover import hand_over
from portal.bookings.refusals import sentence
from portal.bookings.words import event_sentence
from portal.changes.queries import last_change
from portal.clock import frozen
from portal.database import db
from portal.models import AuditEntry, Booking, OutboxEvent, Shift
from portal.models.booking_states import NotAssigned, NotNow
from portal.undo.service import undo_change
from tests.blocks.conftest import person
from tests.bookings.conftest import Book, accept, asked
from tests.bookings.test_move_booking import desk, held
from tests.factories import House, make_member, make_shift, make_treatment, qualify
from tests.support.language import in_english


@pytest.fixture
def visit(house: House, book: Book) -> Booking:
    """Thérèse's hour at ten."""
    booking = book("10:00")
    accept(house, booking, house.therese)
    return booking


def give(house: House, booking: Booking, version: int | None = None) -> Booking:
    return hand_over(
        house.lutetia, booking=booking, item=booking.item, giver=house.therese, taker=house.marc, by=desk(house),
        version=version,
    )  # fmt: skip


def test_who_treats_changes_and_nothing_else(house: House, visit: Booking) -> None:
    room = {name for name, _, _ in held(visit) if name.startswith("Cabine")}
    give(house, visit)

    assert (visit.status, visit.therapist, visit.starts_at) == ("confirmed", house.marc, house.at("10:00"))
    assert {name for name, _, _ in held(visit)} == {"Marc Test"} | room
    assert asked(visit) == {"Thérèse": "taken", "Marc": "accepted"}
    line = visit.events[-1]
    assert in_english(lambda: event_sentence(line)) == "Marc Test takes it over from Thérèse Test"
    assert db.session.scalars(select(AuditEntry).where(AuditEntry.verb == "booking:handed_over")).one()
    told = select(OutboxEvent.type).where(OutboxEvent.type.like("booking.%")).order_by(OutboxEvent.id)
    types = db.session.scalars(told).all()
    assert types[-1] == "booking.updated"


def test_one_undo_gives_it_back(house: House, visit: Booking) -> None:
    before = held(visit)
    give(house, visit)
    change = last_change(house.lutetia, house.camille)
    assert change is not None
    undo_change(house.lutetia, change=change, by=desk(house))
    db.session.expire_all()
    assert (visit.therapist, held(visit)) == (house.therese, before)
    assert asked(visit) == {"Thérèse": "accepted", "Marc": "taken"}


def test_twice_is_once(house: House, visit: Booking) -> None:
    give(house, visit)
    lines = len(visit.events)
    give(house, visit)
    assert len(visit.events) == lines


def test_a_colleague_who_was_never_asked_needs_no_offer(house: House, visit: Booking) -> None:
    ines = make_member(house.organisation, house.lutetia, first_name="Inès", priority=2)
    make_shift(house.lutetia, ines, house.day)
    hand_over(house.lutetia, booking=visit, item=visit.item, giver=house.therese, taker=ines, by=desk(house))
    assert visit.therapist == ines


@pytest.mark.parametrize(
    ("obstacle", "told"),
    [
        ("skill", "Marc Test does not do this treatment."),
        ("shift", "Marc Test is not on shift then"),
        ("busy", "Marc Test is with another guest from 10:30 to 11:30."),
        ("blocked", "Marc Test is blocked from 10:30 to 11:00."),
        ("promised", "Marc Test is needed for a booking that still waits for a therapist."),
    ],
)
def test_who_cannot_is_refused_with_the_reason(
    house: House, visit: Booking, book: Book, obstacle: str, told: str
) -> None:
    if obstacle == "skill":
        qualify(house.marc, make_treatment(house.lutetia))
    elif obstacle == "shift":
        db.session.execute(delete(Shift).where(Shift.member_id == house.marc.id, Shift.day == house.day))
        db.session.commit()
    elif obstacle == "busy":
        accept(house, book("10:30"), house.marc)
    elif obstacle == "promised":
        book("10:30")
    else:
        block_time(
            house.lutetia, resources=[person(house.marc)], starts_at=house.at("10:30"), ends_at=house.at("11:00"),
            kind="meeting", by=desk(house),
        )  # fmt: skip
    before = held(visit)
    with pytest.raises(SlotUnavailable) as refused:
        give(house, visit)
    assert told in in_english(lambda: sentence(house.lutetia, refused.value))
    db.session.expire_all()
    assert (visit.therapist, held(visit)) == (house.therese, before)


def test_an_older_version_is_stale(house: House, visit: Booking) -> None:
    with pytest.raises(Stale):
        give(house, visit, version=visit.version - 1)


def test_who_does_not_hold_it_cannot_give_it(house: House, visit: Booking) -> None:
    ines = make_member(house.organisation, house.lutetia, first_name="Inès")
    with pytest.raises(NotAssigned):
        hand_over(house.lutetia, booking=visit, item=visit.item, giver=ines, taker=house.marc, by=desk(house))


def test_not_once_it_has_begun(house: House, visit: Booking) -> None:
    visit.begin(by=desk(house), at=house.at("10:00"))
    db.session.commit()
    with frozen(house.at("10:00") + timedelta(minutes=1)), pytest.raises(NotNow):
        give(house, visit)


def test_one_of_a_couples_therapists(house: House, book: Book) -> None:
    ines = make_member(house.organisation, house.lutetia, first_name="Inès", priority=3)
    make_shift(house.lutetia, ines, house.day)
    couple = book("12:00", variant=house.duo, guest_count=2)
    for member in (house.therese, house.marc):
        accept(house, couple, member)
    hand_over(house.lutetia, booking=couple, item=couple.item, giver=house.therese, taker=ines, by=desk(house))
    assert {one.member for one in couple.item.current_assignments} == {house.marc, ines}
    assert couple.status == "confirmed"
    with pytest.raises(SlotUnavailable):
        hand_over(house.lutetia, booking=couple, item=couple.item, giver=ines, taker=house.marc, by=desk(house))
