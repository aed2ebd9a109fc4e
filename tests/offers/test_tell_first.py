"""“Tell me first”: who came too late is asked with the first wave next time, whatever her rank; no rule bends."""

from __future__ import annotations

from datetime import timedelta

import pytest

from portal.bookings.errors import NotOffered
from portal.bookings.wishes.queries import list_wishes, who_wished
from portal.bookings.wishes.service import LASTS, NothingMissed, end_wish, wish_for_next
from portal.clock import frozen, now
from portal.database import db
from portal.models import AuditEntry, Booking, OfferWish, StaffMember, VenueMember
from tests.bookings.conftest import Book, accept, asked, offer_to, phone
from tests.factories import House, make_treatment, make_variant
from tests.offers.conftest import path
from tests.support.client import PageClient
from tests.support.sign_in import sign_in

SENTENCE = "you are among the first to be asked: Relaxing massage."


@pytest.fixture
def missed(house: House, book: Book) -> Booking:
    """Both were asked, Marc was faster; from then on Thérèse is of the second rank."""
    booking = book("10:00")
    accept(house, booking, house.marc)
    ranked(house, house.therese, 2)
    return booking


def ranked(house: House, member: StaffMember, rank: int) -> None:
    db.session.query(VenueMember).filter_by(venue_id=house.lutetia.id, member_id=member.id).update({"priority": rank})
    db.session.commit()


def wish(house: House, booking: Booking) -> OfferWish:
    return wish_for_next(house.lutetia, offer=offer_to(booking, house.therese), by=phone(house.therese))


def test_she_is_asked_with_the_first_wave(house: House, book: Book, missed: Booking) -> None:
    assert asked(book("11:30")) == {"Marc": "open"}
    wish(house, missed)
    later = book("13:00")
    assert asked(later) == {"Thérèse": "open", "Marc": "open"}
    assert [offer_to(later, one).because for one in (house.therese, house.marc)] == ["wished", None]


def test_it_is_gone_with_the_first_that_she_gets(house: House, book: Book, missed: Booking) -> None:
    wish(house, missed)
    first = book("13:00")
    accept(house, first, house.therese)
    assert list_wishes(house.therese, at=now()) == []
    assert asked(book("15:00")) == {"Marc": "open"}


def test_it_ends_by_itself_and_a_repeat_begins_anew(house: House, missed: Booking) -> None:
    start = now()
    with frozen(start):
        made = wish(house, missed)
    with frozen(start + timedelta(days=1)):
        again = wish(house, missed)
    assert again.id == made.id
    last = start + timedelta(days=1) + LASTS
    asking = {"treatment_id": house.massage.id}
    assert who_wished(house.lutetia, **asking, at=last - timedelta(seconds=1)) == {house.therese.id}
    assert who_wished(house.lutetia, **asking, at=last) == frozenset()
    assert list_wishes(house.therese, at=last) == []


def test_only_for_this_treatment(house: House, book: Book, missed: Booking) -> None:
    wish(house, missed)
    other = make_treatment(house.lutetia, name="Facial")
    assert asked(book("13:00", variant=make_variant(other))) == {"Marc": "open"}


def test_gender_and_skill_decide_as_ever(house: House, book: Book, missed: Booking) -> None:
    house.marc.gender, house.therese.gender = "male", "female"
    db.session.commit()
    wish(house, missed)
    assert asked(book("13:00", gender_preference="male")) == {"Marc": "open"}


def test_whom_the_guest_asked_for_is_asked_alone(house: House, book: Book, missed: Booking) -> None:
    wish(house, missed)
    assert asked(book("13:00", requested=house.marc)) == {"Marc": "open"}


def test_only_after_a_colleague_was_faster(house: House, book: Book, missed: Booking) -> None:
    with pytest.raises(NothingMissed):
        wish(house, book("13:00", requested=house.therese))
    with pytest.raises(NothingMissed):
        wish_for_next(house.lutetia, offer=offer_to(missed, house.marc), by=phone(house.marc))
    with pytest.raises(NotOffered):
        wish_for_next(house.lutetia, offer=offer_to(missed, house.therese), by=phone(house.marc))


def test_it_leaves_its_trail_and_ends_twice_without_harm(house: House, missed: Booking) -> None:
    made = wish(house, missed)
    end_wish(made, by=phone(house.therese))
    end_wish(made, by=phone(house.therese))
    verbs = [entry.verb for entry in db.session.query(AuditEntry).order_by(AuditEntry.id)]
    assert verbs[-3:] == ["wish:made", "wish:ended", "wish:ended"]
    assert db.session.query(OfferWish).count() == 0


def test_one_tap_on_the_card_and_out_of_it_again(house: House, missed: Booking, therese: PageClient) -> None:
    offer = offer_to(missed, house.therese)
    therese.get("/my/day")
    assert "Tell me first next time" in therese.page.text
    assert therese.hx(path(offer, "tell-first"), method="POST").status_code == 200
    assert SENTENCE in therese.page.text
    assert "Tell me first" not in therese.page.text
    therese.get("/my/day")
    assert SENTENCE in therese.page.text
    assert "Told first next time" in therese.page.text
    [form] = [one for one in therese.page.all(".//form") if "/wishes/" in str(one.get("action"))]
    answer = therese.post(str(form.get("action")), data={"csrf_token": therese.page.csrf_token})
    assert (answer.status_code, answer.location) == (303, "/my/day")
    assert "Told first next time" not in therese.get("/my/day").text


def test_who_taps_too_late_may_wish_too(house: House, missed: Booking, therese: PageClient) -> None:
    therese.get("/my/day")
    assert therese.hx(path(offer_to(missed, house.therese), "accept"), method="POST").status_code == 409
    assert "Just taken by a colleague. Nothing to do." in therese.page.text
    assert "Tell me first next time" in therese.page.text


def test_a_colleague_cannot_end_it(house: House, missed: Booking, marc: PageClient) -> None:
    made = wish(house, missed)
    marc.get("/my/day")
    assert marc.hx(f"/v/lutetia/wishes/{made.uuid}/end", method="POST").status_code == 404
    sign_in(marc, house.eve)
    marc.get("/")
    assert marc.hx(f"/v/lutetia/wishes/{made.uuid}/end", method="POST").status_code == 404
