"""All that is known of a guest on one page, and every form on it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from portal.audit import Actor
from portal.bookings.payment import record_payment
from portal.care.notes import CareNotes
from portal.care.service import write_notes
from portal.customers.consents import record_consent
from portal.customers.flags import flag_customer
from portal.customers.notes import add_note
from portal.customers.queries import list_guests
from portal.database import db
from portal.messages.service import Kind, tell_guest
from portal.models import Customer, CustomerLink, CustomerNote
from portal.profile.queries import bookings_of, totals_of
from portal.profile.timeline import timeline
from tests.bookings.conftest import Book, accept
from tests.factories import House, make_customer, make_treatment
from tests.support.client import PageClient
from tests.support.statements import Statements

Counting = Callable[[], AbstractContextManager[Statements]]
SECRET = "Noix de cajou 41c7"


def path(guest: Customer, rest: str = "") -> str:
    return f"/v/lutetia/guests/{guest.uuid}{rest}"


def by(house: House) -> Actor:
    return Actor.of_member(house.maud, door="agenda")


def test_everything_stands_on_one_page(camille: PageClient, house: House, odile: Customer, book: Book) -> None:
    coming, gone = book("15:00", customer=odile), book("10:00", customer=odile)
    accept(house, coming, house.therese)
    rows: tuple[Any, ...] = (gone, *gone.items)
    for row in rows:
        row.starts_at, row.ends_at = row.starts_at - timedelta(days=9), row.ends_at - timedelta(days=9)
    flag_customer(house.organisation, customer=odile, flag="deposit", reason="Deux absences", by=by(house))
    add_note(house.organisation, customer=odile, text="Aime le silence", pinned=True, by=by(house))
    record_consent(house.organisation, customer=odile, channel="email", given=True, way="form", by=by(house))
    tell_guest(house.lutetia, coming, Kind.BOOKED, by=by(house))
    camille.get(path(odile, "?lang=en"))
    page = camille.page
    alerts = page.text_of(page.one(".//div[@id='alerts']"))
    assert "Deux absences" in alerts
    assert "Aime le silence" in alerts
    assert page.one(f".//section[@id='upcoming']//a[@data-booking='{coming.uuid}']") is not None
    assert page.one(f".//section[@id='past']//a[@data-booking='{gone.uuid}']") is not None
    for told in ("+33 6 12 34 56 78", "odile@example.org", "firm", "Thérèse", "On a signed form", "Waiting to be sent"):
        assert told in page.text, told


def test_totals_follow_the_rule_of_the_partner_api(house: House, odile: Customer, book: Book) -> None:
    book("10:00", customer=odile, payment_status="paid", price_minor=9500)
    book("12:00", customer=odile, payment_status="pending", price_minor=8000)
    cancelled = book("14:00", customer=odile, payment_status="charged_to_room", price_minor=7000)
    cancelled.status, cancelled.cancelled_at = "cancelled", cancelled.created_at
    (total,) = totals_of([house.lutetia, house.marais], odile)
    (told,) = list_guests(house.lutetia, limit=10, offset=0)
    assert (total.venue.slug, total.bookings, total.spent_minor) == ("lutetia", 3, 16500)
    assert (told.bookings, told.spent_minor) == (total.bookings, total.spent_minor)


def test_bookings_of_venues_that_she_may_not_enter_stay_there(
    camille: PageClient, house: House, odile: Customer, book: Book
) -> None:
    facial = make_treatment(house.marais, name="Soin du Marais").variants[0]
    elsewhere = book("10:00", customer=odile)
    rows: tuple[Any, ...] = (elsewhere, *elsewhere.items)
    for row in rows:
        row.venue_id = house.marais.id
    elsewhere.items[0].treatment, elsewhere.items[0].variant = facial.treatment, facial
    for page in ("", "/bookings", "/activity"):
        answer = camille.get(path(odile, page))
        assert answer.status_code == 200
        assert "Soin du Marais" not in camille.page.text
    assert not camille.page.all(f".//a[@data-booking='{elsewhere.uuid}']")


def test_the_timeline_is_paged_without_losing_a_line(house: House, odile: Customer, book: Book) -> None:
    for clock in ("10:00", "12:00", "14:00"):
        record_payment(
            house.lutetia,
            booking=book(clock, customer=odile),
            kind="payment",
            amount_minor=1000,
            method="cash",
            by=by(house),
        )
    for number in range(12):
        add_note(house.organisation, customer=odile, text=f"Note {number}", by=by(house))
    args = (house.organisation, [house.lutetia], odile, bookings_of([house.lutetia], odile))
    everything, more = timeline(*args, health=True, limit=1000)
    assert more is None
    shown, before = timeline(*args, health=True, limit=4)
    while before is not None:
        page, before = timeline(*args, health=True, limit=4, before=before)
        shown += page
    assert [one.what for one in shown] == [one.what for one in everything]


def test_a_colleague_does_not_read_who_looked_at_health_notes(
    client: PageClient, house: House, odile: Customer, camille: PageClient
) -> None:
    write_notes(
        house.organisation, customer=odile, notes=CareNotes(allergies=SECRET, consent=True), version=0, by=by(house)
    )
    for page in ("", "/activity"):
        camille.get(path(odile, page))
        assert SECRET not in camille.page.text
        assert "Notes de santé rédigées" not in camille.page.text
    camille.get(path(odile))
    assert not camille.page.all(f".//form[@action='{path(odile, '/health')}']")
    assert camille.hx(path(odile, "/health"), method="POST").status_code == 403


def test_health_notes_are_read_written_and_who_looked_is_listed(
    maud: PageClient, house: House, odile: Customer
) -> None:
    maud.get(path(odile, "?lang=en"))
    maud.submit(f".//form[@action='{path(odile, '/health')}']")
    answer = maud.submit(f".//form[@action='{path(odile, '/health/write')}']", {"allergies": SECRET, "consent": "y"})
    assert answer.status_code == 303
    maud.get(path(odile))
    maud.submit(f".//form[@action='{path(odile, '/health')}']")
    assert SECRET in maud.page.text
    assert "wrote, at the desk" in maud.page.text
    stale = maud.page.one(f".//form[@action='{path(odile, '/health/write')}']")
    write_notes(
        house.organisation, customer=odile, notes=CareNotes(allergies="Miel", consent=True), version=1, by=by(house)
    )
    answer = maud.send(stale, {"allergies": "Pollen"})
    assert answer.status_code == 409
    assert {"Miel", "Pollen"} <= set(maud.page.text.replace(",", " ").split())
    maud.submit(f".//form[@action='{path(odile, '/health/write')}']")
    maud.get(path(odile))
    maud.submit(f".//form[@action='{path(odile, '/health')}']")
    assert "Pollen" in maud.page.text


def test_health_needs_the_guests_agreement(maud: PageClient, odile: Customer) -> None:
    maud.get(path(odile))
    maud.submit(f".//form[@action='{path(odile, '/health')}']")
    answer = maud.submit(f".//form[@action='{path(odile, '/health/write')}']", {"allergies": "Noix"})
    assert answer.status_code == 422
    assert "Noix" in maud.page.text


def test_contact_data_is_changed_and_nothing_is_lost_on_error(
    camille: PageClient, house: House, odile: Customer
) -> None:
    other = make_customer(house.organisation, first_name="Zoé", last_name="Martin", phone="+33611111111")
    camille.get(path(odile, "/edit"))
    answer = camille.submit(".//form[@id='guest-form']", {"phone": "06 11 11 11 11", "last_name": "Le Gall"})
    assert answer.status_code == 409
    assert other.name in camille.page.text
    assert camille.page.values_of(camille.page.one(".//form[@id='guest-form']"))["last_name"] == "Le Gall"
    answer = camille.submit(".//form[@id='guest-form']", {"phone": "rien"})
    assert answer.status_code == 422
    assert camille.submit(".//form[@id='guest-form']", {"phone": "06 22 22 22 22"}).status_code == 303
    assert (odile.name, odile.phone) == ("Odile Le Gall", "+33622222222")


def test_two_editors_do_not_overwrite_each_other(camille: PageClient, odile: Customer) -> None:
    camille.get(path(odile, "/edit"))
    odile.email, odile.first_name = "new@example.org", "Zoé"
    answer = camille.submit(".//form[@id='guest-form']", {"first_name": "Anne"})
    assert answer.status_code == 409
    values = camille.page.values_of(camille.page.one(".//form[@id='guest-form']"))
    assert (values["first_name"], values["email"]) == ("Anne", "new@example.org")
    assert "Zoé" in camille.page.text
    assert camille.submit(".//form[@id='guest-form']").status_code == 303
    assert (odile.first_name, odile.email) == ("Anne", "new@example.org")


def test_notes_by_form_and_by_htmx(camille: PageClient, house: House, odile: Customer) -> None:
    camille.get(path(odile))
    add = f".//form[@action='{path(odile, '/notes')}']"
    assert camille.submit(add, {"text": ""}).status_code == 422
    assert camille.submit(add, {"text": "Aime le silence"}).status_code == 303
    answer = camille.hx(path(odile, "/notes"), method="POST", data={"text": "Vient à vélo"})
    assert answer.status_code == 200
    assert len(camille.page.all(".//li[@data-note]")) == 2
    authors = db.session.scalars(select(CustomerNote.author_name)).all()
    assert authors == [house.camille.name] * 2


def test_somebody_is_linked_by_name_or_chosen_among_several(camille: PageClient, house: House, odile: Customer) -> None:
    leo = make_customer(house.organisation, first_name="Léo", last_name="Petit")
    others = [make_customer(house.organisation, first_name="Anne", last_name="Martin") for _twice in range(2)]
    camille.get(path(odile))
    form = f".//form[@action='{path(odile, '/people')}']"
    assert camille.submit(form, {"who": "leo petit", "relation": "family"}).status_code == 303
    camille.get(path(odile))
    assert camille.submit(form, {"who": "martin"}).status_code == 422
    assert camille.submit(form, {"pick": str(others[1].uuid)}).status_code == 303
    assert camille.submit(form, {"who": "Nobody"}).status_code == 422
    camille.get(path(leo))
    assert odile.name in camille.page.text
    linked = db.session.scalars(select(CustomerLink.other_id).order_by(CustomerLink.id)).all()
    assert linked == [leo.id, others[1].id]


def test_preferences_are_saved_and_a_newer_change_is_named(camille: PageClient, odile: Customer, house: House) -> None:
    camille.get(path(odile))
    form = f".//form[@action='{path(odile, '/preferences')}']"
    likes = {"pressure": "light", "avoid": "Nuque", "therapist": str(house.therese.uuid)}
    stale = camille.page.one(form)
    assert camille.send(stale, likes).status_code == 303
    assert (odile.preferences, odile.preferred_therapist_id) == (
        {"pressure": "light", "avoid": "Nuque"}, house.therese.id
    )  # fmt: skip
    assert camille.send(stale, {"avoid": "Genou"}).status_code == 409
    assert camille.submit(form).status_code == 303
    assert odile.preferences["avoid"] == "Genou"


def test_a_bounded_number_of_statements_however_much_is_known(
    camille: PageClient, house: House, odile: Customer, book: Book, statements: Counting
) -> None:
    counts = []
    for clocks in (("10:00",), ("11:00", "12:00", "13:00", "15:00")):
        for clock in clocks:
            accept(house, book(clock, customer=odile), house.therese)
            add_note(house.organisation, customer=odile, text=clock, by=by(house))
        with statements() as sent:
            camille.get(path(odile))
        sent.at_most(34)
        counts.append(len(sent))
    assert counts[1] <= counts[0]
