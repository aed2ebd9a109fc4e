"""Booking at the desk: the form, the guest it is for, what is refused beside which field, and a second click."""

from __future__ import annotations

import json
import re
from datetime import time
from typing import Any

import pytest
from sqlalchemy import func, select

from portal.audit import Actor
from portal.changes.queries import last_change
from portal.database import db
from portal.models import Booking, Change, Claim, Customer, GuestMessage, Payment, Room, SoftHold
from portal.undo.service import undo_change
from tests.bookings.conftest import Book, accept
from tests.factories import House, make_customer, make_member, make_shift, make_treatment, make_variant, save
from tests.support.client import PageClient
from tests.support.sign_in import sign_in
from tests.support.statements import Statements

FORM = ".//form[@id='compose-form']"
NOWHERE = "11111111-1111-4111-8111-111111111111"


@pytest.fixture
def camille(client: PageClient, house: House) -> PageClient:
    sign_in(client, house.camille)
    return client


def test_the_place_that_was_clicked_is_filled_in(camille: PageClient, house: House) -> None:
    _open(camille, house, at="10:35", column=house.therese.uuid)
    values = camille.page.values_of(camille.page.one(FORM))
    assert (values["date"], values["time"]) == (house.day.isoformat(), "10:35")
    assert values["therapist"] == str(house.therese.uuid)
    assert (values["variant"], values["price"]) == (str(house.single.uuid), "95.00")
    assert "Free" in camille.page.text

    _open(camille, house, at="10:35", column=house.duo_room.uuid)
    values = camille.page.values_of(camille.page.one(FORM))
    assert (values["therapist"], values["room"]) == ("", str(house.duo_room.uuid))


def test_a_known_guest_with_the_therapist_of_the_column(camille: PageClient, house: House) -> None:
    helene = make_customer(house.organisation, language="en")
    _open(camille, house, column=house.therese.uuid)
    answer = camille.submit(FORM, {"customer": str(helene.uuid), "notes": "Prefers silence"})

    booking = _only()
    assert answer.status_code == 303
    assert answer.location == f"/v/lutetia/agenda/{house.day}?booking={booking.uuid}"
    assert (booking.customer, booking.status, booking.channel) == (helene, "confirmed", "desk")
    assert (booking.therapist, booking.starts_at) == (house.therese, house.at("10:00"))
    assert (booking.price_minor, booking.guest_language, booking.notes) == (9500, "en", "Prefers silence")
    assert booking.created_by_id == house.camille.id
    camille.get(answer.location)
    assert "Booked: Hélène Dupont, Relaxing massage, 60 min, tomorrow 10:00." in camille.page.text


def test_anyone_asks_all_and_a_woman_asks_women(camille: PageClient, house: House) -> None:
    guest = make_customer(house.organisation)
    for clock, therapist in (("10:00", ""), ("12:00", "female")):
        _open(camille, house, at=clock)
        assert camille.submit(FORM, {"customer": str(guest.uuid), "therapist": therapist}).status_code == 303
    anyone, woman = _bookings()
    assert [anyone.status, woman.status] == ["pending", "pending"]
    assert {offer.member.first_name for offer in anyone.item.offers} == {"Thérèse", "Marc"}
    assert {offer.member.first_name for offer in woman.item.offers} == {"Thérèse"}


def test_a_new_guest_from_what_was_typed_in_one_box(camille: PageClient, house: House) -> None:
    _open(camille, house)
    assert camille.submit(FORM, {"guest": "Léa Martin 06 39 98 12 34", "create": "1"}).status_code == 303
    made = _only().customer
    assert made is not None
    assert (made.first_name, made.last_name, made.phone) == ("Léa", "Martin", "+33639981234")


def test_a_refused_booking_leaves_no_guest_behind(camille: PageClient, house: House) -> None:
    _open(camille, house, at="03:00")
    answer = camille.submit(FORM, {"guest": "Léa Martin 06 39 98 12 34", "create": "1"})
    assert answer.status_code == 409
    assert db.session.scalar(select(func.count(Customer.id))) == 0
    values = camille.page.values_of(camille.page.one(FORM))
    assert (values["guest"], values["create"]) == ("Léa Martin 06 39 98 12 34", "1")


def test_without_the_box_the_page_asks_who_is_meant(camille: PageClient, house: House) -> None:
    helene = make_customer(house.organisation)
    _open(camille, house)
    assert camille.submit(FORM, {"guest": "dup hel"}).status_code == 422
    assert "Please choose who it is." in camille.page.text
    assert camille.page.values_of(camille.page.one(FORM))["pick"] == str(helene.uuid)
    assert camille.submit(FORM).status_code == 303
    assert _only().customer == helene


def test_a_phone_that_somebody_has_offers_that_guest(camille: PageClient, house: House) -> None:
    helene = make_customer(house.organisation, phone="+33639981234")
    _open(camille, house)
    answer = camille.submit(FORM, {"guest": "Nadia Haddad 06 39 98 12 34", "create": "1"})
    assert answer.status_code == 409
    assert "This phone number is that of a guest we know: Hélène Dupont" in camille.page.text
    take = camille.page.one(".//button[@name='pick']").get("value") or ""
    assert (
        camille.post(_url(), data={**camille.page.values_of(camille.page.one(FORM)), "pick": take}).status_code == 303
    )
    assert _only().customer == helene


def test_sent_twice_it_is_one_booking(camille: PageClient, house: House) -> None:
    guest = make_customer(house.organisation)
    _open(camille, house, column=house.therese.uuid)
    form = camille.page.one(FORM)
    first = camille.send(form, {"customer": str(guest.uuid)})
    again = camille.send(form, {"customer": str(guest.uuid)})
    assert (again.status_code, again.location) == (303, first.location)
    assert len(_bookings()) == 1


def test_the_id_of_a_strangers_booking_is_no_way_in(camille: PageClient, house: House, book: Book) -> None:
    elsewhere = book("10:00")
    elsewhere.venue_id = house.marais.id
    db.session.commit()
    guest = make_customer(house.organisation)
    _open(camille, house, at="14:00")
    sent = {"id": str(elsewhere.uuid), "customer": str(guest.uuid)}
    answer = camille.hx(_url(), method="POST", data={**camille.page.values_of(camille.page.one(FORM)), **sent})
    assert answer.status_code == 409
    assert len(_bookings()) == 1


@pytest.mark.parametrize(
    ("wrong", "field", "sentence"),
    [
        ({"customer": ""}, "guest", "Who is it?"),
        ({"customer": NOWHERE}, "guest", "Please choose the guest again."),
        ({"customer": "x"}, "guest", "Please choose the guest again."),
        ({"customer": "", "guest": "Léa 12", "create": "1"}, "guest", "“12” is not a phone number."),
        ({"customer": "", "guest": "x" * 10_000}, "guest", "Please use at most 120 characters."),
        ({"notes": "n" * 10_000}, "notes", "Please use at most 500 characters."),
        ({"price": "-1"}, "price", "Please enter an amount"),
        ({"price": "1e99"}, "price", "Please enter an amount"),
        ({"price": "9" * 40}, "price", "Please use at most 30 characters."),
        ({"price": "999999999"}, "price", "Please enter an amount"),
        ({"variant": NOWHERE}, "variant", "Please choose a treatment."),
        ({"time": ""}, "time", "Please enter a date and a time."),
        ({"time": "25:61"}, "time", "Please enter a date and a time."),
        ({"date": "2026-02-30"}, "time", "Please enter a date and a time."),
        ({"date": "9999-12-31"}, "time", "Please enter a date and a time."),
        ({"date": "2027-03-28", "time": "02:30"}, "time", "This time does not exist on that day"),
        ({"therapist": NOWHERE}, "therapist", "This therapist does not treat guests here."),
        ({"room": NOWHERE}, "room", "This room is not among those of the venue."),
        ({"payment_method": "shells"}, "payment_method", "Please choose one of these."),
        ({"client_type": "king"}, "client_type", "Please choose one of these."),
        ({"paid": "y"}, "payment_method", "Please say how it was paid."),
        ({"room_number": "4" * 21}, "room_number", "Please use at most 20 characters."),
    ],
    ids=lambda given: "-".join(f"{key}-{value[:6]}" for key, value in given.items()) if isinstance(given, dict) else "",
)
def test_what_cannot_be_is_told_beside_its_field(
    camille: PageClient, house: House, wrong: dict[str, str], field: str, sentence: str
) -> None:
    guest = make_customer(house.organisation)
    _open(camille, house)
    sent = {**camille.page.values_of(camille.page.one(FORM)), "customer": str(guest.uuid), "notes": "Kept", **wrong}
    assert camille.post(_url(), data=sent).status_code == 422
    assert _bookings() == []
    control = next(one for one in camille.page.one(FORM).iter() if one.get("name") == field)
    assert control.get("aria-invalid") == "true"
    assert sentence in camille.page.text
    if "notes" not in wrong:
        assert camille.page.text_of(camille.page.one(".//textarea[@name='notes']")) == "Kept"


def test_a_room_of_another_venue_is_none(camille: PageClient, house: House) -> None:
    foreign = save(Room(organisation_id=house.organisation.id, venue_id=house.marais.id, name="Cabine", capacity=1))
    guest = make_customer(house.organisation)
    _open(camille, house)
    sent = {**camille.page.values_of(camille.page.one(FORM)), "customer": str(guest.uuid), "room": str(foreign.uuid)}
    assert camille.post(_url(), data=sent).status_code == 422
    assert _bookings() == []


def test_a_guest_of_another_organisation_is_nobody(camille: PageClient, house: House) -> None:
    stranger = make_customer(house.neighbour)
    _open(camille, house)
    assert camille.submit(FORM, {"customer": str(stranger.uuid)}).status_code == 422
    assert _bookings() == []


def test_a_past_time_is_refused_with_what_can_be_had(camille: PageClient, house: House) -> None:
    guest = make_customer(house.organisation)
    _open(camille, house)
    answer = camille.submit(FORM, {"customer": str(guest.uuid), "date": "2020-01-06", "time": "10:00"})
    assert answer.status_code == 409
    assert "This time is over, or too soon to be booked." in camille.page.text
    assert _bookings() == []


def test_a_taken_therapist_is_named_with_the_nearest_times(camille: PageClient, house: House, book: Book) -> None:
    accept(house, book("10:00"), house.therese)
    guest = make_customer(house.organisation)
    _open(camille, house, column=house.therese.uuid)
    assert "Thérèse Test is with another guest from 10:00 to 11:00." in camille.page.text
    assert camille.submit(FORM, {"customer": str(guest.uuid)}).status_code == 409
    times = [button.get("value", "")[-5:] for button in camille.page.all(".//button[@name='take']")]
    assert sorted(times) == ["09:00", "11:00", "11:30"]
    assert "Only a manager may overbook." in camille.page.text

    sent = camille.page.values_of(camille.page.one(FORM))
    assert camille.post(_url(), data={**sent, "take": f"{house.day}T11:00"}).status_code == 303
    assert _bookings()[-1].starts_at == house.at("11:00")


def test_a_manager_overbooks_with_a_reason(client: PageClient, house: House, book: Book) -> None:
    accept(house, book("10:00"), house.therese)
    guest = make_customer(house.organisation)
    sign_in(client, house.maud)
    _open(client, house, column=house.therese.uuid)
    sent = {**client.page.values_of(client.page.one(FORM)), "customer": str(guest.uuid), "overbook": "1"}
    assert client.post(_url(), data=sent).status_code == 422
    assert "Please say why it is booked all the same." in client.page.text
    assert client.post(_url(), data={**sent, "overbook_reason": "A regular of twenty years"}).status_code == 303
    booking = _bookings()[-1]
    assert booking.events[0].details["overbooked"] == "A regular of twenty years"
    claims = db.session.scalars(select(Claim).where(Claim.item_id == booking.item.id, Claim.active))
    assert any(claim.overbooked for claim in claims)


def test_a_receptionist_does_not_overbook(camille: PageClient, house: House, book: Book) -> None:
    accept(house, book("10:00"), house.therese)
    guest = make_customer(house.organisation)
    _open(camille, house, column=house.therese.uuid)
    sent = {**camille.page.values_of(camille.page.one(FORM)), "customer": str(guest.uuid)}
    assert camille.post(_url(), data={**sent, "overbook": "1", "overbook_reason": "Please"}).status_code == 403
    assert len(_bookings()) == 1


def test_several_treatments_in_a_row(camille: PageClient, house: House) -> None:
    facial = make_treatment(house.lutetia, house.massage.room_type, name="Soin visage", duration=30, price_minor=6000)
    guest = make_customer(house.organisation)
    _open(camille, house, column=house.therese.uuid)
    sent = {**camille.page.values_of(camille.page.one(FORM)), "customer": str(guest.uuid)}
    answer = camille.post(_url(), data={**sent, "then": [str(facial.variants[0].uuid), ""]})
    assert answer.status_code == 303
    camille.get(answer.location)
    assert "Booked: Hélène Dupont, Relaxing massage, 60 min +1, tomorrow 10:00." in camille.page.text
    booking = _only()
    assert [item.ends_at for item in booking.items] == [house.at("11:00"), house.at("11:30")]
    assert (booking.price_minor, booking.status) == (15500, "confirmed")


def test_a_couple_with_two_therapists(camille: PageClient, house: House) -> None:
    guest = make_customer(house.organisation)
    _open(camille, house, column=house.therese.uuid, variant=house.duo.uuid)
    sent = {**camille.page.values_of(camille.page.one(FORM)), "customer": str(guest.uuid)}
    same = {**sent, "second": str(house.therese.uuid)}
    assert camille.post(_url(), data=same).status_code == 422
    assert "Please choose two different therapists." in camille.page.text
    assert camille.post(_url(), data={**sent, "second": str(house.marc.uuid)}).status_code == 303
    booking = _only()
    assert (booking.guest_count, booking.status, booking.price_minor) == (2, "confirmed", 18000)
    assert len(booking.participants) == 2


def test_two_treatments_are_for_the_same_number_of_guests(camille: PageClient, house: House) -> None:
    guest = make_customer(house.organisation)
    _open(camille, house)
    sent = {**camille.page.values_of(camille.page.one(FORM)), "customer": str(guest.uuid)}
    assert camille.post(_url(), data={**sent, "then": str(house.duo.uuid)}).status_code == 422
    assert "Treatments in a row are for the same number of guests." in camille.page.text


def test_the_price_follows_the_treatment_until_it_is_typed(camille: PageClient, house: House) -> None:
    long = make_variant(house.massage, label="90 min", duration=90, price_minor=13000)
    guest = make_customer(house.organisation)
    for clock, price, paid in (("10:00", "95.00", 13000), ("13:00", "80", 8000)):
        _open(camille, house, at=clock)
        sent = {"customer": str(guest.uuid), "variant": str(long.uuid), "price": price}
        assert camille.submit(FORM, sent).status_code == 303
        assert _bookings()[-1].price_minor == paid


def test_out_of_hours_carries_the_surcharge(camille: PageClient, house: House) -> None:
    house.lutetia.allow_out_of_hours_booking = True
    house.lutetia.out_of_hours_surcharge_percent = 20
    make_shift(house.lutetia, house.therese, house.day, start=time(7), end=time(9))
    guest = make_customer(house.organisation)
    db.session.commit()
    _open(camille, house, at="07:30", column=house.therese.uuid)
    assert camille.page.values_of(camille.page.one(FORM))["price"] == "114.00"
    assert "out of hours" in camille.page.text
    assert camille.submit(FORM, {"customer": str(guest.uuid)}).status_code == 303
    assert _only().price_minor == 11400


def test_on_request_the_price_must_be_typed(camille: PageClient, house: House) -> None:
    asked = make_variant(house.massage, label="Royal", price_minor=None, price_on_request=True)
    guest = make_customer(house.organisation)
    _open(camille, house, variant=asked.uuid)
    assert camille.submit(FORM, {"customer": str(guest.uuid)}).status_code == 422
    assert "priced on request" in camille.page.text
    assert camille.submit(FORM, {"price": "250"}).status_code == 303
    assert _only().price_minor == 25000


def test_paid_at_once_stands_in_the_ledger_and_one_undo_takes_all_back(camille: PageClient, house: House) -> None:
    guest = make_customer(house.organisation, email="helene@example.org")
    _open(camille, house, column=house.therese.uuid)
    sent = {"customer": str(guest.uuid), "payment_method": "cash"}
    form = {**camille.page.values_of(camille.page.one(FORM)), **sent, "paid": "y", "tell": "y"}
    assert camille.post(_url(), data=form).status_code == 303
    booking = _only()
    assert (booking.payment_status, booking.payment_method) == ("paid", "cash")
    assert db.session.scalars(select(Payment)).one().amount_minor == 9500
    message = db.session.scalars(select(GuestMessage)).one()
    assert (message.kind, message.status) == ("booked", "queued")
    assert db.session.scalar(select(func.count(Change.id))) == 1

    change = last_change(house.lutetia, house.camille)
    assert change is not None
    undo_change(house.lutetia, change=change, by=Actor.of_member(house.camille, door="agenda"))
    db.session.expire_all()
    assert (booking.status, message.status) == ("cancelled", "voided")


def test_the_choice_to_tell_the_guest_is_remembered(camille: PageClient, house: House) -> None:
    guest = make_customer(house.organisation, email="helene@example.org")
    _open(camille, house)
    assert camille.page.values_of(camille.page.one(FORM))["tell"] == "y"
    sent = {**camille.page.values_of(camille.page.one(FORM)), "customer": str(guest.uuid)}
    del sent["tell"]
    assert camille.post(_url(), data=sent).status_code == 303
    assert db.session.scalar(select(func.count(GuestMessage.id))) == 0
    _open(camille, house, at="14:00")
    assert "tell" not in camille.page.values_of(camille.page.one(FORM))


def test_with_htmx_the_popover_closes_and_an_undo_is_offered(camille: PageClient, house: House) -> None:
    guest = make_customer(house.organisation)
    _open(camille, house, column=house.therese.uuid)
    sent = {**camille.page.values_of(camille.page.one(FORM)), "customer": str(guest.uuid)}
    answer = camille.hx(_url(), method="POST", data=sent)
    events = json.loads(answer.headers["HX-Trigger"])
    assert answer.status_code == 200
    assert f'data-booked="{_only().uuid}"' in answer.text
    assert "Booked: Hélène Dupont" in events["toast"]["message"]
    assert re.fullmatch(r"/v/lutetia/changes/[0-9a-f-]{36}/undo", events["toast"]["undo"])


def test_while_it_is_typed_the_server_says_whether_it_is_free(
    camille: PageClient, house: House, statements: Any
) -> None:
    asked = {
        "variant": str(house.single.uuid), "date": str(house.day), "time": "10:00", "therapist": str(house.marc.uuid),
    }  # fmt: skip
    answer = camille.hx(f"{_url()}/check", query_string=asked)
    assert answer.status_code == 200
    assert "Free" in camille.page.text
    assert camille.page.one(".//div[@id='compose-check']").get("data-price") == "95.00"
    sent: Statements
    with statements() as sent:
        camille.hx(f"{_url()}/check", query_string={**asked, "time": "21:00"})
    assert "outside the opening hours" in camille.page.text
    sent.at_most(16)
    answer = camille.hx(f"{_url()}/check", query_string={**asked, "time": "x", "room": NOWHERE})
    assert answer.status_code == 200
    assert "Please enter a date and a time." in camille.page.text


def test_saved_is_no_longer_held(camille: PageClient, house: House) -> None:
    guest = make_customer(house.organisation)
    _open(camille, house, column=house.therese.uuid)
    sent = {**camille.page.values_of(camille.page.one(FORM)), "customer": str(guest.uuid)}
    camille.post(f"{_url()}/hold", data=sent)
    assert db.session.scalar(select(func.count(SoftHold.id))) == 1
    camille.post(_url(), data=sent)
    assert db.session.scalar(select(func.count(SoftHold.id))) == 0


def test_the_usual_treatment_of_a_guest_comes_first(camille: PageClient, house: House, book: Book) -> None:
    facial = make_treatment(house.lutetia, house.massage.room_type, name="Soin visage")
    guest = make_customer(house.organisation)
    book("12:00", customer=guest, variant=facial.variants[0])
    book("14:00")
    book("16:00")
    _open(camille, house)
    assert camille.page.values_of(camille.page.one(FORM))["variant"] == str(house.single.uuid)
    _open(camille, house, customer=guest.uuid)
    values = camille.page.values_of(camille.page.one(FORM))
    assert (values["variant"], values["customer"]) == (str(facial.variants[0].uuid), str(guest.uuid))


def test_a_second_time_of_autumn_can_be_meant(camille: PageClient, house: House) -> None:
    camille.get(f"{_url()}/new", query_string={"at": "2026-10-25T02:30+01:00"})
    values = camille.page.values_of(camille.page.one(FORM))
    assert (values["time"], values["offset"]) == ("02:30", "+01:00")


def test_who_works_elsewhere_cannot_be_chosen(camille: PageClient, house: House) -> None:
    stranger = make_member(house.organisation, house.marais)
    _open(camille, house, column=stranger.uuid)
    assert camille.page.values_of(camille.page.one(FORM))["therapist"] == ""


def _open(client: PageClient, house: House, *, at: str = "10:00", **asked: object) -> None:
    given = {"at": f"{house.day}T{at}", **{name: str(value) for name, value in asked.items()}}
    assert client.get(f"{_url()}/new", query_string=given).status_code == 200


def _url() -> str:
    return "/v/lutetia/bookings"


def _bookings() -> list[Booking]:
    return list(db.session.scalars(select(Booking).order_by(Booking.id)))


def _only() -> Booking:
    (booking,) = _bookings()
    return booking
