"""What a therapist is told of her visits: what really changed for her, once the desk's ten seconds are over."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from portal.audit import Actor
from portal.bookings.creation import request_booking
from portal.bookings.moving import Move, move_booking
from portal.bookings.request import Request
from portal.bookings.service import cancel_booking, withdraw_from_booking
from portal.bookings.visit import check_in
from portal.changes.queries import last_change
from portal.clock import frozen
from portal.models import Booking
from portal.undo.service import undo_change
from tests.factories import House, make_customer, make_member, make_shift, make_treatment
from tests.notices.conftest import Book, accept, choose, desk, notices, said, states, work
from tests.support.smtpd import MailServer


@pytest.fixture
def hers(house: House, book: Book) -> Booking:
    """She has accepted it. Offers are no matter here."""
    for member in (house.therese, house.marc):
        choose(member, off=["offer"])
    booking = book("10:00")
    accept(house, booking, house.therese)
    return booking


def move(house: House, booking: Booking, clock: str | None = None, **given: Any) -> None:
    starts_at = house.at(clock) if clock else None
    move_booking(house.lutetia, booking=booking, move=Move(starts_at=starts_at, **given), by=desk(house))


def undo(house: House) -> None:
    change = last_change(house.lutetia, house.camille)
    assert change is not None
    undo_change(house.lutetia, change=change, by=desk(house))


def cancel(house: House, booking: Booking, by: Actor | None = None) -> None:
    cancel_booking(house.lutetia, booking=booking, reason="ill", cancelled_by="guest", by=by or desk(house))


def give(house: House, clock: str = "10:00", by: Actor | None = None) -> Booking:
    wish = Request(
        variant=house.single, starts_at=house.at(clock), customer=make_customer(house.organisation, first_name="Odile"),
        price_minor=9500, channel="desk", desk=True, therapists=(house.therese,),
    )  # fmt: skip
    return request_booking(house.lutetia, wish, by=by or desk(house))


def test_accepting_is_no_news_to_herself(house: House, hers: Booking) -> None:
    assert states(house.therese) == []


def test_moved(house: House, hers: Booking, mail: MailServer) -> None:
    move(house, hers, "15:00")
    work(after=9)
    assert (states(house.therese), mail.letters) == ([("moved", "waiting")], [])
    work(after=11)
    assert states(house.therese) == [("moved", "email:sent")]
    (letter,) = mail.letters
    assert letter["To"] == "Thérèse Test <therese@maison-lutece.example>"
    assert letter["From"] == "Spa Lutèce EN <spa@lutece.example>"
    assert letter["Subject"] == "Moved – Tomorrow 15:00, 60 min"
    for form in ("plain", "html"):
        for word in ("Tomorrow 15:00, 60 min", "Relaxing massage", "Cabine 1", "It was 10:00.", "/my/day"):
            assert word in said(letter, form), word
        assert "Dupont" not in said(letter, form), "no guest's name leaves the house"
    work(after=3600)
    assert len(mail.letters) == 1


def test_moved_twice_is_moved_once(house: House, hers: Booking, mail: MailServer) -> None:
    move(house, hers, "15:00")
    move(house, hers, "17:00")
    work(after=11)
    assert states(house.therese) == [("moved", "voided"), ("moved", "email:sent")]
    assert "It was 10:00." in said(mail.letters[0])
    assert "17:00" in said(mail.letters[0])


@pytest.mark.parametrize("how", ["by hand", "undo"])
def test_moved_and_moved_back_is_nothing(house: House, hers: Booking, mail: MailServer, how: str) -> None:
    move(house, hers, "15:00")
    if how == "undo":
        undo(house)
    else:
        move(house, hers, "10:00")
    work(after=11)
    assert (states(house.therese), mail.letters) == ([("moved", "voided")], [])


def test_undone_after_she_heard_of_it_she_hears_again(house: House, hers: Booking, mail: MailServer) -> None:
    move(house, hers, "15:00")
    work(after=11)
    undo(house)
    work(after=11)
    assert states(house.therese) == [("moved", "email:sent")] * 2
    assert "It was 15:00." in said(mail.letters[1])


def test_another_room(house: House, hers: Booking, mail: MailServer) -> None:
    move(house, hers, room=house.rooms[1])
    work(after=11)
    assert states(house.therese) == [("room_changed", "email:sent")]
    assert mail.letters[0]["Subject"].startswith("Another room")
    assert "Cabine 2, Spa Lutèce EN\nIt was Cabine 1." in said(mail.letters[0])


def test_given_to_a_colleague_both_are_told(house: House, hers: Booking, mail: MailServer) -> None:
    move(house, hers, therapist=house.marc, instead_of=house.therese)
    work(after=11)
    assert states(house.therese) == [("booking_taken", "email:sent")]
    assert states(house.marc) == [("booking_given", "email:sent")]
    texts = {letter["To"].split()[0]: said(letter) for letter in mail.letters}
    assert "Somebody else takes over\nTomorrow 10:00\nRelaxing massage" in texts["Thérèse"]
    assert "New in your day\nTomorrow 10:00, 60 min\nRelaxing massage\nCabine 1" in texts["Marc"]


def test_cancelled(house: House, hers: Booking, mail: MailServer) -> None:
    cancel(house, hers)
    work(after=11)
    assert states(house.therese) == [("cancelled", "email:sent")]
    assert mail.letters[0]["Subject"] == "Cancelled – Tomorrow 10:00"


def test_cancelled_and_undone_is_nothing(house: House, hers: Booking, mail: MailServer) -> None:
    cancel(house, hers)
    undo(house)
    work(after=11)
    assert (states(house.therese), mail.letters) == ([("cancelled", "voided")], [])


def test_given_by_the_desk_and_moved_before_she_heard(house: House, mail: MailServer) -> None:
    booking = give(house)
    move(house, booking, "12:00")
    work(after=11)
    assert states(house.therese) == [("booking_given", "voided"), ("booking_given", "email:sent")]
    assert "Tomorrow 12:00" in said(mail.letters[0])
    assert "It was" not in said(mail.letters[0])


def test_given_and_undone_was_never_there(house: House, mail: MailServer) -> None:
    give(house)
    undo(house)
    work(after=11)
    assert (states(house.therese), mail.letters) == ([("booking_given", "voided")], [])


def test_given_back_before_she_heard(house: House, mail: MailServer) -> None:
    booking = give(house)
    withdraw_from_booking(house.lutetia, booking=booking, by=Actor.of_member(house.therese, door="phone"))
    work(after=11)
    assert states(house.therese) == [("booking_given", "voided")]


def test_a_change_that_says_nothing_new_tells_nothing(house: House, hers: Booking) -> None:
    move(house, hers, "10:00")
    assert states(house.therese) == []


def test_a_rehearsal_tells_nothing(house: House, book: Book, mail: MailServer) -> None:
    booking = book("10:00", test=True)
    accept(house, booking, house.therese)
    move(house, booking, "15:00")
    cancel(house, booking)
    work(after=11)
    assert (states(house.therese), states(house.marc), mail.letters) == ([], [], [])


def test_soon_does_not_wait_for_the_morning(house: House, hers: Booking, mail: MailServer) -> None:
    choose(house.therese, off=["offer"], quiet={"from": "06:00", "to": "23:00"})
    with frozen(house.at("08:30")):
        move(house, hers, "15:00")
    assert notices(house.therese)[0].due_at == house.at("08:30") + timedelta(seconds=10)


def test_later_waits_for_the_end_of_quiet_hours_and_is_told_as_it_then_is(
    house: House, hers: Booking, mail: MailServer
) -> None:
    choose(house.therese, off=["offer"], quiet={"from": "00:00", "to": "08:00"})
    with frozen(house.at("01:00")):
        move(house, hers, "15:00")
    with frozen(house.at("02:00")):
        move(house, hers, "17:00")
    work(house.at("07:59"))
    assert mail.letters == []
    work(house.at("08:00"))
    assert "17:00" in said(mail.letters[0])
    assert "It was 10:00." in said(mail.letters[0])


def test_what_is_over_is_not_told(house: House, hers: Booking, mail: MailServer) -> None:
    move(house, hers, "15:00")
    work(house.at("16:01"))
    assert (states(house.therese), mail.letters) == ([("moved", "voided")], [])


def test_arrived(house: House, hers: Booking, mail: MailServer) -> None:
    with frozen(house.at("09:50")):
        check_in(house.lutetia, booking=hers, by=desk(house))
        check_in(house.lutetia, booking=hers, by=desk(house))
    work(house.at("09:51"))
    assert states(house.therese) == [("arrived", "email:sent")]
    assert "Your guest has arrived" in said(mail.letters[0])
    assert "Hélène" not in said(mail.letters[0])


def test_an_arrival_that_is_undone_is_not_told(house: House, hers: Booking, mail: MailServer) -> None:
    with frozen(house.at("09:50")):
        check_in(house.lutetia, booking=hers, by=desk(house))
        undo(house)
    work(house.at("09:51"))
    assert (states(house.therese), mail.letters) == ([("arrived", "voided")], [])


def test_the_only_therapist_of_a_venue_hears_of_what_was_confirmed_for_her(house: House, book: Book) -> None:
    choose(house.therese, off=["offer"])
    house.lutetia.auto_validation = True
    house.marc.active = False
    book("10:00")
    assert states(house.therese) == [("booking_given", "waiting")]


def test_french(house: House, hers: Booking, mail: MailServer) -> None:
    house.therese.locale = "fr"
    move(house, hers, "15:00")
    work(after=11)
    assert mail.letters[0]["Content-Language"] == "fr"
    assert "Demain 15:00" in said(mail.letters[0])
    assert "Massage relaxant" in said(mail.letters[0])


def test_who_makes_way_for_another_booking_hears_of_the_other_room(house: House, book: Book, mail: MailServer) -> None:
    """Two couples' half-hours in two rooms leave no room for the hour over both; moving one of them does."""
    choose(house.therese, off=["offer"])
    make_shift(house.lutetia, make_member(house.organisation, house.lutetia), house.day)
    house.duo_room.active = False
    for room in house.rooms:
        room.capacity = 2
    treatment = make_treatment(house.lutetia, house.massage.room_type, duration=30, guest_count=2)
    first, second = (book(clock, variant=treatment.variants[0], guest_count=2) for clock in ("10:00", "10:30"))
    (claim,) = second.item.claims
    claim.resource_id = house.rooms[1].id
    for booking in (first, second):
        accept(house, booking, house.therese)

    book("10:00")
    work(after=11)

    assert states(house.therese) == [("room_changed", "email:sent")]
    texts = [said(letter) for letter in mail.letters if "Thérèse" in letter["To"]]
    assert any(f"It was {room.name}." in texts[0] for room in house.rooms)
