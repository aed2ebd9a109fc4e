"""What one does with guests: recognise them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy.exc import IntegrityError

from portal.clock import now
from portal.customers.emails import email_key
from portal.customers.names import name_key
from portal.customers.queries import find_by_phone, find_match, lock_customer
from portal.database import atomic, db, insert_into
from portal.models import Customer, Organisation


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

    (1) The same phone: that customer; a new e-mail replaces the old, other fields are filled only where empty.
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
    if found.phone not in {None, guest.phone}:
        return match_customer(organisation, guest)  # another request was faster and gave her its own phone
    return _learn(organisation, found, guest)


def _add(organisation: Organisation, guest: GuestDetails) -> Customer | None:
    """A new row; None when another transaction has just added this phone."""
    values = {
        "organisation_id": organisation.id,
        "first_name": guest.first_name,
        "last_name": guest.last_name,
        "name_key": name_key(guest.first_name, guest.last_name),
        "email": guest.email,
        "email_key": email_key(guest.email) if guest.email else None,
        "phone": guest.phone,
        "language": guest.language,
        "profile_completed": False,
    }
    insertion = insert_into(Customer).on_conflict_do_nothing().returning(Customer)
    return db.session.scalar(insertion, values)


def _news(customer: Customer, guest: GuestDetails) -> dict[str, Any]:
    """What we did not know about her yet."""
    news: dict[str, Any] = {}
    for name in ("first_name", "last_name", "phone"):
        if not getattr(customer, name):
            news[name] = getattr(guest, name)
    if guest.email and customer.email_key != email_key(guest.email):
        news |= {"email": guest.email, "email_key": email_key(guest.email)}
    return news


def _learn(organisation: Organisation, customer: Customer, guest: GuestDetails) -> Customer:
    news = _news(customer, guest)
    first, last = news.get("first_name", customer.first_name), news.get("last_name", customer.last_name)
    try:
        with db.session.begin_nested():
            for name, value in {**news, "name_key": name_key(first, last), "updated_at": now()}.items():
                setattr(customer, name, value)
    except IntegrityError:
        # Only a phone can clash: another request has just added a customer with it, so rule (1) applies.
        return find_by_phone(organisation, guest.phone)
    return customer
