"""All that the house holds of one person, for herself: as JSON for machines and as a page to read."""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import portal.audit as audit
from portal.audit import Actor
from portal.care.errors import CannotBeRead, NotYours
from portal.care.queries import find_note
from portal.care.service import read_notes
from portal.clock import now
from portal.database import atomic
from portal.models import Customer, Organisation
from portal.persons.holding import Holding
from portal.persons.map import MAP
from portal.persons.person import Person
from portal.persons.queries import is_named, links_of, names_in, person_of, rows_of

HEALTH, LINKS = "health_notes", "linked_people"
WITHHELD, SEALED = "withheld", "cannot be opened"


@dataclass(frozen=True, slots=True)
class Export:
    """`parts` are lists of rows by name, values as Python holds them."""

    organisation: str
    at: datetime
    parts: dict[str, list[dict[str, Any]]]

    def as_json(self) -> str:
        """Instants in UTC, money in minor units, as in the portal's own tables."""
        told = {"organisation": self.organisation, "exported_at": self.at, **self.parts}
        return json.dumps(told, default=_plain, ensure_ascii=False, indent=2)


@atomic
def export_person(organisation: Organisation, *, customer: Customer, by: Actor) -> Export:
    """Everything about the guest that the person map tells her; it is noted that it was handed out.

    Health notes are in it when `by` may read them, which is noted like any other look.
    """
    her = person_of(organisation, customer)
    parts = {one.told: _rows(her, one) for one in MAP if one.told}
    parts[LINKS] = links_of(organisation, customer)
    parts[HEALTH] = _health(organisation, customer, by)
    audit.record(by, "customer:exported", customer)
    return Export(organisation.name, now(), {name: rows for name, rows in parts.items() if rows})


def zipped(export: Export, page: str, *, name: str) -> bytes:
    """Both files in one."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as box:
        box.writestr(f"{name}.json", export.as_json())
        box.writestr(f"{name}.html", page)
    return packed.getvalue()


def _rows(her: Person, holding: Holding) -> list[dict[str, Any]]:
    """Her rows; what points at another table says what stands there, a public identifier is called `id`."""
    untold = set(holding.untold.split())
    rows = rows_of(her, holding)
    pointing = {
        column.name: next(iter(column.foreign_keys)).column.table.name
        for column in holding.model.__table__.columns
        if column.foreign_keys and column.name not in untold
    }
    names = {
        column: names_in(table, [row[column] for row in rows if row[column]])
        for column, table in pointing.items()
        if rows and is_named(table)
    }
    return [
        {
            _called(column): names[column].get(value) if column in names else value
            for column, value in row.items()
            if column not in untold
        }
        for row in rows
    ]


def _called(column: str) -> str:
    return "id" if column == "uuid" else column.removesuffix("_id")


def _health(organisation: Organisation, customer: Customer, by: Actor) -> list[dict[str, Any]]:
    if find_note(organisation, customer) is None:
        return []
    try:
        notes, _version = read_notes(organisation, customer=customer, by=by)
    except NotYours:
        return [{"notes": WITHHELD}]
    except CannotBeRead:
        return [{"notes": SEALED}]
    return [asdict(notes)]


def _plain(value: Any) -> Any:
    match value:
        case datetime():
            return value.strftime("%Y-%m-%dT%H:%M:%SZ")
        case date():
            return value.isoformat()
        case UUID():
            return str(value)
    raise TypeError(f"an export cannot tell a {type(value).__name__}")
