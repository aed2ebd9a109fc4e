"""Suggest another time: one tap on one of three that can be had; taken back, replaced, too late, and by the wrong."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select

from portal.audit import Actor
from portal.blocks.service import block_time
from portal.bookings.errors import AlreadyTaken, AlreadyYours, NotOffered, OfferCancelled
from portal.bookings.proposals.errors import TimeGone
from portal.bookings.proposals.service import expire_proposals, propose_time, withdraw_counter_proposal
from portal.bookings.service import cancel_booking
from portal.clock import frozen, now
from portal.database import db
from portal.models import Booking, CounterProposal, LiveEvent, Offer, StaffMember
from portal.offers.service import decline_offer
from tests.bookings.conftest import Book, accept, asked, offer_to, partner, phone
from tests.factories import House, make_member, make_room, make_shift, qualify
from tests.notices.conftest import states
from tests.offers.conftest import path
from tests.support.client import PageClient
from tests.support.page import Page
from tests.support.sign_in import sign_in

TIMES = ".//article[@data-offer]//button[@name='starts_at']"


def propose(house: House, booking: Booking, clock: str, member: StaffMember | None = None) -> CounterProposal:
    member = member or house.therese
    offer = offer_to(booking, member)
    return propose_time(house.lutetia, offer=offer, starts_at=house.at(clock), by=phone(member))


def waiting() -> int:
    return db.session.scalar(select(func.count(CounterProposal.id)).where(CounterProposal.status == "open")) or 0


def offered_times(client: PageClient) -> list[str]:
    return [Page.text_of(button) for button in client.page.all(TIMES)]


def hits(house: House, member: StaffMember, start: str, end: str) -> None:
    assert member.resource is not None
    block_time(
        house.lutetia, resources=[member.resource], starts_at=house.at(start), ends_at=house.at(end), kind="break",
        by=Actor.of_member(house.maud, door="agenda"),
    )  # fmt: skip


def test_three_times_stand_on_the_card_and_one_tap_asks_the_desk(house: House, book: Book, therese: PageClient) -> None:
    booking = book("15:00")
    therese.get("/my/day")
    assert offered_times(therese) == ["14:00", "14:30", "15:30"] or len(offered_times(therese)) == 3
    button = therese.page.all(TIMES)[0]

    answer = therese.hx(
        path(offer_to(booking, house.therese), "propose"), method="POST", data={"starts_at": button.get("value")}
    )

    assert answer.status_code == 200
    assert "You suggested" in therese.page.text
    assert waiting() == 1
    assert asked(booking) == {"Thérèse": "open", "Marc": "open"}, "the others are asked on, and she may still accept"
    assert therese.page.all(".//button[@name='starts_at']") == []
