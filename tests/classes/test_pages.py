"""The panel of a class and of a couple: join, leave, came, name, and go on with one guest; by plain forms."""

from __future__ import annotations

import pytest

from portal.models import Booking, Variant
from tests.factories import House, make_customer
from tests.support.client import PageClient
from tests.support.sign_in import sign_in

JOIN = ".//form[@class='form join']"


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


def test_only_one_of_a_couple_comes(couple: Booking, camille: PageClient) -> None:
    second = couple.participants[1]
    camille.get(f"/v/lutetia/bookings/{couple.uuid}")
    form = f".//form[@action='/v/lutetia/classes/{couple.uuid}/guests/{second.uuid}/part']"

    for wrong in ("", "x", "-1", "1e9", "9" * 40, "999999999"):
        assert camille.submit(form, {"price": wrong}).status_code == 422
    assert couple.guest_count == 2
    assert camille.submit(form, {"price": "95,00"}).status_code == 303
    assert (couple.guest_count, couple.price_minor) == (1, 9500)
