"""Waves: rank by rank on the minute, at once when nobody is left to answer, preference first, then the desk."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

import portal.bookings.broadcast as broadcast
import portal.bookings.waves as waves
from portal.audit import Actor
from portal.bookings.creation import request_booking
from portal.bookings.moving import Move, move_booking, resize_booking
from portal.bookings.request import Request
from portal.bookings.service import cancel_booking, withdraw_from_booking
from portal.bookings.waves import send_due_waves
from portal.clock import frozen
from portal.database import db
from portal.models import Booking, LiveEvent, StaffMember
from portal.offers.service import decline_offer
from portal.undo.service import undo_last
from tests.bookings.conftest import Book, accept, asked, offer_to, partner, phone
from tests.bookings.visits import fresh
from tests.commands.conftest import Command, flask
from tests.factories import House, make_customer, make_member, make_shift, make_treatment

__all__ = ["flask"]

SECOND = timedelta(seconds=1)
Team = dict[str, StaffMember]


@pytest.fixture
def team(house: House) -> Team:
    """Ranks 1: Thérèse and Marc; 2: Zoé and Noël; 3: Lou. The venue waits seven minutes."""
    house.lutetia.therapist_escalation_delay_minutes = 7
    people = {"Thérèse": house.therese, "Marc": house.marc}
    for name, gender, rank in (("Zoé", "female", 2), ("Noël", "male", 2), ("Lou", "female", 3)):
        people[name] = make_member(house.organisation, house.lutetia, first_name=name, gender=gender, priority=rank)
        for days in range(2):
            make_shift(house.lutetia, people[name], house.day + timedelta(days=days))
    return people


@pytest.fixture
def eight(house: House, team: Team) -> datetime:
    """When the bookings of this file are made."""
    return house.at("08:00")


def minutes(count: float) -> timedelta:
    return timedelta(minutes=count)


def open_to(booking: Booking) -> set[str]:
    return {name for name, status in asked(fresh(booking)).items() if status == "open"}


def work(at: datetime) -> int:
    """What the worker does at that instant."""
    with frozen(at):
        return send_due_waves()


def decline(house: House, booking: Booking, *names: StaffMember, at: datetime) -> None:
    with frozen(at):
        for member in names:
            decline_offer(house.lutetia, offer=offer_to(booking, member), by=phone(member))


@pytest.fixture
def booked(house: House, book: Book, eight: datetime) -> Callable[..., Booking]:
    """`booked("10:00", gender_preference="male")`, at eight."""

    def ask(clock: str = "10:00", **given: object) -> Booking:
        with frozen(eight):
            return book(clock, **given)

    return ask


def test_rank_by_rank_on_the_second(house: House, booked: Callable[..., Booking], eight: datetime) -> None:
    booking = booked()
    assert open_to(booking) == {"Thérèse", "Marc"}
    assert fresh(booking).item.next_wave_at == eight + minutes(7)

    assert work(eight + minutes(7) - SECOND) == 0
    assert open_to(booking) == {"Thérèse", "Marc"}
    assert work(eight + minutes(7)) == 1
    assert open_to(booking) == {"Thérèse", "Marc", "Zoé", "Noël"}
    assert (fresh(booking).item.offered_rank, booking.item.next_wave_at) == (2, eight + minutes(14))
    assert work(eight + minutes(14) - SECOND) == 0
    assert work(eight + minutes(14)) == 1
    assert open_to(booking) == {"Thérèse", "Marc", "Zoé", "Noël", "Lou"}
    assert fresh(booking).item.alerted_at is None
    assert work(eight + minutes(21)) == 1
    assert (fresh(booking).item.alerted_at, booking.item.next_wave_at) == (eight + minutes(21), None)
    assert work(eight + minutes(60)) == 0


def test_each_wave_leaves_its_line_and_tells_open_pages(
    house: House, booked: Callable[..., Booking], eight: datetime
) -> None:
    booking = booked()
    before = _told()
    for wave in (7, 14, 21):
        work(eight + minutes(wave))

    lines = [(line.verb, line.actor_kind, line.door, line.details.get("rank")) for line in booking.events[1:]]
    assert lines == [
        ("asked", "system", "worker", 2),
        ("asked", "system", "worker", 3),
        ("alerted", "system", "worker", None),
    ]
    fresh = _told()[len(before) :]
    assert len(fresh) == 3
    assert all({"offers", f"column:{house.day}:lane"} <= set(event.topics) for event in fresh)


def test_a_worker_that_was_away_gives_each_wave_its_time(
    house: House, booked: Callable[..., Booking], eight: datetime
) -> None:
    booking = booked()

    assert work(eight + minutes(90)) == 1
    assert booking.item.offered_rank == 2
    assert fresh(booking).item.next_wave_at == eight + minutes(97)


def test_at_once_when_a_whole_rank_has_declined(
    house: House, team: Team, booked: Callable[..., Booking], eight: datetime
) -> None:
    booking = booked()

    decline(house, booking, house.therese, at=eight + minutes(1))
    assert open_to(booking) == {"Marc"}
    decline(house, booking, house.marc, at=eight + minutes(2))
    assert open_to(booking) == {"Zoé", "Noël"}
    assert fresh(booking).item.next_wave_at == eight + minutes(9)
    decline(house, booking, team["Zoé"], team["Noël"], at=eight + minutes(3))
    assert open_to(booking) == {"Lou"}
    decline(house, booking, team["Lou"], at=eight + minutes(4))
    assert (fresh(booking).item.alerted_at, booking.item.next_wave_at) == (eight + minutes(4), None)


def test_a_late_decline_of_an_earlier_rank_changes_nothing(
    house: House, booked: Callable[..., Booking], eight: datetime
) -> None:
    booking = booked()
    work(eight + minutes(7))

    decline(house, booking, house.therese, house.marc, at=eight + minutes(8))

    assert open_to(booking) == {"Zoé", "Noël"}
    assert fresh(booking).item.next_wave_at == eight + minutes(14)


def test_once_it_is_taken_nothing_is_due(house: House, booked: Callable[..., Booking], eight: datetime) -> None:
    booking = booked()
    with frozen(eight + minutes(1)):
        accept(house, booking, house.marc)

    assert (booking.item.next_wave_at, booking.item.alerted_at) == (None, None)
    assert work(eight + minutes(7)) == 0


def test_a_couple_goes_on_as_long_as_one_is_missing(
    house: House, booked: Callable[..., Booking], eight: datetime
) -> None:
    booking = booked(variant=house.duo, guest_count=2)
    with frozen(eight + minutes(1)):
        accept(house, booking, house.marc)
    assert open_to(booking) == {"Thérèse"}

    decline(house, booking, house.therese, at=eight + minutes(2))
    assert open_to(booking) == {"Zoé", "Noël"}


def test_a_cancelled_booking_is_offered_no_further(
    house: House, booked: Callable[..., Booking], eight: datetime
) -> None:
    booking = booked()
    cancel_booking(house.lutetia, booking=booking, reason="r", cancelled_by="partner", by=partner(house))

    assert fresh(booking).item.next_wave_at is None
    assert work(eight + minutes(7)) == 0


def test_what_has_begun_is_offered_no_further(house: House, booked: Callable[..., Booking]) -> None:
    booking = booked()

    assert work(house.at("10:00")) == 1
    assert (open_to(booking), booking.item.next_wave_at) == ({"Thérèse", "Marc"}, None)
    assert work(house.at("10:00")) == 0


def test_who_has_no_account_yet_is_asked_nothing(
    house: House, team: Team, booked: Callable[..., Booking], eight: datetime
) -> None:
    """She was invited and works already: her rank of one is passed over at once, though she could serve."""
    team["Lou"].password_hash = None
    db.session.commit()
    booking = booked()
    assert "Lou" not in asked(booking)
    work(eight + minutes(7))
    work(eight + minutes(14))
    assert set(asked(fresh(booking))) == {"Thérèse", "Marc", "Zoé", "Noël"}
    assert fresh(booking).item.alerted_at == eight + minutes(14)


def test_the_preferred_gender_first_rank_by_rank(
    house: House, team: Team, booked: Callable[..., Booking], eight: datetime
) -> None:
    booking = booked(gender_preference="female")
    assert open_to(booking) == {"Thérèse"}
    work(eight + minutes(7))
    assert open_to(booking) == {"Thérèse", "Zoé"}
    work(eight + minutes(14))
    assert open_to(booking) == {"Thérèse", "Zoé", "Lou"}

    work(eight + minutes(21))

    assert open_to(booking) == {"Thérèse", "Zoé", "Lou"}, "as long as a woman may still say yes, no man is asked"
    assert fresh(booking).item.alerted_at == eight + minutes(21)
    decline(house, booking, house.therese, team["Zoé"], team["Lou"], at=eight + minutes(22))
    assert open_to(booking) == {"Marc"}
    assert fresh(booking).item.alerted_at is None
    work(eight + minutes(29))
    assert open_to(booking) == {"Marc", "Noël"}


def test_whom_the_guest_asked_for_is_asked_before_all_ranks(
    house: House, team: Team, booked: Callable[..., Booking], eight: datetime
) -> None:
    booking = booked(requested=team["Lou"], gender_preference="male")
    assert open_to(booking) == {"Lou"}
    assert (offer_to(booking, team["Lou"]).because, booking.item.offered_rank) == ("requested", 0)

    work(eight + minutes(7))
    assert open_to(booking) == {"Lou", "Marc"}
    work(eight + minutes(14))
    assert open_to(booking) == {"Lou", "Marc", "Noël"}


def test_when_she_declines_the_ranks_follow_at_once(
    house: House, team: Team, booked: Callable[..., Booking], eight: datetime
) -> None:
    booking = booked(requested=team["Lou"])

    decline(house, booking, team["Lou"], at=eight + minutes(1))

    assert open_to(booking) == {"Thérèse", "Marc"}
    assert offer_to(booking, house.therese).because is None


def test_whoever_cannot_do_it_is_left_out_though_asked_for(
    house: House, team: Team, book: Book, eight: datetime
) -> None:
    with frozen(eight):
        accept(house, book("10:00", requested=team["Lou"], variant=house.single), team["Lou"])
        booking = book("10:30", requested=team["Lou"])

    assert open_to(booking) == {"Thérèse", "Marc"}


def test_a_guest_s_regular_therapist_is_told_so(
    house: House, team: Team, booked: Callable[..., Booking], book: Book, eight: datetime
) -> None:
    guest = make_customer(house.organisation)
    with frozen(eight):
        for clock in ("09:00", "10:00", "11:00"):
            accept(house, book(clock, customer=guest), house.marc if clock == "11:00" else house.therese)
    with frozen(house.at("20:00")):
        booking = book("12:00", starts_at=house.at("12:00", days=1), customer=guest)

    assert offer_to(booking, house.therese).because == "regular"
    assert offer_to(booking, house.marc).because is None


def test_whoever_took_another_one_no_longer_holds_it_up(house: House, team: Team, book: Book, eight: datetime) -> None:
    with frozen(eight):
        first, second = book("10:00"), book("10:30")
    decline(house, first, house.marc, at=eight + minutes(1))
    assert first.item.next_wave_at == eight + minutes(7)

    with frozen(eight + minutes(2)):
        accept(house, second, house.therese)

    assert fresh(first).item.next_wave_at == eight + minutes(2)
    assert work(eight + minutes(2)) == 1
    assert open_to(first) == {"Zoé", "Noël"}


def test_after_the_desk_was_alerted_a_therapist_who_steps_back_lets_the_others_be_asked(
    house: House, team: Team, booked: Callable[..., Booking], eight: datetime
) -> None:
    booking = booked()
    with frozen(eight + minutes(1)):
        accept(house, booking, house.therese)
    with frozen(eight + minutes(30)):
        withdraw_from_booking(house.lutetia, booking=booking, by=phone(house.therese))

    assert open_to(booking) == {"Marc"}
    assert fresh(booking).item.next_wave_at == eight + minutes(37)
    work(eight + minutes(37))
    assert open_to(booking) == {"Marc", "Zoé", "Noël"}


def test_a_desk_booking_goes_the_same_way(house: House, team: Team, eight: datetime) -> None:
    with frozen(eight):
        booking = request_booking(
            house.lutetia,
            Request(
                variant=house.single,
                starts_at=house.at("10:00"),
                customer=None,
                price_minor=1,
                channel="desk",
                desk=True,
            ),
            by=_desk(house),
        )
    assert open_to(booking) == {"Thérèse", "Marc"}
    work(eight + minutes(7))
    assert open_to(booking) == {"Thérèse", "Marc", "Zoé", "Noël"}


def test_treatments_in_a_row_go_on_one_by_one(house: House, team: Team, eight: datetime) -> None:
    after = make_treatment(house.lutetia, house.massage.room_type).variants[0]
    with frozen(eight):
        booking = request_booking(
            house.lutetia,
            Request(
                variant=house.single, then=(after,), starts_at=house.at("10:00"), customer=None, price_minor=1,
                channel="desk", desk=True,
            ),
            by=_desk(house),
        )  # fmt: skip
    first, second = booking.items
    assert first.next_wave_at == second.next_wave_at == eight + minutes(7)
    assert [line.verb for line in booking.events] == ["requested"]

    assert work(eight + minutes(7)) == 2
    assert {offer.member.first_name for offer in second.offers} == {"Thérèse", "Marc", "Zoé", "Noël"}


def test_another_time_is_a_new_question_to_those_who_were_asked(
    house: House, team: Team, booked: Callable[..., Booking], eight: datetime
) -> None:
    booking = booked()
    work(eight + minutes(7))
    decline(house, booking, house.marc, at=eight + minutes(8))
    with frozen(eight + minutes(9)):
        offer_to(booking, team["Zoé"]).see(at=eight + minutes(9))
        db.session.commit()
        move_booking(house.lutetia, booking=booking, move=Move(starts_at=house.at("15:00")), by=_desk(house))

    assert open_to(booking) == {"Thérèse", "Zoé", "Noël"}, "Marc has said no to this guest"
    assert fresh(booking).item.next_wave_at == eight + minutes(16)
    zoe = offer_to(booking, team["Zoé"])
    assert (zoe.sent_at, zoe.seen_at) == (eight + minutes(9), None)
    work(eight + minutes(16))
    assert open_to(booking) == {"Thérèse", "Zoé", "Noël", "Lou"}


def test_who_cannot_do_the_new_time_is_no_longer_asked_until_it_fits_again(
    house: House, team: Team, book: Book, eight: datetime
) -> None:
    with frozen(eight):
        booking, other = book("10:00"), book("15:00")
        accept(house, other, house.therese)
    with frozen(eight + minutes(1)):
        move_booking(house.lutetia, booking=booking, move=Move(starts_at=house.at("15:30")), by=_desk(house))
    assert open_to(booking) == {"Marc"}
    assert asked(booking)["Thérèse"] == "cancelled"

    with frozen(eight + minutes(2)):
        move_booking(house.lutetia, booking=booking, move=Move(starts_at=house.at("12:00")), by=_desk(house))
    assert open_to(booking) == {"Thérèse", "Marc"}


def test_another_room_is_no_new_question(house: House, booked: Callable[..., Booking], eight: datetime) -> None:
    booking = booked()
    before = [(offer.id, offer.sent_at, offer.status) for offer in booking.item.offers]

    with frozen(eight + minutes(3)):
        move_booking(house.lutetia, booking=booking, move=Move(room=house.rooms[1]), by=_desk(house))

    assert [(offer.id, offer.sent_at, offer.status) for offer in booking.item.offers] == before
    assert fresh(booking).item.next_wave_at == eight + minutes(7)


def test_a_longer_treatment_asks_only_those_who_have_the_time(
    house: House, team: Team, book: Book, eight: datetime
) -> None:
    with frozen(eight):
        booking, other = book("10:00"), book("11:00")
        accept(house, other, house.therese)
    with frozen(eight + minutes(1)):
        resize_booking(house.lutetia, booking=booking, minutes=90, by=_desk(house))

    assert open_to(booking) == {"Marc"}


def test_an_undone_move_goes_on_where_the_waves_were(
    house: House, team: Team, booked: Callable[..., Booking], eight: datetime
) -> None:
    booking = booked()
    work(eight + minutes(7))
    with frozen(eight + minutes(8)):
        move_booking(house.lutetia, booking=booking, move=Move(starts_at=house.at("15:00")), by=_desk(house))
    with frozen(eight + minutes(8.1)):
        undo_last(house.lutetia, by=_desk(house))

    assert open_to(booking) == {"Thérèse", "Marc", "Zoé", "Noël"}
    assert {offer.sent_at for offer in booking.item.offers} == {eight, eight + minutes(7)}
    assert (fresh(booking).item.offered_rank, booking.item.next_wave_at) == (2, eight + minutes(14))


def test_an_undo_that_is_not_about_the_asking_leaves_it_where_it_has_come_to(
    house: House, team: Team, booked: Callable[..., Booking], eight: datetime
) -> None:
    booking = booked()
    with frozen(eight + minutes(6.9)):
        move_booking(house.lutetia, booking=booking, move=Move(room=house.rooms[1]), by=_desk(house))
    work(eight + minutes(7))
    decline(house, booking, house.marc, at=eight + minutes(7))
    with frozen(eight + minutes(7.1)):
        undo_last(house.lutetia, by=_desk(house))

    assert open_to(booking) == {"Thérèse", "Zoé", "Noël"}
    assert asked(booking)["Marc"] == "declined"
    assert booking.item.offered_rank == 2
    assert [claim.resource_id for claim in booking.item.claims if claim.active] == [house.rooms[0].id]


def test_an_undone_cancellation_is_offered_as_before(
    house: House, team: Team, booked: Callable[..., Booking], eight: datetime
) -> None:
    booking = booked(requested=team["Lou"])
    with frozen(eight + minutes(1)):
        cancel_booking(house.lutetia, booking=booking, reason="r", cancelled_by="staff", by=_desk(house))
        assert fresh(booking).item.next_wave_at is None
        undo_last(house.lutetia, by=_desk(house))

    assert open_to(booking) == {"Lou"}
    assert (fresh(booking).item.offered_rank, booking.item.next_wave_at) == (0, eight + minutes(7))
    assert booking.item.requested_id == team["Lou"].id


def test_nobody_to_ask_alerts_the_desk_at_once(house: House, book: Book) -> None:
    with frozen(eight := house.at("08:00")):
        accept(house, book("10:00"), house.therese)
        accept(house, book("10:00"), house.marc)
        overbooked = request_booking(
            house.lutetia,
            Request(
                variant=house.single, starts_at=house.at("10:00"), customer=None, price_minor=1, channel="desk",
                desk=True, overbook_reason="The guest insists", room=house.duo_room,
            ),
            by=Actor.of_member(house.maud, door="agenda"),
        )  # fmt: skip

    assert open_to(overbooked) == set()
    assert (overbooked.item.alerted_at, overbooked.item.next_wave_at) == (eight, None)


def test_one_failing_booking_does_not_keep_the_others_waiting(
    house: House, team: Team, book: Book, eight: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    with frozen(eight):
        first, second = book("10:00"), book("12:00")
    broken = first.item.id
    asked_next = broadcast.ask_next

    def fail(venue: object, item: object, *given: object, **more: object) -> bool:
        if item.id == broken:  # type: ignore[attr-defined]  # a BookingItem
            raise RuntimeError("broken")
        return asked_next(venue, item, *given, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(waves, "ask_next", fail)

    assert work(eight + minutes(7)) == 1
    assert (first.item.offered_rank, second.item.offered_rank) == (1, 2)


def test_flask_worker_sends_what_is_due_at_that_instant(
    house: House, team: Team, booked: Callable[..., Booking], eight: datetime, flask: Command
) -> None:
    booking = booked()
    at = (eight + minutes(7)).isoformat()

    assert flask("worker", "--once", "--at", (eight + minutes(7) - SECOND).isoformat()).exit_code == 0
    assert open_to(booking) == {"Thérèse", "Marc"}
    assert flask("worker", "--once", "--at", at).exit_code == 0
    assert open_to(booking) == {"Thérèse", "Marc", "Zoé", "Noël"}
    assert flask("worker", "--once", "--at", at).exit_code == 0
    assert open_to(booking) == {"Thérèse", "Marc", "Zoé", "Noël"}


def _told() -> list[LiveEvent]:
    return list(db.session.scalars(select(LiveEvent).order_by(LiveEvent.id)))


def _desk(house: House) -> Actor:
    return Actor.of_member(house.camille, door="agenda")
