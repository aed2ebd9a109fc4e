"""Words that the venue chooses are what guests, the desk and the therapist read, whatever the menu is written in."""

from __future__ import annotations

import pytest

from portal.customers.flags import flag_customer
from portal.database import db
from portal.settings.venue.service import change_venue
from portal.wording import called
from tests.bookings.conftest import Book, accept
from tests.factories import House, make_customer
from tests.settings.conftest import manager
from tests.support.client import PageClient
from tests.support.sign_in import sign_in


@pytest.fixture
def modelage(house: House) -> House:
    """The house says modelage, and its menu is still full of massages."""
    house.massage.name, house.massage.name_en = "Massage aux pierres", "MASSAGE with stones"
    change_venue(house.lutetia, version=None, by=manager(house), massage_wording="modelage", deposit_wording="acompte")
    return house


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("Massage du dos", "Modelage du dos"),
        ("deux massages", "deux modelages"),
        ("MASSAGE", "MODELAGE"),
        ("Automassage, masseur", "Automassage, masseur"),
        ("", ""),
    ],
)
def test_the_word_alone_is_said_otherwise(house: House, written: str, said: str) -> None:
    assert called(written, house.lutetia) == written
    house.lutetia.massage_wording = "modelage"
    assert called(written, house.lutetia) == said


def test_the_desk_the_therapist_and_the_partner_read_it(modelage: House, book: Book, client: PageClient) -> None:
    accept(modelage, booking := book("10:00"), modelage.therese)
    day = modelage.day
    sign_in(client, modelage.maud)
    pages = (f"agenda/{day}", f"bookings/{booking.uuid}", "settings/treatments/", f"today?day={day}")
    for lang in ("fr", "en"):
        client.get(f"/v/lutetia/settings/?lang={lang}")
        for page in pages:
            assert client.get(f"/v/lutetia/{page}").status_code == 200, page
            assert "massage" not in "".join(client.page.one(".//main").itertext()).lower().replace("“massage”", ""), (
                page
            )
    sign_in(client, modelage.therese)
    assert client.get("/my/day").status_code == 200
    assert "MODELAGE with stones" in client.page.text
    client.get("/my/day?lang=fr")
    assert "Modelage aux pierres" in client.page.text
    assert "massage" not in client.page.text.lower()
    api = client.get("/v1/venues/lutetia/treatments", headers={"Authorization": f"Bearer {modelage.key}"})
    assert {row["name"] for row in api.get_json()["data"]} >= {"Modelage aux pierres"}
    said = [row[key] for row in api.get_json()["data"] for key in ("name", "name_en", "category")]
    assert "massage" not in str(said).lower()


def test_a_deposit_is_what_the_venue_calls_it(modelage: House, client: PageClient) -> None:
    guest = make_customer(modelage.organisation)
    flag_customer(modelage.organisation, customer=guest, by=manager(modelage), flag="deposit", reason="Twice absent")
    sign_in(client, modelage.maud)
    url = f"/v/lutetia/guests/{guest.uuid}"
    client.get(f"{url}?lang=en")
    assert "Only with a down payment" in client.page.text
    assert "deposit" not in "".join(client.page.one(".//main").itertext()).lower()
    client.get(f"{url}?lang=fr")
    assert "acompte" in client.page.text
    modelage.lutetia.deposit_wording = "arrhes"
    db.session.commit()
    client.get(url)
    assert "arrhes" in client.page.text
    assert "acompte" not in client.page.text
