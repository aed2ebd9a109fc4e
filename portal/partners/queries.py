"""Reading and locking partners and their keys, always of one organisation."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from portal.database import db
from portal.errors import known
from portal.models import ApiKey, Organisation, Partner, Venue


def partners_of(organisation: Organisation) -> Sequence[Partner]:
    """All partners, by name."""
    query = select(Partner).where(Partner.organisation_id == organisation.id)
    return db.session.scalars(query.order_by(func.lower(Partner.name), Partner.id)).all()


def get_partner(organisation: Organisation, partner: UUID) -> Partner:
    """A partner of the organisation, as it is now. Raises NotFound."""
    query = select(Partner).where(Partner.organisation_id == organisation.id, Partner.uuid == partner)
    return known(db.session.scalar(query.execution_options(populate_existing=True)))


def find_named(organisation: Organisation, name: str) -> Partner | None:
    """The partner of that name."""
    query = select(Partner).where(Partner.organisation_id == organisation.id, Partner.name == name)
    return db.session.scalar(query)


def lock_partner(organisation: Organisation, partner: Partner) -> Partner:
    """The partner as it is now, held until the transaction ends: nobody books against its quotas meanwhile."""
    query = select(Partner).where(Partner.organisation_id == organisation.id, Partner.id == partner.id)
    locked = query.with_for_update(key_share=True, of=Partner).execution_options(populate_existing=True)
    return known(db.session.scalar(locked))


def keys_of(organisation: Organisation, partner: Partner | None = None) -> Sequence[ApiKey]:
    """The keys of a partner, or of all, with venue and maker: those that live first, the newest first."""
    query = select(ApiKey).where(ApiKey.organisation_id == organisation.id)
    if partner is not None:
        query = query.where(ApiKey.partner_id == partner.id)
    query = query.options(joinedload(ApiKey.venue), joinedload(ApiKey.created_by))
    return db.session.scalars(query.order_by(ApiKey.revoked_at.is_not(None), ApiKey.id.desc())).all()


def get_key(organisation: Organisation, partner: Partner, key: UUID) -> ApiKey:
    """A key of the partner, as it is now. Raises NotFound."""
    query = select(ApiKey).where(
        ApiKey.organisation_id == organisation.id, ApiKey.partner_id == partner.id, ApiKey.uuid == key
    )
    query = query.options(joinedload(ApiKey.venue), joinedload(ApiKey.created_by))
    return known(db.session.scalar(query.execution_options(populate_existing=True)))


def lock_key(organisation: Organisation, key: ApiKey) -> ApiKey:
    """The key as it is now, held until the transaction ends."""
    query = select(ApiKey).where(ApiKey.organisation_id == organisation.id, ApiKey.id == key.id)
    locked = query.with_for_update(of=ApiKey).execution_options(populate_existing=True)
    return known(db.session.scalar(locked))


def is_made(organisation: Organisation, key: UUID) -> bool:
    """Whether the key of this identifier is there."""
    query = select(ApiKey.id).where(ApiKey.organisation_id == organisation.id, ApiKey.uuid == key)
    return db.session.scalar(query) is not None


def venues_of(organisation: Organisation) -> Sequence[Venue]:
    """The active venues, by name."""
    query = select(Venue).where(Venue.organisation_id == organisation.id, Venue.status == "active")
    return db.session.scalars(query.order_by(Venue.name, Venue.id)).all()
