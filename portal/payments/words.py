"""How the desk reads the ledger. A deposit is called what the venue calls it: arrhes and acompte differ in law."""

from __future__ import annotations

from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.models import Payment, Venue
from portal.models.payment import DEPOSIT_APPLIED, DEPOSIT_KEPT, DEPOSIT_REFUNDED, DEPOSIT_TAKEN, PAYMENT, REFUND

ACOMPTE = "acompte"
_KINDS: dict[str, LazyString] = {PAYMENT: _l("Payment"), REFUND: _l("Refund")}
_ARRHES: dict[str, LazyString] = {
    DEPOSIT_TAKEN: _l("Deposit taken"),
    DEPOSIT_APPLIED: _l("Deposit applied"),
    DEPOSIT_REFUNDED: _l("Deposit refunded"),
    DEPOSIT_KEPT: _l("Deposit kept"),
}
_ACOMPTE: dict[str, LazyString] = {
    DEPOSIT_TAKEN: _l("Down payment taken"),
    DEPOSIT_APPLIED: _l("Down payment applied"),
    DEPOSIT_REFUNDED: _l("Down payment refunded"),
    DEPOSIT_KEPT: _l("Down payment kept"),
}


def kinds(venue: Venue) -> dict[str, LazyString]:
    """The kinds of lines, in the venue's words."""
    return _KINDS | (_ACOMPTE if venue.deposit_wording == ACOMPTE else _ARRHES)


def kind_word(venue: Venue, line: Payment) -> str:
    return str(kinds(venue)[line.kind])


def deposit_word(venue: Venue) -> str:
    """The deposit itself."""
    return _("Down payment") if venue.deposit_wording == ACOMPTE else _("Deposit")


def asked_deposit(venue: Venue, *, amount: str, until: str) -> str:
    """Which deposit is asked for, and until when."""
    if venue.deposit_wording == ACOMPTE:
        return _("A down payment of %(amount)s is asked for until %(day)s.", amount=amount, day=until)
    return _("A deposit of %(amount)s is asked for until %(day)s.", amount=amount, day=until)
