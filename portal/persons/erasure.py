"""Erasing a person: what is hers goes, what the accounts need stays without her. Nothing brings her back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask_babel import LazyString
from sqlalchemy import bindparam, delete, select, update

import portal.audit as audit
from portal.audit import Actor
from portal.clock import now
from portal.database import atomic, db
from portal.folding import fold
from portal.models import Booking, Customer, GuestImport, GuestImportLine, Organisation, Payment
from portal.models.guest_import import CANCELLED
from portal.persons.errors import ChangedMeanwhile, NotConfirmed, StillExpected
from portal.persons.holding import Fate, Holding
from portal.persons.map import MAP
from portal.persons.person import Person
from portal.persons.queries import (
    count_rows,
    has_tickets_to_come,
    lock_guest,
    person_of,
    rows_of,
    upcoming_of,
    waiting_imports,
)

_LOOSE = {"synchronize_session": False}


@dataclass(frozen=True, slots=True)
class Share:
    """How many rows of a kind there are, and why they stay; without a reason they go."""

    what: LazyString
    count: int
    why: LazyString | str = ""


@dataclass(frozen=True, slots=True)
class Preview:
    """What an erasure would do: what goes, what stays without her, and what is in its way."""

    goes: list[Share]
    stays: list[Share]
    expected: list[Booking]
    has_tickets: bool
    word: str

    @property
    def is_possible(self) -> bool:
        return not self.expected and not self.has_tickets


@dataclass(slots=True)
class _Trail:
    """The organisation as the subject of a line that names nobody."""

    uuid: UUID
    organisation_id: int


def preview_erasure(organisation: Organisation, customer: Customer) -> Preview:
    """What `erase_person` would do now."""
    her = person_of(organisation, customer)
    shares = [(one, count_rows(her, one)) for one in MAP]
    return Preview(
        goes=[Share(one.what, count) for one, count in shares if count and one.fate == Fate.GOES],
        stays=[Share(one.what, count, one.why) for one, count in shares if count and one.fate == Fate.STAYS],
        expected=upcoming_of(organisation, customer, at=now()),
        has_tickets=has_tickets_to_come(organisation, customer, at=now()),
        word=word_of(customer),
    )


def word_of(customer: Customer) -> str:
    """What must be typed so that nobody is erased by a slip of the hand."""
    return customer.name or customer.phone or customer.email or str(customer.uuid)[:8]


@atomic
def erase_person(organisation: Organisation, *, name: UUID, version: int, typed: str, by: Actor) -> dict[str, int]:
    """Delete the guest and everything that is hers alone; bookings and payments stay without her.

    `typed` is her name as the page shows it. Returns how many bookings and payments stay. Raises NotFound,
    ChangedMeanwhile, NotConfirmed, and StillExpected as long as something of hers is to come: whether the deposit is
    given back and whom the therapist treats instead is decided by cancelling, not by erasing.
    """
    customer = lock_guest(organisation, name)
    if customer.version != version:
        raise ChangedMeanwhile()
    if fold(typed) != fold(word_of(customer)):
        raise NotConfirmed(field="typed")
    expected = upcoming_of(organisation, customer, at=now())
    if expected or has_tickets_to_come(organisation, customer, at=now()):
        raise StillExpected(expected)
    her = person_of(organisation, customer)
    kept = {one.table: count_rows(her, one) for one in MAP if one.model in (Booking, Payment)}
    _cancel_imports(organisation, her)
    db.session.flush()
    db.session.expunge(customer)
    for holding in MAP:
        if holding.fate == Fate.STAYS:
            _mend(her, holding)
            _empty(her, holding)
        else:
            db.session.execute(delete(holding.model).where(holding.rows(her)), execution_options=_LOOSE)
    db.session.expire_all()
    audit.record(by, "customer:erased", _Trail(organisation.uuid, organisation.id), **kept)
    return kept


def _empty(her: Person, holding: Holding) -> None:
    values = {name: value(her) if callable(value) else value for name, value in holding.emptied.items()}
    if values:
        db.session.execute(update(holding.model).where(holding.rows(her)).values(values), execution_options=_LOOSE)


def _mend(her: Person, holding: Holding) -> None:
    if not holding.mended:
        return
    table: Any = holding.model.__table__
    changed: list[dict[str, Any]] = []
    for row in rows_of(her, holding):
        news = {name: mend(her, row) for name, mend in holding.mended.items()}
        if any(row[name] != value for name, value in news.items()):
            changed.append({f"new_{name}": value for name, value in news.items()} | {"row": row["id"]})
    if changed:
        values = {name: bindparam(f"new_{name}", type_=table.c[name].type) for name in holding.mended}
        statement = update(table).where(table.c.id == bindparam("row")).values(values)
        db.session.connection().execute(statement, changed)


def _cancel_imports(organisation: Organisation, her: Person) -> None:
    """A file that waits and holds her would bring her back."""
    for waiting in waiting_imports(organisation):
        content = db.session.scalar(select(GuestImport.content).where(GuestImport.id == waiting.id)) or b""
        if her.mentions(content.decode(waiting.encoding, "replace")):
            waiting.end(CANCELLED, at=now())
            db.session.execute(delete(GuestImportLine).where(GuestImportLine.import_id == waiting.id))
