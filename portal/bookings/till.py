"""What the panel shows of a booking's ledger."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from portal.access import Permission, can
from portal.bookings.payment_form import PaymentForm, payment_form, quick_methods
from portal.clock import local_date
from portal.i18n import long_date, money
from portal.models import Booking, Participant, Payment, StaffMember, Venue
from portal.models.booking_states import CANCELLED, NOSHOW
from portal.models.participant import MISSED
from portal.payments.ledger import Balance, accounts_of, due_back, ways_back
from portal.payments.queries import lines_of
from portal.payments.words import asked_deposit, deposit_word, kind_word


@dataclass(frozen=True, slots=True)
class Account:
    """What the booking, or a member of a class, has to pay. `is_open`: for a visit that takes or took place.

    `quick` are the ways to pay in one click; `back` is what is to be given back and how it came, if anything.
    """

    balance: Balance
    is_open: bool
    quick: Sequence[str]
    back: tuple[int, str] | None


_NOTHING = Account(Balance(price_minor=0), is_open=False, quick=(), back=None)


@dataclass(frozen=True, slots=True)
class Till:
    """The ledger with its words. `own` is the booking's account, `members` are those of a class by their keys.

    `form` is there only for whom may take payments.
    """

    venue: Venue
    booking: Booking
    lines: Sequence[Payment]
    own: Account
    members: Mapping[int, Account]
    form: PaymentForm | None

    @property
    def accounts(self) -> list[Account]:
        return [self.own, *self.members.values()]

    @property
    def is_open(self) -> bool:
        """Something is left to pay."""
        return any(account.is_open for account in self.accounts)

    @property
    def is_asked_for(self) -> bool:
        """The guest is here, or was: now is the time to pay. Who takes part in a class has it beside the name."""
        return self.own.is_open and (self.booking.arrived_at is not None or not self.booking.is_open)

    @property
    def to_collect_minor(self) -> int:
        """What is left to pay by everybody once the deposits that are held have been applied."""
        return sum(account.balance.to_collect_minor for account in self.accounts if account.is_open)

    @property
    def received_minor(self) -> int:
        """What everybody has given and not got back."""
        return sum(account.balance.received_minor for account in self.accounts)

    @property
    def deposit(self) -> str:
        return deposit_word(self.venue)

    @property
    def demand(self) -> str:
        """Which deposit is still asked for; empty when none is."""
        booking = self.booking
        missing = (booking.deposit_required_minor or 0) - self.own.balance.taken_minor
        if not self.own.is_open or missing <= 0 or booking.deposit_due_at is None:
            return ""
        until = long_date(local_date(booking.deposit_due_at, self.venue.timezone))
        return asked_deposit(self.venue, amount=money(missing, booking.currency), until=until)

    def of(self, guest: Participant) -> Account:
        """The account of a member of a class."""
        return self.members.get(guest.id, _NOTHING)

    def kind(self, line: Payment) -> str:
        return kind_word(self.venue, line)

    def payer(self, line: Payment) -> str:
        """Which member of a class paid; empty for all other bookings."""
        return next((one.label for one in self.booking.participants if one.id == line.participant_id), "")


def till_of(venue: Venue, booking: Booking, *, reader: StaffMember, form: PaymentForm | None = None) -> Till:
    """The booking's ledger for one reader; `form` is what was typed and came back."""
    lines, may = lines_of(venue, booking), can(reader, Permission.PAYMENT_RECORD)
    quick = quick_methods(venue, preferred=booking.payment_method) if may else []
    accounts = {
        payer.id if payer else 0: _account(booking, lines, payer, balance, quick)
        for payer, balance in accounts_of(booking, lines)
    }
    own = accounts.pop(0)
    return Till(
        venue,
        booking,
        lines=lines,
        own=own,
        members=accounts,
        form=(form or payment_form(venue, booking, formdata=None)) if may else None,
    )


def _account(
    booking: Booking, lines: Sequence[Payment], payer: Participant | None, balance: Balance, quick: Sequence[str]
) -> Account:
    takes_part = payer is None or (payer.is_in and payer.status != MISSED)
    is_open = booking.status not in {CANCELLED, NOSHOW} and takes_part and balance.due_minor > 0
    back = due_back(booking, lines, participant=payer)
    ways = ways_back(lines, participant=payer) if back > 0 and quick else {}
    way = next(((min(back, amount), method) for method, amount in ways.items()), None)
    return Account(balance, is_open, quick if is_open else (), way)
