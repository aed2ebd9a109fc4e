"""A link in a message: opens one offer, answers it without password, changes nothing by being looked at."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from portal.bookings.service import cancel_booking, withdraw_from_booking
from portal.clock import frozen, now
from portal.database import db
from portal.links.service import MISSES
from portal.models import AuditEntry, Booking, LoginSession, Offer
from portal.notices.tokens import LINK, RECEIPT, notice_of, token_of
from tests.bookings.conftest import accept, offer_to, phone
from tests.factories import House
from tests.links.conftest import Book, link_in
from tests.matrix.bad_values import BAD_BYTES
from tests.matrix.fingerprint import changed, fingerprint
from tests.notices.conftest import desk, notices
from tests.notices.test_visits import move
from tests.support.client import PageClient
from tests.support.page import Page
from tests.support.sign_in import COOKIE, sign_in
from tests.support.smtpd import MailServer

ACCEPT, DECLINE = ".//form[@action='{}/accept']", ".//form[@action='{}/decline']"
YOURS = "It's yours. Tomorrow 10:00, Cabine 1."


def offer_of(house: House, booking: Booking) -> Offer:
    return offer_to(booking, house.therese)


def press(client: PageClient, link: str, form: str = ACCEPT) -> int:
    answer = client.submit(form.format(link))
    if answer.status_code == 303:
        assert answer.location == link
        client.get(link)
    return answer.status_code


def test_it_shows_the_offer_and_nothing_of_the_guest(client: PageClient, link: str) -> None:
    answer = client.get(link)
    assert answer.status_code == 200
    text = client.page.text
    for word in ("Tomorrow 10:00", "Relaxing massage", "60 min", "Cabine 1"):
        assert word in text
    assert not any(word in client.page.html for word in ("Hélène", "Dupont", "Sore back", "+336"))
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert "noindex" in answer.headers["X-Robots-Tag"]
    assert "no-store" in answer.headers["Cache-Control"]


def test_looking_at_it_changes_nothing_however_often(client: PageClient, link: str) -> None:
    before = fingerprint()
    for method in ("GET", "HEAD", "OPTIONS"):
        for _ in range(3):
            client.open(link, method=method)
    assert client.open(f"{link}/accept", method="GET").status_code == 405
    assert not changed(before, fingerprint())


def test_accepting_without_password(house: House, client: PageClient, link: str, booking: Booking) -> None:
    client.get(link)
    assert press(client, link) == 303
    assert YOURS in client.page.text
    assert (booking.status, booking.therapist) == ("confirmed", house.therese)
    assert [event.door for event in booking.events if event.verb == "accepted"] == ["link"]
    assert client.page.all(".//form") == []


def test_no_session_is_opened(house: House, client: PageClient, link: str) -> None:
    client.get(link)
    press(client, link)
    assert client.get_cookie(COOKIE) is None
    assert db.session.scalars(select(LoginSession)).all() == []
    answer = client.get("/my/day")
    assert str(answer.location).startswith("/login")


def test_a_second_time_says_the_same(client: PageClient, link: str, booking: Booking) -> None:
    client.get(link)
    form = client.page.one(ACCEPT.format(link))
    press(client, link)
    lines = len(booking.events)
    assert client.send(form).status_code == 303
    client.get(link)
    assert YOURS in client.page.text
    assert len(booking.events) == lines


def test_declining(house: House, client: PageClient, link: str, booking: Booking) -> None:
    client.get(link)
    assert press(client, link, DECLINE) == 303
    assert offer_of(house, booking).status == "declined"
    assert "You declined. There is nothing else to do." in client.page.text


def test_a_colleague_was_faster(house: House, client: PageClient, link: str, booking: Booking) -> None:
    client.get(link)
    form = client.page.one(ACCEPT.format(link))
    accept(house, booking, house.marc)
    answer = client.send(form)
    assert answer.status_code == 409
    assert "Just taken by a colleague. Nothing to do." in client.page.text
    client.get(link)
    assert "Just taken by a colleague. Nothing to do." in client.page.text
    assert booking.therapist is house.marc


def test_cancelled_withdrawn_and_begun(house: House, client: PageClient, link: str, booking: Booking) -> None:
    with frozen(house.at("10:01")):
        client.get(link)
        assert "Too late for this one (closed 10:00)." in client.page.text
    with frozen(house.at("11:01")):
        assert client.get(link).status_code == 404
    cancel_booking(house.lutetia, booking=booking, reason="ill", cancelled_by="guest", by=desk(house))
    client.get(link)
    assert "The spa cancelled this offer." in client.page.text
    assert client.page.all(".//form") == []


def test_her_own_appointment_is_named(house: House, client: PageClient, link: str, book: Book) -> None:
    client.get(link)
    form = client.page.one(ACCEPT.format(link))
    accept(house, book("10:30"), house.therese)
    assert client.send(form).status_code == 409
    assert "You are not free at that time (10:30–11:30)." in client.page.text


def test_what_was_moved_meanwhile_is_shown_before_it_is_taken(
    house: House, client: PageClient, link: str, booking: Booking
) -> None:
    client.get(link)
    form = client.page.one(ACCEPT.format(link))
    move(house, booking, "15:00")
    answer = client.send(form)
    assert answer.status_code == 409
    assert "This has changed in the meantime." in client.page.text
    assert booking.status == "pending"
    client.get(link)
    assert "Tomorrow 15:00" in client.page.text
    assert press(client, link) == 303
    assert booking.status == "confirmed"


def test_given_back_the_link_takes_nothing_any_more(
    house: House, client: PageClient, link: str, booking: Booking
) -> None:
    client.get(link)
    form = client.page.one(ACCEPT.format(link))
    accept(house, booking, house.therese)
    withdraw_from_booking(house.lutetia, booking=booking, by=phone(house.therese))
    assert client.send(form).status_code == 409
    assert booking.status == "pending"
    client.get(link)
    assert "You gave it back." in client.page.text


def test_who_has_left_is_refused(house: House, client: PageClient, link: str, booking: Booking) -> None:
    client.get(link)
    form = client.page.one(ACCEPT.format(link))
    house.therese.active = False
    assert client.get(link).status_code == 404
    assert client.send(form).status_code == 404
    assert booking.status == "pending"


def test_it_acts_for_whom_it_was_sent_to_whoever_is_signed_in(
    house: House, client: PageClient, link: str, booking: Booking
) -> None:
    sign_in(client, house.marc)
    client.get(link)
    press(client, link)
    assert booking.therapist is house.therese


def test_each_link_is_for_one_offer_of_one_member(
    house: House, client: PageClient, link: str, booking: Booking, mail: MailServer
) -> None:
    other = link_in(mail, "Marc")
    assert other != link
    client.get(other)
    press(client, other)
    assert booking.therapist is house.marc


def test_it_reads_in_her_language(house: House, client: PageClient, link: str) -> None:
    house.therese.locale = "fr"
    client.get(link, headers={"Accept-Language": "en"})
    assert client.page.root.get("lang") == "fr"
    assert "Massage relaxant" in client.page.text


def test_a_receipt_is_no_link_and_a_link_no_receipt(house: House, client: PageClient, link: str) -> None:
    token = link.removeprefix("/offer/")
    notice_id = notice_of(token, LINK)
    assert notice_id == notices(house.therese)[0].uuid
    assert len(token) >= 16
    receipt = token_of(notice_id, RECEIPT)
    assert client.get(f"/offer/{receipt}").status_code == 404
    assert client.post(f"/notices/{token}/received").status_code == 404
    assert client.post(f"/notices/{receipt}/received").status_code == 204


@pytest.mark.parametrize("bad", [*BAD_BYTES.values(), "x", "x" * 5000, "A" * 22 + "." + "B" * 43, "%F0%9F%92%86"])
def test_what_nobody_here_has_signed(client: PageClient, bad: str) -> None:
    assert client.get(f"/offer/{bad}").status_code == 404
    # A doubled slash is another address.
    assert client.post(f"/notices/{bad}/received").status_code in {404, 308}


def test_a_changed_token_is_worth_nothing(client: PageClient, link: str) -> None:
    for place in (-3, -20, 10):  # the very last sign carries bits that base64 leaves unused
        sign = "A" if link[place] != "A" else "B"
        assert client.get(link[:place] + sign + link[place:][1:]).status_code == 404


def test_after_a_change_of_keys_old_links_are_good_as_long_as_the_key_is_kept(
    app: Flask, client: PageClient, link: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = app.config["SECRET_KEY"]
    monkeypatch.setitem(app.config, "SECRET_KEY", "another secret of the tests")
    assert client.get(link).status_code == 404
    monkeypatch.setitem(app.config, "SECRET_KEY_FALLBACKS", ["an older one", old])
    assert client.get(link).status_code == 200


def test_whoever_keeps_guessing_has_to_wait(client: PageClient, link: str) -> None:
    answers = [client.get(f"/offer/{number}").status_code for number in range(MISSES + 1)]
    assert answers == [404] * MISSES + [429]
    answer = client.get(link)
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) > 0
    assert client.get(link, environ_overrides={"REMOTE_ADDR": "203.0.113.7"}).status_code == 200
    with frozen(now() + timedelta(minutes=16)):
        assert client.get(link).status_code == 200


def test_without_its_token_a_form_is_refused(client: PageClient, link: str, booking: Booking) -> None:
    assert client.post(f"{link}/accept", data={"shown": booking.starts_at.isoformat()}).status_code == 400
    answer = client.get(link)
    headers = {"Sec-Fetch-Site": "cross-site"}
    data = Page.values_of(client.page.one(ACCEPT.format(link)))
    assert client.post(f"{link}/accept", data=data, headers=headers).status_code == 403
    assert booking.status == "pending"
    assert answer.status_code == 200


@pytest.mark.parametrize("shown", ["", "x", "\x00", "2026", "9999-99-99"])
def test_a_form_that_was_tampered_with_changes_nothing(
    client: PageClient, link: str, booking: Booking, shown: str
) -> None:
    client.get(link)
    assert client.submit(ACCEPT.format(link), {"shown": shown}).status_code == 409
    assert booking.status == "pending"


def test_what_was_done_by_link_is_in_the_trail(house: House, client: PageClient, link: str) -> None:
    client.get(link)
    press(client, link)
    line = db.session.scalars(select(AuditEntry).where(AuditEntry.verb == "booking:accepted")).one()
    assert (line.actor_name, line.door) == ("Thérèse Test", "link")


def test_the_token_is_in_no_log(
    app: Flask, client: PageClient, link: str, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Even where the page is broken: the log names the route."""
    monkeypatch.setattr("portal.links.views.open_link", lambda *_given, **_more: 1 / 0)
    monkeypatch.setitem(app.config, "PROPAGATE_EXCEPTIONS", False)
    assert client.get(link).status_code == 500
    said = "".join(capfd.readouterr())
    assert link.removeprefix("/offer/") not in said
