"""Partners: a key is made and shown once, changed, revoked; a quota; what was called; the trail tells it all."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Stage
from tests.browser.hands import How, at_work, by, let_go
from tests.support.browser import assert_accessible, assert_no_sideways_scroll

pytestmark = [
    pytest.mark.browser,
    # What is clicked and typed is the browser's business: one database is enough.
    pytest.mark.parametrize("backend", ["sqlite"], indirect=True),
]
HOUSE = "/o/maison-lutece"
WORDS = {
    "fr": {"revoked": "Révoquée", "sandbox": "Bac à sable", "full": "complet", "told": "Clé d’API révoquée"},
    "en": {"revoked": "Revoked", "sandbox": "Sandbox", "full": "full", "told": "API key revoked"},
}


@by("mouse-fr", "keys-en")
def test_a_partner_from_its_first_key_to_its_last(stage: Stage, how: How) -> None:
    hand, words = at_work(stage, stage.house.ada, how), WORDS[how[1]]
    page = hand.page
    page.goto("/v/lutetia/settings/")
    hand.choose(page.locator(f"main a[href='{HOUSE}/partners/']"))
    hand.choose(page.locator(f"a[href='{HOUSE}/partners/new']"))
    hand.fill(page.locator("#name"), "ClassPass")
    hand.choose(page.locator("form .actions .primary"))
    here = page.locator("main")
    hand.choose(here.locator(".rows a", has_text="ClassPass"))
    hand.choose(page.locator("a[href$='/keys/new']"))
    hand.fill(page.locator("#name"), "Production")
    hand.choose(page.locator("[name=test]"))
    assert_accessible(page)
    hand.choose(page.locator("form .actions .primary"))
    secret = page.locator("#secret").input_value()
    assert secret.startswith("sk_test_")
    assert_accessible(page)
    hand.choose(page.locator(".actions a.primary"))
    key = here.locator(".settings-row > a[href*='/keys/']")
    expect(key).to_contain_text(secret.rpartition("_")[0])
    expect(key).to_contain_text(words["sandbox"])
    assert secret not in page.content(), "It was shown once."

    stage.house.key, whole = secret, stage.house.key
    assert stage.call("/v1/venues")[0] == 200
    stage.house.key = whole
    hand.choose(key)
    hand.fill(page.locator("#rate"), "30")
    hand.choose(page.locator("form .actions .primary"))
    expect(key).to_contain_text("30")
    hand.choose(key)
    hand.choose(page.locator("details.box > summary"))
    assert_accessible(page)
    hand.choose(page.locator("details .danger"))
    expect(key).to_contain_text(words["revoked"])
    expect(here.locator("code", has_text="/v1/venues")).to_be_visible()

    page.goto(f"{HOUSE}/trail/?kind=partners")
    expect(page.locator(".trail-line").first).to_contain_text(words["told"])


def test_a_quota_and_every_page_on_a_phone_and_a_desk(stage: Stage) -> None:
    key = stage.house.key_row
    one = f"{HOUSE}/partners/{key.partner.uuid}"
    let_go()
    made = stage.book("10:00")
    ada = stage.enter(stage.house.ada, at=f"{one}/quotas/lutetia/")
    ada.fill("[name=first]", stage.house.day.isoformat())
    ada.fill("[name=places]", "1")
    ada.locator("form", has=ada.locator("[name=first]")).locator("button").click()
    expect(ada.locator("main .rows")).to_be_visible()
    ada.goto(one)
    expect(ada.locator(".is-full")).to_have_count(1)
    ada.locator("main .rows a[href*='/calls/']").first.click()
    assert made["id"] in ada.content()
    paths = (
        ada.url, f"{HOUSE}/partners/", f"{HOUSE}/partners/new", one, f"{one}/keys/{key.uuid}",
        f"{one}/quotas/lutetia/", f"{one}/calls/", f"{HOUSE}/trail/",
    )  # fmt: skip
    for width in (390, 1440):
        ada.set_viewport_size({"width": width, "height": 900})
        for path in paths:
            ada.goto(path)
            assert_no_sideways_scroll(ada)
            if width == 390:
                assert_accessible(ada)
