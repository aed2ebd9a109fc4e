"""Changing what is known of a guest: her contact data, what she likes, and whether she is still one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypedDict, Unpack

from sqlalchemy.exc import IntegrityError

import portal.audit as audit
from portal.audit import Actor
from portal.clock import now
from portal.customers.emails import email_key
from portal.customers.errors import CustomerExists, NewerGuest, WrongName
from portal.customers.queries import find_by_email, find_by_phone, lock_customer
from portal.customers.service import read_address, read_name, read_number
from portal.database import atomic, db, violated_constraint
from portal.errors import Invalid
from portal.i18n import LANGUAGES
from portal.models import Customer, Organisation, StaffMember
from portal.webhooks import outbox

MAX_PREFERENCE = 300


class Contact(TypedDict):
    """Her contact data as it was typed; a national phone number is one of `country` (ISO 3166-1 alpha-2)."""

    first_name: str | None
    last_name: str | None
    phone: str | None
    email: str | None
    language: str
    country: str | None


@atomic
def edit_customer(
    organisation: Organisation,
    *,
    customer: Customer,
    by: Actor,
    version: int | None = None,
    shared_email: bool = False,
    **contact: Unpack[Contact],
) -> Customer:
    """Take over her contact data, over the `version` that was read. Harmless when nothing is new.

    Raises NewerGuest, WrongName, WrongPhone, WrongEmail, and CustomerExists when another guest has that phone, or that
    e-mail address unless it is known to be a `shared_email`.
    """
    customer = lock_version(organisation, customer, version)
    news = _read(contact)
    taken = news["email"] and not shared_email and email_key(news["email"]) != customer.email_key
    if taken and (other := find_by_email(organisation, email_key(news["email"]))):
        raise CustomerExists(other, field="email")
    changed = sorted(name for name, value in news.items() if getattr(customer, name) != value)
    if not changed:
        return customer
    try:
        with db.session.begin_nested():
            for name in changed:
                setattr(customer, name, news[name])
    except IntegrityError as error:
        if "phone" not in (violated_constraint(error) or ""):
            raise
        raise CustomerExists(find_by_phone(organisation, news["phone"] or ""), field="phone") from None
    audit.record(by, "customer:edited", customer, fields=changed)
    outbox.publish("customer.updated", customer)
    return customer


@atomic
def set_preferences(
    organisation: Organisation,
    *,
    customer: Customer,
    preferences: Mapping[str, str],
    therapist: StaffMember | None,
    by: Actor,
    version: int | None = None,
) -> Customer:
    """What she likes, and the therapist whom she prefers. Harmless when nothing is new.

    Raises NewerGuest, and Invalid for a text of more than 300 characters.
    """
    customer = lock_version(organisation, customer, version)
    likes = {name: text for name, text in preferences.items() if text}
    if too_long := next((name for name, text in likes.items() if len(text) > MAX_PREFERENCE), None):
        raise Invalid(field=too_long)
    chosen = therapist.id if therapist else None
    if likes == (customer.preferences or {}) and chosen == customer.preferred_therapist_id:
        return customer
    customer.preferences, customer.preferred_therapist = likes, therapist
    audit.record(by, "customer:preferences", customer)
    outbox.publish("customer.updated", customer)
    return customer


@atomic
def put_aside(organisation: Organisation, *, customer: Customer, by: Actor) -> Customer:
    """She is no longer offered where guests are chosen; her bookings stay. Harmless when she was put aside before."""
    customer = lock_customer(organisation, customer)
    if customer.is_active:
        customer.deactivated_at = now()
        audit.record(by, "customer:put_aside", customer)
        outbox.publish("customer.updated", customer)
    return customer


@atomic
def take_back(organisation: Organisation, *, customer: Customer, by: Actor) -> Customer:
    """She is a guest like any other again; harmless when she was."""
    customer = lock_customer(organisation, customer)
    if not customer.is_active:
        customer.deactivated_at = None
        audit.record(by, "customer:taken_back", customer)
        outbox.publish("customer.updated", customer)
    return customer


def lock_version(organisation: Organisation, customer: Customer, version: int | None) -> Customer:
    """The guest as she is now, held until the transaction ends. Raises NewerGuest when she is not as she was read."""
    customer = lock_customer(organisation, customer)
    if version is not None and customer.version != version:
        raise NewerGuest()
    return customer


def _read(contact: Contact) -> dict[str, Any]:
    first, last = read_name(contact["first_name"], "first_name"), read_name(contact["last_name"], "last_name")
    if not first and not last:
        raise WrongName(field="last_name")
    return {
        "first_name": first,
        "last_name": last,
        "phone": read_number(contact["phone"], contact["country"]),
        "email": read_address(contact["email"]),
        "language": contact["language"] if contact["language"] in LANGUAGES else LANGUAGES[0],
    }
