"""The therapist's own steps: start, finish, a quarter of an hour more, and what she must know of her guest."""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree.ElementTree import Element

import pytest
from sqlalchemy import delete
from werkzeug.test import TestResponse

from portal.bookings.moving import Move, move_booking
from portal.care.notes import CareNotes
from portal.care.service import write_notes
from portal.clock import frozen
from portal.database import db
from portal.models import AuditEntry, Booking, VisitLook
from portal.visits.service import note_look
from tests.bookings.conftest import Book, accept, book, phone
from tests.bookings.test_move_booking import desk
from tests.bookings.visits import count, fresh
from tests.factories import House, make_customer
from tests.support.client import PageClient
from tests.support.page import Page
from tests.support.sign_in import sign_in

__all__ = ["book"]


@pytest.fixture
def hers(house: House, book: Book) -> Booking:
    """Léa with Thérèse at ten, in the only room of its type that is left."""
    guest = make_customer(
        house.organisation, first_name="Léa", last_name="Martin", preferences={"pressure": "firm", "avoid": "Genou"}
    )
    booking = book("10:00", customer=guest)
    accept(house, booking, house.therese)
    note_look(house.therese, [booking.item.uuid])
    return booking


@pytest.fixture
def at_ten(client: PageClient, house: House, hers: Booking) -> Iterator[PageClient]:
    """Her phone, at ten."""
    with frozen(house.at("10:00")):
        sign_in(client, house.therese)
        client.get("/my/day")
        yield client


def press(client: PageClient, ending: str) -> TestResponse:
    client.get("/my/day")
    return client.send(form(client, ending))


def form(client: PageClient, ending: str) -> Element:
    forms = [one for one in client.page.all(".//form") if (one.get("action") or "").endswith(ending)]
    assert forms, f"there is no button for {ending}"
    return forms[0]


def day(client: PageClient) -> str:
    client.get("/my/day")
    return Page.text_of(client.page.one(".//main"))


def test_from_start_to_finish(at_ten: PageClient, hers: Booking) -> None:
    assert press(at_ten, "/start").status_code == 303
    assert (fresh(hers).status, fresh(hers).began_at) == ("ongoing", hers.starts_at)
    assert press(at_ten, "/finish").status_code == 303
    assert fresh(hers).status == "completed"


def test_no_start_hours_before(client: PageClient, house: House, hers: Booking) -> None:
    with frozen(house.at("09:29")):
        sign_in(client, house.therese)
        client.get("/my/day")
        assert not [one for one in client.page.all(".//form") if (one.get("action") or "").endswith("/start")]
    with frozen(house.at("09:30")):
        assert press(client, "/start").status_code == 303


def test_a_quarter_of_an_hour_more(at_ten: PageClient, house: House, hers: Booking) -> None:
    press(at_ten, "/start")
    assert press(at_ten, "/longer").status_code == 303
    assert fresh(hers).ends_at == house.at("11:15")
    assert "Yes, until 11:15." in day(at_ten) or "Yes, until 11:15." in at_ten.page.text


def test_over_time_it_is_a_quarter_of_an_hour_from_now(at_ten: PageClient, house: House, hers: Booking) -> None:
    press(at_ten, "/start")
    with frozen(house.at("11:36")):
        press(at_ten, "/longer")
        assert fresh(hers).ends_at == house.at("11:55")
        assert "until 11:55" in day(at_ten)


def test_not_when_her_next_guest_comes(at_ten: PageClient, house: House, hers: Booking, book: Book) -> None:
    with frozen(house.at("08:00")):
        accept(house, book("11:00"), house.therese)
    press(at_ten, "/start")
    at_ten.get("/my/day")
    answer = at_ten.hx(form(at_ten, "/longer").get("action") or "", method="POST")
    assert answer.status_code == 409
    assert "Not possible: " in answer.headers["HX-Trigger"]
    assert "from 11:00" in answer.headers["HX-Trigger"]
    assert fresh(hers).ends_at == house.at("11:00")


@pytest.mark.parametrize(("clock", "why"), [("10:00", "is taken from 11:00"), ("09:40", "Your room is needed")])
def test_not_when_the_room_is_needed(
    client: PageClient, house: House, hers: Booking, book: Book, clock: str, why: str
) -> None:
    held = {claim.resource_id for claim in hers.item.claims if claim.active}
    room = next(room for room in house.rooms if room.id in held)
    with frozen(house.at("08:00")):
        other = book("11:00")
        move_booking(house.lutetia, booking=other, move=Move(room=room, therapist=house.marc), by=desk(house))
    with frozen(house.at(clock)):
        sign_in(client, house.therese)
        press(client, "/start")
        client.get("/my/day")
        answer = client.hx(form(client, "/longer").get("action") or "", method="POST")
    assert (answer.status_code, fresh(hers).ends_at) == (409, house.at("11:00"))
    assert why in answer.headers["HX-Trigger"]


def test_a_treatment_that_nobody_finished_stays_on_top(at_ten: PageClient, house: House, hers: Booking) -> None:
    press(at_ten, "/start")
    with frozen(house.at("11:05")):
        assert "5 minutes over" in day(at_ten)
        assert press(at_ten, "/finish").status_code == 303


def test_what_is_over_time_is_seen_too(at_ten: PageClient, house: House, hers: Booking, book: Book) -> None:
    press(at_ten, "/start")
    with frozen(house.at("08:00")):
        other = book("13:00")
        accept(house, other, house.therese)
        note_look(house.therese, [other.item.uuid])
    db.session.execute(delete(VisitLook).where(VisitLook.item_id == hers.item.id))
    db.session.commit()
    with frozen(house.at("11:05")):
        at_ten.get("/my/day")
        shown = at_ten.page.all(".//form[@action='/my/visits/looked']//input[@name='item']")
        assert [one.get("value") for one in shown] == [str(hers.item.uuid)]
        at_ten.submit(".//form[@action='/my/visits/looked']")
        at_ten.get("/my/day")
        assert not at_ten.page.all(".//form[@action='/my/visits/looked']")


def test_what_changed_is_marked_and_confirmed(at_ten: PageClient, house: House, hers: Booking) -> None:
    move_booking(house.lutetia, booking=hers, move=Move(starts_at=house.at("10:30")), by=desk(house))
    assert "was 10:00" in day(at_ten)
    assert press(at_ten, "/seen").status_code == 303
    at_ten.get("/my/day")
    assert not [one for one in at_ten.page.all(".//form") if (one.get("action") or "").endswith("/seen")]


def test_what_is_far_away_is_seen_by_looking(client: PageClient, house: House, hers: Booking) -> None:
    with frozen(house.at("07:00")):
        move_booking(house.lutetia, booking=hers, move=Move(starts_at=house.at("14:00")), by=desk(house))
        sign_in(client, house.therese)
        assert "was 10:00" in day(client)
        assert client.send(form(client, "/looked")).status_code == 204
    with frozen(house.at("07:11")):
        assert "was 10:00" not in day(client)


def test_a_visit_that_went_to_a_colleague(at_ten: PageClient, house: House, hers: Booking) -> None:
    move_booking(
        house.lutetia, booking=hers, move=Move(starts_at=house.at("12:00"), therapist=house.marc), by=desk(house)
    )
    assert "Given to a colleague" in day(at_ten)
    assert press(at_ten, "/gone").status_code == 303
    assert "Given to a colleague" not in day(at_ten)


def test_preferences_at_once_and_health_behind_a_tap(at_ten: PageClient, house: House, hers: Booking) -> None:
    assert hers.customer is not None
    notes = CareNotes(allergies="Huile d’amande", consent=True)
    write_notes(house.organisation, customer=hers.customer, notes=notes, version=0, by=phone(house.therese))
    told = day(at_ten)
    for word in ("Pressure", "firm", "Genou", "Health notes: read before you begin"):
        assert word in told
    assert "amande" not in told
    assert count(AuditEntry, verb="care:read") == 0
    answer = press(at_ten, "/care")
    assert (answer.status_code, "Huile d’amande" in answer.text) == (200, True)
    assert count(AuditEntry, verb="care:read") == 1


def test_she_writes_what_she_has_learnt(at_ten: PageClient, house: House, hers: Booking) -> None:
    press(at_ten, "/care")
    refused = at_ten.send(form(at_ten, "/write"), {"allergies": "Noix"})
    assert refused.status_code == 422, "without the guest's agreement nothing is kept"
    assert "Noix" in refused.text
    assert at_ten.send(form(at_ten, "/write"), {"allergies": "Noix", "consent": "y"}).status_code == 303
    assert "Noix" in press(at_ten, "/care").text


def test_too_late_and_too_long(at_ten: PageClient, house: House, hers: Booking) -> None:
    press(at_ten, "/care")
    stale = form(at_ten, "/write")
    assert hers.customer is not None
    newer = CareNotes(remarks="Dos", consent=True)
    write_notes(house.organisation, customer=hers.customer, notes=newer, version=0, by=phone(house.therese))
    url = stale.get("action") or ""
    late = at_ten.hx(url, method="POST", data={"allergies": "Noix", "consent": "y", "version": "0"})
    assert (late.status_code, "Noix" in late.text) == (409, True)
    for version in ("", "x", "9" * 30, "-1"):
        again = at_ten.hx(url, method="POST", data={"allergies": "Noix", "consent": "y", "version": version})
        assert again.status_code == 409
    long = at_ten.hx(url, method="POST", data={"allergies": "x" * 1001, "consent": "y", "version": "1"})
    assert long.status_code == 422
