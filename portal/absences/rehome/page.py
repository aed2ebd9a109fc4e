"""The plan line by line, with all that the desk may choose instead."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from portal.absences import words
from portal.absences.rehome.errors import Overturned
from portal.absences.rehome.facts import Absent, Visit
from portal.absences.rehome.form import LEAVE, RehomeForm, give, move
from portal.absences.rehome.options import GENDER, REQUESTED
from portal.absences.rehome.plan import Line, plan
from portal.absences.rehome.puzzle import Choice
from portal.absences.rehome.queries import visits_hit
from portal.absences.rehome.service import Action
from portal.bookings.errors import SlotUnavailable
from portal.bookings.moves.desk import wants_to_tell
from portal.bookings.refusals import sentence
from portal.bookings.slots.intervals import epoch, instant
from portal.clock import now
from portal.i18n import clock_time, day_and_time, name_of
from portal.models import Room, StaffMember, TimeOff, Venue
from portal.team.queries import rooms_of, therapists_of
from portal.tenancy import current_member


@dataclass(frozen=True, slots=True)
class Option:
    value: str
    label: str


@dataclass(frozen=True, slots=True)
class Row:
    """One visit: `chosen` is what is selected, `warning` why nothing is, `state` how it would end."""

    item: UUID
    booking: UUID
    version: int
    when: str
    until: str
    guest: str
    number: int
    treatment: str
    rooms: str
    status: str
    wish: str
    warning: str
    options: list[Option]
    chosen: str
    state: str


def preview(
    venue: Venue,
    off: Absent,
    *,
    form: RehomeForm | None = None,
    kept: Mapping[str, str] | None = None,
    wrong: str = "",
    only: Collection[UUID] | None = None,
) -> dict[str, Any]:
    """The context of `absences/desk/rehome.html`; `kept` are choices that were sent, `wrong` why they were not done.

    `only` are the treatments that lose her, where she still works some of that time.
    """
    at = now()
    is_open = off.ends_at > at and (not isinstance(off, TimeOff) or off.is_waiting or off.is_approved)
    visits = visits_hit(venue, off.member, off.starts_at, off.ends_at, at=at) if is_open else []
    visits = [one for one in visits if only is None or one.item in only]
    away = [(off.member.resource_id or 0, off.starts_at, off.ends_at)]
    lines = plan(venue, visits, away, now=at)
    names = _Names(venue)
    rows = [_row(venue, line, names, (kept or {}).get(f"choice-{line.visit.item}")) for line in lines]
    return {
        "venue": venue,
        "off": off,
        "here": url_for("rehome.carry_out", venue=venue.slug, absence=off.uuid),
        "back": url_for("away.show", venue=venue.slug, absence=off.uuid),
        "back_to": _("The absence"),
        "rows": rows,
        "sentence": _sentence(lines),
        "form": form or RehomeForm(formdata=None, tell=wants_to_tell(current_member())),
        "wrong": wrong,
        "words": words,
    }


def overturned(venue: Venue, late: Overturned) -> str:
    """Why nothing was done, in a sentence."""
    reason = late.reason
    why = sentence(venue, reason) if isinstance(reason, SlotUnavailable) else str(reason.message)
    return _("Nothing was changed. %(whose)s: %(why)s Here is a fresh proposal.", whose=late.whose, why=why)


class _Names:
    """Who and which room stands behind a key."""

    def __init__(self, venue: Venue) -> None:
        self.people: dict[int, StaffMember] = {
            one.resource_id: one for one in therapists_of(venue) if one.resource_id is not None
        }
        self.rooms: dict[int, Room] = {room.id: room for room in rooms_of(venue)}


def _row(venue: Venue, line: Line, names: _Names, kept: str | None) -> Row:
    visit, options = line.visit, list(_options(venue, line, names))
    known = {option.value for option in options}
    proposed = options[0].value if line.is_kept else LEAVE
    return Row(
        item=visit.item,
        booking=visit.booking,
        version=visit.version,
        when=day_and_time(visit.starts_at, venue.timezone),
        until=clock_time(visit.ends_at, venue.timezone),
        guest=visit.guest,
        number=visit.number,
        treatment=name_of(visit, at=venue),
        rooms=", ".join(name_of(names.rooms[key]) for key in sorted(visit.rooms) if key in names.rooms),
        status=visit.status,
        wish=_wish(visit, names),
        warning=_warning(line),
        options=options,
        chosen=kept if kept in known else proposed,
        state="moved" if line.is_moved else "kept" if line.is_kept else "left",
    )


def _options(venue: Venue, line: Line, names: _Names) -> Iterator[Option]:
    """What is proposed comes first."""
    if line.proposal is not None and line.proposal.person in names.people:
        yield _option(venue, line.visit, line.proposal, names)
    for one in line.others:
        if one != line.proposal and one.person in names.people:
            yield _option(venue, line.visit, one, names)
    yield Option(Action.ASK.value, _("Ask everybody who can"))
    yield Option(Action.CANCEL.value, _("Cancel the visit"))
    yield Option(LEAVE, _("Leave it as it is"))


def _option(venue: Venue, visit: Visit, choice: Choice, names: _Names) -> Option:
    member, start = names.people[choice.person], instant(choice.start)
    if choice.start == epoch(visit.starts_at):
        lost = {REQUESTED: _("wish lost"), GENDER: _("wish lost")}.get(choice.breaks)
        told = _("%(name)s, same time, same room", name=member.name)
        return Option(give(member.uuid), f"{told} – {lost}" if lost else told)
    clock = clock_time(start, venue.timezone)
    rooms = {hold.room_id for hold in choice.rooms}
    if rooms == visit.rooms:
        told = _("%(name)s at %(time)s, same room", name=member.name, time=clock)
    else:
        there = ", ".join(name_of(names.rooms[key]) for key in sorted(rooms) if key in names.rooms)
        told = _("%(name)s at %(time)s, %(room)s", name=member.name, time=clock, room=there)
    return Option(move(member.uuid, start), told)


def _wish(visit: Visit, names: _Names) -> str:
    if visit.requested is not None:
        known = names.people.get(visit.requested)
        return _("asked for %(name)s", name=known.first_name) if known else _("asked for a therapist by name")
    return {"female": _("would rather have a woman"), "male": _("would rather have a man")}.get(
        visit.need.gender or "", ""
    )


def _warning(line: Line) -> str:
    if line.proposal is None:
        return _("Nobody is free at or near this time.")
    if line.proposal.breaks == REQUESTED:
        return _("The guest asked for this therapist: please ask the guest before you choose somebody else.")
    if line.proposal.breaks == GENDER:
        return _("Nobody is free whom the guest would rather have: please ask the guest first.")
    return ""


def _sentence(lines: list[Line]) -> str:
    """How many guests keep their time, how many move, how many are left."""
    if not lines:
        return _("No visit is affected.")
    moved = sum(line.is_kept and line.is_moved for line in lines)
    kept = sum(line.is_kept for line in lines) - moved
    told = [ngettext("%(num)d visit keeps its time.", "%(num)d visits keep their time.", kept)] if kept else []
    told += [ngettext("%(num)d visit moves.", "%(num)d visits move.", moved)] if moved else []
    left = len(lines) - kept - moved
    told += [ngettext("%(num)d needs a decision.", "%(num)d need a decision.", left)] if left else []
    return " ".join(told)
