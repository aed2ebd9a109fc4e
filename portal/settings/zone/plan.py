"""Where everything ahead lies once the venue has another time zone: the wall time is the promise. Pure functions."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from portal.clock import exists, local_instant
from portal.settings.hits import Hit
from portal.settings.zone.facts import Carried, Case, Covered, Plan, Reserved


def carried_over(instant: datetime, old: str, new: str) -> datetime:
    """The instant that shows in the new zone what `instant` shows in the old one.

    A time that exists twice is the first one; one that does not exist becomes the first instant after the gap.
    """
    return local_instant(instant.astimezone(ZoneInfo(old)).replace(tzinfo=None), new)


def span_over(start: datetime, end: datetime, old: str, new: str) -> tuple[datetime, datetime]:
    """Both ends carried over; as long as before where a gap would leave nothing of it."""
    starts, ends = carried_over(start, old, new), carried_over(end, old, new)
    return (starts, ends) if ends > starts else (starts, starts + (end - start))


def case_of(instant: datetime, old: str, new: str) -> Case | None:
    """Whether the time on the clock exists once in the new zone, never (GAP) or twice (FOLD)."""
    wall = instant.astimezone(ZoneInfo(old)).replace(tzinfo=None)
    if not exists(wall, new):
        return Case.GAP
    zoned = wall.replace(tzinfo=ZoneInfo(new))
    return Case.FOLD if zoned.utcoffset() != zoned.replace(fold=1).utcoffset() else None


def plan_zone(
    hits: Sequence[Hit], reserved: Sequence[Reserved], *, old: str, new: str, at: datetime, way: timedelta
) -> Plan:
    """Carry everything over. A treatment keeps its length; `way` is the time between two venues."""
    carried = {hit.item_id: _carry(hit, old=old, new=new, at=at) for hit in hits}
    moved = [_moved(one, carried, old=old, new=new) for one in reserved]
    before = {one.id: one for one in reserved}
    overbooked: set[int] = set()
    busy: dict[int, set[str]] = defaultdict(set)
    covered: set[Covered] = set()
    for one, other in _meetings(moved, way):
        was, other_was = before[one.id], before[other.id]
        if _overlap(was, other_was, way):
            continue  # they lay over each other before, on purpose
        for held in (one, other):
            if held.item_id is not None and held.item_id in carried:
                busy[held.item_id].add(one.resource)
        covered |= _covered(one, other, carried)
        overbooked.add(max((held for held in (one, other) if held.item_id in carried), key=_key, default=one).id)
    told = [_busy(one, busy) for one in carried.values()]
    return Plan(new, tuple(sorted(told, key=_order)), frozenset(overbooked), tuple(sorted(covered, key=_start)))


def fingerprint(plan: Plan) -> str:
    """A short text that is another one when anything of the plan is."""
    lines = [[one.item_id, one.starts_at.isoformat(), sorted(one.cases), sorted(one.busy)] for one in plan.carried]
    lines += [[one.resource, one.starts_at.isoformat(), one.visit_starts.isoformat()] for one in plan.covered]
    return hashlib.sha256(json.dumps([plan.zone, lines]).encode()).hexdigest()[:32]


def moved_claim(
    claim: tuple[datetime, datetime], item: tuple[datetime, datetime], starts_at: datetime
) -> tuple[datetime, datetime]:
    """A reservation of a treatment lies around it as before: its turnover goes with it."""
    shift = starts_at - item[0]
    return claim[0] + shift, claim[1] + shift


def _carry(hit: Hit, *, old: str, new: str, at: datetime) -> Carried:
    starts_at = carried_over(hit.starts_at, old, new)
    found = {case_of(hit.starts_at, old, new), Case.PAST if starts_at <= at else None} - {None}
    cases = frozenset(case for case in found if case is not None)
    return Carried(hit, starts_at, starts_at + (hit.ends_at - hit.starts_at), cases)


def _moved(one: Reserved, carried: Mapping[int, Carried], *, old: str, new: str) -> Reserved:
    if not one.moves:
        return one
    there = carried.get(one.item_id or 0)
    if there is not None:
        span = moved_claim((one.starts_at, one.ends_at), (there.hit.starts_at, there.hit.ends_at), there.starts_at)
    else:
        span = span_over(one.starts_at, one.ends_at, old, new)
    return replace(one, starts_at=span[0], ends_at=span[1])


def _meetings(reserved: Iterable[Reserved], way: timedelta) -> Iterable[tuple[Reserved, Reserved]]:
    """Every two reservations of one resource that overlap, unless one of them is overbooked or neither has moved."""
    by_resource: dict[int, list[Reserved]] = defaultdict(list)
    for one in reserved:
        if not one.overbooked:
            by_resource[one.resource_id].append(one)
    for held in by_resource.values():
        held.sort(key=_start)
        for place, one in enumerate(held):
            for other in held[place + 1 :]:
                if other.starts_at >= one.ends_at + way:
                    break
                is_news = one.moves or other.moves
                both_blocks = one.item_id is None and other.item_id is None
                if is_news and not both_blocks and _overlap(one, other, way):
                    yield one, other


def _overlap(one: Reserved, other: Reserved, way: timedelta) -> bool:
    between = way if one.way != other.way and one.item_id and other.item_id else timedelta()
    return one.starts_at < other.ends_at + between and other.starts_at < one.ends_at + between


def _covered(one: Reserved, other: Reserved, carried: Mapping[int, Carried]) -> set[Covered]:
    block, visit = (one, other) if one.item_id is None else (other, one)
    if block.item_id is not None or visit.item_id is None or visit.item_id in carried:
        return set()
    return {Covered(block.resource, block.starts_at, block.ends_at, visit.starts_at, visit.ends_at)}


def _busy(one: Carried, busy: Mapping[int, set[str]]) -> Carried:
    names = busy.get(one.item_id)
    return replace(one, cases=one.cases | {Case.BUSY}, busy=tuple(sorted(names))) if names else one


def _start(one: Reserved | Covered) -> datetime:
    return one.starts_at


def _key(one: Reserved) -> int:
    return one.id


def _order(one: Carried) -> tuple[datetime, int]:
    return one.starts_at, one.item_id
