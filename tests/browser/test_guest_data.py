"""A file of guests, two of them who are one, and one who wants to be forgotten: in a real browser, from end to end."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from portal.customers.names import name_key
from tests.browser.conftest import Stage
from tests.browser.hands import How, at_work, by
from tests.factories import make_customer
from tests.support.browser import assert_accessible

pytestmark = [
    pytest.mark.browser,
    # What is seen is the browser's business; the room's own tests run on both databases.
    pytest.mark.parametrize("backend", ["sqlite"], indirect=True),
]
SHEET = "Prénom;Nom;Téléphone;E-mail\nZoé;Petit;06 99 99 99 99;zoe@example.org\n;;0612345678;\n"


@by("mouse-fr", "keys-en")
def test_a_file_a_merge_an_erasure(stage: Stage, tmp_path: Path, how: How) -> None:
    house = stage.house
    name = {"first_name": "Léonie", "last_name": "Martinet", "name_key": name_key("Léonie", "Martinet")}
    make_customer(house.organisation, phone="+33611111111", **name)
    make_customer(house.organisation, phone=None, email="leonie@example.org", **name)
    sheet = tmp_path / "clients.csv"
    sheet.write_text(SHEET)
    hand = at_work(stage, house.maud, how)
    page = hand.page
    page.goto("/v/lutetia/guests/import")
    page.set_input_files("#file", sheet)
    hand.choose(page.locator("#upload-form button"))
    expect(page.locator("#column-phone")).to_have_value("2")
    assert_accessible(page)
    hand.choose(page.locator("#columns-form button"))
    expect(page.locator("[data-count=create]")).to_have_text("1")
    expect(page.locator("[data-line='3'] .is-problem")).to_be_visible()
    assert_accessible(page)
    hand.choose(page.locator("#run-form button"))
    expect(page.locator("#import")).to_have_attribute("data-status", "done")

    page.goto("/v/lutetia/guests/duplicates")
    expect(page.locator(".pair")).to_have_count(1)
    assert_accessible(page)
    hand.choose(page.locator(".pair a.primary"))
    expect(page.locator("#merge-form")).to_be_visible()
    assert_accessible(page)
    hand.choose(page.locator("#merge-form button.primary"))
    expect(page).to_have_url(re.compile(r"/guests/[0-9a-f-]{36}$"))
    expect(page.locator("#toasts .toast")).to_be_visible()

    page.goto(f"{page.url}/data")
    expect(page.locator("#erase-form")).to_be_visible()
    assert_accessible(page)
    hand.fill(page.locator("#typed"), "leonie martinet")
    hand.choose(page.locator("#erase-form button"))
    expect(page).to_have_url(re.compile(r"/guests$"))
    expect(page.locator("body")).not_to_contain_text("Martinet")
