"""Merging: everything that points at one guest points at another, in one transaction that remembers every row."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import delete

import portal.audit as audit
from portal.audit import Actor
from portal.clock import now
from portal.database import atomic, db
from portal.duplicates.errors import ChangedMeanwhile, MergedAlready, SameGuest
from portal.duplicates.merging.fields import merged
from portal.duplicates.merging.health import join_notes
from portal.duplicates.merging.memento import CUSTOMER, Row, pointers, remembered
from portal.duplicates.merging.queries import (
    PAIRS,
    clashing_pairs,
    last_consents,
    messages_to,
    move,
    shared_seats,
)
from portal.duplicates.queries import lock_pair, merge_between
from portal.errors import NotFound
from portal.models import Customer, CustomerKey, GuestMerge, Organisation
from portal.webhooks import outbox

_LOOSE = {"synchronize_session": False}


@atomic
def merge_guests(
    organisation: Organisation,
    *,
    keep: UUID,
    lose: UUID,
    versions: tuple[int, int],
    take: Mapping[str, str],
    by: Actor,
) -> GuestMerge:
    """`lose` becomes `keep`: bookings, places, notes, consents, links, orders and health notes are hers from now on.

    `take` says of a field whose value stays (`keep` or `lose`); without a word it is the one that is not empty.
    `versions` are those that the preview showed, of `keep` and `lose`. Raises SameGuest, NotFound, MergedAlready,
    ChangedMeanwhile, CannotBeRead when a health note's key is gone.
    """
    if keep == lose:
        raise SameGuest()
    found = lock_pair(organisation, keep, lose)
    if len(found) < 2:
        raise MergedAlready() if merge_between(organisation, keep, lose) else NotFound()
    stays, goes = found[keep], found[lose]
    if (stays.version, goes.version) != versions:
        raise ChangedMeanwhile()
    lost = remembered({column.name: getattr(goes, column.name) for column in CUSTOMER.columns})
    kept: dict[str, Any] = {"lost": lost, "survivor": str(keep)}
    kept["health"], kept["health_version"] = join_notes(organisation, stays, goes)
    kept["aside"] = {table.name: _set_aside(organisation, table, goes.id, stays.id) for table in PAIRS}
    kept["seats"] = _unname_shared(organisation, goes, stays)
    kept["moved"] = {
        f"{column.table.name}.{column.name}": move(organisation, column, of=goes.id, to=stays.id)
        for _table, column in pointers()
    }
    kept["messages"] = redirect(organisation, of=lose, to=keep)
    news = merged(stays, goes, take, last_consents(organisation, stays.id))
    numbers = [number for number in (stays.phone, goes.phone) if number]
    _remove(goes)
    kept["before"] = remembered({name: getattr(stays, name) for name in news})
    kept["after"] = remembered(news)
    for name, value in news.items():
        setattr(stays, name, value)
    alias = next((number for number in numbers if number != stays.phone), None)
    merge = GuestMerge(
        organisation_id=organisation.id, customer=stays, lost=lose, phone=alias, kept=kept, at=now(), by_name=by.name
    )
    db.session.add(merge)
    db.session.flush()
    audit.record(by, "customer:merged", stays, lost=str(lose), fields=sorted(news))
    outbox.publish("customer.updated", stays)
    return merge


def redirect(organisation: Organisation, *, of: UUID, to: UUID, only: list[int] | None = None) -> list[int]:
    """Messages to the one are to the other; returns their keys."""
    found = [one for one in messages_to(organisation, of) if only is None or one.id in only]
    for message in found:
        if message.details.get("customer") == str(of):
            message.details = {**message.details, "customer": str(to)}
    return [one.id for one in found]


def _set_aside(organisation: Organisation, table: Any, lose: int, keep: int) -> list[Row]:
    rows = clashing_pairs(organisation, table, lose=lose, keep=keep)
    if rows:
        db.session.execute(delete(table).where(table.c.id.in_([row["id"] for row in rows])))
    return rows


def _unname_shared(organisation: Organisation, goes: Customer, stays: Customer) -> list[list[Any]]:
    """She cannot have two places of one booking: the second is a guest's who goes by the name that was there."""
    seats = shared_seats(organisation, lose=goes.id, keep=stays.id)
    before = [[seat.id, seat.name] for seat in seats]
    for seat in seats:
        seat.customer, seat.name = None, goes.name or seat.name
    db.session.flush()
    return before


def _remove(goes: Customer) -> None:
    db.session.flush()
    db.session.expunge(goes)
    db.session.execute(delete(CustomerKey).where(CustomerKey.customer_id == goes.id), execution_options=_LOOSE)
    db.session.execute(delete(Customer).where(Customer.id == goes.id), execution_options=_LOOSE)
    for other in list(db.session):
        if not isinstance(other, Customer):
            db.session.expire(other)
