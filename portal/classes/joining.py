"""Whom the desk means when it types who joins a class."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext as _

from portal.classes.forms import JoinForm
from portal.customers.queries import find_customer, find_guests
from portal.models import Customer, Venue
from portal.uuids import as_uuid


@dataclass(frozen=True, slots=True)
class Joining:
    """What was typed, and the guest it means; else the guests it can mean, or what is wrong with it."""

    text: str = ""
    customer: Customer | None = None
    guests: Sequence[Customer] = ()
    error: str = ""


def read_joining(venue: Venue, form: JoinForm) -> Joining:
    """The guest that was chosen, or the only one whom the text can mean."""
    text = form.q.data or ""
    if not form.validate():
        return Joining(text[:120], error=" ".join(map(str, form.q.errors)) or _("Please choose a guest."))
    chosen = _chosen(venue, form.customer.data or "")
    if chosen is not None:
        return Joining(text, chosen)
    found = find_guests(venue.organisation, text)
    if len(found) == 1:
        return Joining(text, found[0])
    if found:
        return Joining(text, guests=found, error=_("Several guests can be meant. Please choose one."))
    return Joining(text, error=_("Nobody was found by that name, phone number or e-mail address."))


def _chosen(venue: Venue, customer: str) -> Customer | None:
    known = as_uuid(customer)
    return find_customer(venue, known) if known else None
