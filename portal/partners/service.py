"""Partners: made and renamed. Their keys and quotas have rooms of their own."""

from __future__ import annotations

from sqlalchemy.exc import IntegrityError

import portal.audit as audit
from portal.audit import Actor
from portal.database import atomic, db, insert_into
from portal.models import Organisation, Partner
from portal.partners.errors import NameTaken
from portal.partners.queries import find_named, lock_partner
from portal.settings.changing import check_version


@atomic
def create_partner(organisation: Organisation, *, name: str, by: Actor) -> Partner:
    """A new partner, who has no key yet. Raises NameTaken."""
    partner = Partner(organisation_id=organisation.id, name=name)
    db.session.add(partner)
    _save()
    audit.record(by, "partner:created", partner, name=name)
    return partner


@atomic
def rename_partner(
    organisation: Organisation, *, partner: Partner, name: str, version: int | None, by: Actor
) -> Partner:
    """Another name; harmless when it has it. Raises Stale, NameTaken."""
    partner = lock_partner(organisation, partner)
    check_version(partner, version)
    if partner.name != name:
        audit.record(by, "partner:changed", partner, changes={"name": [partner.name, name]})
        partner.name = name
        _save()
    return partner


def partner_named(organisation: Organisation, name: str) -> Partner:
    """The partner of that name, who is there from now on. Part of the transaction around it."""
    values = {"organisation_id": organisation.id, "name": name}
    unique = ["organisation_id", "name"]
    # By hand, because a twin may be faster: the insertion waits for it and then does nothing.
    db.session.execute(insert_into(Partner).values(**values).on_conflict_do_nothing(index_elements=unique))
    found = find_named(organisation, name)
    if found is None:
        raise LookupError(name)
    return found


def _save() -> None:
    try:
        db.session.flush()
    except IntegrityError as taken:
        raise NameTaken() from taken
