"""The day on paper: a sheet for each therapist or room, or everything in order of time."""

from __future__ import annotations

from portal.models import Booking
from tests.bookings.conftest import Book, accept
from tests.factories import House
from tests.support.client import PageClient
from tests.support.sign_in import sign_in


def test_each_therapist_has_a_sheet_and_the_desk_one_in_order_of_time(
    client: PageClient, house: House, book: Book
) -> None:
    late, early, waiting = book("15:00"), book("09:00"), book("12:00")
    accept(house, late, house.therese)
    accept(house, early, house.marc)
    sign_in(client, house.camille)

    client.get(f"/v/lutetia/agenda/{house.day}/print?by=therapist&lang=en")
    assert _sheets(client) == {
        "To staff": _named(waiting),
        "Marc Test": _named(early),
        "Thérèse Test": _named(late),
    }
    client.get(f"/v/lutetia/agenda/{house.day}/print?by=desk&lang=en")
    assert _sheets(client) == {"All bookings by time": _named(early, waiting, late)}
    row = client.page.text_of(client.page.one(f".//tr[@data-booking='{late.uuid}']"))
    assert row.startswith("15:00–16:00 Hélène Dupont")
    assert "Relaxing massage, 60 min Thérèse Test Cabine 1 Confirmed to pay, from a partner" in row


def test_by_room_each_room_has_its_sheet(client: PageClient, house: House, book: Book) -> None:
    duo, single = book("10:00", variant=house.duo, guest_count=2), book("12:00")
    sign_in(client, house.camille)
    client.get(f"/v/lutetia/agenda/{house.day}/print?by=room&lang=en")
    sheets = _sheets(client)
    assert sheets["Cabine duo"] == _named(duo)
    assert sheets["Cabine 1"] == _named(single)


def test_an_evening_booking_beyond_the_opening_hours_is_printed(client: PageClient, house: House, book: Book) -> None:
    booking = book("10:00")
    booking.starts_at = booking.items[0].starts_at = house.at("21:30")
    booking.ends_at = booking.items[0].ends_at = house.at("22:30")
    sign_in(client, house.camille)
    client.get(f"/v/lutetia/agenda/{house.day}/print?lang=en")
    assert "21:30–22:30" in client.page.text


def test_a_day_without_bookings_says_so(client: PageClient, house: House) -> None:
    sign_in(client, house.camille)
    client.get(f"/v/lutetia/agenda/{house.day}/print?lang=en")
    assert "There are no bookings on this day." in client.page.text


def test_the_sheet_leads_back_to_its_day(client: PageClient, house: House) -> None:
    sign_in(client, house.camille)
    client.get(f"/v/lutetia/agenda/{house.day}/print?by=room")
    assert client.page.one(f".//a[@href='/v/lutetia/agenda/{house.day}?by=room']") is not None


def test_phones_and_notes_can_be_hidden(client: PageClient, house: House, book: Book) -> None:
    booking = book("10:00", notes="Doux, sans huile")
    phone = booking.customer.phone if booking.customer else ""
    sign_in(client, house.camille)
    told = {}
    for query in ("", "&phones=0", "&notes=0"):
        client.get(f"/v/lutetia/agenda/{house.day}/print?by=desk&lang=en{query}")
        plain = client.page.text.replace(" ", "")
        told[query] = (str(phone) in plain, "Doux,sanshuile" in plain)
    assert told == {"": (True, True), "&phones=0": (False, True), "&notes=0": (True, False)}


def test_what_ends_after_midnight_is_printed(client: PageClient, house: House, book: Book) -> None:
    booking = book("10:00")
    booking.starts_at = booking.items[0].starts_at = house.at("23:30")
    booking.ends_at = booking.items[0].ends_at = house.at("00:45", days=1)
    sign_in(client, house.camille)
    for by in ("desk", "therapist", "room"):
        client.get(f"/v/lutetia/agenda/{house.day}/print?by={by}")
        assert "23:30–00:45" in client.page.text


def _sheets(client: PageClient) -> dict[str, list[str]]:
    """Headings, and under each the bookings in order."""
    found = {}
    for section in client.page.all(".//section"):
        rows = [row.get("data-booking") or "" for row in section.iter("tr") if row.get("data-booking")]
        found[client.page.text_of(section.findall("./h2/span")[0])] = rows
    return found


def _named(*bookings: Booking) -> list[str]:
    return [str(booking.uuid) for booking in bookings]
