"""The panel: nothing typed in it is lost, a couple is cancelled both or one, members of a class pay one by one."""

from __future__ import annotations

import pytest
from playwright.sync_api import Dialog, Locator, Page, Route, expect

from portal.audit import Actor
from portal.bookings.payment import settle
from portal.classes.service import join_session, open_session
from portal.clock import frozen
from portal.database import db
from portal.models import Booking
from tests.bookings.conftest import Book, accept, book
from tests.browser.conftest import Stage, card
from tests.browser.hands import Hand, How, Keys, at_work, by, let_go
from tests.browser.visits import visit_at
from tests.factories import make_customer, make_treatment
from tests.support.browser import assert_accessible, assert_no_sideways_scroll

__all__ = ["book"]

pytestmark = [
    pytest.mark.browser,
    # What is typed and kept is the browser's business: one database is enough.
    pytest.mark.parametrize("backend", ["sqlite"], indirect=True),
]
WORDS = {
    "fr": {"kept": "n’est pas encore enregistrée", "discard": "Abandonner", "cash": "Espèces", "owes": "22,00",
           "reason": "motif", "back": "Rendre", "arrived": "Sur place"},
    "en": {"kept": "is not saved yet", "discard": "Discard", "cash": "Cash", "owes": "€22.00",
           "reason": "say why", "back": "Give", "arrived": "Arrived"},
}  # fmt: skip


@by("mouse-fr", "keys-en")
def test_what_is_typed_is_kept_whatever_the_panel_shows(stage: Stage, book: Book, how: How) -> None:
    lea, paul = visit_at(stage, book, minutes=-5), visit_at(stage, book, minutes=-5, to=1)
    words = WORDS[how[1]]
    hand = at_work(stage, stage.house.camille, how)
    page, asked = hand.page, list[str]()
    page.on("dialog", lambda dialog: _stay(dialog, asked))
    reason, note = page.locator("#reason"), page.locator("#panel textarea[name=notes]")

    _open(hand, lea)
    hand.choose(page.locator("#panel .cancel > summary"))
    hand.fill(reason, "La cliente a la grippe")
    # Another card, and back.
    _open(hand, paul)
    expect(page.locator("#toasts")).to_contain_text(words["kept"])
    expect(reason).to_have_value("")
    _open(hand, lea)
    expect(reason).to_have_value("La cliente a la grippe")
    expect(reason).to_be_visible()
    assert_accessible(page)
    # A step of her own draws the whole panel again.
    hand.choose(page.locator("#panel-steps").get_by_role("button", name=words["arrived"], exact=True))
    expect(page.locator("#panel-state")).to_contain_text("0 min")
    expect(reason).to_have_value("La cliente a la grippe")
    # A form that comes back with errors keeps it, too, and so does a closed panel.
    hand.fill(page.locator("#refund_percent"), "101")
    hand.choose(page.locator("#panel .cancel .danger[type=submit]"))
    expect(page.locator("#panel .cancel .summary")).to_be_visible()
    hand.choose(page.locator("#panel [data-panel-close]"))
    expect(page.locator("#panel > *")).to_have_count(0)
    _open(hand, lea)
    expect(reason).to_have_value("La cliente a la grippe")
    expect(page.locator("#refund_percent")).to_have_value("101")
    # Leaving the page is asked about.
    hand.choose(page.locator("a[rel=next]:visible").first)
    page.wait_for_timeout(300)
    assert asked == ["beforeunload"]
    expect(reason).to_have_value("La cliente a la grippe")
    # Discarding is one click; nothing is asked any more.
    hand.choose(page.locator("#panel .cancel").get_by_role("button", name=words["discard"]))
    expect(reason).to_have_value("")
    _open(hand, paul)
    _open(hand, lea)
    expect(reason).to_have_value("")

    hand.choose(page.locator(".panel-edit"))
    hand.fill(note, "Mal de dos")
    _open(hand, paul)
    _open(hand, lea)
    hand.choose(page.locator(".panel-edit"))
    expect(note).to_have_value("Mal de dos")
    hand.choose(page.locator("#panel .edit .primary"))
    expect(page.locator("#panel-facts .as-written")).to_have_text("Mal de dos")
    hand.choose(page.locator("a[rel=next]:visible").first)
    page.wait_for_url(lambda url: str(stage.house.day) not in url)
    assert asked == ["beforeunload"], "what was sent is not asked about"


@by("keys-fr", "mouse-en")
def test_a_draft_does_not_overwrite_what_a_colleague_wrote_meanwhile(stage: Stage, book: Book, how: How) -> None:
    lea, paul = visit_at(stage, book, minutes=-5), visit_at(stage, book, minutes=-5, to=1)
    camille, maud = at_work(stage, stage.house.camille, how), at_work(stage, stage.house.maud, how)
    note = "#panel textarea[name=notes]"

    _open(camille, lea)
    camille.choose(camille.page.locator(".panel-edit"))
    camille.fill(camille.page.locator(note), "De Camille")
    _open(camille, paul)
    _open(maud, lea)
    maud.choose(maud.page.locator(".panel-edit"))
    maud.fill(maud.page.locator(note), "De Maud")
    maud.choose(maud.page.locator("#panel .edit .primary"))
    expect(maud.page.locator("#panel-facts .as-written")).to_have_text("De Maud")

    _open(camille, lea)
    expect(camille.page.locator("#panel-facts .as-written")).to_have_text("De Maud")
    camille.choose(camille.page.locator(".panel-edit"))
    expect(camille.page.locator(note)).to_have_value("De Camille")
    camille.choose(camille.page.locator("#panel .edit .primary"))
    expect(camille.page.locator("#panel .summary")).to_contain_text("De Maud")
    expect(camille.page.locator(note)).to_have_value("De Camille")
    camille.choose(camille.page.locator("#panel .edit .primary"))
    expect(camille.page.locator("#panel-facts .as-written")).to_have_text("De Camille")


@by("mouse-en", "keys-fr")
def test_a_couple_is_cancelled_both_or_one_in_the_same_step(stage: Stage, book: Book, how: How) -> None:
    couple = _couple(stage, book)
    words = WORDS[how[1]]
    hand = at_work(stage, stage.house.camille, how)
    page, form = hand.page, hand.page.locator("#panel .cancel form")

    _open(hand, couple)
    hand.choose(page.locator("#panel .cancel > summary"))
    expect(form.locator("[type=radio]")).to_have_count(3)
    expect(form.locator(":checked[type=radio]")).to_have_count(0)
    expect(form.locator("[name=price]")).to_be_hidden()
    hand.fill(form.locator("#reason"), "Grippe")
    hand.choose(form.locator(".danger"))
    expect(form.locator("#who .field-error")).to_be_visible()
    expect(form.locator("#reason")).to_have_value("Grippe")
    hand.choose(form.locator("[type=radio]").nth(1))
    expect(form.locator("[name=price]")).to_be_visible()
    assert_accessible(page)
    hand.choose(form.locator(".danger"))
    expect(form.locator("[type=radio]")).to_have_count(0)
    expect(page.locator("#panel-ledger")).to_contain_text(words["back"])

    now = _as_it_is(couple)
    assert (now.status, now.guest_count, now.price_minor) == ("confirmed", 1, 9000)


@by("mouse-fr", "keys-en", "touch-fr")
def test_members_of_a_class_pay_one_by_one(stage: Stage, book: Book, how: How) -> None:
    session = _class(stage, "Ana", "Béa", "Chloé")
    words = WORDS[how[1]]
    hand = at_work(stage, stage.house.camille, how)
    maud = stage.enter(stage.house.maud)
    page, rows = hand.page, hand.page.locator("#session-list li")
    for one in (page, maud):
        one.goto(f"/v/lutetia/bookings/{session.uuid}")
        expect(one.locator("body")).to_have_attribute("data-live", "on")
    expect(rows).to_have_count(3)
    if how[0] == "touch":
        assert_no_sideways_scroll(page)

    hand.clicks = 0
    hand.choose(rows.nth(0).get_by_role("button", name=f"{words['cash']}, Ana Test"))
    expect(rows.nth(0).locator(".participant")).not_to_contain_text(words["owes"])
    assert hand.clicks == 1
    hers = maud.locator("#session-list li")
    expect(hers.nth(0).locator(".participant")).not_to_contain_text("22,00")
    expect(rows.nth(1)).to_contain_text(words["owes"])
    assert_accessible(page)
    # A part of it, for one of them, by the form.
    form = page.locator(".is-till")
    if not page.locator(".till").evaluate("one => one.open"):
        hand.choose(page.locator(".till > summary"))
    hand.choose(page.locator(".till .more > summary"))
    hand.pick(form.locator("[name=participant]"), str(session.participants[1].uuid))
    hand.fill(form.locator("[name=amount]"), "10")
    hand.choose(form.locator(".primary"))
    expect(rows.nth(1)).to_contain_text("12")
    # She leaves: what becomes of the money is asked. What Maud has unfolded meanwhile stays so.
    hers.nth(2).locator(".pays .menu > summary").click()
    hand.choose(rows.nth(0).locator(".leaves > summary"))
    hand.choose(rows.nth(0).locator(".leaves button[value=back]"))
    expect(rows).to_have_count(2)
    expect(hers).to_have_count(2)
    expect(hers.nth(1).locator(".menu-body .btn").first).to_be_visible()
    now = _as_it_is(session)
    assert [one.status for one in now.participants] == ["left", "joined", "joined"]
    assert now.participants[0].payment_status == "refunded"


def test_what_is_typed_while_an_answer_is_on_its_way_stays(stage: Stage) -> None:
    session = _class(stage, "Ana")
    for name in ("Zélie", "Anatole"):
        make_customer(stage.house.organisation, first_name=name, name_key=f"{name.lower().replace('é', 'e')} dupont")
    let_go()
    page = stage.enter(stage.house.camille, at=f"/v/lutetia/bookings/{session.uuid}")
    rows, who, sent = page.locator("#session-list li"), page.locator("#join-q"), list[Route]()

    def keep(route: Route) -> None:
        sent.append(route)

    page.route("**/join", keep)
    who.fill("zelie")
    with page.expect_request("**/join"):
        who.press("Enter")
    who.fill("ana")
    page.keyboard.type("tole")
    sent[0].continue_()
    expect(rows).to_have_count(2)
    expect(who).to_have_value("anatole")
    expect(who).to_be_focused()
    page.unroute("**/join")
    who.press("Enter")
    expect(rows).to_have_count(3)
    expect(who).to_have_value("")


def test_without_javascript_the_same_steps(stage: Stage, book: Book) -> None:
    session, couple = _class(stage, "Ana", "Béa"), _couple(stage, book)
    let_go()
    page = stage.enter(stage.house.camille, java_script_enabled=False, locale="en")
    page.goto(f"/v/lutetia/bookings/{session.uuid}")
    rows = page.locator("#session-list li")
    rows.nth(0).get_by_role("button", name="Cash, Ana Test").click()
    page.goto(f"/v/lutetia/bookings/{session.uuid}")
    rows.nth(0).locator(".leaves > summary").click()
    rows.nth(0).locator("button[value=kept]").click()
    expect(rows).to_have_count(1)

    page.goto(f"/v/lutetia/bookings/{couple.uuid}")
    form = page.locator(".cancel form")
    page.locator(".cancel > summary").click()
    form.locator("[type=radio]").nth(2).check()
    form.locator("#reason").fill("Grippe")
    expect(form.get_by_role("button", name="Discard")).to_be_hidden()
    form.locator(".danger").click()
    expect(page.locator(".cancel [type=radio]")).to_have_count(0)
    assert _as_it_is(couple).guest_count == 1


def _stay(dialog: Dialog, asked: list[str]) -> None:
    asked.append(dialog.type)
    dialog.dismiss()


def _open(hand: Hand, booking: Booking) -> None:
    """The panel of a booking, from its card."""
    mine: Locator = card(hand.page, {"id": booking.uuid}).first
    if isinstance(hand, Keys):
        mine.focus()
        hand.press("Enter")
    else:
        hand.choose(mine)
    expect(hand.page.locator(f"#panel [data-booking-open='{booking.uuid}']")).to_be_visible()
    _settled(hand.page)


def _settled(page: Page) -> None:
    """The panel has the focus, or what it opens by itself."""
    expect(page.locator("#panel:focus, #panel :focus")).to_have_count(1)


def _couple(stage: Stage, book: Book) -> Booking:
    """Léa Martin and somebody, this afternoon, paid in cash."""
    house = stage.house
    lea = make_customer(house.organisation, first_name="Léa", last_name="Martin")
    with frozen(house.at("00:30")):
        booking = book("14:00", variant=house.duo, guest_count=2, price_minor=18000, customer=lea)
        accept(house, booking, house.therese)
        accept(house, booking, house.marc)
        settle(house.lutetia, booking=booking, method="cash", by=_desk(stage))
    db.session.commit()
    return booking


def _class(stage: Stage, *names: str) -> Booking:
    """A class of yoga this noon, for 22.00 each."""
    house = stage.house
    yoga = make_treatment(
        house.lutetia, house.massage.room_type, name="Yoga", name_en="Yoga", kind="class", max_participants=5,
        price_minor=2200,
    )  # fmt: skip
    with frozen(house.at("00:30")):
        starts_at = house.at("11:00")
        session = open_session(
            house.lutetia, variant=yoga.variants[0], starts_at=starts_at, therapist=house.therese, by=_desk(stage)
        )
        for name in names:
            guest = make_customer(house.organisation, first_name=name, last_name="Test")
            join_session(house.lutetia, booking=session, customer=guest, by=_desk(stage))
    db.session.commit()
    return session


def _desk(stage: Stage) -> Actor:
    return Actor.of_member(stage.house.camille, door="agenda")


def _as_it_is(booking: Booking) -> Booking:
    """The booking as it stands in the database; nothing is held open."""
    db.session.rollback()
    found = db.session.get_one(Booking, booking.id, populate_existing=True)
    let_go()
    return found
