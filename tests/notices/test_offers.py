"""Whoever is asked is told of it: once for each time at which the visit would be, and not when it is answered."""

from __future__ import annotations

from sqlalchemy import func, select

from portal.bookings.service import cancel_booking, withdraw_from_booking
from portal.database import db
from portal.models import Booking, OutboxEvent
from portal.notices.offers import tell_of_open_offers
from portal.offers.service import decline_offer
from tests.bookings.conftest import phone
from tests.factories import House, save
from tests.notices.conftest import Book, accept, choose, desk, notices, offer_to, said, states, work
from tests.notices.test_visits import move
from tests.support.smtpd import MailServer

TOLD = ("offer", "email:sent")


def test_a_new_offer(house: House, book: Book, mail: MailServer) -> None:
    booking = book("10:00", notes="Sore back")
    work()
    assert (states(house.therese), states(house.marc), states(house.camille)) == ([TOLD], [TOLD], [])
    letter = next(letter for letter in mail.letters if "Thérèse" in letter["To"])
    assert letter["Subject"] == "New offer – Tomorrow 10:00, 60 min"
    text = said(letter)
    assert "Tomorrow 10:00, 60 min\nRelaxing massage\nCabine 1, Spa Lutèce EN" in text
    assert not any(secret in text for secret in ("Hélène", "Dupont", "Sore back", "+336"))
    assert notices(house.therese)[0].subject == offer_to(booking, house.therese).uuid


def test_the_request_itself_writes_no_notice(house: House, book: Book) -> None:
    """Asking many therapists must not keep the guest waiting."""
    book("10:00")
    assert states(house.therese) == []


def test_one_that_is_for_her(house: House, book: Book, mail: MailServer) -> None:
    offer_to(book("10:00"), house.therese).because = "requested"
    work()
    subjects = {letter["To"].split()[0]: letter["Subject"] for letter in mail.letters}
    assert subjects["Thérèse"].startswith("An offer for you – ")
    assert subjects["Marc"].startswith("New offer – ")


def test_an_answer_is_faster_than_the_notice(house: House, book: Book, mail: MailServer) -> None:
    booking = book("10:00")
    write_notices()
    decline_offer(house.lutetia, offer=offer_to(booking, house.marc), by=phone(house.marc))
    work()
    assert (states(house.therese), states(house.marc)) == ([TOLD], [("offer", "voided")])
    accept(house, booking, house.therese)
    work()
    assert len(mail.letters) == 1


def test_taken_before_she_heard_of_it(house: House, book: Book, mail: MailServer) -> None:
    accept(house, book("10:00"), house.therese)
    work()
    assert (states(house.marc), mail.letters) == ([], [])


def test_asked_again_she_hears_again(house: House, book: Book, mail: MailServer) -> None:
    booking = book("10:00")
    work()
    accept(house, booking, house.therese)
    withdraw_from_booking(house.lutetia, booking=booking, by=phone(house.therese))
    work()
    assert states(house.marc) == [TOLD, TOLD]
    move(house, booking, "15:00")
    work()
    assert states(house.marc) == [TOLD, TOLD, TOLD]
    assert states(house.therese) == [TOLD], "she gave it back: she is not asked again"


def test_who_can_no_longer_do_it_hears_that_it_is_off(house: House, book: Book, mail: MailServer) -> None:
    booking, other = book("10:00"), book("15:00")
    accept(house, other, house.marc)
    work()
    move(house, booking, "15:30")
    work()
    assert states(house.marc)[-1] == ("offer_withdrawn", "email:sent")
    assert states(house.therese)[-1] == TOLD


def test_who_made_it_impossible_herself_reads_of_no_spa(house: House, book: Book, mail: MailServer) -> None:
    first, second = book("10:00"), book("10:30")
    work()
    accept(house, first, house.therese)
    assert offer_to(second, house.therese).reason == "busy"
    cancel(house, second)
    work(after=11)
    assert ("offer_withdrawn", "email:sent") not in states(house.therese)
    assert states(house.marc)[-1] == ("offer_withdrawn", "email:sent")


def test_the_desk_hears_when_nobody_is_left(house: House, book: Book, mail: MailServer) -> None:
    booking = book("10:00")
    for member in (house.therese, house.marc):
        decline_offer(house.lutetia, offer=offer_to(booking, member), by=phone(member))
    work()
    assert (states(house.camille), states(house.maud)) == ([("offer_unanswered", "email:sent")],) * 2
    letter = next(letter for letter in mail.letters if "Camille" in letter["To"])
    assert letter["Subject"] == "No therapist has taken this booking – Tomorrow 10:00, 60 min"
    assert f"/v/lutetia/bookings/{booking.uuid}" in said(letter)


def test_a_notice_for_an_earlier_time_is_void(house: House, book: Book, mail: MailServer) -> None:
    booking = book("10:00")
    write_notices()
    move(house, booking, "15:00")
    work()
    assert states(house.marc) == [("offer", "voided"), TOLD]


def test_withdrawn_is_told_to_those_who_had_heard(house: House, book: Book, mail: MailServer) -> None:
    choose(house.marc, off=["offer"])
    booking = book("10:00")
    work()
    cancel(house, booking)
    work(after=11)
    assert states(house.therese) == [TOLD, ("offer_withdrawn", "email:sent")]
    assert states(house.marc) == []
    assert "The spa cancelled this offer.\nTomorrow 10:00" in said(mail.letters[-1])


def test_who_had_accepted_hears_of_the_visit_and_not_of_the_offer(house: House, book: Book, mail: MailServer) -> None:
    booking = book("10:00")
    work()
    accept(house, booking, house.therese)
    cancel(house, booking)
    work(after=11)
    assert states(house.therese) == [TOLD, ("cancelled", "email:sent")]
    assert states(house.marc) == [TOLD], "his was taken: there was nothing to cancel"


def test_what_has_begun_and_what_is_a_rehearsal_is_not_offered(house: House, book: Book, mail: MailServer) -> None:
    book("10:00", test=True)
    book("12:00")
    work(house.at("12:01"))
    assert (states(house.therese), mail.letters) == ([], [])


def test_within_quiet_hours_only_what_is_soon(house: House, book: Book, mail: MailServer) -> None:
    choose(house.therese, quiet={"from": "06:00", "to": "10:30"})
    book("10:00")
    book("15:00")
    work(house.at("08:30"))
    assert states(house.therese) == [TOLD, ("offer", "waiting")]
    assert notices(house.therese)[1].due_at == house.at("10:30")
    work(house.at("10:30"))
    assert states(house.therese) == [TOLD, TOLD]


def test_an_event_about_nothing_is_harmless(house: House) -> None:
    save(OutboxEvent(organisation_id=house.organisation.id, type="offers.opened"))
    work()
    assert waiting() == 0
    assert states(house.therese) == []


def cancel(house: House, booking: Booking) -> None:
    cancel_booking(house.lutetia, booking=booking, reason="ill", cancelled_by="guest", by=desk(house))


def write_notices() -> None:
    """What the worker does first: the notices stand there and wait to be sent."""
    for event in db.session.scalars(select(OutboxEvent).where(OutboxEvent.type == "booking.created")):
        tell_of_open_offers(event)


def waiting() -> int:
    return db.session.scalar(select(func.count()).select_from(OutboxEvent).where(OutboxEvent.done_at.is_(None))) or 0
