"""Taking a merge back: each row that moved goes home; what came later stays with who stayed."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import portal.audit as audit
from portal.audit import Actor
from portal.clock import now
from portal.database import atomic, db, insert_into
from portal.duplicates.errors import MergedOn, TooLate, UndoneAlready
from portal.duplicates.merging.memento import CUSTOMER, Row, pointers, recalled
from portal.duplicates.merging.queries import (
    PAIRS,
    is_number_taken,
    put_back_health,
    put_back_seats,
    repoint,
)
from portal.duplicates.merging.service import redirect
from portal.duplicates.queries import lock_merge, lock_pair
from portal.models import Customer, CustomerApart, CustomerLink, GuestMerge, Organisation
from portal.models.customer import make_findable
from portal.webhooks import outbox

KEPT_FOR = timedelta(days=30)
_PAIR_MODELS = {table.name: model for table, model in zip(PAIRS, (CustomerLink, CustomerApart), strict=True)}


@atomic
def undo_merge(organisation: Organisation, *, merge: UUID, by: Actor) -> Customer:
    """The guest who was lost is there again, with her public identifier and all that came from her.

    Bookings and notes made since stay with who stayed, and so does what was edited since. A number that somebody else
    has by now is left out. Raises NotFound, UndoneAlready, TooLate after 30 days, MergedOn when who stayed was merged
    into somebody else since.
    """
    found, at = lock_merge(organisation, merge), now()
    if found.is_undone:
        raise UndoneAlready()
    if not can_be_undone(found, at=at):
        raise TooLate()
    name, kept = UUID(found.kept["survivor"]), found.kept
    stays = lock_pair(organisation, name, name).get(name)
    if stays is None or stays.id != found.customer_id:
        raise MergedOn()
    _give_back(stays, kept["before"], kept["after"])
    found.undo(at)
    db.session.flush()
    lost = _bring_back(organisation, kept["lost"])
    for table, column in pointers():
        ids = kept["moved"].get(f"{table.name}.{column.name}", [])
        repoint(organisation, column, ids, of=stays.id, to=lost.id)
    for table in PAIRS:
        _insert(table, _PAIR_MODELS[table.name], kept["aside"].get(table.name, []))
    put_back_seats(organisation, kept["seats"], lost)
    put_back_health(organisation, kept["health"], version=kept["health_version"], stays=stays, lost=lost)
    redirect(organisation, of=name, to=lost.uuid, only=kept["messages"])
    db.session.flush()
    audit.record(by, "customer:unmerged", stays, lost=str(lost.uuid))
    outbox.publish("customer.updated", stays)
    outbox.publish("customer.created", lost)
    return lost


def can_be_undone(merge: GuestMerge, *, at: datetime) -> bool:
    """Whether what an undo needs is still kept, and may still be used."""
    return bool(merge.kept) and not merge.is_undone and merge.at > at - KEPT_FOR


def _give_back(stays: Customer, before: Row, after: Row) -> None:
    """What the merge has changed of her row, unless somebody has changed it since."""
    was, became = recalled(CUSTOMER, before), recalled(CUSTOMER, after)
    for name, value in was.items():
        if getattr(stays, name) == became[name]:
            setattr(stays, name, value)


def _bring_back(organisation: Organisation, row: Row) -> Customer:
    values = recalled(CUSTOMER, row)
    if values["phone"] and is_number_taken(organisation, values["phone"]):
        values["phone"] = None
    db.session.execute(CUSTOMER.insert().values({**values, "version": values["version"] + 1}))
    lost = db.session.get_one(Customer, values["id"])
    make_findable(db.session.connection(), lost)
    return lost


def _insert(table: Any, model: Any, rows: list[Row]) -> None:
    for row in rows:
        db.session.execute(insert_into(model).on_conflict_do_nothing(), recalled(table, row))
