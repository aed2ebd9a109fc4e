"""Guests whom the desk refuses, or asks for a deposit."""

from __future__ import annotations

import portal.audit as audit
from portal.audit import Actor
from portal.clock import now
from portal.customers.errors import WrongReason
from portal.customers.queries import lock_customer
from portal.database import atomic
from portal.errors import Invalid
from portal.models import Customer, Organisation
from portal.models.customer import BLOCKED, DEPOSIT
from portal.webhooks import outbox

MAX_REASON = 300


@atomic
def flag_customer(organisation: Organisation, *, customer: Customer, flag: str, reason: str, by: Actor) -> Customer:
    """From now on she is `blocked`, or must leave a `deposit`, for a reason of 1 to 300 characters.

    Raises WrongReason, Invalid for an unknown flag. Bookings that stand are left as they are.
    """
    reason = " ".join(reason.split())
    if flag not in {BLOCKED, DEPOSIT}:
        raise Invalid(field="flag")
    if not 0 < len(reason) <= MAX_REASON:
        raise WrongReason(field="reason")
    customer = lock_customer(organisation, customer)
    if (customer.flag, customer.flag_reason) != (flag, reason):
        customer.raise_flag(flag, reason=reason, by_name=by.name, at=now())
        audit.record(by, f"customer:{'blocked' if flag == BLOCKED else 'deposit_required'}", customer, reason=reason)
        outbox.publish("customer.updated", customer)
    return customer


@atomic
def unflag_customer(organisation: Organisation, *, customer: Customer, by: Actor) -> Customer:
    """She is a guest like any other again; harmless when she was."""
    customer = lock_customer(organisation, customer)
    if customer.flag is not None:
        audit.record(by, "customer:unflagged", customer, flag=customer.flag, reason=customer.flag_reason)
        customer.lower_flag()
        outbox.publish("customer.updated", customer)
    return customer
