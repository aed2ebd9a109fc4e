"""Sending what is due: looked at again, handed over, noted. At least once; twice only when a worker dies in between."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import portal.messages.mail as mail
from portal.clock import now
from portal.database import atomic
from portal.messages.letters import write_letter
from portal.messages.mail import Envelope, Undeliverable
from portal.messages.queries import booking_of, has_newer, lock_message
from portal.messages.service import Kind, guests_of
from portal.models import Booking, GuestMessage, OutboxEvent
from portal.models.booking_states import CANCELLED, NOSHOW
from portal.models.message import QUEUED
from portal.payments.queries import lines_of
from portal.webhooks.delivery import MOST_ATTEMPTS


def send_message(event: OutboxEvent) -> None:
    """Send the message that a row of the outbox carries, unless it is voided or no longer true.

    Raises OSError or SMTPException when the server cannot be reached or wants it later: the row is tried again.
    """
    message_id = event.subject
    envelope = _hand_over(event.organisation_id, message_id) if message_id else None
    if envelope is None or message_id is None:
        return
    try:
        mail.deliver(envelope)
    except Undeliverable as never:
        _give_up(event.organisation_id, message_id, str(never))
    except Exception as error:
        last = event.attempts >= MOST_ATTEMPTS
        (_give_up if last else _take_back)(event.organisation_id, message_id, str(error) or repr(error))
        raise
    else:
        _note_sent(event.organisation_id, message_id)


@atomic
def _hand_over(organisation_id: int, message_id: UUID) -> Envelope | None:
    """The letter, from now on past undoing; None when there is nothing to send."""
    message, at = lock_message(organisation_id, message_id), now()
    if message is None or message.status != QUEUED or message.due_at > at:
        return None
    booking = booking_of(organisation_id, message)
    if has_newer(organisation_id, message):
        message.skip("superseded")
        return None
    if not _is_true(message, booking, at):
        message.skip("no longer true")
        return None
    guest = next((one for one in guests_of(booking) if message.details.get("customer") == str(one.uuid)), None)
    letter = write_letter(message, booking, guest, ledger=lines_of(booking.venue, booking))
    message.hand_over(letter.subject, letter.text)
    message.details = {**message.details, "told": booking.starts_at.isoformat()}
    return Envelope(
        uuid=message.uuid, to=message.address, to_name=guest.name if guest else "", sender_name=letter.sender_name,
        language=message.language, subject=letter.subject, text=letter.text, html=letter.html, written_at=at,
    )  # fmt: skip


@atomic
def _note_sent(organisation_id: int, message_id: UUID) -> None:
    if message := lock_message(organisation_id, message_id):
        message.sent(now())


@atomic
def _take_back(organisation_id: int, message_id: UUID, error: str) -> None:
    if message := lock_message(organisation_id, message_id):
        message.take_back(error)


@atomic
def _give_up(organisation_id: int, message_id: UUID, error: str) -> None:
    if message := lock_message(organisation_id, message_id):
        message.fail(error)


def _is_true(message: GuestMessage, booking: Booking, at: datetime) -> bool:
    """Whether the booking still is as the message says; the letter itself is written from the booking as it is now."""
    comes = any(message.details.get("customer") == str(guest.uuid) for guest in guests_of(booking))
    if message.kind == Kind.CANCELLED:
        return booking.status == CANCELLED or not comes
    if not comes or booking.status in {CANCELLED, NOSHOW} or booking.ends_at <= at:
        return False
    if message.kind == Kind.THERAPIST:
        return booking.therapist is not None
    return message.kind != Kind.MOVED or message.details.get("was") != booking.starts_at.isoformat()
