"""GET /v1/venues/{venue_id}/treatments."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

from tests.api.client import PartnerClient
from tests.factories import House, make_treatment, make_variant, save
from tests.support.statements import Statements

MENU = "/venues/lutetia/treatments"


def test_a_venue_without_treatments_has_an_empty_menu(partner: PartnerClient) -> None:
    assert partner.data("/venues/marais/treatments") == []


def test_only_active_treatments_and_variants(partner: PartnerClient, house: House) -> None:
    make_treatment(house.lutetia, active=False)
    make_treatment(house.marais)
    house.duo.active = False
    save(house.duo)
    menu = partner.data(MENU)
    assert [treatment["name"] for treatment in menu] == ["Massage relaxant"]
    assert [variant["id"] for variant in menu[0]["variants"]] == [str(house.single.uuid)]


def test_a_treatment_that_nobody_can_take_is_not_on_the_menu(partner: PartnerClient, house: House) -> None:
    house.single.active = house.duo.active = False
    save(house.single, house.duo)
    assert partner.data(MENU) == []


def test_ordered_by_sort_order_then_name(partner: PartnerClient, house: House) -> None:
    for name, sort_order in [("Écorce", 2), ("eau", 2), ("Zeste", 1), ("Agrume", None)]:
        make_treatment(house.lutetia, name=name, sort_order=sort_order)
    names = [treatment["name"] for treatment in partner.data(MENU)]
    assert names == ["Zeste", "eau", "Écorce", "Agrume", "Massage relaxant"]


def test_variants_by_sort_order_guests_and_duration(partner: PartnerClient, house: House) -> None:
    treatment = make_treatment(house.marais, duration=60)
    make_variant(treatment, label="last", sort_order=None, duration=5)
    make_variant(treatment, label="first", sort_order=1, duration=90)
    make_variant(treatment, label="third", sort_order=2, guest_count=2, duration=30)
    make_variant(treatment, label="second", sort_order=2, guest_count=1, duration=45)
    [listed] = partner.data("/venues/marais/treatments")
    assert [one["label"] for one in listed["variants"]] == ["first", "second", "third", "last", "60 min"]


def test_a_treatment_tells_exactly_this(partner: PartnerClient, house: House) -> None:
    house.massage.lead_time_minutes, house.massage.available_days = 120, [0, 6]
    save(house.massage)
    assert partner.data(MENU) == [
        {
            "id": str(house.massage.uuid),
            "slug": None,
            "name": "Massage relaxant",
            "name_en": "Relaxing massage",
            "description": None,
            "description_en": None,
            "category": "massage",
            "service_for": None,
            "duration": 60,
            "price": 95.0,
            "price_on_request": False,
            "currency": "EUR",
            "lead_time": 120,
            "image": None,
            "sort_order": None,
            "is_bestseller": False,
            "is_addon": False,
            "is_bundle": False,
            "bundle_id": None,
            "available_days": [0, 6],
            "variants": [
                {
                    "id": str(house.single.uuid),
                    "label": "60 min",
                    "label_en": "60 min",
                    "duration": 60,
                    "price": 95.0,
                    "price_on_request": False,
                    "guest_count": 1,
                    "is_default": True,
                    "sort_order": None,
                },
                {
                    "id": str(house.duo.uuid),
                    "label": "Duo 60 min",
                    "label_en": "Duo 60 min",
                    "duration": 60,
                    "price": 180.0,
                    "price_on_request": False,
                    "guest_count": 2,
                    "is_default": False,
                    "sort_order": None,
                },
            ],
        }
    ]


def test_a_price_on_request_is_null(partner: PartnerClient, house: House) -> None:
    house.single.price_on_request = True
    save(house.single)
    [treatment] = partner.data(MENU)
    assert (treatment["price"], treatment["price_on_request"]) == (None, True)
    assert treatment["variants"][0]["price"] is None


def test_a_long_menu_takes_as_many_statements_as_a_short_one(
    partner: PartnerClient, house: House, statements: Callable[[], AbstractContextManager[Statements]]
) -> None:
    for _ in range(20):
        make_variant(make_treatment(house.lutetia))
    partner.data(MENU)
    with statements() as sent:
        assert len(partner.data(MENU)) == 21
    sent.at_most(3)
