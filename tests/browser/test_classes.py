"""Several guests in one booking: a class that fills, a couple that arrives one by one. By mouse, keys and touch."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.bookings.conftest import Book, book
from tests.browser.conftest import Stage
from tests.browser.hands import How, at_work, by_on_both
from tests.browser.visits import plan, visit_at
from tests.factories import make_customer, make_treatment
from tests.support.browser import assert_accessible, assert_no_sideways_scroll

__all__ = ["book"]

pytestmark = pytest.mark.browser
ARRIVED = re.compile(r"\bis-arrived\b")
CLASS = {
    "fr": {
        "full": "Le cours est complet.", "leaves": "Zélie Dupont libère sa place", "came": "Anatole Dupont a participé",
        "took_part": "A participé",
    },
    "en": {
        "full": "The class is full.", "leaves": "Zélie Dupont gives the place up", "came": "Anatole Dupont took part",
        "took_part": "Took part",
    },
}  # fmt: skip
COUPLE = {
    "fr": {"both": "Les deux sont là", "only": "Seulement Léa Martin", "too": "Zoé aussi"},
    "en": {"both": "Both arrived", "only": "Only Léa Martin", "too": "Zoé too"},
}


@by_on_both("mouse-fr", "keys-en", "touch-fr")
def test_a_class_fills_before_a_colleague_s_eyes(stage: Stage, how: How) -> None:
    house, words = stage.house, CLASS[how[1]]
    plan(house, days=1)
    make_treatment(
        house.lutetia, house.massage.room_type, name="Yoga du matin", name_en="Morning yoga", kind="class",
        max_participants=2,
    )  # fmt: skip
    for name in ("Zélie", "Anatole"):
        make_customer(house.organisation, first_name=name, name_key=f"{name.lower().replace('é', 'e')} dupont")
    hand = at_work(stage, house.camille, how)
    page, present = hand.page, hand.page.locator(".participants li")
    hand.choose(page.locator("[data-key=n]"))
    hand.choose(page.locator("#compose a[href*='/classes/new']"))
    hand.fill(page.locator("#day"), str(house.day))
    hand.fill(page.locator("#at"), "11:00")
    hand.pick(page.locator("#therapist"), str(house.marc.uuid))
    assert_accessible(page)
    hand.choose(page.locator("#class-form .primary"))
    expect(page.locator("#session .count")).to_have_text("0/2")
    expect(page.locator("body")).to_have_attribute("data-live", "on")

    maud = at_work(stage, house.maud, ("touch", how[1]), at=page.url).page
    for number, name in enumerate(("zelie", "anatole"), 1):
        hand.fill(page.locator("#join-q"), name)
        hand.choose(page.locator("form.join button[type=submit]").first)
        expect(present).to_have_count(number)
        expect(maud.locator(".participants li")).to_have_count(number)
    expect(page.locator("#session")).to_contain_text(words["full"])
    expect(page.locator("form.join")).to_have_count(0)
    for one in (page, maud):
        assert_accessible(one)
    assert_no_sideways_scroll(maud)

    hand.choose(page.get_by_role("button", name=words["leaves"]))
    expect(present).to_have_count(1)
    expect(page.locator("#session .count")).to_have_text("1/2")
    hand.choose(page.get_by_role("button", name=words["came"]))
    expect(present).to_contain_text(words["took_part"])
    expect(maud.locator(".participants li")).to_contain_text(words["took_part"])
    maud.goto(f"/v/lutetia/agenda/{house.day}")
    expect(maud.locator(f"[data-column='{house.marc.uuid}'] .card")).to_contain_text("1/2")


@by_on_both("mouse-en", "keys-fr", "touch-en")
def test_a_couple_arrives_one_by_one(stage: Stage, book: Book, how: How) -> None:
    house, words = stage.house, COUPLE[how[1]]
    lea = make_customer(house.organisation, first_name="Léa", last_name="Martin")
    booking = visit_at(
        stage, book, minutes=-5, customer=lea, variant=house.duo, guest_count=2, price_minor=18000
    )  # fmt: skip
    hand = at_work(stage, house.camille, how)
    page, steps = hand.page, hand.page.locator("#panel-steps")
    cards = page.locator(f"[data-column] .card[data-booking='{booking.uuid}']")
    expect(cards).to_have_count(2)
    expect(cards.locator("use[href$='#link-2']")).to_have_count(2)

    hand.choose(cards.first)
    expect(steps.get_by_role("button", name=words["both"])).to_be_visible()
    nameless = page.locator("#couple .participants li").last
    hand.choose(nameless.locator("summary").first)
    hand.fill(nameless.locator("input[name=name]"), "Zoé")
    hand.choose(nameless.locator("form[action*='/name'] button[type=submit]"))
    expect(page.locator("#couple")).to_contain_text("Zoé")

    hand.choose(steps.get_by_role("button", name=words["only"]))
    expect(steps.get_by_role("button", name=words["both"])).to_have_count(0)
    expect(cards.first).to_have_class(ARRIVED)
    hand.choose(steps.get_by_role("button", name=words["too"]))
    expect(steps.get_by_role("button", name=words["too"])).to_have_count(0)
    assert_accessible(page)
