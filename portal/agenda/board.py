"""From facts to what is drawn: a day, one column of it, its lane, a week. Pure assembly, nothing is read here."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from uuid import UUID
from zlib import crc32

from portal.agenda.facts import DayFacts, Person, Room
from portal.agenda.frame import Frame, frame_of, week_frames
from portal.agenda.look import AXES, ROOM, THERAPIST
from portal.agenda.maker import Maker
from portal.agenda.pieces import Board, Column, Lane, Week

__all__ = ["AXES", "ROOM", "THERAPIST", "assemble", "assemble_week", "draw_column", "draw_lane"]


def assemble(facts: DayFacts, *, by: str, everyone: bool = False) -> Board:
    """Draw the day by `therapist` or by `room`. A duo stands in each of its columns; nothing is ever left out."""
    frame = frame_of(facts)
    maker = Maker(facts, frame, by)
    shown = maker.shown(everyone=everyone)
    return Board(
        day=facts.day,
        by=by,
        zone=facts.zone.key,
        frame=frame,
        ticks=frame.ticks(),
        columns=[maker.column(one) for one in shown],
        lane=_lane(maker, shown),
        lines=maker.lines(),
        anyone_on_shift=any(person.shifts for person in facts.people),
    )


def draw_column(facts: DayFacts, frame: Frame, *, by: str, uuid: UUID) -> Column | None:
    """One column in a frame that is on the screen already; None when it has no place for all that stands there."""
    maker = Maker(facts, frame, by)
    one = next((one for one in maker.mine.values() if one.uuid == uuid), None)
    if one is None or not frame.holds(frame_of(_alone(facts, one))):
        return None
    return maker.column(one)


def draw_lane(facts: DayFacts, frame: Frame, *, by: str, everyone: bool = False) -> Lane | None:
    """The lane in a frame that is on the screen already; None when it has no place for all that waits there."""
    maker = Maker(facts, frame, by)
    lane = _lane(maker, maker.shown(everyone=everyone))
    return lane if frame.holds(frame_of(replace(facts, people=()))) else None


def assemble_week(week: Sequence[DayFacts], *, by: str, uuid: UUID) -> Week:
    """Seven days of one therapist or room, beside each other from the same hour of the wall on."""
    found = (one for facts in week for one in _axis(facts, by) if one.uuid == uuid)
    label = next(found).label
    own = [_alone(facts, next(one for one in _axis(facts, by) if one.uuid == uuid)) for facts in week]
    frames = week_frames(own)
    columns = []
    for facts, frame in zip(week, frames, strict=True):
        maker = Maker(facts, frame, by)
        columns.append(maker.column(next(one for one in maker.mine.values() if one.uuid == uuid)))
    ticks = [frame.ticks() for frame in frames]
    usual = max(ticks, key=ticks.count)
    return Week(
        days=[facts.day for facts in week],
        by=by,
        zone=week[0].zone.key,
        label=label,
        steps=frames[0].steps,
        ticks=usual,
        columns=[
            replace(column, ticks=[] if own == usual else own) for column, own in zip(columns, ticks, strict=True)
        ],
        frames=frames,
    )


def _lane(maker: Maker, shown: Iterable[Person | Room]) -> Lane:
    cards = maker.waiting()
    known_by = crc32(",".join(str(one.resource_id) for one in shown).encode())
    return Lane(cards, max((card.lane.of for card in cards), default=1), maker.closed, known_by)


def _axis(facts: DayFacts, by: str) -> Sequence[Person | Room]:
    return facts.people if by == THERAPIST else facts.rooms


def _alone(facts: DayFacts, one: Person | Room) -> DayFacts:
    """The day without what others have to do in it."""
    held = {hold.item_id for hold in facts.holds if hold.resource_id == one.resource_id}
    people = [one] if isinstance(one, Person) else []
    return replace(facts, people=people, visits=[visit for visit in facts.visits if visit.item_id in held])
