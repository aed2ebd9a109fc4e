"""Nobody is left to ask: the desk sees it in the lane, on the card, in the panel and in the history."""

from __future__ import annotations

from datetime import timedelta

from portal.bookings.waves import send_due_waves
from portal.clock import frozen, now
from tests.bookings.conftest import Book
from tests.factories import House
from tests.support.client import PageClient
from tests.support.page import Page
from tests.support.sign_in import sign_in


def test_the_lane_and_the_card_say_that_nobody_answered(client: PageClient, house: House, book: Book) -> None:
    booking, other = book("10:00"), book("12:00")
    sign_in(client, house.camille)
    client.get(f"/v/lutetia/agenda/{house.day}")
    assert "unanswered" not in client.page.text

    with frozen(now() + timedelta(minutes=11)):
        assert send_due_waves() == 2
    other.item.stop_asking()
    client.get(f"/v/lutetia/agenda/{house.day}")

    assert "2 bookings, 1 unanswered" in Page.text_of(client.page.one(".//*[@id='h-lane']"))
    card = client.page.one(f".//a[@data-booking='{booking.uuid}']")
    assert "is-alerted" in card.get("class", "")
    assert "nobody left to ask" in card.get("aria-label", "")
    client.get(f"/v/lutetia/bookings/{booking.uuid}")
    assert "Nobody is left to be asked" in client.page.text
