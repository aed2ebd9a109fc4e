"""Undo at its addresses: the bar after a change, the last step, a line of the history."""

from __future__ import annotations

from collections.abc import Callable

from portal.bookings.editing import edit_booking
from portal.bookings.moving import Move, move_booking
from portal.bookings.payment import settle
from portal.changes.queries import last_change
from tests.bookings.conftest import Book, book
from tests.bookings.test_move_booking import desk
from tests.factories import House
from tests.support.client import PageClient
from tests.support.sign_in import sign_in

__all__ = ["book"]


def test_the_last_step_is_undone_with_and_without_htmx(client: PageClient, house: House, book: Book) -> None:
    booking = book("10:00")
    sign_in(client, house.camille)
    client.get(f"/v/lutetia/bookings/{booking.uuid}")
    for note in ("Un", "Deux"):
        edit_booking(house.lutetia, booking=booking, by=desk(house), notes=note)

    answer = client.hx("/v/lutetia/changes/undo", method="POST")
    assert answer.status_code == 200
    assert "The details are as they were." in answer.headers["HX-Trigger"]
    assert (booking.notes or "") == "Un"
    client.get(f"/v/lutetia/bookings/{booking.uuid}")
    data = {"csrf_token": client.page.csrf_token}
    assert client.post("/v/lutetia/changes/undo", data=data).status_code == 303
    assert not booking.notes
    client.get(f"/v/lutetia/bookings/{booking.uuid}")
    late = client.hx("/v/lutetia/changes/undo", method="POST")
    assert (late.status_code, "nothing to undo" in late.headers["HX-Trigger"]) == (409, True)


def test_a_colleagues_step_is_hers_but_a_manager_may(
    new_client: Callable[[], PageClient], house: House, book: Book
) -> None:
    booking = book("10:00")
    edit_booking(house.lutetia, booking=booking, by=desk(house), notes="Dos")
    change = last_change(house.lutetia, house.camille)
    assert change is not None
    for member, status in ((house.therese, 403), (house.maud, 200)):
        browser = new_client()
        sign_in(browser, member)
        page = f"/v/lutetia/bookings/{booking.uuid}" if member is house.maud else "/my/day"
        browser.get(page)
        answer = browser.hx(f"/v/lutetia/changes/{change.uuid}/undo", method="POST")
        assert answer.status_code == status
    assert booking.notes is None


def test_a_line_of_the_history_is_put_back(client: PageClient, house: House, book: Book) -> None:
    booking = book("10:00")
    move_booking(house.lutetia, booking=booking, move=Move(starts_at=house.at("14:00")), by=desk(house))
    edit_booking(house.lutetia, booking=booking, by=desk(house), notes="Dos")
    sign_in(client, house.camille)
    client.get(f"/v/lutetia/bookings/{booking.uuid}")
    forms = [form for form in client.page.all(".//form") if "/changes/" in (form.get("action") or "")]
    assert len(forms) == 2, "of each change one line, none of the request itself"
    assert client.send(forms[-1]).status_code == 303
    assert (booking.starts_at, booking.notes) == (house.at("10:00"), None)


def test_what_was_paid_is_voided_in_the_ledger_and_not_put_back(client: PageClient, house: House, book: Book) -> None:
    booking = book("10:00")
    settle(house.lutetia, booking=booking, method="cash", by=desk(house))
    sign_in(client, house.camille)
    client.get(f"/v/lutetia/bookings/{booking.uuid}")
    assert not [form for form in client.page.all(".//form") if "/changes/" in (form.get("action") or "")]
