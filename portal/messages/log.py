"""What was written to the guest about a booking, as its panel shows it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from portal.messages.queries import list_messages
from portal.models import Booking, GuestMessage, Venue
from portal.models.message import FAILED, QUEUED, SENT, SKIPPED, VOIDED

KIND_WORDS = {
    "booked": _l("Booking"),
    "moved": _l("New time"),
    "cancelled": _l("Cancellation"),
    "confirmed": _l("Confirmation"),
    "therapist": _l("Another therapist"),
}
STATUS_WORDS = {
    QUEUED: _l("Waiting to be sent"),
    SENT: _l("Sent"),
    VOIDED: _l("Not sent: undone or replaced"),
    SKIPPED: _l("Not sent: no longer true"),
    FAILED: _l("Could not be sent"),
}
_ICONS = {QUEUED: "hourglass", SENT: "check", VOIDED: "undo-2", SKIPPED: "ban", FAILED: "triangle-alert"}


@dataclass(frozen=True, slots=True)
class Line:
    """One message: what it is about, to whom, what became of it and when."""

    kind: str | LazyString
    to: str
    word: str | LazyString
    icon: str
    at: datetime
    subject: str | None
    failed: bool


def message_log(venue: Venue, booking: Booking) -> list[Line]:
    """The context `message_log` of `messages/_log.html`, newest first; one statement."""
    return [line_of(message) for message in list_messages(venue, booking)]


def line_of(message: GuestMessage) -> Line:
    """A message as it is shown."""
    return Line(
        kind=KIND_WORDS.get(message.kind, message.kind),
        to=message.address,
        word=STATUS_WORDS[message.status],
        icon=_ICONS[message.status],
        at=message.sent_at or message.due_at,
        subject=message.subject,
        failed=message.status == FAILED,
    )
