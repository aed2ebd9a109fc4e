"""The venue itself: what changes, what stays with bookings made before, what is refused; its two pages."""

from __future__ import annotations

from decimal import Decimal

import pytest

from portal.database import db
from portal.errors import Invalid
from portal.settings.errors import Stale
from portal.settings.venue.service import change_venue
from tests.factories import House, make_treatment
from tests.settings.conftest import Book, manager, told, trail
from tests.support.client import PageClient
from tests.support.sign_in import sign_in

PROFILE, RULES = "/v/lutetia/settings/venue", "/v/lutetia/settings/rules"


def test_what_is_new_stands_in_the_trail_and_is_told(house: House) -> None:
    version = house.lutetia.version
    change_venue(
        house.lutetia, version=version, by=manager(house), name="Spa Lutèce", vat=Decimal("5.50"), city="Paris"
    )
    assert (house.lutetia.vat, house.lutetia.city, house.lutetia.version) == (Decimal("5.50"), "Paris", version + 1)
    assert trail("venue:changed") == [{"vat": ["20.00", "5.50"], "city": [None, "Paris"]}]
    assert "venue" in told()


def test_nothing_new_is_nothing(house: House) -> None:
    for _twice in range(2):
        change_venue(house.lutetia, version=None, by=manager(house), city="Paris")
    assert len(trail("venue:changed")) == 1


def test_an_older_form_is_refused(house: House) -> None:
    version = house.lutetia.version
    change_venue(house.lutetia, version=version, by=manager(house), city="Paris")
    with pytest.raises(Stale):
        change_venue(house.lutetia, version=version, by=manager(house), city="Lyon")
    assert house.lutetia.city == "Paris"


def test_the_currency_stays_once_something_was_booked(house: House, book: Book) -> None:
    book("10:00")
    with pytest.raises(Invalid) as refused:
        change_venue(house.lutetia, version=None, by=manager(house), currency="CHF")
    assert refused.value.field == "currency"
    assert house.lutetia.currency == "EUR"


def test_before_that_prices_keep_their_figures(house: House) -> None:
    fixed = make_treatment(house.lutetia, deposit_kind="fixed", deposit_minor=3050, price_minor=4550)
    change_venue(house.lutetia, version=None, by=manager(house), currency="JPY")
    db.session.expire_all()
    assert (house.single.price_minor, fixed.variants[0].price_minor, fixed.deposit_minor) == (95, 46, 31)
    change_venue(house.lutetia, version=None, by=manager(house), currency="TND")
    assert house.single.price_minor == 95_000


def test_bookings_made_before_keep_their_policy_and_buffer(house: House, book: Book) -> None:
    early = book("10:00")
    tiers = [{"min_hours": 0, "max_hours": 48, "refund_percent": 0}]
    change_venue(
        house.lutetia, version=None, by=manager(house), cancellation_tiers=tiers, room_turnover_buffer_minutes=15
    )
    late = book("15:00")
    assert (early.cancellation_tiers, early.item.buffer_minutes) == ([], 0)
    assert (late.cancellation_tiers, late.item.buffer_minutes) == (tiers, 15)


def test_the_page_saves_and_says_so(house: House, maud: PageClient) -> None:
    maud.get(PROFILE)
    answer = maud.submit(
        ".//main//form", {"name": "Spa de la Seine", "vat": "5,5", "country": "BE", "description": "Un\nlieu"}
    )
    assert (answer.status_code, answer.location) == (303, PROFILE)
    assert (house.lutetia.name, house.lutetia.vat, house.lutetia.country) == ("Spa de la Seine", Decimal("5.5"), "BE")
    maud.get(PROFILE)
    assert "The venue is saved." in maud.page.text


def test_wrong_values_stand_beside_their_fields_and_nothing_is_lost(house: House, maud: PageClient) -> None:
    maud.get(PROFILE)
    wrong = {"name": "", "vat": "120", "description": "x" * 2001, "city": "Ly\0on"}
    answer = maud.submit(".//main//form", wrong)
    assert answer.status_code == 422
    for name in ("name", "vat", "description"):
        assert maud.page.one(f".//*[@id='{name}']").get("aria-invalid") == "true"
        assert maud.page.one(f".//*[@class='summary']//a[@href='#{name}']") is not None
    assert maud.page.one(".//*[@id='vat']").get("value") == "120"
    assert house.lutetia.vat == 20


def test_somebody_else_was_faster_both_are_shown_and_saving_again_decides(house: House, maud: PageClient) -> None:
    maud.get(PROFILE)
    change_venue(house.lutetia, version=None, by=manager(house), city="Lyon", name="Spa du Rhône")
    answer = maud.submit(".//main//form", {"city": "Paris", "postal_code": "75006"})
    assert answer.status_code == 409
    assert "Town — now: Lyon" in maud.page.text
    # What she left alone is what stands there now.
    assert maud.page.one(".//*[@id='name']").get("value") == "Spa du Rhône"
    assert house.lutetia.city == "Lyon"
    assert maud.submit(".//main//form").status_code == 303
    assert (house.lutetia.city, house.lutetia.postal_code, house.lutetia.name) == ("Paris", "75006", "Spa du Rhône")


def test_the_rules_page(house: House, maud: PageClient) -> None:
    maud.get(RULES)
    assert maud.submit(".//main//form", {"slot_interval": "17"}).status_code == 422
    assert maud.submit(".//main//form", {"slot_interval": "15", "booking_hold_enabled": "y"}).status_code == 422
    answer = maud.submit(
        ".//main//form", {"booking_hold_duration_minutes": "5", "therapist_escalation_delay_minutes": "240"}
    )
    assert answer.status_code == 303
    venue = house.lutetia
    assert (venue.slot_interval, venue.booking_hold_enabled, venue.booking_hold_duration_minutes) == (15, True, 5)
    assert (venue.therapist_escalation_delay_minutes, venue.out_of_hours_surcharge_percent) == (240, None)
    maud.get(RULES)
    assert maud.submit(".//main//form", {"therapist_escalation_delay_minutes": "241"}).status_code == 422


def test_who_may(house: House, client: PageClient) -> None:
    for member, status in ((house.camille, 403), (house.therese, 403), (house.eve, 404), (house.ada, 200)):
        sign_in(client, member)
        assert client.get("/v/lutetia/settings/").status_code == status
        has_link = "Settings" in client.page.text if status != 404 else False
        assert has_link == (member is house.ada)
