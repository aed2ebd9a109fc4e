"""Suggest another time: one tap on one of three that can be had; taken back, replaced, too late, and by the wrong."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.audit import Actor
from portal.blocks.service import block_time
from portal.bookings.broadcast import escalation_delay
from portal.bookings.errors import AlreadyTaken, AlreadyYours, NotOffered, OfferCancelled, OfferExpired
from portal.bookings.moving import Move, move_booking
from portal.bookings.proposals.errors import TimeGone
from portal.bookings.proposals.service import expire_proposals, propose_time, withdraw_counter_proposal
from portal.bookings.service import cancel_booking
from portal.bookings.waves import send_due_waves
from portal.clock import frozen, now
from portal.database import db
from portal.models import AuditEntry, LiveEvent, StaffMember
from portal.offers.service import decline_offer
from tests.bookings.conftest import Book, accept, asked, offer_to, partner, phone
from tests.bookings.proposing import desk, propose, suggestions
from tests.factories import House, make_member, make_shift
from tests.notices.conftest import states
from tests.offers.conftest import path
from tests.support.client import PageClient
from tests.support.page import Page
from tests.support.statements import Statements

Count = Callable[[], AbstractContextManager[Statements]]

# The day itself does not wait for them: its script fetches them, and without one a link leads there.
CHOICES, TIMES = "/my/day/times", ".//button[@name='starts_at']"
BAD = ("", "tomorrow", "2026-02-30T10:00+01:00", "0001-01-01T00:00+00:00", "9999-12-31T23:59+00:00", "2026-12-01T10:00")


def times(client: PageClient) -> list[str]:
    return [Page.text_of(button) for button in client.page.all(TIMES)]


def block(house: House, member: StaffMember, start: str, end: str) -> None:
    assert member.resource is not None
    block_time(
        house.lutetia, resources=[member.resource], starts_at=house.at(start), ends_at=house.at(end), kind="break",
        by=Actor.of_member(house.maud, door="agenda"),
    )  # fmt: skip


def test_one_tap_on_one_of_three_times(house: House, book: Book, therese: PageClient) -> None:
    booking = book("15:00")
    block(house, house.therese, "09:00", "15:00")
    therese.get(CHOICES)
    assert times(therese) == ["15:30", "16:00", "16:30"]
    assert [button.get("aria-label") for button in therese.page.all(TIMES)][1] == "Suggest 16:00"
    value = therese.page.all(TIMES)[1].get("value")

    answer = therese.hx(path(offer_to(booking, house.therese), "propose"), method="POST", data={"starts_at": value})

    assert answer.status_code == 200
    assert "You suggested 16:00. The desk answers by" in therese.page.text
    assert "changed:offers" in answer.headers["HX-Trigger"]
    assert suggestions() == [("Thérèse", "open")]
    assert asked(booking) == {"Thérèse": "open", "Marc": "open"}
    assert times(therese) == [], "one suggestion at a time"
    assert therese.page.one(f".//form[@action='{path(offer_to(booking, house.therese), 'accept')}']") is not None


def test_they_follow_the_day_into_its_cards(house: House, book: Book, therese: PageClient, statements: Count) -> None:
    """However many she is asked, the venue is read once, and her day never waits for it."""
    offers = [offer_to(book(clock), house.therese) for clock in ("10:00", "15:00")]
    therese.get("/my/day")
    slots = [slot.get("id") for slot in therese.page.all(".//*[@hx-morph-skip]")]
    assert slots == [f"offer-{offer.uuid}-times" for offer in offers]
    assert therese.page.one(f".//*[@id='{slots[0]}']/a").get("href") == f"{CHOICES}#{slots[0]}"
    assert therese.page.one(".//*[@id='other-times']").get("hx-get") == CHOICES

    with statements() as sent:
        therese.hx(CHOICES)
    sent.at_most(14)
    assert [slot.get("id") for slot in therese.page.all(".//*[@hx-swap-oob='innerHTML']")] == slots
    assert len(times(therese)) == 6
    with statements() as sent:
        therese.hx("/my/day")
    sent.at_most(9)


def test_without_javascript_and_in_french(house: House, book: Book, therese: PageClient) -> None:
    house.therese.locale = "fr"
    booking = book("15:00")
    offer = offer_to(booking, house.therese)
    therese.get(CHOICES)
    form = therese.page.one(f".//form[@action='{path(offer, 'propose')}']")
    data = {**Page.values_of(form), "starts_at": therese.page.all(TIMES)[0].get("value")}

    answer = therese.post(path(offer, "propose"), data=data)
    assert (answer.status_code, answer.location) == (303, "/my/day")
    therese.get("/my/day")

    assert "Vous avez suggéré" in therese.page.text
    therese.submit(f".//form[@action='{path(offer, 'keep-time')}']")
    therese.get("/my/day")
    assert "Possible à un autre horaire\u00a0?" in therese.page.text
    assert suggestions() == [("Thérèse", "withdrawn")]


def test_the_next_days_are_named(house: House, book: Book, therese: PageClient) -> None:
    book("15:00")
    for start, end in (("09:00", "15:00"), ("16:30", "20:00")):
        block(house, house.therese, start, end)

    therese.get(CHOICES)

    told = times(therese)
    assert told[0] == "15:30"
    assert len(told) == 3
    assert all(one.endswith(clock) and len(one) > 5 for one, clock in zip(told[1:], ("14:30", "15:00"), strict=True))


def test_nothing_is_asked_where_she_has_no_other_time(house: House, book: Book, therese: PageClient) -> None:
    book("15:00")
    block(house, house.therese, "09:00", "15:00")
    block(house, house.therese, "16:00", "20:00")
    for day in range(1, 5):
        resource = house.therese.resource
        assert resource is not None
        block_time(
            house.lutetia, resources=[resource], starts_at=house.at("09:00", days=day),
            ends_at=house.at("20:00", days=day), kind="vacation", by=Actor.of_member(house.maud, door="agenda"),
        )  # fmt: skip

    therese.get(CHOICES)

    assert times(therese) == []
    assert "There is no other time to suggest." in therese.page.text


def test_her_own_guest_in_the_way_leads_to_a_time_that_can_be_had(
    house: House, book: Book, therese: PageClient
) -> None:
    first, second = book("14:30"), book("15:00")
    therese.get("/my/day")
    accept(house, first, house.therese)
    offer = offer_to(second, house.therese)

    answer = therese.hx(path(offer, "accept"), method="POST")

    assert answer.status_code == 409
    assert "You already have Hélène 14:30–15:30." in therese.page.text
    assert Page.text_of(therese.page.one(".//button")) == "Could be 15:30 — propose"
    therese.submit(".//form", headers={"HX-Request": "true"})
    assert "You suggested 15:30." in therese.page.text


def test_the_same_tap_again_is_the_same_and_another_one_takes_its_place(house: House, book: Book) -> None:
    booking = book("15:00")
    made = propose(house, booking, "16:00")
    assert propose(house, booking, "16:00") is made
    other = propose(house, booking, "17:00")
    assert other.starts_at == house.at("17:00")
    assert suggestions() == [("Thérèse", "withdrawn"), ("Thérèse", "open")]


def test_colleagues_suggest_each_for_herself(house: House, book: Book) -> None:
    booking = book("15:00")
    propose(house, booking, "16:00")
    propose(house, booking, "16:00", house.marc)
    assert suggestions() == [("Thérèse", "open"), ("Marc", "open")]


def test_the_waves_go_on(house: House, book: Book) -> None:
    zoe = make_member(house.organisation, house.lutetia, first_name="Zoé", priority=2)
    make_shift(house.lutetia, zoe, house.day)
    with frozen(house.at("09:00")):
        booking = book("15:00")
        propose(house, booking, "16:00")
    with frozen(house.at("09:00") + escalation_delay(house.lutetia)):
        assert send_due_waves() == 1
    assert asked(booking) == {"Thérèse": "open", "Marc": "open", "Zoé": "open"}
    assert suggestions() == [("Thérèse", "open")]


def test_a_time_that_cannot_be_had(house: House, book: Book, therese: PageClient) -> None:
    booking = book("15:00")
    therese.get(CHOICES)
    offer = offer_to(booking, house.therese)
    value = next(button.get("value") for button in therese.page.all(TIMES))
    block(house, house.therese, "09:00", "14:59" if "14" in str(value) else "20:00")
    for start in (house.at("15:00"), house.at("16:10"), house.at("09:00", days=-30), house.at("15:00", days=200)):
        with pytest.raises(TimeGone):
            propose_time(house.lutetia, offer=offer, starts_at=start, by=phone(house.therese))

    answer = therese.hx(path(offer, "propose"), method="POST", data={"starts_at": value})

    assert answer.status_code == 409
    assert "This time is no longer free." in answer.headers["HX-Trigger"]
    assert "You are not free at that time." in therese.page.text, "the time that was asked for is blocked too"
    assert suggestions() == []


def test_what_no_button_sends(house: House, book: Book, therese: PageClient) -> None:
    offer = offer_to(book("15:00"), house.therese)
    therese.get("/my/day")
    token = {"X-CSRFToken": therese.page.csrf_token}
    for value in BAD:
        answer = therese.hx(path(offer, "propose"), method="POST", data={"starts_at": value}, headers=token)
        assert answer.status_code in {409, 422}, value
    assert suggestions() == []


def test_too_late_or_not_hers(house: House, book: Book) -> None:
    booking, cancelled, mine = book("15:00"), book("12:00"), book("10:00")
    accept(house, mine, house.therese)
    accept(house, booking, house.marc)
    cancel_booking(house.lutetia, booking=cancelled, reason="r", cancelled_by="partner", by=partner(house))
    for one, refusal in ((booking, AlreadyTaken), (cancelled, OfferCancelled), (mine, AlreadyYours)):
        with pytest.raises(refusal):
            propose(house, one, "17:00")
    waiting = book("18:00")
    with pytest.raises(NotOffered):
        propose_time(
            house.lutetia, offer=offer_to(waiting, house.marc), starts_at=house.at("17:00"), by=phone(house.therese)
        )
    with pytest.raises(NotOffered):
        withdraw_counter_proposal(house.lutetia, offer=offer_to(waiting, house.marc), by=phone(house.therese))
    with frozen(house.at("18:00")), pytest.raises(OfferExpired):
        propose(house, waiting, "19:00")


def test_a_colleagues_is_not_there(house: House, book: Book, therese: PageClient) -> None:
    booking = book("15:00")
    therese.get("/my/day")
    for verb in ("propose", "keep-time"):
        answer = therese.hx(
            path(offer_to(booking, house.marc), verb), method="POST", data={"starts_at": house.at("16:00").isoformat()}
        )
        assert answer.status_code == 404


def test_taken_back_and_again(house: House, book: Book, therese: PageClient) -> None:
    booking = book("15:00")
    offer = offer_to(booking, house.therese)
    propose(house, booking, "16:00")
    therese.get("/my/day")
    token = {"X-CSRFToken": therese.page.csrf_token}

    first = therese.hx(path(offer, "keep-time"), method="POST", headers=token)
    lines = len(booking.events)
    second = therese.hx(path(offer, "keep-time"), method="POST", headers=token)

    assert (first.status_code, second.status_code) == (200, 200)
    assert len(booking.events) == lines
    assert suggestions() == [("Thérèse", "withdrawn")]
    assert len(times(therese)) == 3


@pytest.mark.parametrize("what", ["accepted by her", "declined by her", "taken", "cancelled", "moved"])
def test_what_happens_to_the_booking_overtakes_it(house: House, book: Book, what: str) -> None:
    booking = book("15:00")
    propose(house, booking, "16:00")
    if what == "accepted by her":
        accept(house, booking, house.therese)
    elif what == "declined by her":
        decline_offer(house.lutetia, offer=offer_to(booking, house.therese), by=phone(house.therese))
    elif what == "taken":
        accept(house, booking, house.marc)
    elif what == "cancelled":
        cancel_booking(house.lutetia, booking=booking, reason="r", cancelled_by="staff", by=desk(house))
    else:
        move_booking(house.lutetia, booking=booking, move=Move(starts_at=house.at("11:00")), by=desk(house))
    assert suggestions() == [("Thérèse", "withdrawn")]
    assert booking.status == {"moved": "pending", "declined by her": "pending", "cancelled": "cancelled"}.get(
        what, "confirmed"
    )


def test_it_expires_by_itself_after_a_day(house: House, book: Book, therese: PageClient) -> None:
    at = house.at("08:00")
    with frozen(at):
        booking = book("15:00", starts_at=house.at("15:00", days=3))
        offer = offer_to(booking, house.therese)
        start = house.at("16:00", days=3)
        made = propose_time(house.lutetia, offer=offer, starts_at=start, by=phone(house.therese))
    assert made.expires_at == at + timedelta(days=1)
    with frozen(at + timedelta(hours=23, minutes=59)):
        assert expire_proposals() == 0
    with frozen(at + timedelta(days=1)):
        assert (expire_proposals(), expire_proposals()) == (1, 0)
    assert suggestions() == [("Thérèse", "expired")]
    assert ("proposal_answer", "waiting") in states(house.therese)
    therese.get("/my/day")
    assert "Nobody has answered" in therese.page.text
    therese.get(CHOICES)
    assert len(times(therese)) == 3, "she may suggest another one"


def test_it_expires_when_the_earlier_of_the_two_times_begins(house: House, book: Book) -> None:
    with frozen(house.at("08:00")):
        later, earlier = propose(house, book("15:00"), "16:00"), propose(house, book("17:00"), "13:00")
    assert later.expires_at == house.at("15:00")
    assert earlier.expires_at == house.at("13:00")


def test_it_is_told_to_the_agenda_and_written_down(house: House, book: Book) -> None:
    booking = book("15:00")
    db.session.commit()
    before = db.session.scalars(select(LiveEvent.id)).all()
    propose(house, booking, "16:00")
    query = select(LiveEvent.topics).where(LiveEvent.id.not_in(before))
    topics = {topic for told in db.session.scalars(query) for topic in told}
    assert {f"column:{house.day}:{house.therese.uuid}", "proposals", f"asked:{booking.uuid}", "offers"} <= topics
    assert booking.events[-1].verb == "proposed"
    trail = db.session.scalars(select(AuditEntry.verb).where(AuditEntry.verb.like("proposal:%"))).all()
    assert trail == ["proposal:made"]


def test_two_guests_two_therapists(house: House, book: Book) -> None:
    """Marc has accepted his half: another time must suit him as well."""
    booking = book("15:00", variant=house.duo, guest_count=2, price_minor=18000)
    accept(house, booking, house.marc)
    block(house, house.marc, "16:00", "17:00")
    with pytest.raises(TimeGone):
        propose(house, booking, "16:00")
    assert propose(house, booking, "17:00").starts_at == house.at("17:00")


def test_nothing_of_the_guest_is_on_the_card(house: House, book: Book, therese: PageClient) -> None:
    book("15:00", notes="Sore back")
    therese.get("/my/day")
    card = Page.text_of(therese.page.one(".//article[@data-offer]"))
    assert not any(secret in card for secret in ("Hélène", "Dupont", "+336", "Sore back"))
    assert now() < house.at("15:00")
