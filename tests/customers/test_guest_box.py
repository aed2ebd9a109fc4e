"""The guest box: who can be meant, what she usually takes, and to create a guest in place or by a plain form."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from xml.etree.ElementTree import Element

import pytest
from sqlalchemy import func, select

from portal.customers.box import guest_box
from portal.database import db
from portal.models import Customer
from tests.bookings.conftest import Book, book
from tests.factories import House, make_customer
from tests.support.client import PageClient
from tests.support.sign_in import sign_in
from tests.support.statements import Statements

__all__ = ["book"]
OPTIONS = "/v/lutetia/guests/options"


@pytest.fixture
def camille(client: PageClient, house: House) -> PageClient:
    sign_in(client, house.camille)
    return client


def rows(client: PageClient, text: str) -> list[Element]:
    answer = client.hx(OPTIONS, query_string={"q": text})
    assert answer.status_code == 200
    return client.page.all(".//li[@role='option']")


def count() -> int:
    return db.session.scalar(select(func.count()).select_from(Customer)) or 0


def test_a_row_carries_the_guest_and_her_usual(camille: PageClient, house: House, book: Book) -> None:
    odile = make_customer(
        house.organisation, first_name="Odile", last_name="Caron", name_key="odile caron", phone="+33612345678"
    )
    book("10:00", customer=odile)
    known, new = rows(camille, "caron")
    assert (known.get("id"), known.get("data-customer")) == (f"guest-{odile.uuid}", str(odile.uuid))
    assert known.get("data-usual") == str(house.single.uuid)
    assert (known.get("aria-selected"), known.get("data-name")) == ("false", "Odile Caron")
    text = camille.page.text_of(known)
    assert all(word in text for word in ("Odile Caron", "+33 6 12 34 56 78", "First visit here", "Relaxing massage"))
    assert new.get("data-customer") == new.get("data-usual") == ""
    assert camille.page.one(".//ul[@role='listbox']").get("aria-label") == "Guests"


def test_the_last_row_creates_what_was_typed(camille: PageClient, house: House) -> None:
    (row,) = rows(camille, "Zoé d’Arcy 06 12 34 56 78")
    told = {name: row.get(f"data-{name}") for name in ("first-name", "last-name", "phone", "new", "email")}
    assert told == {"first-name": "Zoé", "last-name": "d’Arcy", "phone": "+33612345678", "new": "", "email": ""}
    assert camille.page.text_of(row) == "Create Zoé d’Arcy, +33 6 12 34 56 78"


def test_nobody_is_created_twice(camille: PageClient, house: House) -> None:
    known = make_customer(house.organisation, phone="+33612345678")
    assert [row.get("data-customer") for row in rows(camille, "Hélène Dupont 06 12 34 56 78")] == [str(known.uuid)]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "Type a name, a part of a phone number or an e-mail address."),
        ("06", "Type a name, a part of a phone number or an e-mail address."),
        ("06 99 99", "Nobody found. Add a name to create the guest."),
        ("Nemo", "Nobody by that name or number yet."),
    ],
)
def test_what_it_says_when_nobody_is_there(camille: PageClient, text: str, sentence: str) -> None:
    rows(camille, text)
    assert camille.page.text_of(camille.page.one(".//p[@role='status']")) == sentence


def test_four_statements(
    house: House, book: Book, statements: Callable[[], AbstractContextManager[Statements]]
) -> None:
    for clock in ("10:00", "12:00", "14:00"):
        book(clock)
    assert house.lutetia.organisation.slug
    with statements() as sent:
        assert len(guest_box(house.lutetia, "dupont")["guests"]) == 3
    sent.at_most(4)


FORM = ".//form[@id='guest-form']"
NEW = {"first_name": "Zoé", "last_name": "d’Arcy", "phone": "06 12 34 56 78", "email": "zoe@example.org"}


def test_the_plain_form_is_filled_with_what_was_typed(camille: PageClient, house: House) -> None:
    camille.get("/v/lutetia/guests/new", query_string={"q": "Zoé d’Arcy 0612345678", "next": "/v/lutetia/agenda/"})
    values = camille.page.values_of(camille.page.one(FORM))
    assert (values["first_name"], values["last_name"], values["phone"]) == ("Zoé", "d’Arcy", "+33612345678")
    answer = camille.submit(FORM, NEW)
    made = db.session.scalars(select(Customer)).one()
    assert (answer.status_code, answer.location) == (303, f"/v/lutetia/agenda/?customer={made.uuid}")
    assert (made.name, made.phone, made.email) == ("Zoé d’Arcy", "+33612345678", "zoe@example.org")


def test_without_a_page_to_go_back_to_the_search_shows_her(camille: PageClient) -> None:
    camille.get("/v/lutetia/guests/new", query_string={"next": "https://evil.example/"})
    answer = camille.submit(FORM, NEW)
    assert answer.location == "/v/lutetia/search?q=%2B33612345678"
    camille.get(answer.location)
    assert "Zoé d’Arcy is now among the guests." in camille.page.text
    assert camille.page.one(".//*[@data-guest]") is not None


def test_in_place_it_answers_with_her_row(camille: PageClient) -> None:
    camille.get("/v/lutetia/guests/new")
    assert camille.hx("/v/lutetia/guests", method="POST", data=NEW | {"language": "fr"}).status_code == 200
    (row,) = camille.page.all(".//li[@role='option']")
    assert row.get("data-customer") == str(db.session.scalars(select(Customer.uuid)).one())


@pytest.mark.parametrize(
    ("wrong", "field", "sentence"),
    [
        ({"first_name": "", "last_name": ""}, "last_name", "Please enter a name"),
        ({"first_name": "R2D2"}, "first_name", "Please enter a name"),
        ({"last_name": "x" * 10_000}, "last_name", "Please use at most 100 characters."),
        ({"phone": "123"}, "phone", "This is not a phone number."),
        ({"phone": "1" * 61}, "phone", "This is too long for a phone number."),
        ({"email": "zoe"}, "email", "This is not an e-mail address."),
        ({"email": "z" * 300 + "@example.org"}, "email", "This address is too long."),
        ({"language": "de"}, "language", "Not a valid choice"),
    ],
)
def test_what_is_wrong_is_said_beside_the_field(
    camille: PageClient, house: House, wrong: dict[str, str], field: str, sentence: str
) -> None:
    camille.get("/v/lutetia/guests/new")
    answer = camille.submit(FORM, NEW | wrong)
    assert answer.status_code == 422
    assert sentence in camille.page.text_of(camille.page.one(f".//p[@id='{field}-error']"))
    assert camille.page.one(f".//*[@name='{field}']").get("aria-invalid") == "true"
    kept = camille.page.values_of(camille.page.one(FORM))
    assert {name: kept[name] for name in NEW if name not in wrong} == {
        name: value for name, value in NEW.items() if name not in wrong
    }
    assert count() == 0


def test_who_has_the_phone_is_offered_instead(camille: PageClient, house: House) -> None:
    known = make_customer(house.organisation, phone="+33612345678")
    camille.get("/v/lutetia/guests/new", query_string={"next": "/v/lutetia/agenda/?by=room"})
    assert camille.submit(FORM, NEW).status_code == 409
    assert "Hélène Dupont" in camille.page.text
    take = camille.page.one(".//a[@class='btn primary ']")
    assert take.get("href") == f"/v/lutetia/agenda/?by=room&customer={known.uuid}"
    assert camille.page.all(".//button[@name='shared_email']") == []
    assert count() == 1


def test_two_guests_may_share_an_email_when_one_says_so(camille: PageClient, house: House) -> None:
    make_customer(house.organisation, email="zoe@example.org", email_key="zoe@example.org")
    camille.get("/v/lutetia/guests/new")
    assert camille.submit(FORM, NEW).status_code == 409
    form = camille.page.one(FORM)
    values = camille.page.values_of(form) | {"shared_email": "yes"}
    assert camille.post("/v/lutetia/guests", data=values).status_code == 303
    assert count() == 2
