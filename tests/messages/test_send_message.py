"""Handing letters over: what they say, safe headers, a server that fails, a worker that dies."""

from __future__ import annotations

import textwrap
from datetime import date, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask_babel import force_locale
from sqlalchemy import select

from portal.bookings.moving import Move, move_booking
from portal.bookings.payment import settle
from portal.bookings.service import cancel_booking
from portal.classes.service import open_session
from portal.clock import now
from portal.config import read_settings
from portal.database import db
from portal.messages.log import message_log
from portal.messages.service import tell_guest
from portal.models import Booking, Customer, OutboxEvent
from portal.models.payment import DEPOSIT_TAKEN, Payment
from portal.webhooks import delivery
from tests.bookings.conftest import Book
from tests.commands.test_worker import start
from tests.factories import House, make_customer, make_shift, make_treatment
from tests.messages.conftest import desk, messages, states, work
from tests.support.databases import Database
from tests.support.page import Page
from tests.support.smtpd import MailServer


def tell(house: House, booking: Booking, kind: str = "booked", **details: Any) -> None:
    tell_guest(house.lutetia, booking, kind, by=desk(house), **details)


def text(letter: EmailMessage, form: str = "plain") -> str:
    part = letter.get_body((form,))
    assert part is not None
    return str(part.get_content())


def test_what_a_letter_says(house: House, book: Book, odile: Customer, mail: MailServer) -> None:
    house.lutetia.address, house.lutetia.postal_code, house.lutetia.city = "45 boulevard Raspail", "75006", "Paris"
    booking = book("10:00", customer=odile, guest_language="en", notes="Sore back", room_number="904")
    tell(house, booking)
    work(after=11)
    (letter,) = mail.letters
    assert letter["To"] == "Odile Caron <odile@example.org>"
    assert letter["From"] == "Spa Lutèce EN <spa@lutece.example>"
    assert letter["Subject"].startswith("Your visit to Spa Lutèce EN on ")
    assert letter["Message-ID"] == f"<{messages()[0].uuid}@lutece.example>"
    assert (letter["Content-Language"], letter["Auto-Submitted"]) == ("en", "auto-generated")
    for form in ("plain", "html"):
        said = text(letter, form)
        for word in (
            "Odile Caron", "10:00–11:00", "Relaxing massage", "60 min", "45 boulevard Raspail, 75006 Paris",
            f"Booking no. {booking.number}", "Your visit is booked.",
        ):  # fmt: skip
            assert word in said, f"{word} in the {form} form"
        assert not any(secret in said for secret in ("Sore back", "904", "Staycation")), said
    assert "\n\n\n" not in text(letter)
    assert messages()[0].body == text(letter).replace("\r\n", "\n")
    page = Page(text(letter, "html"))
    assert (page.parse_errors, page.root.get("lang")) == ([], "en")


def test_the_time_is_that_of_the_venue_and_the_date_french(
    house: House, book: Book, odile: Customer, mail: MailServer
) -> None:
    booking = book("10:00", customer=odile, guest_language="fr")
    house.lutetia.timezone = "Indian/Reunion"
    local = booking.starts_at + timedelta(hours=4)
    tell(house, booking)
    work(after=11)
    weekdays = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
    assert f"{local:%H:%M}–" in text(mail.letters[0])
    assert weekdays[date(local.year, local.month, local.day).weekday()] in text(mail.letters[0])


def test_a_move_says_where_it_was(house: House, book: Book, odile: Customer, mail: MailServer) -> None:
    booking = book("10:00", customer=odile, guest_language="en")
    move_booking(house.lutetia, booking=booking, move=Move(starts_at=house.at("15:00")), by=desk(house))
    tell(house, booking, "moved", was=house.at("10:00"))
    work(after=11)
    said = text(mail.letters[0])
    assert " at 10:00 has moved" in said
    assert "15:00–16:00" in said


@pytest.mark.parametrize(("wording", "word"), [("arrhes", "deposit of €30.00 (“arrhes”)"), ("acompte", "advance of €")])
def test_a_deposit_that_is_due_is_asked_for_in_the_venues_word(
    house: House, book: Book, odile: Customer, mail: MailServer, wording: str, word: str
) -> None:
    house.lutetia.deposit_wording = wording
    booking = book("10:00", customer=odile, guest_language="en")
    booking.deposit_required_minor, booking.deposit_due_at = 3000, booking.starts_at
    tell(house, booking)
    work(after=11)
    assert word in text(mail.letters[0])

    db.session.add(
        Payment(
            organisation_id=booking.organisation_id, venue_id=booking.venue_id, booking_id=booking.id,
            kind=DEPOSIT_TAKEN, method="card", amount_minor=3000, currency="EUR", actor_name="Camille",
        )
    )  # fmt: skip
    tell(house, booking, "confirmed")
    work(after=30)
    assert wording not in text(mail.letters[1])


def test_each_member_of_a_cancelled_class_reads_of_his_own_money(
    house: House, odile: Customer, mail: MailServer
) -> None:
    zoe = make_customer(house.organisation, first_name="Zoé", email="zoe@example.org")
    odile.language = zoe.language = "en"
    yoga = make_treatment(house.lutetia, house.massage.room_type, kind="class", price_minor=2200, max_participants=5)
    session = open_session(
        house.lutetia, variant=yoga.variants[0], starts_at=house.at("10:00"), by=desk(house), customers=(odile, zoe)
    )
    settle(house.lutetia, booking=session, method="cash", by=desk(house), participant=session.participants[0])
    cancel_booking(
        house.lutetia, booking=session, reason="Ill", cancelled_by="staff", by=desk(house), refund_percent=75, tell=True
    )
    work(after=11)
    told = {letter["To"].addresses[0].addr_spec: text(letter) for letter in mail.letters}
    assert "€5.50 is kept" in told["odile@example.org"]
    assert "is kept" not in told["zoe@example.org"]


def test_markup_in_a_name_is_text(house: House, book: Book, odile: Customer, mail: MailServer) -> None:
    house.lutetia.name = house.lutetia.name_en = "Spa <script>alert(1)</script>\r\nBcc: all@example.org"
    odile.first_name = "Odile\r\nBcc: evil@example.org\r\n\r\n"
    tell(house, book("10:00", customer=odile, guest_language="en"))
    work(after=11)
    (letter,) = mail.letters
    assert letter["Bcc"] is None
    assert mail.recipients == ["odile@example.org"]
    assert "<script>" not in text(letter, "html")
    assert "\n" not in letter["From"] + letter["To"] + letter["Subject"]


def test_a_failing_server_is_tried_again_with_the_same_letter(
    house: House, book: Book, odile: Customer, mail: MailServer
) -> None:
    tell(house, book("10:00", customer=odile))
    mail.answers["RCPT"] = ["451 come back later"]
    work(after=11)
    (message,) = messages()
    assert (message.status, message.body, mail.letters) == ("queued", None, []), "It can still be stopped."
    assert "451" in (message.error or "")
    work(after=22)
    assert (messages()[0].status, messages()[0].error, len(mail.letters)) == ("sent", None, 1)


def test_a_server_that_is_away_for_an_hour_loses_nothing(
    house: House, book: Book, odile: Customer, mail: MailServer
) -> None:
    tell(house, book("10:00", customer=odile, starts_at=house.at("10:00", days=2)))
    moment = now()
    mail.answers["MAIL"] = ["421 closed"] * 4  # at once, after 5 s, 5 min and half an hour
    for minutes in range(0, 60, 5):
        work(moment, after=60 * minutes + 30)
    assert (states(), mail.letters, mail.answers["MAIL"]) == ([("booked", "queued")], [], [])
    work(moment, after=4 * 3600)
    assert (states(), len(mail.letters)) == ([("booked", "sent")], 1)


def test_a_server_that_is_gone_is_given_up_after_three_days(
    house: House, book: Book, odile: Customer, mail: MailServer
) -> None:
    make_shift(house.lutetia, house.therese, house.day + timedelta(days=9))
    tell(house, book("10:00", customer=odile, starts_at=house.at("10:00", days=9)))
    mail.answers["MAIL"] = ["421 closed"] * delivery.MOST_ATTEMPTS
    moment = now() + timedelta(seconds=11)
    for pause in (timedelta(0), *delivery.PAUSES):
        assert states() == [("booked", "queued")]
        moment += pause * (1 + delivery.JITTER) + timedelta(seconds=1)
        work(moment)
    assert states() == [("booked", "failed")]
    assert db.session.scalars(select(OutboxEvent).where(OutboxEvent.type == "guest.message")).one().failed_at
    assert [line.failed for line in message_log(house.lutetia, db.session.scalars(select(Booking)).one())] == [True]


@pytest.mark.parametrize("verb", ["RCPT", "DATA"])
def test_an_address_that_nobody_has_is_not_tried_again(
    house: House, book: Book, odile: Customer, mail: MailServer, verb: str
) -> None:
    tell(house, book("10:00", customer=odile))
    mail.answers[verb] = ["550 no such person"]
    work(after=11)
    assert states() == [("booked", "failed")]
    assert "550 no such person" in (messages()[0].error or "")
    work(after=600)
    assert mail.letters == []


@pytest.mark.parametrize("address", ["odile at example", "odílé@example.org"])
def test_what_is_no_address_is_given_up(
    house: House, book: Book, odile: Customer, mail: MailServer, address: str
) -> None:
    odile.email = address
    tell(house, book("10:00", customer=odile))
    work(after=11)
    assert (states(), mail.letters) == ([("booked", "failed")], [])


def test_without_a_server_it_becomes_a_file(
    app: Flask, house: House, book: Book, odile: Customer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = app.config["SETTINGS"].model_dump() | {"instance_path": str(tmp_path), "base_url": "https://desk.example"}
    monkeypatch.setitem(app.config, "SETTINGS", read_settings(**words))
    tell(house, book("10:00", customer=odile))
    work(after=11)
    (file,) = (tmp_path / "mail").iterdir()
    letter = message_from_bytes(file.read_bytes(), policy=policy.default)
    assert file.name == f"{messages()[0].uuid}.eml"
    assert letter["From"] == "Spa Lutèce <no-reply@desk.example>"


def test_a_killed_worker_sends_at_most_the_one_in_flight_twice(
    house: House, book: Book, odile: Customer, mail: MailServer, database: Database, tmp_path: Path
) -> None:
    bookings = [book(clock, customer=odile) for clock in ("10:00", "12:00", "14:00")]
    for booking in bookings:
        tell(house, booking)
    db.session.commit()
    victim = tmp_path / "victim.py"
    victim.write_text(
        textwrap.dedent(f"""\
        import os
        import portal.messages.mail as mail
        from datetime import timedelta
        from portal import create_app
        from portal.clock import frozen, now
        from portal.config import read_settings
        from portal.webhooks import delivery

        take = mail.deliver
        count = 0

        def die(envelope):
            global count
            take(envelope)
            count += 1
            if count == 2:
                os._exit(9)

        mail.deliver = die
        with create_app(read_settings(mail_url="{mail.url}")).app_context(), frozen(now() + timedelta(seconds=11)):
            while delivery.deliver_due():
                pass
    """)
    )
    with start([str(victim)], database) as process:
        _said, complaint = process.communicate(timeout=30)
    assert process.returncode == 9, complaint.decode()
    assert len(mail.letters) == 2
    work(after=11)
    work(after=11 + delivery.LEASE.total_seconds() + 1)
    assert states() == [("booked", "sent")] * 3
    sent = [letter["Message-ID"] for letter in mail.letters]
    assert (len(sent), len(set(sent))) == (4, 3), "The one in flight leaves twice, under one Message-ID."
    assert sent.count(sent[1]) == 2


def test_what_is_in_flight_can_no_longer_be_stopped(
    house: House, book: Book, odile: Customer, mail: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    booking = book("10:00", customer=odile)
    tell(house, booking)
    seen: list[tuple[bool, bool]] = []

    def look(_envelope: object) -> None:
        (message,) = messages()
        seen.append((message.is_waiting, message.has_left))

    monkeypatch.setattr("portal.messages.mail.deliver", look)
    work(after=11)
    assert seen == [(False, True)]


def test_the_log_of_a_booking(app: Flask, house: House, book: Book, odile: Customer, mail: MailServer) -> None:
    booking = book("10:00", customer=odile)
    tell(house, booking, "confirmed")
    tell(house, booking, "cancelled")
    work(after=11)
    lines = message_log(house.lutetia, booking)
    with force_locale("en"):
        told = [(str(line.kind), str(line.word)) for line in lines]
    assert told == [
        ("Cancellation", "Not sent: no longer true"), ("Confirmation", "Not sent: undone or replaced"),
    ]  # fmt: skip
    with app.test_request_context():
        template = app.jinja_env.get_template("messages/_log.html")
        page = Page(template.render(message_log=lines, moment=str))
        assert page.parse_errors == []
        assert "odile@example.org" in page.text
        assert template.render(message_log=[], moment=str).strip() == ""
