"""Who books for whom."""

from __future__ import annotations

from uuid import UUID

import portal.audit as audit
from portal.audit import Actor
from portal.customers.errors import SamePerson
from portal.customers.queries import find_link, lock_link
from portal.database import atomic, db
from portal.errors import Invalid
from portal.models import Customer, CustomerLink, Organisation
from portal.models.customer_facts import RELATIONS


@atomic
def link_guests(
    organisation: Organisation, *, customer: Customer, other: Customer, relation: str, by: Actor
) -> CustomerLink:
    """`customer` books for `other`, who is her partner, family, friend … Linked before, only the relation is new.

    Raises SamePerson, Invalid for an unknown relation.
    """
    if customer.id == other.id:
        raise SamePerson(field="other")
    if relation not in RELATIONS:
        raise Invalid(field="relation")
    link = find_link(organisation, customer, other)
    if link is not None:
        link.relation = relation
        return link
    link = CustomerLink(
        organisation_id=organisation.id, customer=customer, other=other, relation=relation, created_by_name=by.name
    )
    db.session.add(link)
    audit.record(by, "customer:linked", customer, other=str(other.uuid))
    return link


@atomic
def unlink_guests(organisation: Organisation, *, customer: Customer, link: UUID, by: Actor) -> None:
    """They have nothing to do with each other, seen from either side. Raises NotFound."""
    found = lock_link(organisation, customer, link)
    other = found.other if found.customer_id == customer.id else found.customer
    db.session.delete(found)
    audit.record(by, "customer:unlinked", customer, other=str(other.uuid))
