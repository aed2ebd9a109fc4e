"""The desk and an offer: who was asked and what became of it, tell the rest, give it to somebody, take it back."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from flask_babel import force_locale
from sqlalchemy import select

from portal.audit import Actor
from portal.bookings.asking.board import Asking, asking_of
from portal.bookings.asking.service import (
    NobodyLeft,
    NotAsked,
    StaffedMeanwhile,
    assign_therapist,
    take_back,
    tell_rest,
)
from portal.bookings.errors import OfferCancelled, SlotUnavailable
from portal.bookings.queries import get_booking
from portal.bookings.service import accept_booking
from portal.bookings.waves import send_due_waves
from portal.clock import frozen
from portal.database import db
from portal.messages.queries import list_messages
from portal.messages.service import Kind, tell_guest
from portal.models import AuditEntry, Booking, Delivery, LiveEvent, Notice, OutboxEvent, StaffMember
from portal.models.message import SENT
from portal.offers.service import decline_offer, mark_seen
from portal.undo.service import undo_last
from tests.bookings.conftest import Book, accept, asked, offer_to, phone
from tests.bookings.visits import fresh
from tests.factories import House, make_customer, make_member, make_shift, save
from tests.support.client import PageClient
from tests.support.page import Page
from tests.support.sign_in import sign_in

MINUTE = timedelta(minutes=1)


@pytest.fixture
def zoe(house: House) -> StaffMember:
    """A colleague of the second rank."""
    made = make_member(house.organisation, house.lutetia, first_name="Zoé", priority=2, gender="female")
    make_shift(house.lutetia, made, house.day)
    return made


@pytest.fixture
def eight(house: House) -> datetime:
    return house.at("08:00")


@pytest.fixture
def booking(house: House, book: Book, zoe: StaffMember, eight: datetime) -> Booking:
    """At ten, offered to Thérèse and Marc at eight."""
    with frozen(eight):
        return book("10:00")


@pytest.fixture
def camille(client: PageClient, house: House) -> PageClient:
    sign_in(client, house.camille)
    return client


def desk(house: House) -> Actor:
    return Actor.of_member(house.camille, door="agenda")


def board(house: House, booking: Booking, at: datetime) -> Asking:
    with frozen(at), force_locale("en"):
        [one] = asking_of(house.lutetia, get_booking(house.lutetia, booking.uuid), at=at)
    return one


def test_the_board_tells_who_when_and_what_comes_next(house: House, booking: Booking, eight: datetime) -> None:
    with frozen(eight + MINUTE):
        mark_seen([offer_to(booking, house.therese).uuid], by=phone(house.therese))
    with frozen(eight + 2 * MINUTE):
        decline_offer(house.lutetia, offer=offer_to(booking, house.therese), by=phone(house.therese), reason="too_late")

    shown = board(house, booking, eight + 3 * MINUTE)

    people = {one.name: one for one in shown.people}
    marc, therese = people["Marc Test"], people["Thérèse Test"]
    assert [(step.word, step.at) for step in marc.steps] == [("asked", eight)]
    assert marc.is_open
    assert [(step.word, step.at - eight) for step in therese.steps] == [
        ("asked", 0 * MINUTE), ("delivered", MINUTE), ("seen", MINUTE), ("answered", 2 * MINUTE),
    ]  # fmt: skip
    assert (therese.answer, therese.why, therese.is_open) == ("Declined", "Too late in the day", False)
    assert (shown.next_names, shown.next_at) == (["Zoé Test"], eight + 10 * MINUTE)
    assert [member.first_name for member in shown.free] == ["Marc", "Thérèse", "Zoé"]
    assert (shown.has_rest, shown.is_alerted, shown.is_asked) == (True, False, True)


def test_the_board_tells_by_which_way_she_was_told(house: House, booking: Booking, eight: datetime) -> None:
    offer = offer_to(booking, house.marc)
    notice = save(
        Notice(
            organisation_id=house.organisation.id, member_id=house.marc.id, venue_id=house.lutetia.id, key="k",
            kind="offer", subject=offer.uuid, created_at=eight,
        )
    )  # fmt: skip
    for channel, status in (("push", "failed"), ("email", "sent"), ("sms", "skipped")):
        save(Delivery(notice_id=notice.id, channel=channel, status=status, sent_at=eight + MINUTE))

    shown = board(house, booking, eight + 2 * MINUTE)

    steps = next(one.steps for one in shown.people if one.name == "Marc Test")
    assert [(step.word, step.at) for step in steps] == [("asked", eight), ("e-mail sent", eight + MINUTE)]


def test_after_the_last_wave_the_desk_is_named(house: House, booking: Booking, eight: datetime) -> None:
    with frozen(eight + 10 * MINUTE):
        send_due_waves()
    shown = board(house, booking, eight + 11 * MINUTE)
    assert (shown.next_names, shown.next_at, shown.has_rest) == ([], eight + 20 * MINUTE, False)
    with frozen(eight + 20 * MINUTE):
        send_due_waves()
    shown = board(house, booking, eight + 21 * MINUTE)
    assert (shown.is_alerted, shown.next_at) == (True, None)


def test_once_staffed_only_the_answers_are_left(house: House, booking: Booking, eight: datetime) -> None:
    with frozen(eight + MINUTE):
        accept(house, booking, house.marc)
    shown = board(house, booking, eight + 2 * MINUTE)
    assert (shown.is_waiting, shown.free, shown.next_at, shown.has_rest) == (False, [], None, False)
    assert {one.name: one.answer for one in shown.people} == {
        "Marc Test": "Accepted", "Thérèse Test": "A colleague was faster",
    }  # fmt: skip


def test_tell_the_rest_asks_everybody_at_once(house: House, book: Book, zoe: StaffMember, eight: datetime) -> None:
    lou = make_member(house.organisation, house.lutetia, first_name="Lou", priority=3, gender="male")
    make_shift(house.lutetia, lou, house.day)
    with frozen(eight):
        booking = book("10:00", gender_preference="female")
    assert asked(booking) == {"Thérèse": "open"}
    with frozen(eight + MINUTE):
        tell_rest(house.lutetia, booking=booking, by=desk(house))

    booking = fresh(booking)
    assert set(asked(booking)) == {"Thérèse", "Marc", "Zoé", "Lou"}
    assert set(asked(booking).values()) == {"open"}
    assert booking.item.next_wave_at == eight + 11 * MINUTE
    assert booking.events[-1].verb == "asked_rest"
    assert db.session.scalars(select(AuditEntry.verb).order_by(AuditEntry.id.desc())).first() == "booking:asked_rest"
    assert "offers.opened" in db.session.scalars(select(OutboxEvent.type)).all()
    with frozen(eight + 11 * MINUTE):
        send_due_waves()
    assert fresh(booking).item.alerted_at == eight + 11 * MINUTE


def test_whoever_refused_is_not_among_the_rest(house: House, booking: Booking, zoe: StaffMember) -> None:
    decline_offer(house.lutetia, offer=offer_to(booking, house.marc), by=phone(house.marc))

    tell_rest(house.lutetia, booking=booking, by=desk(house))

    assert asked(fresh(booking)) == {"Thérèse": "open", "Marc": "declined", "Zoé": "open"}


def test_the_rest_are_not_those_from_whom_it_was_taken_back(house: House, booking: Booking, zoe: StaffMember) -> None:
    before = {name for name, status in asked(booking).items() if status == "open"}
    take_back(house.lutetia, booking=booking, by=desk(house))
    tell_rest(house.lutetia, booking=booking, by=desk(house))
    now_asked = {name for name, status in asked(fresh(booking)).items() if status == "open"}
    assert now_asked == {"Zoé"}
    assert not now_asked & before
    take_back(house.lutetia, booking=booking, by=desk(house))
    tell_rest(house.lutetia, booking=booking, by=desk(house))
    assert before <= {name for name, status in asked(fresh(booking)).items() if status == "open"}


def test_there_may_be_no_rest_or_no_need(house: House, booking: Booking) -> None:
    tell_rest(house.lutetia, booking=booking, by=desk(house))
    with pytest.raises(NobodyLeft):
        tell_rest(house.lutetia, booking=booking, by=desk(house))
    accept(house, booking, house.marc)
    with pytest.raises(StaffedMeanwhile):
        tell_rest(house.lutetia, booking=booking, by=desk(house))


def test_taken_back_from_one_the_others_go_on(
    house: House, booking: Booking, zoe: StaffMember, eight: datetime
) -> None:
    marc = offer_to(booking, house.marc)
    with frozen(eight + MINUTE):
        take_back(house.lutetia, booking=booking, offer=marc, by=desk(house))
        assert asked(fresh(booking)) == {"Thérèse": "open", "Marc": "cancelled"}
        with pytest.raises(OfferCancelled):
            accept_booking(house.lutetia, offer=marc, by=phone(house.marc))
        with pytest.raises(NotAsked):
            take_back(house.lutetia, booking=booking, offer=marc, by=desk(house))
    with frozen(eight + 10 * MINUTE):
        send_due_waves()
    assert asked(fresh(booking)) == {"Thérèse": "open", "Marc": "cancelled", "Zoé": "open"}
    assert "offers.withdrawn" in db.session.scalars(select(OutboxEvent.type)).all()


def test_taken_back_from_the_last_of_a_wave_the_next_is_asked(house: House, booking: Booking, zoe: StaffMember) -> None:
    for member in (house.therese, house.marc):
        take_back(house.lutetia, booking=booking, offer=offer_to(booking, member), by=desk(house))

    assert asked(fresh(booking)) == {"Thérèse": "cancelled", "Marc": "cancelled", "Zoé": "open"}


def test_taken_back_from_all_nobody_is_asked_until_the_desk_says_so(
    house: House, booking: Booking, zoe: StaffMember, eight: datetime
) -> None:
    with frozen(eight + MINUTE):
        take_back(house.lutetia, booking=booking, by=desk(house))
    assert (fresh(booking).item.next_wave_at, fresh(booking).item.alerted_at) == (None, eight + MINUTE)
    with frozen(eight + 30 * MINUTE):
        assert send_due_waves() == 0
        assert asked(fresh(booking)) == {"Thérèse": "cancelled", "Marc": "cancelled"}
        tell_rest(house.lutetia, booking=booking, by=desk(house))
    assert asked(fresh(booking)) == {"Thérèse": "cancelled", "Marc": "cancelled", "Zoé": "open"}


def test_one_undo_asks_them_again(house: House, booking: Booking, zoe: StaffMember, eight: datetime) -> None:
    with frozen(eight + MINUTE):
        take_back(house.lutetia, booking=booking, by=desk(house))
        undo_last(house.lutetia, by=desk(house))

    booking = fresh(booking)
    assert asked(booking) == {"Thérèse": "open", "Marc": "open"}
    assert (booking.item.next_wave_at, booking.item.alerted_at) == (eight + 10 * MINUTE, None)


def test_the_desk_gives_it_to_somebody(house: House, booking: Booking, zoe: StaffMember) -> None:
    assign_therapist(house.lutetia, booking=booking, item=booking.item, therapist=zoe, by=desk(house))

    booking = fresh(booking)
    assert (booking.status, booking.therapist, booking.starts_at) == ("confirmed", zoe, house.at("10:00"))
    assert asked(booking) == {"Thérèse": "taken", "Marc": "taken"}
    assert booking.item.next_wave_at is None
    assert "booking.confirmed" in db.session.scalars(select(OutboxEvent.type)).all()
    lines = len(booking.events)
    assign_therapist(house.lutetia, booking=booking, item=booking.item, therapist=zoe, by=desk(house))
    assert len(fresh(booking).events) == lines, "twice is once"


def test_given_to_somebody_is_one_undo(house: House, booking: Booking, zoe: StaffMember, eight: datetime) -> None:
    with frozen(eight + MINUTE):
        assign_therapist(house.lutetia, booking=booking, item=booking.item, therapist=zoe, by=desk(house))
        undo_last(house.lutetia, by=desk(house))

    booking = fresh(booking)
    assert (booking.status, booking.therapist_id) == ("pending", None)
    assert asked(booking) == {"Thérèse": "open", "Marc": "open"}
    assert booking.item.next_wave_at == eight + 10 * MINUTE


def test_a_guest_who_was_told_hears_that_it_is_confirmed(house: House, book: Book, zoe: StaffMember) -> None:
    guest = make_customer(house.organisation, email="guest@example.org")
    booking, other = book("10:00", customer=guest, channel="desk"), book("15:00", customer=guest, channel="desk")
    sent = tell_guest(house.lutetia, booking, Kind.BOOKED, by=desk(house))
    for message in sent:
        message.status = SENT
    db.session.commit()

    for one in (booking, other):
        assign_therapist(house.lutetia, booking=one, item=one.item, therapist=zoe, by=desk(house))

    assert [one.kind for one in list_messages(house.lutetia, booking)] == ["confirmed", "booked"]
    assert list_messages(house.lutetia, other) == [], "whom we never wrote to, we do not write to now"


def test_a_therapist_who_was_faster_keeps_it(house: House, booking: Booking, zoe: StaffMember) -> None:
    accept(house, booking, house.marc)

    with pytest.raises(StaffedMeanwhile):
        assign_therapist(house.lutetia, booking=booking, item=booking.item, therapist=zoe, by=desk(house))

    assert fresh(booking).therapist is house.marc


def test_who_cannot_do_it_is_refused(house: House, book: Book, booking: Booking) -> None:
    accept(house, book("10:30"), house.marc)

    with pytest.raises(SlotUnavailable):
        assign_therapist(house.lutetia, booking=booking, item=booking.item, therapist=house.marc, by=desk(house))

    assert fresh(booking).status == "pending"


def test_of_a_couple_one_is_given_and_the_other_goes_on(house: House, book: Book, zoe: StaffMember) -> None:
    couple = book("10:00", variant=house.duo, guest_count=2)

    assign_therapist(house.lutetia, booking=couple, item=couple.item, therapist=zoe, by=desk(house))

    couple = fresh(couple)
    assert (couple.status, couple.item.therapists_missing) == ("pending", 1)
    assert asked(couple) == {"Thérèse": "open", "Marc": "open"}


def test_every_answer_is_told_to_the_open_panel(house: House, booking: Booking) -> None:
    topic = f"asked:{booking.uuid}"
    for act in (
        lambda: mark_seen([offer_to(booking, house.marc).uuid], by=phone(house.marc)),
        lambda: decline_offer(house.lutetia, offer=offer_to(booking, house.marc), by=phone(house.marc)),
        lambda: take_back(house.lutetia, booking=booking, by=desk(house)),
        lambda: tell_rest(house.lutetia, booking=booking, by=desk(house)),
    ):
        before = len(_told())
        act()
        assert any(topic in event.topics for event in _told()[before:])


def test_the_panel_shows_it_and_each_button_works(
    camille: PageClient, house: House, book: Book, zoe: StaffMember
) -> None:
    booking = book("10:00")
    panel = f"/v/lutetia/bookings/{booking.uuid}"
    camille.get(panel)
    section = Page.text_of(camille.page.one(".//*[@id='panel-asked']"))
    for told in ("Thérèse Test", "Marc Test", "asked", "Zoé Test", "Tell the rest now", "Take it back from all"):
        assert told in section
    trigger = camille.page.one(".//*[@id='panel-asked']").get("hx-trigger", "")
    assert f"changed:asked:{booking.uuid} from:body" in trigger

    marc = offer_to(booking, house.marc).uuid
    form = next(
        one
        for one in camille.page.all(f".//form[@action='{panel}/take-back']")
        if str(marc) in Page.values_of(one).values()
    )
    answer = camille.send(form)
    assert answer.status_code == 303
    camille.get(answer.location)
    assert "Marc Test is no longer asked." in camille.page.text
    camille.get(panel)
    assert camille.submit(f".//form[@action='{panel}/ask-rest']").status_code == 303
    assert asked(booking) == {"Thérèse": "open", "Marc": "cancelled", "Zoé": "open"}
    camille.get(panel)
    token = camille.page.csrf_token
    answer = camille.post(f"{panel}/assign", data={"csrf_token": token, "therapist": str(zoe.uuid)})
    assert answer.status_code == 303
    assert fresh(booking).therapist is zoe


def test_a_refused_assignment_says_why_in_the_panel(camille: PageClient, house: House, book: Book) -> None:
    booking = book("10:00")
    camille.get(f"/v/lutetia/bookings/{booking.uuid}")
    accept(house, book("10:30"), house.marc)

    answer = camille.hx(
        f"/v/lutetia/bookings/{booking.uuid}/assign", method="POST", data={"therapist": str(house.marc.uuid)}
    )

    assert answer.status_code == 409
    assert "Marc Test is with another guest from 10:30 to 11:30." in camille.page.text


def test_what_is_not_there_is_not_found(camille: PageClient, house: House, book: Book) -> None:
    booking, other = book("10:00"), book("12:00")
    path = f"/v/lutetia/bookings/{booking.uuid}"
    camille.get(path)
    token = camille.page.csrf_token
    foreign = offer_to(other, house.marc).uuid
    for action, data in (
        ("take-back", {"offer": str(foreign)}),
        ("take-back", {"offer": "\x00"}),
        ("take-back", {"offer": "x" * 10_000}),
        ("assign", {"therapist": str(house.eve.uuid)}),
        ("assign", {"therapist": ""}),
        ("assign", {"therapist": str(house.marc.uuid), "item": str(uuid4())}),
        ("assign", {"therapist": str(house.marc.uuid), "item": "\ud800"}),
    ):
        sent = {"csrf_token": token.encode()} | {name: text.encode("utf-8", "replace") for name, text in data.items()}
        assert camille.post(f"{path}/{action}", data=sent).status_code == 404, (action, data)
    assert asked(fresh(booking)) == {"Thérèse": "open", "Marc": "open"}


def _told() -> list[LiveEvent]:
    return list(db.session.scalars(select(LiveEvent).order_by(LiveEvent.id)))
