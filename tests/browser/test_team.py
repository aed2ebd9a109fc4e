"""The team in a browser: somebody is invited, gets a picture and her treatments, and leaves."""

from __future__ import annotations

import io

import pytest
from PIL import Image
from playwright.sync_api import expect

from tests.bookings.conftest import Book, accept, book
from tests.browser.conftest import Stage
from tests.browser.hands import How, at_work, by
from tests.support.browser import assert_accessible, assert_no_sideways_scroll

__all__ = ["book"]

pytestmark = [
    pytest.mark.browser,
    # What is clicked is the browser's business: one database is enough.
    pytest.mark.parametrize("backend", ["sqlite"], indirect=True),
]
WORDS = {
    "fr": {"invite": "Inviter quelqu’un", "send": "Envoyer l’invitation", "invited": "Invité·e", "save": "Enregistrer",
           "who": "Qui peut faire quoi", "leaves": "Quitte l’équipe…", "gone": "s’en va maintenant", "left": "Parti·e",
           "saved": "Enregistré : une personne a changé.", "photo": "Enregistrer la photo"},
    "en": {"invite": "Invite somebody", "send": "Send the invitation", "invited": "Invited", "save": "Save",
           "who": "Who can do what", "leaves": "Leaves the team…", "gone": "leaves now", "left": "Has left",
           "saved": "Saved: one person has changed.", "photo": "Save the photo"},
}  # fmt: skip


@by("mouse-fr", "keys-en")
def test_from_the_invitation_to_the_last_day(stage: Stage, book: Book, how: How) -> None:
    accept(stage.house, book("10:00"), stage.house.therese)
    maud = at_work(stage, stage.house.maud, how, at="/v/lutetia/team/")
    page, words = maud.page, WORDS[how[1]]
    assert_accessible(page)
    maud.choose(page.get_by_role("link", name=words["invite"]))
    expect(page.locator("#email")).to_be_visible()
    assert_accessible(page)
    maud.fill(page.locator("#email"), "ines@example.org")
    maud.fill(page.locator("#first_name"), "Inès")
    maud.fill(page.locator("#last_name"), "Benali")
    maud.choose(page.get_by_role("button", name=words["send"]))
    expect(page.locator(".member-head")).to_contain_text(words["invited"])
    assert_accessible(page)

    page.goto("/v/lutetia/team/skills")
    assert_accessible(page)
    assert_no_sideways_scroll(page)
    maud.choose(page.locator("input[name=can]").first)
    maud.choose(page.get_by_role("button", name=words["save"], exact=True))
    expect(page.locator("#toasts")).to_contain_text(words["saved"])

    page.goto(f"/o/maison-lutece/team/{stage.house.therese.uuid}")
    maud.choose(page.locator(".fold summary"))
    page.locator("#photo").set_input_files({"name": "a.png", "mimeType": "image/png", "buffer": _picture()})
    maud.choose(page.get_by_role("button", name=words["photo"]))
    expect(page.locator("img.member-photo")).to_be_visible()
    assert_accessible(page)
    maud.choose(page.get_by_role("link", name=words["leaves"]))
    expect(page.locator(".hit")).to_have_count(1)
    assert_accessible(page)
    maud.choose(page.locator("#ask"))
    maud.choose(page.get_by_role("button", name=words["gone"]))
    expect(page.locator(".member-head")).to_contain_text(words["left"])


def _picture() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (400, 300), "teal").save(out, "PNG")
    return out.getvalue()
