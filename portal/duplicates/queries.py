"""Reading guests who may be there twice: by keys that the database keeps in order, never all with all."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, and_, func, select
from sqlalchemy.orm import InstrumentedAttribute, aliased, joinedload

from portal.database import db
from portal.errors import known
from portal.models import Booking, Customer, CustomerApart, CustomerKey, GuestMerge, Organisation
from portal.models.customer_key import SOUND, TAIL
from portal.models.guest_merge import between, told_apart

BY_NAME, BY_EMAIL, BY_PHONE = "name", "email", "phone"
WAYS = (BY_NAME, BY_EMAIL, BY_PHONE)
_KINDS = {BY_NAME: SOUND, BY_PHONE: TAIL}


def pairs_by(organisation: Organisation, way: str, *, limit: int, offset: int) -> list[tuple[Customer, Customer]]:
    """Pairs that share a key of that kind and were not told apart, in the order of the key: two statements."""
    rows = db.session.execute(_pairs(organisation, way).limit(limit).offset(offset)).all()
    guests = guests_by_key(organisation, {key for row in rows for key in row})
    return [(guests[one], guests[other]) for one, other in rows if one in guests and other in guests]


def count_pairs(organisation: Organisation, way: str, *, most: int) -> int:
    """How many there are; who needs more than `most` knows enough."""
    some = _pairs(organisation, way).order_by(None).limit(most).subquery()
    return db.session.scalar(select(func.count()).select_from(some)) or 0


def guests_by_key(organisation: Organisation, keys: Iterable[int]) -> dict[int, Customer]:
    """Guests by their keys."""
    query = select(Customer).where(Customer.organisation_id == organisation.id, Customer.id.in_(sorted(keys)))
    return {one.id: one for one in db.session.scalars(query)}


def get_pair(organisation: Organisation, one: UUID, other: UUID) -> tuple[Customer, Customer]:
    """Both guests. Raises NotFound."""
    query = select(Customer).where(Customer.organisation_id == organisation.id, Customer.uuid.in_((one, other)))
    found = {guest.uuid: guest for guest in db.session.scalars(query.options(joinedload(Customer.preferred_therapist)))}
    return known(found.get(one)), known(found.get(other))


def lock_pair(organisation: Organisation, one: UUID, other: UUID) -> dict[UUID, Customer]:
    """Both guests as they are now, as far as they are there. Until the transaction ends nobody books for them."""
    query = select(Customer).where(Customer.organisation_id == organisation.id, Customer.uuid.in_((one, other)))
    locked = query.order_by(Customer.id).with_for_update(of=Customer).execution_options(populate_existing=True)
    return {guest.uuid: guest for guest in db.session.scalars(locked)}


def istold_apart(organisation: Organisation, one: Customer, other: Customer) -> bool:
    """Whether somebody said that these are two people."""
    query = select(CustomerApart.id).where(CustomerApart.organisation_id == organisation.id, between(one.id, other.id))
    return db.session.scalar(query.limit(1)) is not None


def visits_of(organisation: Organisation, guests: Iterable[int]) -> dict[int, tuple[int, datetime]]:
    """By the guests' keys: how many bookings stand under their names, and when the latest is."""
    query = (
        select(Booking.customer_id, func.count(), func.max(Booking.starts_at))
        .where(Booking.organisation_id == organisation.id, Booking.customer_id.in_(sorted(set(guests))))
        .group_by(Booking.customer_id)
    )
    return {row[0]: (row[1], row[2]) for row in db.session.execute(query) if row[0] is not None}


def merge_between(organisation: Organisation, one: UUID, other: UUID) -> GuestMerge | None:
    """How one of the two became the other, if she did."""
    query = select(GuestMerge).where(
        GuestMerge.organisation_id == organisation.id, GuestMerge.lost.in_((one, other)), GuestMerge.undone_at.is_(None)
    )
    return db.session.scalar(query.limit(1))


def latest_merges(organisation: Organisation, *, since: datetime, limit: int = 50) -> list[GuestMerge]:
    """Merges that can be undone, the latest first."""
    query = (
        select(GuestMerge)
        .where(GuestMerge.organisation_id == organisation.id, GuestMerge.at > since, GuestMerge.undone_at.is_(None))
        .order_by(GuestMerge.at.desc(), GuestMerge.id.desc())
        .options(joinedload(GuestMerge.customer))
    )
    return list(db.session.scalars(query.limit(limit)))


def lock_merge(organisation: Organisation, name: UUID) -> GuestMerge:
    """A merge, held until the transaction ends. Raises NotFound."""
    query = select(GuestMerge).where(GuestMerge.organisation_id == organisation.id, GuestMerge.uuid == name)
    return known(db.session.scalar(query.with_for_update(of=GuestMerge).execution_options(populate_existing=True)))


def _pairs(organisation: Organisation, way: str) -> Select[Any]:
    if way == BY_EMAIL:
        first, second = aliased(Customer), aliased(Customer)
        ids: tuple[Any, Any] = (first.id, second.id)
        key: InstrumentedAttribute[Any] = first.email_key
        same = and_(second.organisation_id == first.organisation_id, second.email_key == first.email_key)
        mine = and_(first.organisation_id == organisation.id, first.email_key.is_not(None))
    else:
        one, two = aliased(CustomerKey), aliased(CustomerKey)
        first, second = one, two  # type: ignore[assignment]  # of either table two columns are asked for
        ids, key, kind = (one.customer_id, two.customer_id), one.key, _KINDS[way]
        same = and_(two.organisation_id == one.organisation_id, two.key == one.key)
        mine = and_(one.organisation_id == organisation.id, one.key >= kind, one.key < chr(ord(kind) + 1))
    return (
        select(*ids)
        .join_from(first, second, and_(same, ids[1] > ids[0]))
        .where(mine, ~told_apart(*ids))
        .order_by(key, *ids)
    )
