"""Asked, and cannot do it any more: the question goes at once, says why, the others go on; it comes back."""

from __future__ import annotations

from datetime import time

from portal.absences.sickness import report_sick
from portal.audit import Actor
from portal.blocks.service import block_time, remove_block
from portal.bookings.creation import request_booking
from portal.bookings.proposals.service import propose_time
from portal.bookings.request import Request
from portal.bookings.service import accept_booking
from portal.bookings.unable.service import settle_questions
from portal.bookings.waves import send_due_waves
from portal.changes.queries import last_change
from portal.clock import frozen
from portal.database import db
from portal.members.skills.service import set_skills
from portal.models import Block, Booking, Shift, StaffMember, VenueMember
from portal.shifts.service import remove_shift
from portal.undo.service import undo_change
from tests.bookings.conftest import Book, accept, asked, offer_to, phone
from tests.factories import House, make_member, make_room, make_shift, make_treatment
from tests.offers.conftest import path
from tests.support.client import PageClient
from tests.support.page import Page
from tests.support.sign_in import sign_in


def ranked(house: House, member: StaffMember, rank: int) -> None:
    db.session.query(VenueMember).filter_by(venue_id=house.lutetia.id, member_id=member.id).update({"priority": rank})
    db.session.commit()


def reason_of(booking: Booking, member: StaffMember) -> tuple[str, str | None]:
    db.session.rollback()
    offer = offer_to(booking, member)
    return offer.status, offer.reason


def block(house: House, start: str, end: str, kind: str = "meeting") -> Block:
    assert house.therese.resource is not None
    [made] = block_time(
        house.lutetia, resources=[house.therese.resource], starts_at=house.at(start), ends_at=house.at(end), kind=kind,
        by=Actor.of_member(house.maud, door="agenda"),
    )  # fmt: skip
    return made


def card(client: PageClient, booking: Booking, member: StaffMember) -> str:
    client.get("/my/day")
    return Page.text_of(client.page.one(f".//article[@id='offer-{offer_to(booking, member).uuid}']"))


def test_sick_she_is_not_asked_any_more_and_reads_why(house: House, book: Book, therese: PageClient) -> None:
    today, tomorrow = book("12:00"), book("12:00", starts_at=house.at("12:00", days=1))
    with frozen(house.at("09:00")):
        report_sick(house.therese, until=house.day, by=phone(house.therese))
        assert reason_of(today, house.therese) == ("cancelled", "away")
        told = card(therese, today, house.therese)
        assert "You are away at that time." in told
        assert "Accept" not in told
        answer = therese.hx(path(offer_to(today, house.therese), "accept"), method="POST")
        assert answer.status_code == 409
        assert "You are away at that time." in therese.page.text
        assert "propose" not in therese.page.text
    assert reason_of(today, house.marc) == ("open", None)
    assert reason_of(tomorrow, house.therese) == ("open", None)


def test_the_next_wave_comes_at_once_and_the_desk_is_told_after_the_last(house: House, book: Book) -> None:
    ranked(house, house.marc, 2)
    booking = book("12:00")
    assert asked(booking) == {"Thérèse": "open"}
    block(house, "12:30", "13:00")
    assert send_due_waves() == 1
    assert asked(booking) == {"Thérèse": "cancelled", "Marc": "open"}
    with frozen(house.at("09:00")):
        report_sick(house.marc, until=house.day, by=phone(house.marc))
        assert send_due_waves() == 1
    db.session.rollback()
    assert booking.item.alerted_at is not None


def test_another_guest_in_between(house: House, book: Book, therese: PageClient) -> None:
    first, second, later = book("12:00"), book("11:30"), book("13:00")
    accept(house, first, house.therese)
    assert reason_of(second, house.therese) == ("cancelled", "busy")
    assert reason_of(second, house.marc) == ("open", None)
    assert reason_of(later, house.therese) == ("open", None)
    assert "You already have Hélène 12:00–13:00." in card(therese, second, house.therese)


def test_after_an_undo_she_is_asked_again(house: House, book: Book) -> None:
    ranked(house, house.marc, 2)
    booking = book("12:00")
    made = block(house, "12:30", "13:00")
    send_due_waves()
    remove_block(house.lutetia, block=made, scope="this", by=Actor.of_member(house.maud, door="agenda"))
    assert settle_questions() == 1
    assert settle_questions() == 0
    assert asked(booking) == {"Thérèse": "open", "Marc": "open"}
    change = last_change(house.lutetia, house.maud)
    assert change is not None
    undo_change(house.lutetia, change=change, by=Actor.of_member(house.maud, door="agenda"))
    assert settle_questions() == 1
    assert reason_of(booking, house.therese) == ("cancelled", "blocked")
    assert reason_of(booking, house.marc) == ("open", None)


def test_who_can_again_before_anybody_has_looked_may_take_it(house: House, book: Book) -> None:
    booking = book("12:00")
    made = block(house, "12:30", "13:00")
    remove_block(house.lutetia, block=made, scope="this", by=Actor.of_member(house.maud, door="agenda"))
    accept_booking(house.lutetia, offer=offer_to(booking, house.therese), by=phone(house.therese))
    assert booking.therapist is house.therese


def test_without_her_shift(house: House, book: Book) -> None:
    booking = book("12:00")
    shift = db.session.query(Shift).filter(
        Shift.member_id == house.therese.id, Shift.starts_at <= house.at("12:00"), Shift.ends_at > house.at("12:00")
    )
    remove_shift(house.lutetia, shift=shift.one(), by=Actor.of_member(house.maud, door="rota"))
    assert reason_of(booking, house.therese) == ("cancelled", "off")


def test_a_time_that_she_suggested_keeps_the_question_but_not_its_yes(
    house: House, book: Book, therese: PageClient
) -> None:
    first, second = book("12:00"), book("11:30")
    propose_time(
        house.lutetia, offer=offer_to(second, house.therese), starts_at=house.at("15:00"), by=phone(house.therese)
    )
    accept(house, first, house.therese)
    assert reason_of(second, house.therese) == ("open", None)
    told = card(therese, second, house.therese)
    assert "You already have Hélène 12:00–13:00." in told
    assert "Take the suggestion back" in told
    assert not therese.page.all(f".//form[@action='{path(offer_to(second, house.therese), 'accept')}']")
    block(house, "14:30", "15:30")
    assert reason_of(second, house.therese) == ("cancelled", "busy")


def test_the_desk_reads_why(house: House, book: Book, therese: PageClient) -> None:
    booking = book("12:00")
    with frozen(house.at("09:00")):
        report_sick(house.therese, until=house.day, by=phone(house.therese))
    sign_in(therese, house.camille)
    therese.get(f"/v/lutetia/bookings/{booking.uuid}")
    assert "No longer asked" in therese.page.text
    assert "Away" in therese.page.text


def test_a_guest_at_another_venue_too_close_for_the_way(house: House, book: Book, therese: PageClient) -> None:
    house.lutetia.inter_venue_buffer_minutes = 30
    lou = make_member(house.organisation, house.lutetia, house.marais, first_name="Lou")
    make_room(house.marais)
    make_shift(house.marais, lou, house.day, start=time(9), end=time(11))
    make_shift(house.lutetia, lou, house.day, start=time(11), end=time(18))
    near, far = book("11:00"), book("11:30")
    there = make_treatment(house.marais).variants[0]
    wish = Request(
        variant=there, starts_at=house.at("09:45"), customer=None, price_minor=1, channel="desk", desk=True,
        therapists=(lou,),
    )  # fmt: skip
    request_booking(house.marais, wish, by=Actor.of_member(house.ada, door="agenda"))
    assert settle_questions() == 1
    assert reason_of(near, lou) == ("cancelled", "far")
    assert reason_of(far, lou) == ("open", None)
    sign_in(therese, lou)
    assert "You have a guest at another venue, too close to that time." in card(therese, near, lou)


def test_without_the_skill_she_is_not_asked_and_with_it_again(house: House, book: Book, therese: PageClient) -> None:
    booking, facial = book("12:00"), make_treatment(house.lutetia, name="Facial")
    maud = Actor.of_member(house.maud, door="agenda")
    set_skills(house.lutetia, {house.therese.id: {facial.id}}, by=maud)
    assert settle_questions() == 1
    assert reason_of(booking, house.therese) == ("cancelled", "unskilled")
    assert reason_of(booking, house.marc) == ("open", None)
    assert "You do not do this treatment any more." in card(therese, booking, house.therese)
    assert therese.hx(path(offer_to(booking, house.therese), "accept"), method="POST").status_code == 409
    assert "You do not do this treatment any more." in therese.page.text
    set_skills(house.lutetia, {house.therese.id: set()}, by=maud)
    assert settle_questions() == 1
    assert reason_of(booking, house.therese) == ("open", None)
