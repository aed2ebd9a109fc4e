"""A wish becomes a pending booking with its rooms reserved and its therapists asked."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from portal.bookings.errors import DuplicateExternalId, SlotUnavailable
from portal.database import db
from portal.models import AuditEntry, Booking, Claim, LiveEvent, OutboxEvent, StaffMember
from tests.bookings.conftest import Book, accept, asked, offer_to
from tests.factories import House, make_member, make_shift, make_treatment, qualify


def test_it_is_pending_with_a_room_and_everyone_on_shift_asked(house: House, book: Book) -> None:
    booking = book("10:00")

    assert (booking.status, booking.number, booking.item.therapists_missing) == ("pending", 1, 1)
    assert [claim.resource_id for claim in booking.item.claims] == [house.rooms[0].id]
    assert asked(booking) == {"Thérèse": "open", "Marc": "open"}


def test_it_leaves_history_audit_outbox_and_a_live_line(house: House, book: Book) -> None:
    booking = book("10:00")

    assert [(line.verb, line.from_status, line.to_status, line.door) for line in booking.events] == [
        ("requested", None, "pending", "partner")
    ]
    audited = db.session.scalars(select(AuditEntry)).one()
    assert (audited.verb, audited.subject, audited.actor) == ("booking:requested", booking.uuid, house.key_row.uuid)
    sent = db.session.scalars(select(OutboxEvent)).one()
    assert (sent.type, sent.subject) == ("booking.created", booking.uuid)
    told = db.session.scalars(select(LiveEvent)).one()
    [claim] = booking.item.claims
    assert set(told.topics) == {
        "offers",
        f"agenda:{house.day}",
        f"column:{house.day}:lane",
        f"column:{house.day}:{claim.resource.uuid}",
    }


def test_a_single_guest_does_not_waste_the_duo_room(house: House, book: Book) -> None:
    rooms = [book("10:00").item.claims[0].resource_id, book("10:00").item.claims[0].resource_id]

    assert house.duo_room.id not in rooms


def test_a_duo_takes_the_duo_room_and_needs_two_therapists(house: House, book: Book) -> None:
    booking = book("10:00", variant=house.duo, guest_count=2)

    assert [claim.resource_id for claim in booking.item.claims] == [house.duo_room.id]
    assert booking.item.therapists_missing == 2


def test_a_duo_takes_two_rooms_when_no_single_one_holds_both(house: House, book: Book) -> None:
    house.duo_room.active = False
    db.session.commit()

    booking = book("10:00", variant=house.duo, guest_count=2)

    assert {claim.resource_id for claim in booking.item.claims} == {room.id for room in house.rooms}


def test_turnover_is_part_of_the_room_s_time_and_not_of_the_therapist_s(house: House, book: Book) -> None:
    house.lutetia.room_turnover_buffer_minutes = 10
    house.massage.buffer_minutes = 15
    db.session.commit()

    booking = book("10:00")
    accept(house, booking, house.therese)

    ends = {claim.resource_id: claim.ends_at for claim in booking.item.claims}
    assert ends[house.rooms[0].id] == house.at("11:15")
    assert ends[house.therese.resource_id or 0] == house.at("11:00")


def test_two_pending_bookings_use_up_two_therapists(house: House, book: Book) -> None:
    book("10:00")
    book("10:00")

    with pytest.raises(SlotUnavailable) as refused:
        book("10:30")

    assert refused.value.reason == "no_therapist"
    assert house.at("11:00") in refused.value.alternatives


def test_a_refusal_changes_nothing(house: House, book: Book) -> None:
    before = _rows()

    with pytest.raises(SlotUnavailable, match="slot_unavailable"):
        book("23:00")

    assert _rows() == before


def test_a_skill_that_only_one_has_is_kept_for_those_who_need_it(house: House, book: Book) -> None:
    rare = make_treatment(house.lutetia, house.massage.room_type, name="Pierres chaudes")
    qualify(house.marc, house.massage)
    qualify(house.therese, house.massage, rare)

    book("10:00", variant=rare.variants[0])
    book("10:00")
    with pytest.raises(SlotUnavailable):
        book("10:00", variant=rare.variants[0])


def test_only_the_best_rank_is_asked_first(house: House, book: Book) -> None:
    second = make_member(house.organisation, house.lutetia, first_name="Zoé", priority=2)
    make_shift(house.lutetia, second, house.day)

    booking = book("10:00")

    assert asked(booking) == {"Thérèse": "open", "Marc": "open"}
    assert booking.item.offered_rank == 1


def test_a_gender_wish_goes_to_those_who_match(house: House, book: Book) -> None:
    assert asked(book("10:00", gender_preference="female")) == {"Thérèse": "open"}


def test_the_same_external_id_is_refused_and_books_nothing_twice(house: House, book: Book) -> None:
    first = book("10:00", external_id="STAY-1")

    with pytest.raises(DuplicateExternalId):
        book("15:00", external_id="STAY-1")

    assert db.session.scalars(select(Booking.uuid)).all() == [first.uuid]


def test_a_twin_that_lost_its_slot_to_itself_is_told_so(house: House, book: Book) -> None:
    first = book("10:00", external_id="STAY-1")
    book("10:00")

    with pytest.raises(DuplicateExternalId) as refused:
        book("10:00", external_id="STAY-1")

    assert refused.value.booking is not None
    assert refused.value.booking.uuid == first.uuid


def test_numbers_are_sequential_per_organisation(house: House, book: Book) -> None:
    assert [book(clock).number for clock in ("09:00", "12:00", "15:00")] == [1, 2, 3]


def test_a_venue_that_validates_by_itself_confirms_for_its_only_therapist(house: House, book: Book) -> None:
    house.lutetia.auto_validation = True
    house.marc.active = False
    db.session.commit()

    booking = book("10:00")

    assert booking.status == "confirmed"
    assert offer_to(booking, house.therese).status == "accepted"


def test_with_two_therapists_nothing_is_validated_by_itself(house: House, book: Book) -> None:
    house.lutetia.auto_validation = True
    db.session.commit()

    assert book("10:00").status == "pending"


def test_a_pending_booking_gives_way_to_another_room_when_that_makes_place(house: House, book: Book) -> None:
    """Two half-hours in two rooms leave no room for the hour over both; moving one of them does."""
    house.duo_room.active = False
    half = make_treatment(house.lutetia, house.massage.room_type, duration=30).variants[0]
    db.session.commit()
    first = book("10:00", variant=half)
    second = book("10:30", variant=half)
    _put_into(second, house.rooms[1].id)
    assert first.item.claims[0].resource_id == house.rooms[0].id

    book("10:00")

    active = db.session.execute(
        select(Claim.item_id, Claim.resource_id).where(Claim.active, Claim.item_id.in_([first.item.id, second.item.id]))
    ).all()
    assert len({resource for _item, resource in active}) == 1
    moved = [line.verb for booking in (first, second) for line in booking.events]
    assert moved.count("room_changed") == 1


def test_at_most_20_statements(house: House, book: Book, statements) -> None:  # type: ignore[no-untyped-def]  # a fixture
    book("09:00")
    with statements() as sent:
        book("15:00", external_id="X")
    sent.at_most(20 + 1)  # and one for the guest that the fixture makes


def _put_into(booking: Booking, room_id: int) -> None:
    booking.item.claims[0].resource_id = room_id
    db.session.commit()


def _rows() -> list[int]:
    counted = [
        db.session.scalar(select(func.count()).select_from(table))
        for table in (Booking, Claim, OutboxEvent, LiveEvent, AuditEntry)
    ]
    return [count or 0 for count in counted]


def test_nothing_changes_for_others_on_the_next_day(house: House, book: Book) -> None:
    book("10:00")
    book("10:00")

    tomorrow = book("10:00", starts_at=house.at("10:00") + timedelta(days=1))

    assert tomorrow.status == "pending"
    assert db.session.get(StaffMember, house.therese.id) is not None
