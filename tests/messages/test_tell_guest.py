"""A guest is told ten seconds after the change, once, and only what is still true."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.audit import SYSTEM
from portal.bookings.moving import Move, move_booking
from portal.bookings.service import cancel_booking
from portal.changes.queries import last_change
from portal.changes.record import Recording
from portal.clock import frozen, now
from portal.database import db
from portal.messages.service import tell_guest
from portal.models import AuditEntry, Booking, Customer, OutboxEvent, Participant
from tests.bookings.conftest import Book
from tests.commands.conftest import Command, flask
from tests.factories import House, make_customer
from tests.messages.conftest import desk, messages, states, work
from tests.support.smtpd import MailServer

__all__ = ["flask"]


def tell(house: House, booking: Booking, kind: str = "booked", **details: object) -> None:
    tell_guest(house.lutetia, booking, kind, by=desk(house), **details)  # type: ignore[arg-type]  # details are any


def test_it_leaves_after_exactly_ten_seconds(
    house: House, book: Book, odile: Customer, mail: MailServer, flask: Command
) -> None:
    booking, moment = book("10:00", customer=odile), now()
    with frozen(moment):
        tell(house, booking)
    db.session.commit()
    early, due = moment + timedelta(seconds=9, milliseconds=999), moment + timedelta(seconds=10)

    assert flask("worker", "--once", "--at", early.isoformat()).exit_code == 0
    assert (mail.letters, states()) == ([], [("booked", "queued")])
    assert flask("worker", "--once", "--at", due.isoformat()).exit_code == 0
    db.session.expire_all()
    (message,) = messages()
    assert (message.status, message.sent_at, mail.recipients) == ("sent", due, ["odile@example.org"])
    assert flask("worker", "--once", "--at", (due + timedelta(hours=1)).isoformat()).exit_code == 0
    assert len(mail.letters) == 1


def test_row_audit_line_and_outbox_are_written_together(house: House, book: Book, odile: Customer) -> None:
    booking = book("10:00", customer=odile, guest_language="en")
    tell(house, booking)
    (message,) = messages()
    assert (message.address, message.language, message.venue_id) == ("odile@example.org", "en", house.lutetia.id)
    assert message.due_at - message.created_at == timedelta(seconds=10)
    row = db.session.scalars(select(OutboxEvent).where(OutboxEvent.type == "guest.message")).one()
    assert (row.subject, row.run_at, row.payload) == (message.uuid, message.due_at, {})
    assert db.session.scalars(select(AuditEntry).where(AuditEntry.verb == "guest:told")).one().subject == booking.uuid


@pytest.mark.parametrize("why", ["no address", "nobody", "a test"])
def test_nobody_is_told(house: House, book: Book, odile: Customer, why: str) -> None:
    booking = book("10:00", customer=make_customer(house.organisation) if why == "no address" else odile)
    booking.test = why == "a test"
    if why == "nobody":
        booking.customer = None
    tell(house, booking)
    assert messages() == []


def test_a_letter_that_does_not_exist(house: House, book: Book, odile: Customer) -> None:
    with pytest.raises(ValueError, match="hello"):
        tell(house, book("10:00", customer=odile), "hello")


def test_a_newer_message_replaces_what_still_waits(house: House, book: Book, odile: Customer, mail: MailServer) -> None:
    booking = book("10:00", customer=odile)
    tell(house, booking, "confirmed")
    tell(house, booking, "cancelled")
    assert states() == [("confirmed", "voided"), ("cancelled", "queued")]
    cancel_booking(house.lutetia, booking=booking, reason="x", cancelled_by="staff", by=desk(house))
    work(after=11)
    assert states() == [("confirmed", "voided"), ("cancelled", "sent")]
    assert len(mail.letters) == 1


def test_who_has_heard_of_nothing_yet_is_told_of_the_booking(
    house: House, book: Book, odile: Customer, mail: MailServer
) -> None:
    booking = book("10:00", customer=odile)
    tell(house, booking)
    move_booking(house.lutetia, booking=booking, move=Move(starts_at=house.at("15:00")), by=desk(house))
    tell(house, booking, "moved", was=house.at("10:00"))
    assert states() == [("booked", "voided"), ("booked", "queued")]
    work(after=11)
    assert "15:00–16:00" in mail.letters[0].get_body(("plain",)).get_content()  # type: ignore[union-attr]


def test_moved_twice_is_told_once_and_moved_back_not_at_all(
    house: House, book: Book, odile: Customer, mail: MailServer
) -> None:
    booking = book("10:00", customer=odile)
    for was, clock in (("10:00", "12:00"), ("12:00", "15:00")):
        move_booking(house.lutetia, booking=booking, move=Move(starts_at=house.at(clock)), by=desk(house))
        tell(house, booking, "moved", was=house.at(was))
    assert messages()[1].details["was"] == house.at("10:00").isoformat(), "She knows of the first time only."
    work(after=11)
    assert states() == [("moved", "voided"), ("moved", "sent")]

    for was, clock in (("15:00", "12:00"), ("12:00", "15:00")):
        move_booking(house.lutetia, booking=booking, move=Move(starts_at=house.at(clock)), by=desk(house))
        tell(house, booking, "moved", was=house.at(was))
    work(after=30)
    assert states()[2:] == [("moved", "voided"), ("moved", "skipped")]
    assert len(mail.letters) == 1


@pytest.mark.parametrize("kind", ["booked", "moved", "confirmed"])
@pytest.mark.parametrize("status", ["cancelled", "noshow"])
def test_what_is_no_longer_true_is_skipped(
    house: House, book: Book, odile: Customer, mail: MailServer, kind: str, status: str
) -> None:
    booking = book("10:00", customer=odile)
    tell(house, booking, kind)
    booking.status, booking.cancelled_at = status, now() if status == "cancelled" else None
    work(after=11)
    assert (states(), mail.letters) == ([(kind, "skipped")], [])


def test_a_cancellation_that_was_taken_back_is_skipped(
    house: House, book: Book, odile: Customer, mail: MailServer
) -> None:
    tell(house, book("10:00", customer=odile), "cancelled")
    work(after=11)
    assert (states(), mail.letters) == ([("cancelled", "skipped")], [])


def test_what_is_over_is_not_announced(house: House, book: Book, odile: Customer, mail: MailServer) -> None:
    booking = book("10:00", customer=odile)
    tell(house, booking)
    work(booking.ends_at)
    assert (states(), mail.letters) == ([("booked", "skipped")], [])


def test_each_guest_of_a_booking_once_and_in_her_language(
    house: House, book: Book, odile: Customer, mail: MailServer
) -> None:
    booking = book("10:00", customer=odile, variant=house.duo, guest_count=2, guest_language="fr")
    ruby = make_customer(house.organisation, first_name="Ruby", email="ruby@example.org", language="en")
    gone = make_customer(house.organisation, email="gone@example.org")
    for row in booking.participants:
        db.session.delete(row)
    db.session.flush()
    owner = {"organisation_id": booking.organisation_id, "venue_id": booking.venue_id, "booking_id": booking.id}
    db.session.add_all(
        [
            Participant(**owner, customer_id=odile.id),
            Participant(**owner, customer_id=ruby.id, position=1),
            Participant(**owner, customer_id=gone.id, position=2, status="left", left_at=now()),
        ]
    )
    db.session.commit()
    db.session.expire_all()
    tell(house, booking)
    assert [(one.address, one.language) for one in messages()] == [
        ("odile@example.org", "fr"), ("ruby@example.org", "en")
    ]  # fmt: skip
    work(after=11)
    assert sorted(mail.recipients) == ["odile@example.org", "ruby@example.org"]


def test_one_of_several_who_leaves(house: House, book: Book, odile: Customer, mail: MailServer) -> None:
    ruby = make_customer(house.organisation, first_name="Ruby", email="ruby@example.org", language="en")
    booking = book("10:00", customer=odile)
    tell(house, booking, "cancelled", only=ruby)
    work(after=11)
    assert (states(), mail.recipients) == ([("cancelled", "sent")], ["ruby@example.org"])


def test_it_is_told_after_the_change_was_recorded(house: House, book: Book, odile: Customer) -> None:
    booking = book("10:00", customer=odile)
    move_booking(house.lutetia, booking=booking, move=Move(starts_at=house.at("15:00")), by=desk(house))
    change = last_change(house.lutetia, house.camille)
    assert change is not None
    tell(house, booking, "moved", change=change)
    assert messages()[-1].change_id == change.id
    with pytest.raises(ValueError, match="after the change"):
        tell(house, booking, "moved", change=Recording(house.lutetia))
    tell_guest(house.lutetia, booking, "moved", by=SYSTEM, change=Recording(house.lutetia))
    assert messages()[-1].change_id is None, "What no member did cannot be undone."
