"""What therapists are asked, on their phones: the cards, the answers, the waves, and the desk that sees it all."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Route, expect
from sqlalchemy import update

from portal.clock import now
from portal.database import db
from portal.models import BookingItem, StaffMember
from tests.bookings.conftest import Book, book, offer_to
from tests.browser.conftest import Stage, card, expect_status
from tests.browser.hands import Hand, How, at_work, by, let_go
from tests.factories import House
from tests.support.browser import assert_accessible, assert_no_sideways_scroll

__all__ = ["book"]

pytestmark = [
    pytest.mark.browser,
    # What is tapped is the browser's business: one database is enough.
    pytest.mark.parametrize("backend", ["sqlite"], indirect=True),
]
BIG = 56
WORDS = {
    "fr": {
        "accept": "Accepter", "decline": "Refuser", "why": "Refuser en précisant le motif", "reason": "Pas disponible",
        "for_you": "Pour vous", "partner": "Partenaire", "open": "Ouverte à l’équipe", "yours": "C’est pour vous.",
        "declined": "Vous avez refusé.", "taken": "collègue",
        "withdrawn": "Le spa a annulé cette proposition.", "rest": "Prévenir les autres maintenant",
        "back": "Retirer à tous", "give": "Confier à…", "next": "Ensuite, à", "last": "vous serez prévenu·e",
        "seen": "vue", "nobody": "Il ne reste personne à solliciter", "answered": "répondu",
    },
    "en": {
        "accept": "Accept", "decline": "Decline", "why": "Decline and say why", "reason": "Not free",
        "for_you": "For you", "partner": "Partner", "open": "Open to the team", "yours": "It's yours.",
        "declined": "You declined.", "taken": "colleague",
        "withdrawn": "The spa cancelled this offer.", "rest": "Tell the rest now", "back": "Take it back from all",
        "give": "Give it to…", "next": "Next at", "last": "you are told", "seen": "seen",
        "nobody": "Nobody is left to be asked", "answered": "answered",
    },
}  # fmt: skip


@by("touch-fr", "touch-en")
def test_everything_to_decide_and_one_tap_to_answer(stage: Stage, book: Book, how: How, complaints: list[str]) -> None:
    house, words = stage.house, WORDS[how[1]]
    partners, hers, plain = book("11:00"), book("14:00", requested=house.therese), book("16:00")
    plain.api_key = None
    names = [str(offer_to(one, house.therese).uuid) for one in (partners, hers, plain)]
    let_go()
    finger = at_work(stage, house.therese, how)
    page = finger.page
    shown = page.locator("[data-offer]").evaluate_all("all => all.map(one => one.dataset.offer)")
    assert shown == names, "soonest first"
    offers = [page.locator(f"#offer-{name}") for name in names]
    for offer, chip in zip(offers, ("partner", "for_you", "open"), strict=True):
        expect(offer.locator(".chip").first).to_contain_text(words[chip])
        for word in (words["accept"], words["decline"]):
            box = offer.get_by_role("button", name=word, exact=True).bounding_box()
            assert box is not None
            assert box["height"] >= BIG
    assert not re.search(r"Hélène|Dupont|\+?33|06 ", page.locator("main").inner_text()), "private before she accepts"
    assert_no_sideways_scroll(page)
    assert_accessible(page)

    first, second, third = offers
    finger.choose(first.get_by_role("button", name=words["decline"], exact=True))
    expect(first.locator(".offer-answer")).to_contain_text(words["declined"])
    finger.choose(third.locator("summary", has_text=words["why"]))
    finger.choose(third.get_by_role("button", name=words["reason"]))
    expect(third.locator(".offer-answer")).to_contain_text(words["declined"])
    page.route("**/accept", _swallow_the_answer, times=1)
    finger.choose(second.get_by_role("button", name=words["accept"]))
    expect(second.locator(".offer-answer")).to_contain_text(words["yours"])  # so says the second try
    assert finger.clicks == 4, "one tap each, two with a reason"
    assert_accessible(page)
    complaints[:] = [told for told in complaints if "ERR_CONNECTION" not in told and "Failed to fetch" not in told]


@by("touch-fr", "touch-en")
def test_waves_before_the_eyes_of_two_therapists_and_the_desk(stage: Stage, how: How) -> None:
    """Rank by rank, by the worker; at once when a whole rank has declined; then the desk is alerted."""
    house, words = stage.house, WORDS[how[1]]
    _rank(house, house.marc, 2)
    therese, marc = (at_work(stage, member, how) for member in (house.therese, house.marc))
    camille = at_work(stage, house.camille, ("mouse", how[1]))
    booking = stage.book("11:00")
    hers, his = (one.page.locator("[data-offer]") for one in (therese, marc))
    expect(hers).to_have_count(1)
    camille.choose(card(camille.page, booking))
    asked = camille.page.locator("#panel-asked")
    expect(asked.locator(".asked-now")).to_contain_text(re.compile(rf"{words['next']} \d\d:\d\d\s?: Marc"))
    expect(asked.locator(".asked li")).to_contain_text([re.compile(f"Thérèse.*{words['seen']}", re.DOTALL)])
    expect(his).to_have_count(0)

    _time_is_up()
    expect(his).to_have_count(1)
    expect(asked.locator(".asked li")).to_have_count(2)
    expect(asked.locator(".asked-now")).to_contain_text(words["last"])
    expect(hers.get_by_role("button", name=words["accept"])).to_be_visible()

    therese.choose(hers.get_by_role("button", name=words["decline"], exact=True))
    expect(asked.locator(".asked li", has_text="Thérèse")).to_contain_text(words["answered"])
    marc.choose(his.get_by_role("button", name=words["decline"], exact=True))
    expect(asked.locator(".asked-now")).to_contain_text(words["nobody"])
    expect_status(camille.page, booking, "pending")
    assert_accessible(camille.page)


@by("mouse-fr", "keys-en")
def test_the_desk_tells_the_rest_takes_back_and_gives(stage: Stage, how: How) -> None:
    house, words = stage.house, WORDS[how[1]]
    _rank(house, house.marc, 2)
    therese, marc = (at_work(stage, member, ("touch", how[1])).page for member in (house.therese, house.marc))
    camille = at_work(stage, house.camille, how)
    first, second = stage.book("11:00"), stage.book("15:00")
    expect(therese.locator("[data-offer]")).to_have_count(2)
    asked = camille.page.locator("#panel-asked")
    _open(camille, first)
    camille.choose(asked.get_by_role("button", name=words["rest"]))
    expect(marc.locator("[data-offer]")).to_have_count(1)
    camille.choose(asked.get_by_role("button", name=words["back"]))
    for phone in (therese, marc):
        expect(phone.locator(".offer.is-gone")).to_contain_text(words["withdrawn"])
    _open(camille, second)
    camille.choose(asked.locator("summary", has_text=words["give"]))
    camille.choose(asked.get_by_role("button", name="Marc"))
    expect_status(camille.page, second, "confirmed")
    expect(marc.locator("#day .day-item", has_text="15:00")).to_be_visible()
    expect(therese.locator("[data-offer] .offer-actions")).to_have_count(0)


def _open(hand: Hand, booking: dict[str, Any]) -> None:
    if hand.page.locator("#panel [data-booking-open]").count():
        hand.page.keyboard.press("Escape")
        expect(hand.page.locator("#panel [data-booking-open]")).to_have_count(0)
    hand.choose(card(hand.page, booking))
    expect(hand.page.locator("#panel-asked")).to_be_visible()


def _swallow_the_answer(route: Route) -> None:
    """The server has heard of it, the phone does not hear back."""
    route.fetch()
    route.abort("connectionreset")


def _rank(house: House, member: StaffMember, rank: int) -> None:
    next(link for link in member.venue_links if link.venue_id == house.lutetia.id).priority = rank
    db.session.commit()


def _time_is_up() -> None:
    db.session.execute(update(BookingItem).values(next_wave_at=now() - timedelta(seconds=1)))
    let_go()
