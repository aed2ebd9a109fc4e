"""Undo within ten seconds: nobody is told. Later: whoever was told is told how it is now."""

from __future__ import annotations

from datetime import datetime

from portal.bookings.moving import Move, move_booking
from portal.bookings.service import cancel_booking
from portal.changes.queries import last_change
from portal.messages.service import tell_guest
from portal.models import Booking, Customer
from portal.undo.service import undo_last
from tests.bookings.conftest import Book
from tests.factories import House
from tests.messages.conftest import desk, messages, states, work
from tests.support.smtpd import MailServer


def move(house: House, booking: Booking, clock: str) -> datetime:
    """Camille moves it and tells the guest; when it was before."""
    was = booking.starts_at
    move_booking(house.lutetia, booking=booking, move=Move(starts_at=house.at(clock)), by=desk(house))
    if not any(message.kind == "moved" and message.change_id == _last(house) for message in messages()):
        tell_guest(
            house.lutetia, booking, "moved", by=desk(house), was=was,
            change=last_change(house.lutetia, house.camille),
        )  # fmt: skip
    return was


def test_an_undo_within_ten_seconds_sends_none(house: House, book: Book, odile: Customer, mail: MailServer) -> None:
    booking = book("10:00", customer=odile)
    move(house, booking, "15:00")
    undo_last(house.lutetia, by=desk(house))
    work(after=60)
    assert states()[-1] == ("moved", "voided")
    assert mail.letters == []


def test_what_the_undone_message_had_replaced_is_told_after_all(
    house: House, book: Book, odile: Customer, mail: MailServer
) -> None:
    booking = book("10:00", customer=odile)
    move(house, booking, "12:00")
    move(house, booking, "15:00")
    assert [status for _kind, status in states()] == ["voided", "queued"]
    undo_last(house.lutetia, by=desk(house))
    assert [status for _kind, status in states()] == ["queued", "voided"]
    work(after=11)
    assert [status for _kind, status in states()] == ["sent", "voided"]
    (letter,) = mail.letters
    assert "12:00–13:00" in letter.get_body(("plain",)).get_content()  # type: ignore[union-attr]


def test_who_was_told_of_a_move_is_told_where_it_went_back_to(
    house: House, book: Book, odile: Customer, mail: MailServer
) -> None:
    booking = book("10:00", customer=odile)
    move(house, booking, "15:00")
    work(after=11)
    assert len(mail.letters) == 1
    undo_last(house.lutetia, by=desk(house))
    work(after=22)
    assert states() == [("moved", "sent"), ("moved", "sent")]
    assert "10:00–11:00" in mail.letters[1].get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert messages()[1].details["was"] == house.at("15:00").isoformat()


def test_who_was_told_of_a_cancellation_is_told_that_it_stands(
    house: House, book: Book, odile: Customer, mail: MailServer
) -> None:
    booking = book("10:00", customer=odile)
    cancel_booking(house.lutetia, booking=booking, reason="x", cancelled_by="staff", by=desk(house))
    change = last_change(house.lutetia, house.camille)
    if not messages():
        tell_guest(house.lutetia, booking, "cancelled", by=desk(house), change=change)
    work(after=11)
    undo_last(house.lutetia, by=desk(house))
    work(after=22)
    assert states() == [("cancelled", "sent"), ("confirmed", "sent")]


def _last(house: House) -> int | None:
    change = last_change(house.lutetia, house.camille)
    return change.id if change else None
