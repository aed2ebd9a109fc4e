"""Partners book treatments: a class is neither on their menu nor to be had by its id."""

from __future__ import annotations

from portal.models import Variant
from tests.api.wishes import make_wish
from tests.factories import House
from tests.support.client import PageClient


def test_a_class_is_not_on_the_menu_and_cannot_be_booked(house: House, yoga: Variant, client: PageClient) -> None:
    key = {"Authorization": f"Bearer {house.key}"}

    menu = client.get("/v1/venues/lutetia/treatments", headers=key).get_json()
    wish = make_wish(house, "11:00") | {"variant_id": str(yoga.uuid)}
    answer = client.post("/v1/venues/lutetia/bookings", json=wish, headers=key)

    assert "Morning yoga" not in str(menu)
    assert "Relaxing massage" in str(menu) or "Massage relaxant" in str(menu)
    assert answer.status_code == 404
