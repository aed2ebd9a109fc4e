"""The panel of a class and of a couple: join, leave, came, name, and go on with one guest; by plain forms."""

from __future__ import annotations

import pytest

from portal.bookings.payment import settle
from portal.classes.couples import part_with_guest
from portal.classes.service import join_session
from portal.models import Booking, Variant
from tests.classes.conftest import desk
from tests.factories import House, make_customer
from tests.support.client import PageClient
from tests.support.sign_in import sign_in

JOIN = ".//form[@class='form join']"
CANCEL = ".//details[@class='cancel']/form"


@pytest.fixture
def camille(house: House, client: PageClient) -> PageClient:
    sign_in(client, house.camille)
    return client


def test_a_class_is_opened_from_its_form(house: House, yoga: Variant, camille: PageClient) -> None:
    camille.get("/v/lutetia/classes/new")
    answer = camille.submit(
        ".//form[@id='class-form']",
        {"day": str(house.day), "at": "11:00", "therapist": str(house.marc.uuid), "notes": "Tapis"},
    )

    assert answer.status_code == 303
    camille.get(answer.location)
    assert "Morning yoga" in camille.page.text
    assert "0/5" in camille.page.text
    assert "Nobody has joined yet." in camille.page.text
    assert "At least 2 must take part" in camille.page.text


@pytest.mark.parametrize(
    ("values", "status"),
    [({"day": ""}, 422), ({"at": "25:00"}, 422), ({"day": "9999-12-31"}, 422), ({"day": "2020-01-01"}, 409)],
)
def test_a_class_that_cannot_be_keeps_what_was_typed(
    house: House, yoga: Variant, camille: PageClient, values: dict[str, str], status: int
) -> None:
    camille.get("/v/lutetia/classes/new")
    sent = {"day": str(house.day), "at": "11:00", "notes": "Tapis"} | values
    answer = camille.submit(".//form[@id='class-form']", sent)

    assert answer.status_code == status
    assert camille.page.all(".//*[@role='alert']")
    assert camille.page.one(".//textarea[@name='notes']").text == "Tapis"


def test_without_a_class_on_the_menu_there_is_nothing_to_open(house: House, camille: PageClient) -> None:
    camille.get("/v/lutetia/classes/new")
    assert "There is no class on the menu" in camille.page.text


def test_the_only_guest_whom_the_text_can_mean_joins(house: House, session: Booking, camille: PageClient) -> None:
    make_customer(house.organisation, first_name="Zélie", last_name="Martin", name_key="zelie martin")
    camille.get(f"/v/lutetia/bookings/{session.uuid}")

    assert camille.submit(JOIN, {"q": "zelie"}).status_code == 303
    camille.get(f"/v/lutetia/bookings/{session.uuid}")
    assert "1/5" in camille.page.text
    assert "Zélie Martin" in camille.page.text


def test_of_several_guests_the_desk_chooses(house: House, session: Booking, camille: PageClient) -> None:
    wanted = [make_customer(house.organisation) for _ in range(2)][1]
    camille.get(f"/v/lutetia/bookings/{session.uuid}")

    assert camille.submit(JOIN, {"q": "dupont"}).status_code == 422
    choices = [button.get("value") for button in camille.page.all(".//button[@name='customer']")]
    assert str(wanted.uuid) in choices
    token = camille.page.csrf_token
    url = f"/v/lutetia/classes/{session.uuid}/join"
    assert camille.post(url, data={"csrf_token": token, "customer": str(wanted.uuid)}).status_code == 303
    assert [one.customer_id for one in session.participants] == [wanted.id]


@pytest.mark.parametrize("text", ["", "nobody like that", "\x00", "x" * 10_000, "%_"])
def test_who_cannot_be_found_does_not_join(house: House, session: Booking, camille: PageClient, text: str) -> None:
    camille.get(f"/v/lutetia/bookings/{session.uuid}")
    assert camille.submit(JOIN, {"q": text}).status_code == 422
    assert session.participants == []


def test_a_guest_of_another_organisation_does_not_join(house: House, session: Booking, camille: PageClient) -> None:
    stranger = make_customer(house.neighbour)
    camille.get(f"/v/lutetia/bookings/{session.uuid}")
    token = camille.page.csrf_token
    url = f"/v/lutetia/classes/{session.uuid}/join"
    assert camille.post(url, data={"csrf_token": token, "customer": str(stranger.uuid)}).status_code == 422


def test_a_full_class_says_so(house: House, session: Booking, camille: PageClient) -> None:
    url = f"/v/lutetia/bookings/{session.uuid}"
    names = [letter * 4 for letter in "abcdef"]
    for name in names:
        make_customer(house.organisation, first_name=name, name_key=f"{name} dupont")
    camille.get(url)
    token = camille.page.csrf_token
    answers = [
        camille.post(f"/v/lutetia/classes/{session.uuid}/join", data={"csrf_token": token, "q": name}) for name in names
    ]

    assert [one.status_code for one in answers] == [303] * 5 + [409]
    assert "The class is full." in camille.page.text


def test_came_and_left_by_a_click_each(house: House, session: Booking, camille: PageClient) -> None:
    make_customer(house.organisation, first_name="Zélie", name_key="zelie dupont")
    url = f"/v/lutetia/bookings/{session.uuid}"
    camille.get(url)
    camille.submit(JOIN, {"q": "zelie"})
    guest = session.participants[0]
    for step, status in (("attended", "attended"), ("expected", "joined"), ("leave", "left")):
        camille.get(url)
        action = f"/v/lutetia/classes/{session.uuid}/guests/{guest.uuid}/{step}"
        assert camille.submit(f".//form[@action='{action}']").status_code == 303
        assert guest.status == status


def test_the_second_of_a_couple_gets_a_name(couple: Booking, camille: PageClient) -> None:
    second = couple.participants[1]
    camille.get(f"/v/lutetia/bookings/{couple.uuid}")
    form = f".//form[@action='/v/lutetia/classes/{couple.uuid}/guests/{second.uuid}/name']"

    assert camille.submit(form, {"name": "x" * 201}).status_code == 422
    assert camille.submit(form, {"name": "Paul Durand"}).status_code == 303
    assert second.label == "Paul Durand"


@pytest.mark.parametrize("paid", [True, False])
def test_cancelling_a_couple_asks_who_and_says_what_each_costs(
    house: House, couple: Booking, camille: PageClient, paid: bool
) -> None:
    couple.cancellation_tiers = [{"max_hours": 10_000, "min_hours": 0, "refund_percent": 50}]
    if paid:
        settle(house.lutetia, booking=couple, method="cash", by=desk(house))
    camille.get(f"/v/lutetia/bookings/{couple.uuid}")
    choices = camille.page.all(f"{CANCEL}//fieldset//label")
    texts = [camille.page.text_of(choice) for choice in choices]

    assert texts[0].startswith("Both guests")
    assert "Only Hélène Dupont" in texts[1]
    assert "Only guest 2" in texts[2]
    assert not camille.page.all(f"{CANCEL}//input[@type='radio'][@checked]"), "nobody is chosen before"
    if paid:
        assert "50%: €90.00 back, €90.00 kept" in texts[0]
        assert "€45.00 back, €45.00 kept" in texts[1]
    else:
        assert "there is nothing to give back" in texts[0]


def test_only_one_of_a_couple_is_cancelled(house: House, couple: Booking, camille: PageClient) -> None:
    second = couple.participants[1]
    camille.get(f"/v/lutetia/bookings/{couple.uuid}")
    typed = {"reason": "Grippe", "who": str(second.uuid)}

    assert camille.submit(CANCEL, {**typed, "price": "95,00"}).status_code == 303
    assert (couple.status, couple.guest_count, couple.price_minor) == ("confirmed", 1, 9500)
    assert [one.is_in for one in couple.participants] == [True, False]
    camille.get(f"/v/lutetia/bookings/{couple.uuid}")
    assert not camille.page.all(f"{CANCEL}//fieldset"), "from now on it is for one"


def test_both_are_cancelled_in_the_same_step(couple: Booking, camille: PageClient) -> None:
    camille.get(f"/v/lutetia/bookings/{couple.uuid}")
    assert camille.submit(CANCEL, {"reason": "Grippe", "who": "all", "price": "whatever"}).status_code == 303
    assert (couple.status, couple.cancellation_reason) == ("cancelled", "Grippe")


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"who": ""}, "who"),
        ({"who": "\x00"}, "who"),
        ({"who": "00000000-0000-0000-0000-000000000000"}, "who"),
        ({"reason": " "}, "reason"),
        *[({"price": price}, "price") for price in ("", "x", "-1", "1e9", "9" * 40, "999999999", "١٢")],
    ],
)
def test_a_wrong_answer_changes_nothing_and_keeps_what_was_typed(
    couple: Booking, camille: PageClient, wrong: dict[str, str], field: str
) -> None:
    camille.get(f"/v/lutetia/bookings/{couple.uuid}")
    typed = {"reason": "Grippe", "who": str(couple.participants[1].uuid), "refund_percent": "40"}

    assert camille.submit(CANCEL, {**typed, **wrong}).status_code == 422
    assert (couple.status, couple.guest_count) == ("confirmed", 2)
    assert camille.page.one(f"{CANCEL}//a[@href='#{field}']") is not None
    assert camille.page.one(f"{CANCEL}//input[@name='refund_percent']").get("value") == "40"
    if field != "who":
        assert camille.page.one(f"{CANCEL}//input[@checked]").get("value") == typed["who"]


def test_a_form_of_a_couple_does_not_cancel_whom_is_left(house: House, couple: Booking, camille: PageClient) -> None:
    camille.get(f"/v/lutetia/bookings/{couple.uuid}")
    drawn = camille.page.one(CANCEL)
    part_with_guest(house.lutetia, booking=couple, participant=couple.participants[1], price_minor=9000, by=desk(house))
    for version in ("1", "", "x"):
        answer = camille.send(drawn, {"reason": "Grippe", "who": "all", "version": version})
        assert answer.status_code == 409
    assert (couple.status, couple.guest_count) == ("confirmed", 1)


@pytest.mark.parametrize(("answer", "kept"), [("back", False), ("kept", True)])
def test_of_who_leaves_and_has_paid_it_is_asked_what_becomes_of_it(
    house: House, session: Booking, camille: PageClient, answer: str, kept: bool
) -> None:
    guest = make_customer(house.organisation, first_name="Zélie")
    join_session(house.lutetia, booking=session, customer=guest, by=desk(house))
    member = session.participants[0]
    url = f"/v/lutetia/classes/{session.uuid}/guests/{member.uuid}/leave"
    camille.get(f"/v/lutetia/bookings/{session.uuid}")
    unasked = camille.page.one(f".//form[@action='{url}']")
    settle(house.lutetia, booking=session, method="cash", by=desk(house), participant=member)

    assert camille.send(unasked).status_code == 409
    assert "please choose whether the money is given back or kept" in camille.page.text
    camille.get(f"/v/lutetia/bookings/{session.uuid}")
    form = camille.page.one(f".//form[@action='{url}']")
    assert "has paid €22.00" in camille.page.text_of(form)
    assert camille.send(form, {"money": answer}).status_code == 303
    assert (member.status, member.payment_status) == ("left", "paid" if kept else "refunded")
