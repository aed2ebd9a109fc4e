"""Web Push, end to end: what a push service gets, what the browser reads of it, and every way in which it fails."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import urllib3
from cryptography.exceptions import InvalidTag
from flask import Flask
from sqlalchemy import select

import portal.notices.push as pushes
from portal.audit import SYSTEM
from portal.clock import frozen, now
from portal.database import db
from portal.models import Offer, PushSubscription
from portal.notices.push import LATER, Gone, Later, Parcel, Refused, Target, encrypt, is_address, send
from portal.notices.receipts import note_received, note_seen
from portal.notices.service import Kind, tell_member
from portal.notices.tokens import RECEIPT, notice_of
from portal.offers.service import mark_seen
from portal.session.service import sign_out
from tests.bookings.conftest import phone
from tests.factories import House
from tests.notices.conftest import Book, keep, notices, offer_to, states, subscribe, work
from tests.notices.push_service import Browser, PushService, claims_of
from tests.notices.test_visits import move
from tests.support.sign_in import open_session
from tests.support.smtpd import MailServer


def tell(house: House, key: str = "a", **given: Any) -> None:
    tell_member(house.therese, Kind.TEST, venue=house.lutetia, subject=None, key=key, by=SYSTEM, **given)


def browsers() -> list[PushSubscription]:
    db.session.rollback()
    query = select(PushSubscription).order_by(PushSubscription.id).execution_options(populate_existing=True)
    return list(db.session.scalars(query))


def offer(house: House, book: Book, clock: str = "10:00") -> str:
    """A notice that goes by push alone as long as it arrives."""
    return str(offer_to(book(clock), house.therese).uuid)


def test_what_is_sent_and_what_the_browser_reads(
    app: Flask, house: House, book: Book, push: PushService, mail: MailServer
) -> None:
    browser = subscribe(push, house.therese)
    name = offer(house, book)
    work()
    (pushed,) = push.pushes
    told = browser.open(pushed)
    notice = notices(house.therese)[0]
    assert told == {
        "title": "New offer",
        "body": "Tomorrow 10:00, 60 min\nRelaxing massage\nCabine 1, Spa Lutèce EN",
        "tag": name,
        "url": f"/my/day#offer-{name}",
        "lang": "en",
        "receipt": told["receipt"],
    }
    assert notice_of(told["receipt"], RECEIPT) == notice.uuid
    assert pushed.headers["urgency"] == "high"
    assert 0 < int(pushed.headers["ttl"]) <= 4 * 3600
    assert len(pushed.headers["topic"]) <= 32
    assert len(pushed.body) <= 4096
    claims = claims_of(pushed, app.config["VAPID_PUBLIC_KEY"])
    assert (claims["aud"], claims["sub"]) == (push.url, "mailto:spa@lutece.example")
    assert now().timestamp() < claims["exp"] <= (now() + timedelta(hours=24)).timestamp()
    assert states(house.therese) == [("offer", "push:sent")]
    assert notice.deliveries[0].reference == "/a/1"
    assert [letter["To"] for letter in mail.letters] == ["Marc Test <marc@maison-lutece.example>"]


def test_nobody_else_can_read_it(house: House, push: PushService) -> None:
    subscribe(push, house.therese)
    stranger = Browser(f"{push.url}/b")
    tell(house)
    work()
    with pytest.raises(InvalidTag):
        stranger.open(push.pushes[0])
    assert b"works" not in push.pushes[0].body


def test_a_receipt_ends_it(house: House, book: Book, push: PushService, mail: MailServer) -> None:
    subscribe(push, house.therese)
    offer(house, book)
    work()
    notice = notices(house.therese)[0]
    note_received(notice.uuid)
    note_received(notice.uuid)
    work(after=61)
    assert states(house.therese) == [("offer", "push:delivered")]
    assert "Thérèse" not in str([letter["To"] for letter in mail.letters])
    assert notices(house.therese)[0].delivered_at is not None
    assert offer_to_her(house).delivered_at is not None, "the desk sees it by the offer"
    note_seen(notice.uuid)
    assert notices(house.therese)[0].seen_at is not None


def test_without_a_receipt_an_email_follows_after_a_minute(
    house: House, book: Book, push: PushService, mail: MailServer
) -> None:
    subscribe(push, house.therese)
    offer(house, book)
    work()
    work(after=58)
    assert states(house.therese) == [("offer", "push:sent")]
    work(after=61)
    assert states(house.therese) == [("offer", "push:sent email:sent")]
    work(after=600)
    assert len([letter for letter in mail.letters if "Thérèse" in letter["To"]]) == 1


def test_who_has_it_before_her_eyes_needs_no_email(
    house: House, book: Book, push: PushService, mail: MailServer
) -> None:
    subscribe(push, house.therese)
    booking = book("10:00")
    work()
    mark_seen([offer_to(booking, house.therese).uuid], by=phone(house.therese))
    work(after=61)
    assert states(house.therese) == [("offer", "push:sent")]


def test_what_is_no_longer_true_is_followed_by_nothing(
    house: House, book: Book, push: PushService, mail: MailServer
) -> None:
    subscribe(push, house.therese)
    booking = book("10:00")
    work()
    move(house, booking, "15:00")
    work(after=61)
    assert states(house.therese) == [("offer", "push:sent"), ("offer", "push:sent")]


@pytest.mark.parametrize("status", [404, 410])
def test_a_browser_that_is_gone_is_dropped_and_an_email_goes_at_once(
    house: House, book: Book, push: PushService, mail: MailServer, status: int
) -> None:
    subscribe(push, house.therese)
    push.answer(status)
    offer(house, book)
    work()
    assert states(house.therese) == [("offer", "push:failed email:sent")]
    assert browsers()[0].ended_at is not None
    offer(house, book, "15:00")
    work()
    assert states(house.therese)[1] == ("offer", "email:sent")
    assert push.pushes == []


def test_one_gone_browser_of_two_does_not_matter(house: House, book: Book, push: PushService, mail: MailServer) -> None:
    subscribe(push, house.therese, "old")
    subscribe(push, house.therese, "new")
    push.answer(410)
    offer(house, book)
    work()
    assert states(house.therese) == [("offer", "push:sent")]
    assert [(one.endpoint[-3:], one.ended_at is None) for one in browsers()] == [("old", False), ("new", True)]


@pytest.mark.parametrize("status", [*sorted(LATER), 500, 503])
def test_later_is_tried_again_and_shorter(house: House, book: Book, push: PushService, status: int) -> None:
    browser = subscribe(push, house.therese)
    push.answer(status)
    offer(house, book)
    work()
    assert (states(house.therese), push.pushes) == ([("offer", "push:queued")], [])
    work(after=6)
    assert states(house.therese) == [("offer", "push:sent")]
    assert "body" not in browser.open(push.pushes[0])
    assert browsers()[0].ended_at is None


def test_the_service_says_when_to_come_again(house: House, book: Book, push: PushService) -> None:
    subscribe(push, house.therese)
    push.answer(429, Retry_After="40")
    offer(house, book)
    work()
    work(after=35)
    assert push.pushes == []
    work(after=45)
    assert len(push.pushes) == 1


def test_a_service_that_is_away_is_not_waited_for(
    house: House, book: Book, push: PushService, mail: MailServer
) -> None:
    """The e-mail has gone after a minute; nobody is woken hours later."""
    subscribe(push, house.therese)
    for _ in range(5):
        push.answer(503)
    offer(house, book)
    work()
    work(after=7)
    work(after=65)
    assert states(house.therese) == [("offer", "push:queued email:sent")]
    push.answers.clear()
    work(after=400)
    assert push.pushes == []


@pytest.mark.parametrize("status", [301, 400, 401, 403, 418])
def test_refused_for_good(house: House, book: Book, push: PushService, mail: MailServer, status: int) -> None:
    subscribe(push, house.therese)
    push.answer(status, Location="http://127.0.0.1:1/elsewhere")
    offer(house, book)
    work()
    assert states(house.therese) == [("offer", "push:failed email:sent")]
    assert notices(house.therese)[0].deliveries[0].error == str(status)


def test_signing_out_ends_it(house: House, book: Book, push: PushService, mail: MailServer) -> None:
    _token, login = open_session(house.therese)
    keep(Browser(f"{push.url}/a"), login)
    sign_out(login, by=phone(house.therese))
    offer(house, book)
    work()
    assert states(house.therese) == [("offer", "email:sent")]
    assert push.pushes == []


def test_a_session_that_has_run_out_ends_it_and_is_forgotten_with_it(
    house: House, book: Book, push: PushService, mail: MailServer
) -> None:
    subscribe(push, house.therese)
    with frozen(now() + timedelta(days=31)):
        tell(house)
        work()
    assert push.pushes == []
    assert states(house.therese)[-1] == ("test", "email:sent")


def test_all_of_her_browsers_are_woken(house: House, book: Book, push: PushService) -> None:
    subscribe(push, house.therese, "a")
    subscribe(push, house.therese, "b")
    offer(house, book)
    work()
    assert [one.path for one in push.pushes] == ["/a", "/b"]
    assert all(one.used_at is not None for one in browsers())


def test_a_test_goes_by_all_ways_at_once(house: House, push: PushService, mail: MailServer) -> None:
    subscribe(push, house.therese)
    tell(house)
    work()
    assert states(house.therese) == [("test", "push:sent email:sent")]


def test_without_a_key_nobody_is_woken(
    app: Flask, house: House, book: Book, push: PushService, mail: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    subscribe(push, house.therese)
    monkeypatch.setitem(app.config, "VAPID_PRIVATE_KEY", None)
    offer(house, book)
    work()
    assert (states(house.therese), push.pushes) == ([("offer", "email:sent")], [])


def test_the_message_is_never_longer_than_a_service_takes(house: House, book: Book, push: PushService) -> None:
    browser = subscribe(push, house.therese)
    house.massage.name_en = "💆" * 190
    house.lutetia.name_en = "é" * 200
    offer(house, book)
    work()
    assert len(push.pushes[0].body) <= 4096
    assert browser.open(push.pushes[0])["body"].startswith("Tomorrow 10:00, 60 min")


HOSTILE = [
    "http://push.example/a",
    "https://user@push.example/a",
    "https://push.example:8443/a",
    "https:///a",
    "ftp://push.example/a",
    "javascript:alert(1)",
    "https://push.example/a#b",
    "https://push.example/\N{LATIN SMALL LETTER E WITH ACUTE}",
    "https://push.example/a b",
    "https://push.example:99999/",
    "https://[::1",
    "https://push.example/" + "x" * 1000,
    "",
]


@pytest.mark.parametrize("address", HOSTILE)
def test_what_is_no_address_of_a_push_service(app: Flask, monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    monkeypatch.setitem(app.config, "TESTING", False)
    assert not is_address(address)
    assert is_address("https://fcm.googleapis.com/fcm/send/abc:def")


FORBIDDEN = [
    "https://127.0.0.1/", "https://localhost/", "https://[::1]/", "https://[::ffff:127.0.0.1]/", "https://0.0.0.0/",
    "https://2130706433/", "https://0x7f.1/", "https://169.254.169.254/latest/meta-data/", "https://10.0.0.1/",
    "https://192.168.1.1/", "https://172.16.0.1/", "https://100.64.0.1/", "https://[fe80::1]/", "https://[fd00::1]/",
    "https://[64:ff9b::a9fe:a9fe]/", "https://[2002:7f00:1::]/", "https://224.0.0.1/", "https://192.0.0.8/",
]  # fmt: skip


@pytest.fixture
def connections(app: Flask, push: PushService, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Where it was connected to, as far as nobody answers there; no longer as in tests."""
    tried: list[str] = []

    def connect(address: tuple[str, int], *_given: object, **_more: object) -> None:
        tried.append(address[0])
        raise ConnectionRefusedError

    monkeypatch.setitem(app.config, "TESTING", False)
    monkeypatch.setattr(urllib3.util.connection, "create_connection", connect)
    monkeypatch.setattr(pushes, "_signed", lambda _endpoint: {})  # which has an opinion on addresses of its own
    return tried


@pytest.mark.parametrize("address", FORBIDDEN)
def test_no_address_within_the_house_is_connected_to(connections: list[str], address: str) -> None:
    with pytest.raises(Gone):
        send(parcel(address))
    assert connections == []


def test_others_are_connected_to_by_the_address_that_was_checked(connections: list[str]) -> None:
    with pytest.raises(Later):
        send(parcel("https://93.184.215.14/"))
    assert connections == ["93.184.215.14"]


def parcel(address: str) -> Parcel:
    browser = Browser(address)
    return Parcel(Target(**browser.form), {"title": "x"}, timedelta(minutes=1), urgent=False, topic="x")


def test_the_proxy_of_the_environment_is_not_asked(
    app: Flask, push: PushService, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    assert send(parcel(f"{push.url}/a")) == "/a/1"


@pytest.mark.parametrize("keys", [("x", "y"), ("", ""), ("é", "é"), ("AAAA", "AAAAAAAAAAAAAAAAAAAAAA")])
def test_keys_that_are_none_are_refused(app: Flask, keys: tuple[str, str]) -> None:
    with pytest.raises(Refused, match="keys that are none"):
        encrypt(Target("https://push.example/", *keys), {"title": "x"})


def offer_to_her(house: House) -> Offer:
    return db.session.scalars(select(Offer).where(Offer.member_id == house.therese.id)).one()
