"""Consents to marketing: a ledger of who said yes or no, when, and by which way."""

from __future__ import annotations

import portal.audit as audit
from portal.audit import Actor
from portal.clock import now
from portal.customers.errors import NothingToWriteTo
from portal.customers.queries import lock_customer
from portal.database import atomic, db
from portal.errors import Invalid
from portal.models import Customer, CustomerConsent, Organisation
from portal.models.customer_facts import CHANNELS, WAYS
from portal.webhooks import outbox

MAX_NOTE = 300


@atomic
def record_consent(
    organisation: Organisation,
    *,
    customer: Customer,
    channel: str,
    given: bool,
    way: str,
    by: Actor,
    note: str | None = None,
) -> Customer:
    """She agrees to marketing by `channel` (email, sms), or does so no longer; `way` is how she told.

    Harmless when that is how it stood. Messages about her bookings need no consent. Raises NothingToWriteTo when she
    agrees without such an address, and Invalid for an unknown channel or way and a note of over 300 characters.
    """
    if channel not in CHANNELS or way not in WAYS:
        raise Invalid(field="channel" if channel not in CHANNELS else "way")
    if len(note or "") > MAX_NOTE:
        raise Invalid(field="note")
    customer = lock_customer(organisation, customer)
    if customer.agrees_to(channel) is given:
        return customer
    if given and not (customer.email if channel == "email" else customer.phone):
        raise NothingToWriteTo(field="channel")
    customer.agree(channel, given)
    db.session.add(
        CustomerConsent(
            organisation_id=organisation.id, customer_id=customer.id, channel=channel, given=given, way=way,
            note=note or None, at=now(), actor=by.uuid, actor_name=by.name,
        )
    )  # fmt: skip
    audit.record(by, "customer:agreed" if given else "customer:withdrew", customer, channel=channel, way=way)
    outbox.publish("customer.updated", customer)
    return customer
