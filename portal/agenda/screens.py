"""What each view of the agenda hands to its template."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from portal.agenda.addresses import Addresses
from portal.agenda.board import assemble, assemble_week, draw_column, draw_lane
from portal.agenda.days import month_of, week_of
from portal.agenda.facts import DayFacts, Person, Room, Visit
from portal.agenda.frame import Frame, read, written
from portal.agenda.look import ROOM
from portal.agenda.months.queries import load_month
from portal.agenda.page import AgendaPage
from portal.agenda.queries import Only, load_day, load_days, load_lane
from portal.errors import NotFound
from portal.models import StaffMember, Venue


@dataclass(frozen=True, slots=True)
class Live:
    """What the parts of a grid ask for themselves with: its frame, and the dates under which news of it is told."""

    frame: str
    days: tuple[date, ...]

    @classmethod
    def of(cls, facts: DayFacts, frame: Frame) -> Live:
        """What runs past midnight is told under tomorrow's date."""
        tomorrow = (facts.day + timedelta(days=1),) if frame.span.end > facts.span.end else ()
        return cls(written(frame, facts.span), (facts.day, *tomorrow))


def day_screen(venue: Venue, at: Addresses, *, reader: StaffMember) -> dict[str, Any]:
    """The grid of a day."""
    facts = load_day(venue, at.day, cancelled=at.look.cancelled, reader=reader)
    board = assemble(facts, by=at.look.by, everyone=at.look.everyone)
    return _screen(venue, at, facts.visits, board=board, live=Live.of(facts, board.frame))


def column_part(venue: Venue, at: Addresses, key: UUID, *, frame: str, reader: StaffMember) -> dict[str, Any] | None:
    """One column in the frame that is on the screen; None when the whole grid has to be drawn again."""
    only = Only(at.look.by, key)
    facts = load_day(venue, at.day, cancelled=at.look.cancelled, only=only, reader=reader)
    shown = read(frame, facts.span, facts.zone)
    column = shown and draw_column(facts, shown, by=at.look.by, uuid=key)
    if not shown or not column:
        return None
    return _part(venue, at, facts, shown, column=column)


def lane_part(venue: Venue, at: Addresses, *, frame: str, columns: str) -> dict[str, Any] | None:
    """The lane in the frame that is on the screen; None when that or the columns beside it are no longer right."""
    facts = load_lane(venue, at.day, by=at.look.by, cancelled=at.look.cancelled)
    shown = read(frame, facts.span, facts.zone)
    lane = shown and draw_lane(facts, shown, by=at.look.by, everyone=at.look.everyone)
    if not shown or not lane or str(lane.columns) != columns:
        return None
    return _part(venue, at, facts, shown, lane=lane)


def week_screen(venue: Venue, at: Addresses, *, reader: StaffMember) -> dict[str, Any]:
    """Seven days of one therapist or room: the one asked for, else the first. Raises NotFound."""
    days = week_of(at.day)
    only = Only(at.look.by, at.of, alone=False) if at.of else None
    week = load_days(venue, days, cancelled=at.look.cancelled, only=only, reader=reader)
    people, rooms = week[0].people, week[0].rooms
    at.of = _whose(at, people, rooms)
    drawn = assemble_week(week, by=at.look.by, uuid=at.of) if at.of else None
    visits = [card.visit for column in drawn.columns for card in column.cards] if drawn else []
    told = (*days[:-1], *Live.of(week[-1], drawn.frames[-1]).days) if drawn else ()
    return _screen(venue, at, visits, week=drawn, people=people, rooms=rooms, days=days, told=told)


def list_screen(venue: Venue, at: Addresses) -> dict[str, Any]:
    """All bookings of a day by time, but for those that the filters leave out."""
    facts = load_day(venue, at.day, cancelled=at.look.cancelled)
    board = assemble(facts, by=at.look.by)
    screen = _screen(venue, at, facts.visits, board=board, live=Live.of(facts, board.frame))
    shown = [line for line in board.lines if at.look.shows(line.visit, screen["page"].now)]
    return {**screen, "lines": shown}


def month_screen(venue: Venue, at: Addresses) -> dict[str, Any]:
    """How full each day of the month is."""
    first, last = month_of(at.day)
    return _screen(venue, at, (), month=load_month(venue, first, last), days=(first, last))


def sheet_screen(venue: Venue, at: Addresses) -> dict[str, Any]:
    """The day for paper: every visit from the first to the last."""
    board = assemble(load_day(venue, at.day, printed=True), by=at.look.by)
    return {"board": board, "page": AgendaPage(venue, at.day, at)}


def _part(venue: Venue, at: Addresses, facts: DayFacts, frame: Frame, **drawn: Any) -> dict[str, Any]:
    return {"page": AgendaPage(venue, at.day, at), "live": Live.of(facts, frame), "steps": frame.steps, **drawn}


def _screen(venue: Venue, at: Addresses, visits: Iterable[Visit], **drawn: Any) -> dict[str, Any]:
    page = AgendaPage(venue, at.day, at)
    visits = list(visits)
    hidden = sum(not at.look.shows(visit, page.now) for visit in visits) if at.look.is_filtered else 0
    families = {visit.category.lower() for visit in visits if visit.category} | {at.look.family or ""}
    return {"page": page, "count": len(visits), "hidden": hidden, "families": sorted(families - {""}), **drawn}


def _whose(at: Addresses, people: Sequence[Person], rooms: Sequence[Room]) -> UUID | None:
    among = [one.uuid for one in (rooms if at.look.by == ROOM else people)]
    if at.of and at.of not in among:
        raise NotFound()
    return at.of or next(iter(among), None)
