"""Taking over what was changed of a row, and saying so: from → to in the trail, and to every open page."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, time
from decimal import Decimal
from typing import Any, Protocol, cast

from sqlalchemy.orm.attributes import flag_modified

import portal.audit as audit
from portal.audit import Actor, Subject
from portal.live.service import VENUE, announce
from portal.models import Venue
from portal.settings.errors import Stale


class Versioned(Protocol):
    """A row that several people may edit."""

    uuid: Any
    version: Any


def check_version(row: Versioned, version: int | None) -> None:
    """Raises Stale when the form was drawn from an older state."""
    if version is not None and row.version != version:
        raise Stale()


def differences(row: object, values: Mapping[str, Any]) -> dict[str, Any]:
    """Those of the values that are new."""
    return {name: value for name, value in values.items() if getattr(row, name) != value}


def take_over(
    venue: Venue,
    row: Versioned,
    values: Mapping[str, Any],
    *,
    verb: str,
    by: Actor,
    subject: Subject | None = None,
    beside: Mapping[str, tuple[Any, Any]] | None = None,
) -> bool:
    """Give the row the values, write from → to into the trail and tell open pages; False when nothing is new.

    `beside` are changes that stand in other rows, as pairs (from, to): the row is a newer one with them too.
    The line is about the row, or about `subject` to which it belongs.
    """
    news = differences(row, values)
    told = {name: [plain(getattr(row, name)), plain(value)] for name, value in news.items()}
    told |= {name: [plain(was), plain(now)] for name, (was, now) in (beside or {}).items() if was != now}
    if not told:
        return False
    for name, value in news.items():
        setattr(row, name, value)
    if not news:
        # Its own version is the one column that cannot be flagged.
        flag_modified(row, "name" if hasattr(row, "name") else "label")
    audit.record(by, verb, subject or cast("Subject", row), changes=told)
    announce(venue, VENUE)
    return True


def plain(value: Any) -> Any:
    """The value as JSON can keep it."""
    if isinstance(value, Decimal | date | time):
        return str(value)
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(one) for one in value]
    return value if value is None or isinstance(value, str | int | float | bool | dict) else str(value)
