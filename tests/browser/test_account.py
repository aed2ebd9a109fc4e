"""One's own account in a browser: the second step, a forgotten password, another address, where she is signed in."""

from __future__ import annotations

from time import monotonic, sleep

import pyotp
import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from portal.database import db
from portal.models import LoginLink, account
from portal.session.factor.service import secret_of
from portal.session.onetime.service import write_token
from tests.browser.conftest import Stage
from tests.browser.hands import How, at_work, by, let_go
from tests.factories import PASSWORD
from tests.support.browser import assert_accessible, assert_no_sideways_scroll

pytestmark = [
    pytest.mark.browser,
    # What is clicked is the browser's business: one database is enough.
    pytest.mark.parametrize("backend", ["sqlite"], indirect=True),
]
NEW = "plenty of warm water"
PATIENCE = 20
WORDS = {
    "fr": {"set up": "Configurer la deuxième étape", "confirm": "Confirmer", "kept": "Je les ai conservés",
           "sign in": "Se connecter", "left": "Il reste 10 codes de secours.", "forgotten": "Mot de passe oublié",
           "send": "M’envoyer un lien", "set": "Enregistrer le mot de passe", "address": "Changer l’adresse e-mail",
           "both": "Envoyer les deux e-mails", "agree": "J’accepte", "out": "Déconnecter :"},
    "en": {"set up": "Set up the second step", "confirm": "Confirm", "kept": "I have kept them",
           "sign in": "Sign in", "left": "10 recovery codes are left.", "forgotten": "Forgotten password",
           "send": "Send me a link", "set": "Set the password", "address": "Change the e-mail address",
           "both": "Send both letters", "agree": "I agree", "out": "Sign out:"},
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


@by("mouse-fr", "keys-en")
def test_a_forgotten_password_and_another_address(stage: Stage, how: How) -> None:
    camille, words = stage.house.camille, WORDS[how[1]]
    hand = at_work(stage, camille, how, live=False)
    page = hand.page
    page.context.clear_cookies()
    page.goto("/login")
    hand.choose(page.get_by_role("link", name=words["forgotten"]))
    hand.fill(page.locator("#email"), camille.email)
    assert_accessible(page)
    hand.choose(page.get_by_role("button", name=words["send"]))
    expect(page.locator("#email")).to_have_count(0)
    assert_accessible(page)

    page.goto(f"/password/{_letter(account.PASSWORD)}")
    assert_accessible(page)
    hand.fill(page.locator("#password"), NEW)
    hand.fill(page.locator("#again"), NEW)
    hand.choose(page.get_by_role("button", name=words["set"]))
    hand.fill(page.locator("#password"), NEW)
    hand.choose(page.get_by_role("button", name=words["sign in"], exact=True))
    expect(page.locator("[role=grid]")).to_be_visible()
    let_go()
    elsewhere = stage.enter(camille, live=False)

    page.goto("/my/account/")
    expect(page.locator(".sessions li")).to_have_count(2)
    hand.choose(page.locator(".sessions").get_by_role("button", name=words["out"]))
    expect(page.locator(".sessions li")).to_have_count(1)
    elsewhere.reload()
    expect(elsewhere.locator("#password")).to_be_visible()

    hand.choose(page.locator("summary", has_text=words["address"]))
    hand.fill(page.locator("#address-address"), "camille.new@example.org")
    hand.fill(page.locator("#address-current"), NEW)
    hand.choose(page.get_by_role("button", name=words["both"]))
    expect(page.locator("#who")).to_contain_text("camille.new@example.org")
    assert_accessible(page)
    for letter in (account.OLD_ADDRESS, account.NEW_ADDRESS):
        page.goto(f"/address/{_letter(letter)}")
        assert_accessible(page)
        hand.choose(page.get_by_role("button", name=words["agree"]))
        expect(page.get_by_role("button", name=words["agree"])).to_have_count(0)
        assert_accessible(page)
    page.goto("/login")
    hand.fill(page.locator("#email"), "camille.new@example.org")
    hand.fill(page.locator("#password"), NEW)
    hand.choose(page.get_by_role("button", name=words["sign in"], exact=True))
    expect(page.locator("[role=grid]")).to_be_visible()


def _letter(purpose: str) -> str:
    """What the link of her newest letter ends with, once the worker has sent it: a letter written anew has another."""
    query = select(LoginLink).where(LoginLink.purpose == purpose, LoginLink.token_hash.is_not(None))
    deadline = monotonic() + PATIENCE
    while not (links := db.session.scalars(query.order_by(LoginLink.id.desc())).all()) and monotonic() < deadline:
        db.session.rollback()
        sleep(0.1)
    written = write_token(links[0].uuid)
    assert written is not None
    return written[1]


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
