"""How a member looks at the agenda: as the address asks, else as she has saved it, else the usual way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, TypeVar

from portal.agenda.facts import Visit
from portal.models.booking_states import STATUSES

T = TypeVar("T", str, None)

THERAPIST, ROOM = "therapist", "room"
AXES = (THERAPIST, ROOM)
ZOOMS = (5, 15, 30)
COLOURS = ("family", "state")
STATES = ("arrived", *STATUSES)
ONLY = ("waiting", "late", "unpaid", "wish")
_LONGEST = 40  # a treatment's category


@dataclass(frozen=True, slots=True)
class Look:
    """What can be saved, and the filters: those stand in the address alone, so that no booking is missed tomorrow.

    `zoom` is the minutes between two lines; `everyone` shows also who is not on shift; `colour` says what fills a card.
    """

    by: str = THERAPIST
    zoom: int = 15
    colour: str = "family"
    everyone: bool = False
    cancelled: bool = False
    state: str | None = None
    family: str | None = None
    only: str | None = None

    @property
    def is_filtered(self) -> bool:
        return bool(self.state or self.family or self.only)

    def shows(self, visit: Visit, now: int) -> bool:
        """Whether a visit passes the filters at this moment (epoch seconds)."""
        return (
            (not self.state or visit.state == self.state)
            and (not self.family or (visit.category or "").lower() == self.family)
            and (not self.only or _is(visit, self.only, now))
        )

    def query(self, saved: Look) -> dict[str, Any]:
        """The parameters that ask for this look from a member who has saved the other; `by` always."""
        mine = {name: getattr(self, name) for name in (*SAVED, *FILTERS)}
        return {name: _written(mine[name]) for name in mine if name == "by" or mine[name] != getattr(saved, name)}


SAVED = ("by", "zoom", "colour", "everyone", "cancelled")
FILTERS = tuple(field.name for field in fields(Look) if field.name not in SAVED)


def saved_look(preferences: Mapping[str, Any]) -> Look:
    """The look that a member has saved among her preferences."""
    kept = preferences.get("agenda")
    kept = {name: str(kept[name]) for name in SAVED if name in kept} if isinstance(kept, dict) else {}
    return asked_look(kept, Look())


def asked_look(asked: Mapping[str, str], saved: Look) -> Look:
    """The look that these parameters ask for; what they do not name, or name wrongly, is as saved."""
    zoom = asked.get("zoom", "")
    return Look(
        by=_one_of(AXES, asked.get("by"), saved.by),
        zoom=int(zoom) if zoom in {str(minutes) for minutes in ZOOMS} else saved.zoom,
        colour=_one_of(COLOURS, asked.get("colour"), saved.colour),
        everyone=_switch(asked.get("everyone"), saved.everyone),
        cancelled=_switch(asked.get("cancelled"), saved.cancelled),
        state=_one_of(STATES, asked.get("state"), None),
        family=_category(asked.get("family")),
        only=_one_of(ONLY, asked.get("only"), None),
    )


def _is(visit: Visit, only: str, now: int) -> bool:
    return {
        "waiting": visit.is_waiting, "late": visit.is_late(now), "unpaid": visit.unpaid, "wish": visit.wish,
    }[only]  # fmt: skip


def _one_of(known: tuple[str, ...], asked: str | None, otherwise: T) -> str | T:
    return asked if asked in known else otherwise


def _switch(asked: str | None, otherwise: bool) -> bool:
    return {"1": True, "True": True, "0": False, "False": False}.get(asked or "", otherwise)


def _category(asked: str | None) -> str | None:
    return asked.lower() if asked and len(asked) <= _LONGEST and asked.isprintable() else None


def _written(value: Any) -> Any:
    return int(value) if isinstance(value, bool) else value
