"""Whom the desk has blocked nobody books but a manager with a reason; who owes a deposit is asked for one."""

from __future__ import annotations

import pytest

from portal.bookings.creation import request_booking
from portal.bookings.errors import GuestBlocked
from portal.bookings.request import Request
from portal.bookings.words import event_sentence
from portal.classes.service import join_session, open_session
from portal.clock import now
from portal.models import Booking, Customer
from tests.bookings.conftest import Book, book
from tests.bookings.test_move_booking import desk
from tests.factories import House, make_customer, make_treatment
from tests.support.client import PageClient
from tests.support.sign_in import sign_in

__all__ = ["book"]

REASON = "Trois absences"


def flagged(house: House, flag: str) -> Customer:
    return make_customer(
        house.organisation, first_name="Odile", last_name="Caron", flag=flag, flag_reason=REASON, flagged_at=now(),
        flagged_by_name="Maud",
    )  # fmt: skip


def at_desk(house: House, guest: Customer, **given: object) -> Booking:
    words = {"variant": house.single, "starts_at": house.at("10:00"), "customer": guest, "price_minor": 9500}
    wish = Request(**words, channel="desk", desk=True, **given)  # type: ignore[arg-type]
    return request_booking(house.lutetia, wish, by=desk(house))


def test_a_blocked_guest_is_refused(house: House) -> None:
    with pytest.raises(GuestBlocked) as refused:
        at_desk(house, flagged(house, "blocked"))
    assert refused.value.customer.flag_reason == REASON
    assert at_desk(house, make_customer(house.organisation)).customer is not None


def test_a_manager_may_book_with_a_reason_that_stays_in_the_history(house: House) -> None:
    booking = at_desk(house, flagged(house, "blocked"), despite="S’est excusée")
    assert "S’est excusée" in event_sentence(booking.events[0])


def test_a_partner_is_promised_what_he_was_shown_and_the_desk_is_told(house: House, book: Book) -> None:
    booking = book("10:00", customer=flagged(house, "blocked"))
    assert booking.events[0].details["flagged"] == "blocked"
    assert event_sentence(booking.events[0]) != event_sentence(book("12:00").events[0])


def test_a_blocked_guest_joins_no_class(house: House) -> None:
    yoga = make_treatment(house.lutetia, name="Yoga", kind="class", max_participants=5)
    session = open_session(
        house.lutetia, variant=yoga.variants[0], starts_at=house.at("14:00"), customers=[], by=desk(house)
    )
    with pytest.raises(GuestBlocked):
        join_session(house.lutetia, booking=session, customer=flagged(house, "blocked"), by=desk(house))


def test_who_owes_a_deposit_leaves_the_whole_price_where_the_treatment_asks_for_none(house: House) -> None:
    booking = at_desk(house, flagged(house, "deposit"))
    assert booking.deposit_required_minor == 9500
    assert booking.deposit_due_at is not None
    assert at_desk(house, make_customer(house.organisation), then=()).deposit_required_minor is None


def test_the_treatments_own_deposit_is_enough(house: House) -> None:
    house.single.treatment.deposit_kind, house.single.treatment.deposit_percent = "percent", 30
    assert at_desk(house, flagged(house, "deposit")).deposit_required_minor == 2850


def test_the_popover_says_why_and_lets_only_a_manager_decide(client: PageClient, house: House) -> None:
    guest, place = flagged(house, "blocked"), f"at={house.day}T10:00"
    sign_in(client, house.camille)
    client.get(f"/v/lutetia/bookings/new?customer={guest.uuid}&variant={house.single.uuid}&{place}")
    assert REASON in client.page.text
    assert not client.page.all(".//button[@name='despite']")
    answer = client.submit(".//form[@id='compose-form']")
    assert answer.status_code == 409
    assert REASON in client.page.text
    forced = {"despite": "1", "despite_reason": "Je décide"}
    form = client.page.one(".//form[@id='compose-form']")
    data = {**client.page.values_of(form), **forced}
    assert client.post("/v/lutetia/bookings", data=data).status_code == 403

    sign_in(client, house.maud)
    client.get(f"/v/lutetia/bookings/new?customer={guest.uuid}&variant={house.single.uuid}&{place}")
    form = client.page.one(".//form[@id='compose-form']")
    data = client.page.values_of(form) | {"despite": "1"}
    assert client.post("/v/lutetia/bookings", data=data).status_code == 422
    data |= {"despite_reason": "S’est excusée"}
    assert client.post("/v/lutetia/bookings", data=data).status_code == 303


def test_the_popover_names_the_deposit(client: PageClient, house: House) -> None:
    guest = flagged(house, "deposit")
    sign_in(client, house.camille)
    client.get(
        f"/v/lutetia/bookings/new?customer={guest.uuid}&variant={house.single.uuid}&at={house.day}T10:00&lang=en"
    )
    assert "Only with a deposit of €95.00:" in client.page.text
