"""Exchanges as the people whom they concern read them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from flask_babel import gettext as _

from portal.absences import words
from portal.absences.swaps.facts import Facts, Visit, Work
from portal.absences.swaps.guard import exchange_obstacles, takers
from portal.absences.swaps.queries import load_facts, shifts_ahead, swaps_for
from portal.clock import now
from portal.i18n import clock_time, name_of
from portal.models import Shift, ShiftSwap, StaffMember, Venue
from portal.models.absence import ACCEPTED, ASKED

# How far ahead a colleague's shift may lie that one asks for.
AHEAD = timedelta(days=21)


@dataclass(frozen=True, slots=True)
class Moving:
    """A visit that changes hands with its shift; `guest` is for those who may know."""

    when: str
    treatment: str
    guest: str


@dataclass(frozen=True, slots=True)
class Card:
    """One exchange: `state` as in the model, `told` where it stands, `obstacles` what is in its way now."""

    id: UUID
    state: str
    told: str
    who: str
    colleague: str
    shift: str
    other: str
    note: str
    answer: str
    visits: list[Moving]
    back: list[Moving]
    obstacles: list[str]
    is_mine: bool = False
    can_answer: bool = False
    can_decline: bool = False
    can_cancel: bool = False


@dataclass(frozen=True, slots=True)
class Choice:
    """Somebody to whom the shift can be given, or somebody's shift for which it can be exchanged."""

    value: UUID
    label: str


def cards_for(member: StaffMember, *, at: datetime) -> list[Card]:
    """What concerns her: her own exchanges, those she is asked about, and what is for whoever can, if she can."""
    found = [_card_of(swap, member, at) for swap in swaps_for(member, at=at)]
    return [card for card in found if card.is_mine or not card.can_answer or card.can_decline or not card.obstacles]


def card_at(swap: ShiftSwap, *, at: datetime) -> Card:
    """The exchange as the desk reads it."""
    return _card(swap, _facts_of(swap), at, guests=True)


def asking(venue: Venue, shift: Shift, *, wrong: str = "") -> dict[str, Any]:
    """The context of `absences/swap.html`: what moves with the shift, who could take it, for which others."""
    at = now()
    facts = load_facts(venue, min(at, shift.starts_at), max(shift.ends_at, at + AHEAD))
    mine = facts.shifts.get(shift.id)
    each = takers(facts, mine, zone=venue.timezone) if mine else {}
    able = [facts.people[key] for key, found in each.items() if not found]
    return {
        "venue": venue,
        "shift": shift,
        "when": words.when(shift.starts_at, shift.ends_at, venue.timezone),
        "visits": _moving(facts.visits_in(mine), venue, guests=True) if mine else [],
        "able": [Choice(person.uuid, person.first_name) for person in able],
        "others": list(_others(venue, shift, facts, mine, at)) if mine else [],
        "obstacles": list(dict.fromkeys(one for found in each.values() for one in found)) if not able else [],
        "is_over": shift.starts_at <= at,
        "wrong": wrong,
    }


def _others(venue: Venue, shift: Shift, facts: Facts, mine: Work, at: datetime) -> Iterable[Choice]:
    colleagues = [key for key in facts.people if key != shift.member_id]
    for other in shifts_ahead(venue, colleagues, at, at + AHEAD):
        theirs, person = facts.shifts.get(other.id), facts.people[other.member_id]
        if (other.starts_at, other.ends_at) == (shift.starts_at, shift.ends_at):
            continue  # nobody would gain anything
        if theirs and not exchange_obstacles(facts, mine, person, theirs, zone=venue.timezone):
            when = words.when(other.starts_at, other.ends_at, venue.timezone)
            yield Choice(other.uuid, f"{person.first_name} – {when}")


def _card_of(swap: ShiftSwap, member: StaffMember, at: datetime) -> Card:
    mine, state = swap.member_id == member.id, swap.state_at(at)
    answers = not mine and state == ASKED and swap.colleague_id in {None, member.id}
    return _card(swap, _facts_of(swap), at, guests=mine, taker=member if answers else None, is_mine=mine)


def _card(
    swap: ShiftSwap,
    facts: Facts,
    at: datetime,
    *,
    guests: bool,
    taker: StaffMember | None = None,
    is_mine: bool = False,
) -> Card:
    zone, state = swap.venue.timezone, swap.state_at(at)
    shift, other = facts.shifts.get(swap.shift_id), facts.shifts.get(swap.other_shift_id or 0)
    known = facts.people.get((taker.id if taker else swap.colleague_id) or 0)
    waits = state in {ASKED, ACCEPTED}
    in_the_way = exchange_obstacles(facts, shift, known, other, zone=zone) if waits and shift and known else []
    return Card(
        id=swap.uuid,
        state=state,
        told=_told(swap, state),
        who=swap.member.first_name,
        colleague=swap.colleague.first_name if swap.colleague else "",
        shift=words.when(swap.shift.starts_at, swap.shift.ends_at, zone),
        other=words.when(swap.other_shift.starts_at, swap.other_shift.ends_at, zone) if swap.other_shift else "",
        note=swap.note or "",
        answer=swap.answer or "",
        visits=_moving(facts.visits_in(shift), swap.venue, guests=guests) if waits and shift else [],
        back=_moving(facts.visits_in(other), swap.venue, guests=guests) if waits and other else [],
        obstacles=in_the_way,
        is_mine=is_mine,
        can_answer=taker is not None,
        can_decline=taker is not None and swap.colleague_id is not None,
        can_cancel=is_mine and waits,
    )


def _told(swap: ShiftSwap, state: str) -> str:
    name = swap.colleague.first_name if swap.colleague else ""
    return {
        ASKED: _("Waits for %(name)s", name=name) if name else _("Waits for a colleague"),
        ACCEPTED: _("%(name)s accepts. Waits for a manager", name=name),
        "approved": _("Approved"),
        "declined": _("%(name)s declined", name=name),
        "refused": _("Refused"),
        "cancelled": _("Taken back"),
        "expired": _("Not answered in time"),
    }[state]


def _moving(visits: Iterable[Visit], venue: Venue, *, guests: bool) -> list[Moving]:
    zone = venue.timezone
    return [
        Moving(
            f"{clock_time(visit.starts_at, zone)}–{clock_time(visit.ends_at, zone)}", name_of(visit, at=venue),
            visit.guest if guests else "",
        )
        for visit in visits
    ]  # fmt: skip


def _facts_of(swap: ShiftSwap) -> Facts:
    both = [one for one in (swap.shift, swap.other_shift) if one is not None]
    return load_facts(swap.venue, min(one.starts_at for one in both), max(one.ends_at for one in both))
