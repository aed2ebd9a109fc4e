"""One's own account in a browser: the second step set up, asked for at the door, and a password that ends sessions."""

from __future__ import annotations

import pyotp
import pytest
from playwright.sync_api import Page, expect

from portal.session.factor.service import secret_of
from tests.browser.conftest import Stage
from tests.browser.hands import How, at_work, by, let_go
from tests.factories import PASSWORD
from tests.support.browser import assert_accessible, assert_no_sideways_scroll

pytestmark = [
    pytest.mark.browser,
    # What is clicked is the browser's business: one database is enough.
    pytest.mark.parametrize("backend", ["sqlite"], indirect=True),
]
WORDS = {
    "fr": {"set up": "Configurer la deuxième étape", "confirm": "Confirmer", "kept": "Je les ai conservés",
           "sign in": "Se connecter", "left": "Il reste 10 codes de secours."},
    "en": {"set up": "Set up the second step", "confirm": "Confirm", "kept": "I have kept them",
           "sign in": "Sign in", "left": "10 recovery codes are left."},
}  # fmt: skip


@by("mouse-fr", "keys-en")
def test_the_second_step_from_the_first_picture_to_the_door(stage: Stage, how: How) -> None:
    maud = at_work(stage, stage.house.maud, how, at="/my/account/", live=False)
    page, words = maud.page, WORDS[how[1]]
    maud.fill(page.locator("#factor-current"), PASSWORD)
    maud.choose(page.get_by_role("button", name=words["set up"]))
    expect(page.locator(".factor-picture")).to_be_visible()
    assert_accessible(page)
    secret = secret_of(stage.house.maud)
    let_go()
    assert secret is not None
    maud.fill(page.locator("#confirm-code"), pyotp.TOTP(secret).now())
    maud.choose(page.get_by_role("button", name=words["confirm"], exact=True))
    expect(page.locator(".factor-codes li")).to_have_count(10)
    assert_accessible(page)
    recovery = page.locator(".factor-codes li").first.inner_text()
    maud.choose(page.get_by_role("link", name=words["kept"]))
    expect(page.locator("#factor")).to_contain_text(words["left"])
    assert_no_sideways_scroll(page)
    _through_the_door(stage, recovery, how[1])


def _through_the_door(stage: Stage, recovery: str, language: str) -> None:
    page: Page = stage.open_browser(base_url=stage.server.url)
    page.goto(f"/login?lang={language}")
    page.locator("#email").fill(stage.house.maud.email)
    page.locator("#password").fill(PASSWORD)
    page.get_by_role("button", name=WORDS[language]["sign in"], exact=True).click()
    expect(page.locator("#code")).to_be_focused()
    assert_accessible(page)
    page.locator("#code").fill(recovery)
    page.keyboard.press("Enter")
    expect(page.locator("[role=grid]")).to_be_visible()
