"""What the panel shows of a booking's ledger."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from portal.access import Permission, can
from portal.bookings.payment_form import PaymentForm, payment_form, quick_methods
from portal.clock import local_date
from portal.i18n import long_date, money
from portal.models import Booking, Payment, StaffMember, Venue
from portal.models.booking_states import CANCELLED, NOSHOW
from portal.payments.ledger import Balance, balance_of
from portal.payments.queries import lines_of
from portal.payments.words import asked_deposit, deposit_word, kind_word


@dataclass(frozen=True, slots=True)
class Till:
    """The ledger with its words; `form` is there only for whom may take payments, `quick` ways to pay in one click."""

    venue: Venue
    booking: Booking
    lines: Sequence[Payment]
    balance: Balance
    form: PaymentForm | None
    quick: Sequence[str]

    @property
    def is_open(self) -> bool:
        """Something is left to pay for a visit that takes or took place."""
        return self.booking.status not in {CANCELLED, NOSHOW} and self.balance.due_minor > 0

    @property
    def is_asked_for(self) -> bool:
        """The guest is here, or was: now is the time to pay."""
        return self.is_open and (self.booking.arrived_at is not None or not self.booking.is_open)

    @property
    def deposit(self) -> str:
        return deposit_word(self.venue)

    @property
    def demand(self) -> str:
        """Which deposit is still asked for; empty when none is."""
        booking = self.booking
        missing = (booking.deposit_required_minor or 0) - self.balance.taken_minor
        if not self.is_open or missing <= 0 or booking.deposit_due_at is None:
            return ""
        until = long_date(local_date(booking.deposit_due_at, self.venue.timezone))
        return asked_deposit(self.venue, amount=money(missing, booking.currency), until=until)

    def kind(self, line: Payment) -> str:
        return kind_word(self.venue, line)


def till_of(venue: Venue, booking: Booking, *, reader: StaffMember, form: PaymentForm | None = None) -> Till:
    """The booking's ledger for one reader; `form` is what was typed and came back."""
    lines = lines_of(venue, booking)
    may = can(reader, Permission.PAYMENT_RECORD)
    return Till(
        venue,
        booking,
        lines=lines,
        balance=balance_of(booking, lines),
        form=(form or payment_form(venue, formdata=None, version=booking.version)) if may else None,
        quick=quick_methods(venue, preferred=booking.payment_method) if may else (),
    )
