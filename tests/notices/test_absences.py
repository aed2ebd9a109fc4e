"""Time off, sickness and exchanges of shifts: who is told of each step, once, and not in the middle of the night."""

from __future__ import annotations

from uuid import uuid4

from portal.absences.answering import approve_time_off, call_off, refuse_time_off
from portal.absences.rehome.service import Action, Step, rehome
from portal.absences.service import request_time_off, take_back
from portal.absences.sickness import report_sick
from portal.absences.swaps.exchange import approve_swap
from portal.absences.swaps.service import accept_swap, cancel_swap, decline_swap, refuse_swap
from portal.clock import frozen
from portal.database import db
from portal.models import StaffMember, TimeOff
from portal.undo.service import undo_last
from tests.absences.conftest import ask_off, maud, phone
from tests.absences.swapping import accepted, ask, colleague, shift_of
from tests.factories import House
from tests.notices.conftest import Book, accept, choose, notices, said, states, work
from tests.support.smtpd import MailServer

SENT = "email:sent"


def told(member: StaffMember, *kinds: str) -> list[tuple[str, str]]:
    return [(kind, state) for kind, state in states(member) if kind in kinds]


def test_a_request_is_told_to_the_desk_once(house: House, mail: MailServer) -> None:
    name = uuid4()
    for _twice in range(2):
        request_time_off(
            house.therese, starts_at=house.at("09:00", days=3), ends_at=house.at("13:00", days=3), kind="vacation",
            note="Wedding", request_id=name, by=phone(house.therese),
        )  # fmt: skip
    work()
    for member in (house.camille, house.maud):
        assert told(member, "time_off_asked") == [("time_off_asked", SENT)]
    assert states(house.therese) == []
    letter = next(one for one in mail.letters if "Maud" in one["To"])
    assert letter["Subject"].startswith("Thérèse Test asks for time off")
    assert "Wedding" not in said(letter), "why is for the page alone"
    off = db.session.query(TimeOff).one()
    assert f"/v/lutetia/absences/{off.uuid}" in said(letter), "it leads to what she decides about"


def test_what_was_taken_back_or_answered_is_no_news(house: House, mail: MailServer) -> None:
    take_back(ask_off(house, house.therese), by=phone(house.therese))
    work()
    assert told(house.camille, "time_off_asked") == [("time_off_asked", "voided")]
    assert mail.letters == []


def test_the_answers_are_told_to_her_after_the_undo_bar(house: House, mail: MailServer) -> None:
    off = ask_off(house, house.therese)
    for _twice in range(2):
        refuse_time_off(house.lutetia, off=off, reason="Too many are away", by=maud(house))
    work(after=5)
    assert told(house.therese, "time_off_answer") == [("time_off_answer", "waiting")]
    work(after=11)
    assert told(house.therese, "time_off_answer") == [("time_off_answer", SENT)]
    assert "Too many are away" in said(next(one for one in mail.letters if "Thérèse" in one["To"]))


def test_an_approval_that_is_undone_at_once_was_never_told(house: House, mail: MailServer) -> None:
    approve_time_off(house.lutetia, off=ask_off(house, house.therese), by=maud(house))
    undo_last(house.lutetia, by=maud(house))
    work(after=11)
    assert told(house.therese, "time_off_answer") == [("time_off_answer", "voided")]


def test_approved_and_called_off_are_two_answers(house: House, mail: MailServer) -> None:
    off = approve_time_off(house.lutetia, off=ask_off(house, house.therese), by=maud(house))
    work(after=11)
    call_off(house.lutetia, off=off, by=maud(house))
    work(after=11)
    assert told(house.therese, "time_off_answer") == [("time_off_answer", SENT)] * 2


def test_an_answer_waits_for_the_morning(house: House) -> None:
    choose(house.therese, quiet={"from": "21:00", "to": "07:30"})
    off = ask_off(house, house.therese, start="15:00", end="16:00")
    with frozen(house.at("22:00", days=-1)):
        refuse_time_off(house.lutetia, off=off, reason="No", by=maud(house))
    assert notices(house.therese)[-1].due_at == house.at("07:30")


def test_sickness_wakes_the_desk_and_again_when_it_lasts(house: House) -> None:
    choose(house.camille, quiet={"from": "00:00", "to": "23:59"})
    today = house.lutetia.today()
    for until in (today, today, house.day, house.day):
        report_sick(house.therese, until=until, by=phone(house.therese))
    work()
    assert told(house.camille, "sick") == [("sick", SENT)] * 2
    assert states(house.therese) == []


def test_who_receives_the_visits_of_a_sick_colleague_is_told(house: House, book: Book, mail: MailServer) -> None:
    booking = book("10:00")
    accept(house, booking, house.therese)
    off = report_sick(house.therese, until=house.day, by=phone(house.therese))

    rehome(
        house.lutetia,
        off=off,
        steps=[Step(item=booking.item.uuid, action=Action.GIVE, taker=house.marc)],
        by=maud(house),
    )
    work(after=11)

    assert told(house.marc, "booking_given") == [("booking_given", SENT)]
    letter = next(one for one in mail.letters if "New in your day" in one["Subject"])
    assert "Marc" in letter["To"]
    assert "Hélène" not in said(letter)
    assert told(house.therese, "booking_taken") == [("booking_taken", SENT)]


def test_each_step_of_an_exchange_is_told_to_whom_it_concerns(house: House, mail: MailServer) -> None:
    ines = colleague(house, email="ines@maison-lutece.example")
    swap = ask(house, shift_of(house, house.therese), colleague=ines)
    work()
    assert told(ines, "swap") == [("swap", SENT)]
    accept_swap(house.lutetia, swap=swap, by=phone(ines))
    accept_swap(house.lutetia, swap=swap, by=phone(ines))
    work()
    assert told(house.therese, "swap") == [("swap", SENT)]
    assert told(house.maud, "swap") == told(house.camille, "swap") == [("swap", SENT)]
    approve_swap(house.lutetia, swap=swap, by=maud(house))
    work(after=11)
    assert told(house.therese, "swap") == told(ines, "swap") == [("swap", SENT)] * 2
    subjects = [one["Subject"] for one in mail.letters if "Inès" in one["To"]]
    assert [one.split(" – ")[0] for one in subjects] == [
        "Thérèse Test gives a shift away", "The change of shifts is approved",
    ]  # fmt: skip


def test_no_and_never_mind(house: House, mail: MailServer) -> None:
    ines, shift = colleague(house, email="ines@maison-lutece.example"), shift_of(house, house.therese)
    decline_swap(house.lutetia, swap=ask(house, shift, colleague=ines), by=phone(ines))
    work()
    assert told(house.therese, "swap") == [("swap", SENT)]
    cancel_swap(house.lutetia, swap=accepted(house, shift, ines), by=phone(house.therese))
    work()
    assert told(ines, "swap")[-1] == ("swap", SENT)
    refuse_swap(house.lutetia, swap=accepted(house, shift, ines), reason="Too long a day", by=maud(house))
    work()
    assert (told(house.therese, "swap")[-1], told(ines, "swap")[-1]) == (("swap", SENT), ("swap", SENT))
    assert "Too long a day" in said(mail.letters[-1])


def test_a_shift_for_whoever_can_is_told_to_those_who_can(house: House) -> None:
    ines = colleague(house, email="ines@maison-lutece.example")
    ask(house, shift_of(house, house.therese))
    work()
    assert told(ines, "swap") == [("swap", SENT)]
    assert told(house.marc, "swap") == [], "he works then himself"
