"""One story for each page of the settings: filled in, refused beside the field, saved, seen; nothing for axe."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from portal.database import db
from portal.models import Room, Treatment, VenueBlock
from tests.bookings.conftest import Book, book
from tests.browser.conftest import Stage
from tests.browser.hands import Hand, How, at_work, by, let_go
from tests.support.browser import assert_accessible, assert_no_sideways_scroll

__all__ = ["book"]

pytestmark = [
    pytest.mark.browser,
    # What is clicked and typed is the browser's business: one database is enough.
    pytest.mark.parametrize("backend", ["sqlite"], indirect=True),
]
SETTINGS = "/v/lutetia/settings"
BOTH = by("mouse-fr", "keys-en")


def start(stage: Stage, how: How, path: str) -> Hand:
    """Maud, in front of a page of the settings that she has reached by its link."""
    hand = at_work(stage, stage.house.maud, how, at=f"{SETTINGS}/")
    hand.choose(hand.page.locator(f"main a[href='{SETTINGS}{path}']").first)
    hand.page.wait_for_url(f"**{SETTINGS}{path}")
    return hand


def save(hand: Hand) -> None:
    """The form's own button; the page says that it is done."""
    hand.choose(hand.page.locator("#settings .actions .primary"))
    said(hand.page)


def said(page: Page) -> None:
    expect(page.locator("#toasts .toast").first).to_be_visible()
    let_go()


def looked_at(page: Page) -> None:
    assert_accessible(page)
    assert_no_sideways_scroll(page)


@BOTH
def test_the_venue(stage: Stage, how: How) -> None:
    hand = start(stage, how, "/venue")
    page = hand.page
    hand.fill(page.locator("#name"), "Spa de l’Odéon")
    hand.fill(page.locator("#name_en"), "Odeon Spa")
    hand.fill(page.locator("#description"), "Six cabines sous une verrière.")
    hand.fill(page.locator("#address"), "12 rue de l’Odéon")
    hand.fill(page.locator("#vat"), "deux")
    hand.choose(page.locator("#settings .actions .primary"))
    expect(page.locator("#vat")).to_have_attribute("aria-invalid", "true")
    expect(page.locator("#address")).to_have_value("12 rue de l’Odéon")
    looked_at(page)
    hand.fill(page.locator("#vat"), "5,5")
    hand.pick(page.locator("#massage_wording"), "modelage")
    save(hand)
    expect(page.locator(".eyebrow").first).to_have_text("Spa de l’Odéon" if how[1] == "fr" else "Odeon Spa")
    db.session.refresh(stage.house.lutetia)
    assert (str(stage.house.lutetia.vat), stage.house.lutetia.massage_wording) == ("5.50", "modelage")


@by("mouse-fr", "mouse-en")  # whoever comes by keys passes twenty-eight fields
def test_hours_and_special_days(stage: Stage, book: Book, how: How) -> None:
    house, noon = stage.house, "12:30"
    booking = book(noon)
    hand = start(stage, how, "/hours/")
    page = hand.page
    hand.choose(page.locator("#own_hours"))
    day = house.day.isoweekday() % 7
    for name, value in (("opens", "09:00"), ("closes", "12:00")):
        hand.fill(page.locator(f"#{name}_{day}_1"), value)
    for name, value in (("opens", "14:00"), ("closes", "20:00")):
        hand.fill(page.locator(f"#{name}_{day}_2"), value)
    hand.choose(page.locator("#settings form.form .actions .primary"))
    expect(page.locator("#settings .note.warning .hit")).to_have_count(1)
    looked_at(page)
    hand.choose(page.locator("[name=confirm]"))
    hand.choose(page.locator("#settings form.form .actions .primary"))
    said(page)
    hand.choose(page.locator(f"a[href='{SETTINGS}/hours/special']"))
    hand.fill(page.locator("#day"), str(house.day + timedelta(days=30)))
    hand.fill(page.locator("#note"), "Inventaire")
    save(hand)
    expect(page.locator("#settings .rows")).to_contain_text("Inventaire")
    hand.choose(page.locator("#settings .settings-row button"))
    said(page)
    expect(page.locator("#settings .rows")).not_to_contain_text("Inventaire")
    db.session.refresh(booking)
    assert booking.status == "pending"


@BOTH
def test_a_block_of_the_whole_venue(stage: Stage, book: Book, how: How) -> None:
    house = stage.house
    book("09:30")
    hand = start(stage, how, "/blocks/")
    page = hand.page
    hand.choose(page.locator(f"a[href='{SETTINGS}/blocks/new']"))
    hand.choose(page.locator(f"[name=weekdays][value='{house.day.isoweekday() % 7}']"))
    hand.fill(page.locator("#start"), "09:00")
    hand.fill(page.locator("#end"), "10:00")
    hand.fill(page.locator("#reason"), "Ménage")
    hand.choose(page.locator("#settings .actions .primary"))
    expect(page.locator("#settings .note.warning .hit")).to_have_count(1)
    looked_at(page)
    hand.choose(page.locator("[name=confirm]"))
    save(hand)
    expect(page.locator("#settings .rows").first).to_contain_text("09:00–10:00")
    looked_at(page)
    page.goto(f"/v/lutetia/agenda/{house.day}")
    expect(page.locator(".block", has_text="Ménage").first).to_be_visible()
    page.goto(f"{SETTINGS}/blocks/")
    hand.choose(page.locator("#settings .settings-row a"))
    hand.choose(page.locator("#settings .btn.danger"))
    said(page)
    assert db.session.scalars(select(VenueBlock)).all() == []


@BOTH
def test_another_time_zone(stage: Stage, book: Book, how: How) -> None:
    booking = book("15:00")
    hand = start(stage, how, "/timezone/")
    page = hand.page
    page.locator("#timezone").select_option("Europe/London")
    hand.choose(page.locator("#settings form.box button"))
    expect(page.locator(f"[data-booking='{booking.uuid}']").first).to_contain_text("15:00")
    looked_at(page)
    hand.choose(page.locator("#settings .actions .primary"))
    expect(page.locator("#confirm")).to_have_attribute("aria-invalid", "true")
    hand.choose(page.locator("#confirm"))
    save(hand)
    db.session.refresh(stage.house.lutetia)
    db.session.refresh(booking)
    assert stage.house.lutetia.timezone == "Europe/London"
    assert f"{booking.starts_at.astimezone(ZoneInfo('Europe/London')):%H:%M}" == "15:00"


@BOTH
def test_rooms_and_their_types(stage: Stage, how: How) -> None:
    hand = start(stage, how, "/rooms/")
    page = hand.page
    hand.choose(page.locator(f"a[href='{SETTINGS}/rooms/types/new']"))
    hand.fill(page.locator("#name"), "Flottaison")
    save(hand)
    hand.choose(page.locator(f"a[href='{SETTINGS}/rooms/new']").first)
    hand.choose(page.locator("#settings .actions .primary"))
    expect(page.locator("#name")).to_have_attribute("aria-invalid", "true")
    hand.fill(page.locator("#name"), "Cabine Lune")
    kind = page.locator("#kind option", has_text="Flottaison").get_attribute("value") or ""
    hand.pick(page.locator("#kind"), kind)
    looked_at(page)
    save(hand)
    moon = page.locator("#settings .settings-row", has_text="Cabine Lune")
    hand.choose(moon.locator(".is-up"))
    expect(moon.locator(".is-down")).to_be_enabled()
    looked_at(page)
    hand.choose(moon.locator("a"))
    hand.choose(page.locator("#settings .btn.danger"))
    said(page)
    hand.choose(moon.locator("form button"))
    said(page)
    room = db.session.scalars(select(Room).where(Room.name == "Cabine Lune")).one()
    assert (room.active, room.room_type.name if room.room_type else None) == (True, "Flottaison")


@by("mouse-fr", "mouse-en")
def test_a_treatment_and_how_it_is_taken(stage: Stage, how: How) -> None:
    hand = start(stage, how, "/treatments/")
    page = hand.page
    hand.choose(page.locator(f"a[href='{SETTINGS}/treatments/new']").first)
    for field, text in (("name", "Bain de lumière"), ("name_en", "Bath of light"), ("category", "rituel")):
        hand.fill(page.locator(f"#{field}"), text)
    for field, text in (("label", "45 minutes"), ("duration", "45"), ("price", "quatre-vingts")):
        hand.fill(page.locator(f"#{field}"), text)
    hand.choose(page.locator("#settings .actions .primary"))
    expect(page.locator("#price")).to_have_attribute("aria-invalid", "true")
    looked_at(page)
    hand.fill(page.locator("#price"), "80")
    save(hand)
    light = page.locator("#settings .settings-row a", has_text="Bain de lumière" if how[1] == "fr" else "Bath of light")
    hand.choose(light)
    hand.choose(page.locator("a[href$='/variants/new']"))
    for field, text in (("label", "90 minutes"), ("duration", "90"), ("price", "140,50")):
        hand.fill(page.locator(f"#{field}"), text)
    looked_at(page)
    save(hand)
    made = db.session.scalars(select(Treatment).where(Treatment.name == "Bain de lumière")).one()
    assert [(one.duration, one.price_minor) for one in made.variants] == [(45, 8000), (90, 14050)]
    let_go()
    page.goto(f"{SETTINGS}/treatments/{made.uuid}")
    hand.choose(page.locator("#settings form[action$='/archive'] button"))
    said(page)
