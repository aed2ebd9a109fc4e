"""GET /v1/venues."""

from __future__ import annotations

from tests.api.client import PartnerClient
from tests.factories import House, make_key, make_venue, save


def test_lists_the_active_venues_of_the_organisation(partner: PartnerClient, house: House) -> None:
    make_venue(house.organisation, status="inactive")
    assert [venue["slug"] for venue in partner.data("/venues")] == ["marais", "lutetia"]


def test_a_key_of_one_venue_sees_that_one(partner: PartnerClient, house: House) -> None:
    key, _row = make_key(house.organisation, venue_id=house.lutetia.id)
    assert [venue["slug"] for venue in partner.with_key(key).data("/venues")] == ["lutetia"]


def test_names_are_ordered_without_accents_and_case(partner: PartnerClient, house: House) -> None:
    names = ["éden", "Zénith", "Eclat", "âme", "Île", "abysse", "ÉTOILE"]
    for name in names:
        make_venue(house.neighbour, name=name)
    key, _row = make_key(house.neighbour)
    listed = [venue["name"] for venue in partner.with_key(key).data("/venues")]
    assert listed == ["abysse", "âme", "Eclat", "éden", "ÉTOILE", "Île", "Spa de Chamonix", "Zénith"]


def test_a_venue_tells_exactly_this(partner: PartnerClient, house: House) -> None:
    house.lutetia.city = "Paris"
    house.lutetia.description_en = "On the island"
    save(house.lutetia)
    assert partner.data("/venues")[1] == {
        "id": str(house.lutetia.uuid),
        "slug": "lutetia",
        "name": "Spa Lutèce",
        "name_en": "Spa Lutèce EN",
        "description": None,
        "description_en": "On the island",
        "address": None,
        "postal_code": None,
        "city": "Paris",
        "country": "FR",
        "currency": "EUR",
        "venue_type": "hotel",
        "timezone": "Europe/Paris",
        "image": None,
        "cover_image": None,
    }
