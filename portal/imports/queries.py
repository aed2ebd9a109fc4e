"""Reading files of guests and the guests whom their lines mean, always of one organisation."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, delete, or_, select, update
from sqlalchemy.orm import joinedload

from portal.customers.listing.filters import Filters
from portal.customers.listing.queries import matching
from portal.database import db
from portal.errors import known
from portal.models import (
    Customer,
    CustomerConsent,
    CustomerNote,
    GuestImport,
    GuestImportLine,
    GuestMerge,
    Organisation,
    Venue,
)
from portal.models.guest_import import CANCELLED, CHECKED, CHECKING, MAPPING, RUNNING

PAGE = 50
Said = set[tuple[int, str]]


def get_import(venue: Venue, name: UUID) -> GuestImport:
    """A file of guests that came in at the venue. Raises NotFound."""
    query = select(GuestImport).where(GuestImport.venue_id == venue.id, GuestImport.uuid == name)
    return known(db.session.scalar(query.options(joinedload(GuestImport.venue))))


def lock_import(venue: Venue, batch: GuestImport) -> GuestImport:
    """The import as it is now, held until the transaction ends. Raises NotFound."""
    query = select(GuestImport).where(GuestImport.venue_id == venue.id, GuestImport.id == batch.id)
    locked = query.with_for_update(of=GuestImport).execution_options(populate_existing=True)
    return known(db.session.scalar(locked))


def latest_imports(venue: Venue, *, limit: int = 10) -> list[GuestImport]:
    """What came in last."""
    query = select(GuestImport).where(GuestImport.venue_id == venue.id)
    return list(db.session.scalars(query.order_by(GuestImport.created_at.desc(), GuestImport.id.desc()).limit(limit)))


def lines_of_import(venue: Venue, batch: GuestImport, *, action: str, page: int) -> list[GuestImportLine]:
    """A page of the lines that do this, one more than it holds when there are more."""
    query = _lines(venue, batch).where(GuestImportLine.action == action).order_by(GuestImportLine.number)
    return list(db.session.scalars(query.limit(PAGE + 1).offset(PAGE * (page - 1))))


def all_lines(venue: Venue, batch: GuestImport, *, action: str | None = None) -> list[GuestImportLine]:
    """All lines of an import in their order, or those that do one thing."""
    query = _lines(venue, batch).order_by(GuestImportLine.number)
    return list(db.session.scalars(query.where(GuestImportLine.action == action) if action else query))


def content_of(venue: Venue, batch: GuestImport) -> bytes:
    """The file as it came."""
    query = select(GuestImport.content).where(GuestImport.venue_id == venue.id, GuestImport.id == batch.id)
    return db.session.scalar(query) or b""


def forget_lines(venue: Venue, batch: GuestImport) -> None:
    """What was read of the file."""
    db.session.execute(delete(GuestImportLine).where(*_of(venue, batch)))


def find_meant(
    organisation: Organisation, *, phones: set[str], addresses: set[str], names: set[str], lock: bool = False
) -> list[Customer]:
    """Guests with one of these numbers or addresses, and those of one of these names of whom nothing else is known."""
    nothing_else = (Customer.phone.is_(None), Customer.email_key.is_(None))
    ways: list[ColumnElement[bool]] = []
    if phones or addresses:
        ways += [Customer.phone.in_(phones), Customer.email_key.in_(addresses)]
    if names:
        ways.append(Customer.name_key.in_(names) & nothing_else[0] & nothing_else[1])
    if not ways:
        return []
    query = select(Customer).where(Customer.organisation_id == organisation.id, or_(*ways)).order_by(Customer.id)
    return list(db.session.scalars(query.with_for_update(of=Customer, key_share=True) if lock else query))


def named(organisation: Organisation, names: list[UUID]) -> dict[UUID, Customer]:
    """Guests by their public identifiers, in the order of their keys."""
    query = select(Customer).where(Customer.organisation_id == organisation.id, Customer.uuid.in_(names))
    return {one.uuid: one for one in db.session.scalars(query.order_by(Customer.id))}


def find_former(organisation: Organisation, phones: set[str]) -> dict[str, Customer]:
    """By number, guests whose number it was before they were merged."""
    query = select(GuestMerge.phone, Customer).join(Customer, Customer.id == GuestMerge.customer_id)
    rows = db.session.execute(query.where(GuestMerge.organisation_id == organisation.id, GuestMerge.phone.in_(phones)))
    return {row[0]: row[1] for row in rows if row[0]}


def said_before(
    organisation: Organisation, customers: Iterable[int]
) -> tuple[set[tuple[int, str]], set[tuple[int, str]]]:
    """Of guests, which channels their ledger of consents speaks of, and which notes stand there."""
    ids = sorted(customers)
    if not ids:
        return set(), set()
    spoken = select(CustomerConsent.customer_id, CustomerConsent.channel).where(
        CustomerConsent.organisation_id == organisation.id, CustomerConsent.customer_id.in_(ids)
    )
    noted = select(CustomerNote.customer_id, CustomerNote.text).where(
        CustomerNote.organisation_id == organisation.id, CustomerNote.customer_id.in_(ids)
    )
    return _pairs(spoken), _pairs(noted)


def seen_before(venue: Venue, batch: GuestImport) -> Iterator[tuple[int, dict[str, Any]]]:
    """Number and values of the lines that were looked at, for whoever goes on with a file."""
    query = select(GuestImportLine.number, GuestImportLine.cells).where(*_of(venue, batch))
    yield from ((row[0], row[1]) for row in db.session.execute(query.order_by(GuestImportLine.number)))


def guests_after(venue: Venue, filters: Filters, *, at: datetime, after: int, limit: int) -> list[Customer]:
    """A piece of the list of guests, by their keys, also when the request that asked for it is over."""
    here = db.session.get_one(Venue, venue.id)
    query = matching(here, filters, at=at).where(Customer.id > after).order_by(Customer.id).limit(limit)
    return list(db.session.scalars(query))


def take_waiting(*, at: datetime) -> GuestImport | None:
    """The next file that a worker has to go on with, held until the transaction ends; of any house."""
    free = or_(GuestImport.lease_until.is_(None), GuestImport.lease_until <= at)
    query = (
        select(GuestImport)
        .where(GuestImport.status.in_((CHECKING, RUNNING)), free)
        .order_by(GuestImport.id)
        .limit(1)
        .with_for_update(skip_locked=True, of=GuestImport)
        .options(joinedload(GuestImport.venue))
    )
    return db.session.scalar(query.execution_options(populate_existing=True))


def forget_old(*, waiting: datetime, over: datetime) -> int:
    """Files that nobody went on with are cancelled, lines of old ones removed."""
    old = select(GuestImport.id).where(GuestImport.finished_at < over)
    removed = (
        db.session.connection().execute(delete(GuestImportLine).where(GuestImportLine.import_id.in_(old))).rowcount
    )
    stale = select(GuestImport.id).where(GuestImport.status.in_((MAPPING, CHECKED)), GuestImport.created_at < waiting)
    ids = list(db.session.scalars(stale))
    if ids:
        db.session.execute(delete(GuestImportLine).where(GuestImportLine.import_id.in_(ids)))
        ended: dict[str, Any] = {"status": CANCELLED, "content": None, "sample": [], "finished_at": waiting}
        db.session.execute(update(GuestImport).where(GuestImport.id.in_(ids)).values(ended))
    return removed + len(ids)


def _lines(venue: Venue, batch: GuestImport) -> Select[GuestImportLine]:
    return select(GuestImportLine).where(*_of(venue, batch))


def _of(venue: Venue, batch: GuestImport) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return GuestImportLine.organisation_id == venue.organisation_id, GuestImportLine.import_id == batch.id


def _pairs(query: Any) -> Said:
    return {(row[0], row[1]) for row in db.session.execute(query)}
