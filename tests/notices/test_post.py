"""E-mail and text messages: against a real mail server, and against a service that speaks Twilio's format."""

from __future__ import annotations

import base64
import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from flask import Flask

from portal.config import WrongSetting, read_settings
from portal.notices.tokens import LINK, notice_of
from portal.sms_url import read_sms_url
from tests.factories import House
from tests.notices.conftest import Book, choose, notices, said, states, subscribe, work
from tests.notices.push_service import PushService
from tests.support.page import Page
from tests.support.smtpd import MailServer


@dataclass
class Letters:
    """What a real mail server has taken."""

    taken: list[EmailMessage] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    refuse: bool = False

    async def handle_RCPT(  # noqa: N802  (aiosmtpd's name)
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if self.refuse:
            return "550 no such user"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        self.taken.append(message_from_bytes(bytes(envelope.original_content or b""), policy=policy.default))
        self.recipients += envelope.rcpt_tos
        return "250 OK"


def configure(app: Flask, monkeypatch: pytest.MonkeyPatch, **given: str) -> None:
    settings = app.config["SETTINGS"].model_dump()
    monkeypatch.setitem(app.config, "SETTINGS", read_settings(**settings | given))


@pytest.fixture
def smtp(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[Letters]:
    letters = Letters()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    controller = Controller(letters, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        configure(app, monkeypatch, mail_url=f"smtp://127.0.0.1:{port}?from=spa@lutece.example")
        yield letters
    finally:
        controller.stop()


@dataclass
class TextService:
    """A service that takes text messages, or answers as it is told to."""

    url: str = ""
    asked: list[tuple[str, dict[str, str], dict[str, str]]] = field(default_factory=list)
    answers: list[tuple[int, object]] = field(default_factory=list)


@contextmanager
def serve_texts() -> Iterator[TextService]:
    texts = TextService()

    class Talk(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode(), keep_blank_values=True)
            texts.asked.append((self.path, dict(self.headers), {name: value[0] for name, value in form.items()}))
            taken = {"sid": f"SM{len(texts.asked):032x}", "status": "queued", "error_code": None}
            status, body = texts.answers.pop(0) if texts.answers else (201, taken)
            data = json.dumps(body).encode() if not isinstance(body, str) else body.encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_words: object) -> None:
            """Nothing is said on the test's own output."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Talk) as server:
        texts.url = f"twilio+http://AC1:secret@127.0.0.1:{server.server_address[1]}?from=%2B33700000000"
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        try:
            yield texts
        finally:
            server.shutdown()
            thread.join()


@pytest.fixture
def texts(app: Flask, house: House, mail: MailServer, monkeypatch: pytest.MonkeyPatch) -> Iterator[TextService]:
    """The service, and Thérèse with a number."""
    house.therese.phone = "+33612345678"
    with serve_texts() as service:
        configure(app, monkeypatch, sms_url=service.url)
        yield service


def test_a_real_mail_server_takes_it(house: House, book: Book, smtp: Letters) -> None:
    house.therese.locale = "fr"
    book("10:00")
    work()
    assert sorted(smtp.recipients) == ["marc@maison-lutece.example", "therese@maison-lutece.example"]
    letter = next(letter for letter in smtp.taken if "Thérèse" in letter["To"])
    assert letter["Subject"] == "Nouvelle proposition – Demain 10:00, 60 min"
    assert (letter["Content-Language"], letter["Auto-Submitted"]) == ("fr", "auto-generated")
    assert letter["Message-ID"] == f"<{notices(house.therese)[0].uuid}@lutece.example>"
    page = Page(said(letter, "html"))
    assert (page.parse_errors, page.root.get("lang")) == ([], "fr")
    link = page.one(".//a")
    assert Page.text_of(link) == "Voir et répondre"
    assert notice_of(link.get("href", "").rpartition("/")[2], LINK) == notices(house.therese)[0].uuid
    assert states(house.therese) == [("offer", "email:sent")]


def test_a_mail_server_that_knows_nobody(house: House, book: Book, smtp: Letters) -> None:
    smtp.refuse = True
    book("10:00")
    work()
    assert states(house.therese) == [("offer", "email:failed")]
    assert "no such user" in (notices(house.therese)[0].deliveries[0].error or "")
    assert notices(house.therese)[0].done_at is not None


def test_markup_in_a_name_is_text(house: House, book: Book, smtp: Letters) -> None:
    house.massage.name_en = "<svg onload=alert(1)> {{7*7}}"
    house.therese.first_name = "<b>Thérèse"
    book("10:00")
    work()
    letter = next(letter for letter in smtp.taken if "therese@" in letter["To"])
    assert "<svg" not in said(letter, "html")
    assert "&lt;svg onload=alert(1)&gt; {{7*7}}" in said(letter, "html")


def test_a_text_message_as_twilio_wants_it(house: House, book: Book, texts: TextService, mail: MailServer) -> None:
    book("10:00")
    work()
    ((path, headers, form),) = texts.asked
    assert path == "/2010-04-01/Accounts/AC1/Messages.json"
    assert base64.b64decode(headers["Authorization"].removeprefix("Basic ")) == b"AC1:secret"
    assert headers["Content-Type"] == "application/x-www-form-urlencoded"
    token = form["Body"].rpartition("/")[2]
    assert form == {
        "To": "+33612345678",
        "From": "+33700000000",
        "Body": f"New offer\nTomorrow 10:00, 60 min\nRelaxing massage\nhttp://127.0.0.1:8000/offer/{token}",
    }
    assert notice_of(token, LINK) == notices(house.therese)[0].uuid
    assert states(house.therese) == [("offer", "sms:sent")]
    assert notices(house.therese)[0].deliveries[0].reference == f"SM{1:032x}"
    assert all("Thérèse" not in letter["To"] for letter in mail.letters)


def test_it_follows_a_push_that_does_not_arrive(
    house: House, book: Book, push: PushService, texts: TextService
) -> None:
    subscribe(push, house.therese)
    book("10:00")
    work()
    assert texts.asked == []
    work(after=61)
    assert states(house.therese) == [("offer", "push:sent sms:sent")]


def test_who_has_no_number_or_does_not_want_them_gets_an_email(
    house: House, book: Book, texts: TextService, mail: MailServer
) -> None:
    house.therese.phone = None
    choose(house.marc, sms=False)
    house.marc.phone = "+33612345679"
    book("10:00")
    work()
    assert (states(house.therese), states(house.marc)) == ([("offer", "email:sent")],) * 2


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (400, {"code": 21211, "message": "Invalid 'To' Phone Number", "status": 400}),
        (401, {"code": 20003, "message": "Authenticate", "status": 401}),
        (404, "<html>"),
        (400, "[1, 2]"),
        (302, ""),
    ],
)
def test_refused_for_good_an_email_goes_instead(
    house: House, book: Book, texts: TextService, mail: MailServer, status: int, body: object
) -> None:
    texts.answers.append((status, body))
    book("10:00")
    work()
    assert states(house.therese) == [("offer", "sms:failed email:sent")]
    assert str(status) in (notices(house.therese)[0].deliveries[0].error or "")


@pytest.mark.parametrize("status", [429, 500, 503])
def test_later_it_is_tried_again(house: House, book: Book, texts: TextService, status: int) -> None:
    texts.answers.append((status, {"code": 20429, "message": "Too Many Requests"}))
    book("10:00")
    work()
    assert states(house.therese) == [("offer", "sms:queued")]
    work(after=6)
    assert states(house.therese) == [("offer", "sms:sent")]


def test_an_answer_that_is_not_json_counts_as_taken(house: House, book: Book, texts: TextService) -> None:
    texts.answers.append((201, "taken"))
    book("10:00")
    work()
    assert states(house.therese) == [("offer", "sms:sent")]


def test_with_a_messaging_service(
    app: Flask, house: House, book: Book, texts: TextService, monkeypatch: pytest.MonkeyPatch
) -> None:
    service = "MG" + "0" * 32
    configure(app, monkeypatch, sms_url=texts.url.replace("from=%2B33700000000", f"service={service}"))
    book("10:00")
    work()
    form = texts.asked[0][2]
    assert (form.get("MessagingServiceSid"), form.get("From")) == (service, None)


def test_in_the_demo_it_becomes_a_file(
    app: Flask, house: House, book: Book, mail: MailServer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    configure(app, monkeypatch, sms_url="file:", instance_path=str(tmp_path))
    house.therese.phone = "+33612345678"
    book("10:00")
    work()
    (file,) = (tmp_path / "sms").glob("*.txt")
    assert file.stem == str(notices(house.therese)[0].uuid)
    assert file.read_text().startswith("To: +33612345678\n\nNew offer\n")
    assert states(house.therese) == [("offer", "sms:sent")]


@pytest.mark.parametrize(
    "url",
    [
        "twilio://AC1:secret@api.twilio.com",
        "twilio://AC1:secret@api.twilio.com?from=12;DROP",
        "twilio://AC1:secret@api.twilio.com?from=%2B33612345678&service=MG00000000000000000000000000000000",
        "twilio://AC1:secret@api.twilio.com?service=MGx",
        "twilio://AC1@api.twilio.com?from=Thermes",
        "twilio://AC1:secret@api.twilio.com/path?from=Thermes",
        "twilio+http://AC1:secret@api.twilio.com?from=Thermes",
        "https://api.twilio.com?from=Thermes",
        "twilio://AC1:secret@api.twilio.com:99999?from=Thermes",
        "file:///tmp",
    ],
)
def test_a_wrong_address_is_told_without_its_secret(url: str) -> None:
    with pytest.raises(WrongSetting, match="PORTAL_SMS_URL must look like twilio:") as told:
        read_settings(environment="testing", sms_url=url)
    assert "secret" not in str(told.value)


def test_right_addresses() -> None:
    server = read_sms_url("twilio://AC1:s%2Fcret@api.twilio.com?from=Thermes")
    assert server is not None
    assert (server.base, server.token, server.sender) == ("https://api.twilio.com", "s/cret", "Thermes")
    assert "cret" not in repr(server)
    assert read_sms_url("file:") is None
