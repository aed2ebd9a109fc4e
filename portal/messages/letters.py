"""What a guest reads about her booking, in her language and by the venue's clock."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import current_app
from flask_babel import force_locale
from flask_babel import gettext as _

from portal.clock import local_date
from portal.i18n import clock_time, language, long_date, money, name_of, spoken_time
from portal.models import Booking, Customer, GuestMessage, Payment, Venue
from portal.payments.ledger import balance_of, kept_of_cancelled

_TEMPLATES = {
    "booked": ("mail/booking_booked.txt", "mail/booking_booked.html"),
    "moved": ("mail/booking_moved.txt", "mail/booking_moved.html"),
    "cancelled": ("mail/booking_cancelled.txt", "mail/booking_cancelled.html"),
    "confirmed": ("mail/booking_confirmed.txt", "mail/booking_confirmed.html"),
    "therapist": ("mail/booking_therapist.txt", "mail/booking_therapist.html"),
}


@dataclass(frozen=True, slots=True)
class Letter:
    """A message as it leaves, in both forms."""

    sender_name: str
    subject: str
    text: str
    html: str


def write_letter(
    message: GuestMessage, booking: Booking, guest: Customer | None, *, ledger: Sequence[Payment]
) -> Letter:
    """The letter of a message about the booking as it is now, and its `ledger`."""
    venue = booking.venue
    with force_locale(message.language):
        facts = _facts(venue, booking, guest) | {
            "was": _when(message.details.get("was"), venue),
            "deposit": _deposit(venue, booking, ledger) if message.kind != "cancelled" else "",
            "kept": _kept(booking, guest, ledger) if message.kind == "cancelled" else "",
        }
        text, html = (current_app.jinja_env.get_template(name).render(facts) for name in _TEMPLATES[message.kind])
        return Letter(name_of(venue), _subject(message.kind, facts), text.strip() + "\n", html)


def _facts(venue: Venue, booking: Booking, guest: Customer | None) -> dict[str, Any]:
    day = local_date(booking.starts_at, venue.timezone)
    starts, ends = (clock_time(instant, venue.timezone) for instant in (booking.starts_at, booking.ends_at))
    return {
        "language": language(),
        "booking": booking,
        "venue": venue,
        "place": name_of(venue),
        "address": ", ".join(filter(None, (venue.address, " ".join(filter(None, (venue.postal_code, venue.city)))))),
        "guest_name": " ".join((guest.name if guest else "").split()),
        "day": long_date(day),
        "at": spoken_time(booking.starts_at, venue.timezone),
        "hours": f"{starts}–{ends}",
        "therapist": booking.therapist.first_name if booking.therapist else "",
        "as_asked": booking.therapist_id is not None and booking.therapist_id == booking.item.requested_id,
    }


def _subject(kind: str, facts: dict[str, Any]) -> str:
    words = {"place": facts["place"], "day": facts["day"]}
    if kind == "moved":
        return _("Your visit to %(place)s has moved to %(day)s", **words)
    if kind == "cancelled":
        return _("Your visit to %(place)s on %(day)s is cancelled", **words)
    if kind == "confirmed":
        return _("Your visit to %(place)s on %(day)s is confirmed", **words)
    return _("Your visit to %(place)s on %(day)s", **words)


def _when(told: str | None, venue: Venue) -> dict[str, str] | None:
    """Day and time of an instant that was noted when the message was queued."""
    if told is None:
        return None
    instant = datetime.fromisoformat(told)
    day = long_date(local_date(instant, venue.timezone))
    return {"day": day, "at": spoken_time(instant, venue.timezone)}


def _deposit(venue: Venue, booking: Booking, ledger: Sequence[Payment]) -> str:
    """What is still asked for in advance, in the word that the law has for it."""
    missing = (booking.deposit_required_minor or 0) - balance_of(booking, ledger).taken_minor
    if missing <= 0 or booking.is_settled or booking.deposit_due_at is None:
        return ""
    due = local_date(booking.deposit_due_at, venue.timezone)
    words = {"amount": money(missing, booking.currency), "day": long_date(due)}
    if venue.deposit_wording == "acompte":
        return _("Please pay the advance of %(amount)s (“acompte”) by %(day)s.", **words)
    return _("Please pay the deposit of %(amount)s (“arrhes”) by %(day)s.", **words)


def _kept(booking: Booking, guest: Customer | None, ledger: Sequence[Payment]) -> str:
    """What the venue keeps; each member of a class is told of his own money alone."""
    fee = booking.cancellation_fee_minor
    if booking.is_session:
        member = next((one for one in booking.participants if guest and one.customer_id == guest.id), None)
        fee = kept_of_cancelled(booking, ledger, participant=member) if member else 0
    if not fee:
        return ""
    return _("By the terms of your booking %(amount)s is kept.", amount=money(fee, booking.currency))
