"""Refusals of the till, each beside the field that it is about."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.errors import Conflict, Invalid
from portal.i18n import money
from portal.models.payment import DEPOSIT_TAKEN, PAYMENT, REFUND


class AmountNotPossible(Invalid):
    """The amount is not above zero, or more than there is."""

    code = "amount_not_possible"
    field = "amount"


class MethodNotPossible(Invalid):
    """Nobody can pay that way here."""

    code = "method_not_possible"
    message = _l("Please choose how it is paid.")
    field = "method"


class KindNotPossible(Invalid):
    """There is no such line in the ledger, or the booking is past it."""

    code = "kind_not_possible"
    message = _l("Please choose what is entered.")
    field = "kind"


class StillNeeded(Conflict):
    """Another line builds on the one that is to be voided."""

    code = "still_needed"
    message = _l("A later line builds on this one: void that one first.")


def too_much(kind: str, most_minor: int, currency: str) -> AmountNotPossible:
    """The refusal of an amount above the most that a line of this kind may have."""
    return AmountNotPossible(_sentence(kind, max(0, most_minor), currency))


def _sentence(kind: str, most_minor: int, currency: str) -> str:
    amount = money(most_minor, currency)
    if kind in {PAYMENT, DEPOSIT_TAKEN}:
        if not most_minor:
            return _("Nothing is left to pay.")
        return _("That is more than is left to pay: %(amount)s.", amount=amount)
    if kind == REFUND:
        if not most_minor:
            return _("Nothing was paid here that could be refunded.")
        return _("That is more than was paid: %(amount)s.", amount=amount)
    if not most_minor:
        return _("No deposit is held for this booking.")
    return _("That is more than the deposit that is held: %(amount)s.", amount=amount)
