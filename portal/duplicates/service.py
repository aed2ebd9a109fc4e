"""Telling guests apart who look alike."""

from __future__ import annotations

from uuid import UUID

import portal.audit as audit
from portal.audit import Actor
from portal.database import atomic, db, insert_into
from portal.duplicates.errors import SameGuest
from portal.duplicates.queries import get_pair
from portal.models import CustomerApart, Organisation


@atomic
def keep_apart(organisation: Organisation, *, one: UUID, other: UUID, by: Actor) -> None:
    """These are two people: they are not asked about again. Harmless when it was said before.

    Raises SameGuest, NotFound.
    """
    if one == other:
        raise SameGuest()
    first, second = sorted(get_pair(organisation, one, other), key=lambda guest: guest.id)
    values = {
        "organisation_id": organisation.id, "customer_id": first.id, "other_id": second.id, "by_name": by.name,
    }  # fmt: skip
    db.session.execute(insert_into(CustomerApart).on_conflict_do_nothing(), values)
    audit.record(by, "customer:told_apart", first, other=str(second.uuid))
