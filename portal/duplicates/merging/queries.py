"""Rows that point at a guest, wherever they stand: what moves with her, and what cannot."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import Column, ColumnElement, Table, and_, exists, func, or_, select, update
from sqlalchemy.orm import aliased

from portal.care.queries import find_note
from portal.database import db, insert_into
from portal.duplicates.merging.memento import Row, pointers, recalled, remembered
from portal.models import (
    Customer,
    CustomerApart,
    CustomerConsent,
    CustomerLink,
    GuestMessage,
    HealthNote,
    Organisation,
    Participant,
)
from portal.persons.mending import holds

# One of each a pair: after a merge two may be the same, or point from somebody to herself.
PAIRS: tuple[Any, ...] = (CustomerLink.__table__, CustomerApart.__table__)
_CHUNK = 500


def count_pointing(organisation: Organisation, customer: Customer) -> dict[str, int]:
    """By table, how many rows point at a guest."""
    found: dict[str, int] = {}
    for table, column in pointers():
        number = (
            db.session.scalar(
                select(func.count()).select_from(table).where(column == customer.id, _of(organisation, table))
            )
            or 0
        )
        found[table.name] = found.get(table.name, 0) + number
    return found


def move(organisation: Organisation, column: Column[Any], *, of: int, to: int) -> list[int]:
    """Let all rows that point at one guest point at another; returns their keys."""
    key = column.table.c.id
    ids = list(db.session.scalars(select(key).where(column == of, _of(organisation, column.table))))
    repoint(organisation, column, ids, of=of, to=to)
    return ids


def repoint(organisation: Organisation, column: Column[Any], ids: Iterable[int], *, of: int, to: int) -> None:
    """Let those of the rows that still point at one guest point at another."""
    rows, table = sorted(ids), column.table
    for start in range(0, len(rows), _CHUNK):
        chunk = rows[start : start + _CHUNK]
        mine = table.c.id.in_(chunk), column == of, _of(organisation, table)
        db.session.execute(update(table).where(*mine).values({column.name: to}))


def clashing_pairs(organisation: Organisation, table: Table, *, lose: int, keep: int) -> list[Row]:
    """Rows of a table of pairs that would point from somebody to herself, or be there twice."""
    mine, other = table.c.customer_id, table.c.other_id
    twin = table.alias()
    either = or_(
        and_(mine == lose, twin.c.customer_id == keep, twin.c.other_id == other),
        and_(other == lose, twin.c.other_id == keep, twin.c.customer_id == mine),
    )
    query = select(table).where(
        table.c.organisation_id == organisation.id,
        or_(mine == lose, other == lose),
        or_(mine == keep, other == keep, exists().where(either)),
    )
    return [remembered(dict(row)) for row in db.session.execute(query).mappings()]


def shared_seats(organisation: Organisation, *, lose: int, keep: int) -> list[Participant]:
    """Places of one guest in bookings in which the other has one too."""
    twin = aliased(Participant)
    both = exists().where(twin.booking_id == Participant.booking_id, twin.customer_id == keep)
    query = select(Participant).where(
        Participant.organisation_id == organisation.id, Participant.customer_id == lose, both
    )
    return list(db.session.scalars(query))


def last_consents(organisation: Organisation, customer: int) -> dict[str, bool]:
    """By channel, what the ledger said last."""
    query = (
        select(CustomerConsent.channel, CustomerConsent.given)
        .where(CustomerConsent.organisation_id == organisation.id, CustomerConsent.customer_id == customer)
        .order_by(CustomerConsent.at, CustomerConsent.id)
    )
    return {row[0]: row[1] for row in db.session.execute(query)}


def messages_to(organisation: Organisation, name: UUID) -> list[GuestMessage]:
    """Messages that say whom they are for, held until the transaction ends."""
    query = select(GuestMessage).where(
        GuestMessage.organisation_id == organisation.id, holds(GuestMessage.details, str(name))
    )
    return list(db.session.scalars(query.with_for_update(of=GuestMessage)))


def is_number_taken(organisation: Organisation, phone: str) -> bool:
    """Whether a guest has this number."""
    query = select(Customer.id).where(Customer.organisation_id == organisation.id, Customer.phone == phone)
    return db.session.scalar(query.limit(1)) is not None


def put_back_seats(organisation: Organisation, seats: list[list[Any]], lost: Customer) -> None:
    """Places that had to go without her name have it again, unless somebody has given them another since."""
    for key, name in seats:
        mine = Participant.id == key, Participant.organisation_id == organisation.id, Participant.customer_id.is_(None)
        seat = db.session.scalar(select(Participant).where(*mine))
        if seat is not None:
            seat.customer_id, seat.name = lost.id, name


def put_back_health(
    organisation: Organisation, rows: list[Row], *, version: int | None, stays: Customer, lost: Customer
) -> None:
    """Both notes as they were; what was written since about who stayed is not overwritten."""
    table: Any = HealthNote.__table__
    now_kept = find_note(organisation, stays, lock=True)
    for row in rows:
        values = recalled(table, row)
        if values["customer_id"] == lost.id:
            db.session.execute(insert_into(HealthNote).on_conflict_do_nothing(), values)
        elif now_kept is not None and now_kept.version == version:
            now_kept.key_id, now_kept.sealed = values["key_id"], values["sealed"]
    had_none = rows and all(row["customer_id"] == lost.id for row in rows)
    if had_none and now_kept is not None and now_kept.version == version:
        db.session.delete(now_kept)


def _of(organisation: Organisation, table: Table) -> ColumnElement[bool]:
    return table.c.organisation_id == organisation.id
