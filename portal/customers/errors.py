"""Refusals of the guest verbs, in the words of the trade."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from portal.errors import Conflict, Invalid
from portal.models import Customer


class WrongName(Invalid):
    """No name at all, or signs that no name has."""

    code = "wrong_name"
    message = _l("Please enter a name, in letters, with at most 100 characters.")


class WrongPhone(Invalid):
    """The text is no phone number."""

    code = "wrong_phone"
    message = _l("This is not a phone number. Numbers from abroad begin with + and the country’s code.")


class WrongEmail(Invalid):
    """The text is no address."""

    code = "wrong_email"
    message = _l("This is not an e-mail address.")


class CustomerExists(Conflict):
    """Somebody has this phone or e-mail address already: `customer`."""

    code = "customer_exists"
    message = _l("This guest exists already.")

    def __init__(self, customer: Customer, *, field: str) -> None:
        super().__init__(field=field)
        self.customer = customer


class NewerGuest(Conflict):
    """A colleague has changed her in the meantime."""

    code = "stale"
    message = _l("Somebody has changed this guest in the meantime.")


class NewerNote(Conflict):
    """A colleague has changed the note in the meantime."""

    code = "stale"
    message = _l("Somebody has changed this note in the meantime. Please read it again.")


class WrongNote(Invalid):
    """Nothing, or too much."""

    code = "wrong_note"
    message = _l("Please write something, with at most 2,000 characters.")


class WrongReason(Invalid):
    """Nothing, or too much."""

    code = "wrong_reason"
    message = _l("Please say why, with at most 300 characters.")


class NothingToWriteTo(Invalid):
    """There is no address of that kind."""

    code = "no_address"
    message = _l("There is no such address to write to. Please add it first.")


class SamePerson(Invalid):
    """Nobody books for herself in this sense."""

    code = "same_person"
    message = _l("This is the same person. Please choose somebody else.")
