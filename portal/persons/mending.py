"""What an erasure leaves of texts and documents that hold more than one thing."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, Select, String, case, cast, null, select

if TYPE_CHECKING:
    from portal.persons.person import Person

# What a line of a booking's history may go on telling: sums, and names of the team.
_TELLING = ("amount", "currency", "kind", "voided", "therapist", "giver", "names", "price_minor")
_OF_A_SERIES = ("customer", "notes", "room_number", "requested", "gender_preference")


def holds(document: Any, text: str) -> ColumnElement[bool]:
    """Whether a JSON column holds the text somewhere, as it is written in JSON."""
    written = json.dumps(text)[1:-1]
    return cast(document, String).contains(written, autoescape=True)


def ids_where(model: Any, condition: ColumnElement[bool]) -> Select[Any]:
    return select(model.id).where(condition)


def uuids_where(model: Any, condition: ColumnElement[bool]) -> Select[Any]:
    return select(model.uuid).where(condition)


def subject_without_her(column: Any) -> Callable[[Person], ColumnElement[Any]]:
    """The subject, unless it is she herself."""
    return lambda her: case((column.in_(her.names), null()), else_=column)


def code_or_nothing(column: Any, code: str) -> ColumnElement[Any]:
    """A column that holds either a code of ours or somebody's words: only the code stays."""
    return case((column == code, code), else_=null())


def without_mentions(her: Person, row: dict[str, Any]) -> Any:
    """A draft, unless she stands in it."""
    draft = row["draft"]
    is_hers = her.scrubbed(draft) != draft
    return {} if is_hers else draft


def known_details(_her: Person, row: dict[str, Any]) -> Any:
    return {name: value for name, value in row["details"].items() if name in _TELLING}


def details_without(her: Person, row: dict[str, Any]) -> Any:
    return her.scrubbed(row["details"])


def template_without(_her: Person, row: dict[str, Any]) -> Any:
    return {name: None if name in _OF_A_SERIES else value for name, value in row["template"].items()}


def states_without(her: Person, row: dict[str, Any]) -> Any:
    """The states that a step remembered, without those of her bookings and without her in the others."""
    return [her.scrubbed(state) for state in row["before"] if state.get("uuid") not in her.bookings_named]
