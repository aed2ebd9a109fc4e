"""What the first sight of a full day costs: the bytes are counted here, the seconds in tests/benchmarks/phone.py."""

from __future__ import annotations

import pytest

from portal.clock import frozen
from tests.bookings.conftest import Book, accept, book
from tests.browser.conftest import Stage
from tests.factories import make_customer
from tests.support.browser import PHONE
from tests.support.load import first_load
from tests.support.sign_in import COOKIE, new_cookie

__all__ = ["book"]

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("backend", ["sqlite"], indirect=True)]
MOST = 120_000


def test_a_full_day_is_at_most_120_kilobytes(stage: Stage, book: Book) -> None:
    house = stage.house
    with frozen(house.at("00:30")):
        for hour in range(9, 20):
            guest = make_customer(house.organisation, preferences={"pressure": "firm", "avoid": "Genou droit"})
            booking = book(f"{hour:02}:00", customer=guest, notes="Doux, s’il vous plaît")
            if hour < 17:
                accept(house, booking, house.therese)
    page = stage.open_browser(PHONE, base_url=stage.server.url)
    cookie = new_cookie(house.therese)
    page.context.add_cookies([{"name": COOKIE, "value": cookie, "url": stage.server.url}])

    load = first_load(page, "/my/day", throttled=False)

    by_size = sorted(((size, address) for address, size in load.bytes.items()), reverse=True)
    assert page.locator("#my-day .day-item").count() == 8, "it is not the day that was to be weighed"
    assert len(by_size) > 10, "not everything was weighed"
    assert load.total <= MOST, f"{load.total} bytes: {by_size}"
