"""What one does with guests: recognise them, and add those whom nobody knows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy.exc import IntegrityError

import portal.audit as audit
from portal.audit import Actor
from portal.clock import now
from portal.customers.emails import email_key, is_email
from portal.customers.errors import CustomerExists, WrongEmail, WrongName, WrongPhone
from portal.customers.names import is_name
from portal.customers.phones import parse_phone
from portal.customers.queries import find_by_email, find_by_former_number, find_by_phone, find_match, lock_customer
from portal.database import atomic, db, insert_into
from portal.i18n import LANGUAGES
from portal.models import Customer, Organisation
from portal.models.customer import compared_as, make_findable
from portal.webhooks import outbox


@dataclass(frozen=True, slots=True, kw_only=True)
class GuestDetails:
    """Who comes, as a partner tells it. `phone` is E.164."""

    first_name: str
    last_name: str
    phone: str
    email: str | None = None
    language: str = "fr"


@atomic
def match_customer(organisation: Organisation, guest: GuestDetails) -> Customer:
    """The organisation's customer that this guest is.

    (1) The same phone, also one from before she was merged: that customer; a new e-mail replaces the old, other
    fields are filled only where empty.
    (2) Else the same e-mail, whatever its case, on a customer without phone: that one gets the phone.
    (3) Else a new customer. Two requests at the same moment for one phone end with one customer.
    """
    key = email_key(guest.email) if guest.email else None
    found = find_match(organisation, phone=guest.phone, email_key=key)
    if found is None:
        return _add(organisation, guest) or find_by_phone(organisation, guest.phone)
    if not _news(found, guest):
        return found
    found = lock_customer(organisation, found)
    is_former = found.phone is not None and find_by_former_number(organisation, guest.phone) is found
    if found.phone not in {None, guest.phone} and not is_former:
        return match_customer(organisation, guest)  # another request was faster and gave her its own phone
    return _learn(organisation, found, guest)


@atomic
def create_customer(
    organisation: Organisation,
    *,
    first_name: str | None,
    last_name: str | None,
    phone: str | None,
    email: str | None,
    language: str,
    country: str | None,
    by: Actor,
    shared_email: bool = False,
) -> Customer:
    """Add a guest, with at least one name; a national phone number is one of `country` (ISO 3166-1 alpha-2).

    Raises WrongName, WrongPhone, WrongEmail, and CustomerExists when somebody has that phone already, or that e-mail
    address, unless it is known to be a `shared_email` (couples have one).
    """
    first, last = read_name(first_name, "first_name"), read_name(last_name, "last_name")
    if not first and not last:
        raise WrongName(field="last_name")
    number, address = read_number(phone, country), read_address(email)
    if address and not shared_email and (found := find_by_email(organisation, email_key(address))):
        raise CustomerExists(found, field="email")
    if number and (former := find_by_former_number(organisation, number)):
        raise CustomerExists(former, field="phone")
    made = _insert(organisation, first, last, number, address, language if language in LANGUAGES else LANGUAGES[0])
    if made is None:
        raise CustomerExists(find_by_phone(organisation, number or ""), field="phone")
    audit.record(by, "customer:created", made)
    outbox.publish("customer.created", made)
    return made


def read_name(text: str | None, field: str) -> str | None:
    name = " ".join((text or "").split())
    if name and not is_name(name):
        raise WrongName(field=field)
    return name or None


def read_number(text: str | None, country: str | None) -> str | None:
    written = (text or "").strip()
    number = parse_phone(written, country) if written else None
    if written and number is None:
        raise WrongPhone(field="phone")
    return number


def read_address(text: str | None) -> str | None:
    address = (text or "").strip()
    if address and not is_email(address):
        raise WrongEmail(field="email")
    return address or None


def _add(organisation: Organisation, guest: GuestDetails) -> Customer | None:
    """A new row; None when another transaction has just added this phone."""
    return _insert(organisation, guest.first_name, guest.last_name, guest.phone, guest.email, guest.language)


def _insert(
    organisation: Organisation,
    first_name: str | None,
    last_name: str | None,
    phone: str | None,
    email: str | None,
    language: str,
) -> Customer | None:
    values = {
        "organisation_id": organisation.id,
        "first_name": first_name,
        "last_name": last_name,
        "email": email,
        "phone": phone,
        "language": language,
        "profile_completed": False,
        **compared_as(first_name, last_name, email),
    }
    insertion = insert_into(Customer).on_conflict_do_nothing().returning(Customer)
    made = db.session.scalar(insertion, values)
    if made is not None:
        make_findable(db.session.connection(), made)
    return made


def _news(customer: Customer, guest: GuestDetails) -> dict[str, Any]:
    """What we did not know about her yet."""
    news: dict[str, Any] = {}
    for name in ("first_name", "last_name", "phone"):
        if not getattr(customer, name):
            news[name] = getattr(guest, name)
    if guest.email and customer.email_key != email_key(guest.email):
        news["email"] = guest.email
    return news


def _learn(organisation: Organisation, customer: Customer, guest: GuestDetails) -> Customer:
    try:
        with db.session.begin_nested():
            for name, value in {**_news(customer, guest), "updated_at": now()}.items():
                setattr(customer, name, value)
    except IntegrityError:
        # Only a phone can clash: another request has just added a customer with it, so rule (1) applies.
        return find_by_phone(organisation, guest.phone)
    return customer
