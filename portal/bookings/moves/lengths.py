"""Which lengths a treatment may have, and why not others: asked once, when its edge is taken. Pure."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from portal.bookings.moves.judging import Bench, Reasons
from portal.bookings.moving import LONGEST, SHORTEST, STEP, items_after
from portal.bookings.slots.intervals import epoch

QUARTER = 15


class Limit(NamedTuple):
    """The longest length in minutes that can be had from the one of now, or the shortest, and why it ends there."""

    minutes: int
    is_longest: bool
    why: str


def lengths(bench: Bench) -> dict[str, Any]:
    """The lengths that the treatment in hand cannot have, as [first, last, number of the reason].

    They count in steps of five minutes from one step on; what follows it in its visit is pushed along.
    """
    reasons = Reasons()
    stretches = _stretches(bench, reasons)
    return {
        "item": str(bench.taken.item.uuid),
        "version": bench.taken.booking.version,
        "length": bench.taken.item.duration // STEP,
        "lengths": stretches,
        "reasons": reasons.told,
    }


def limits(bench: Bench) -> list[Limit]:
    """How far the treatment can be shortened and stretched from its length of now, for a form."""
    against, now = _judge(bench), bench.taken.item.duration
    found: list[Limit] = []
    for way, end in ((-STEP, SHORTEST), (STEP, LONGEST)):
        for minutes in range(now + way, end + way, way):
            if why := against(minutes):
                found.append(Limit(minutes - way, way > 0, why))
                break
    return found


def quarters(bench: Bench) -> dict[str, str | None]:
    """What stands against a quarter of an hour `shorter` and `longer`; nothing is said of what is no length at all."""
    against, now = _judge(bench), bench.taken.item.duration
    asked = {"shorter": now - QUARTER, "longer": now + QUARTER}
    return {way: against(minutes) for way, minutes in asked.items() if SHORTEST <= minutes <= LONGEST}


def _stretches(bench: Bench, reasons: Reasons) -> list[list[int]]:
    against = _judge(bench)
    return reasons.stretches((against(minutes) for minutes in range(SHORTEST, LONGEST + STEP, STEP)), SHORTEST // STEP)


def _judge(bench: Bench) -> Callable[[int], str | None]:
    """What stands against a length in minutes: the treatment's own time, else that of what follows it."""
    item = bench.taken.item
    start = epoch(item.starts_at)
    later = [(epoch(one.starts_at), bench.length(one, one.duration)) for one in items_after(bench.taken.booking, item)]

    def against(minutes: int) -> str | None:
        told = bench.length(item, minutes)(start)
        longer = (minutes - item.duration) * 60
        return told or next(filter(None, (judge(stood + longer) for stood, judge in later)), None)

    return against
