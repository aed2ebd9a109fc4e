"""Telling members about their working time: time off, sickness, shifts that change hands; each step once."""

from __future__ import annotations

from collections.abc import Iterable

from portal.audit import Actor
from portal.models import ShiftSwap, StaffMember, TimeOff, Venue
from portal.notices.kinds import Kind
from portal.notices.queries import desk_of
from portal.notices.service import GRACE, tell_member


def tell_of_request(venues: Iterable[Venue], off: TimeOff, *, by: Actor) -> None:
    """Tell the desks of her venues that she asks to be off."""
    for member, venue in _desks(venues).values():
        tell_member(member, Kind.TIME_OFF_ASKED, venue=venue, subject=off.uuid, key=f"time_off_asked:{off.uuid}", by=by)


def tell_of_answer(venue: Venue, off: TimeOff, *, by: Actor) -> None:
    """Tell her what became of her time off, unless it is undone at once."""
    tell_member(
        off.member, Kind.TIME_OFF_ANSWER, venue=venue, subject=off.uuid,
        key=f"time_off:{off.uuid}:{off.status}:{off.decided_at}", by=by, after=GRACE, status=off.status,
    )  # fmt: skip


def tell_of_sickness(venues: Iterable[Venue], off: TimeOff, *, by: Actor) -> None:
    """Tell the desks of her venues that she cannot work, and again when it lasts longer; day and night."""
    for member, venue in _desks(venues).values():
        tell_member(
            member, Kind.SICK, venue=venue, subject=off.uuid, key=f"sick:{off.uuid}:{off.ends_at}", by=by, urgent=True
        )


def tell_of_swap(venue: Venue, swap: ShiftSwap, *whom: StaffMember | None, by: Actor, undoable: bool = False) -> None:
    """Tell these of a step of an exchange. What the desk can take back at once waits for as long as it can."""
    for member in {one.id: one for one in whom if one is not None}.values():
        tell_member(
            member, Kind.SWAP, venue=venue, subject=swap.uuid,
            key=f"swap:{swap.uuid}:{swap.status}:{swap.decided_at or swap.answered_at or swap.asked_at}", by=by,
            after=GRACE if undoable else GRACE * 0, status=swap.status,
        )  # fmt: skip


def tell_desk_of_swap(venue: Venue, swap: ShiftSwap, *, by: Actor) -> None:
    """Tell who decides that a colleague has accepted."""
    tell_of_swap(venue, swap, *desk_of(venue), by=by)


def _desks(venues: Iterable[Venue]) -> dict[int, tuple[StaffMember, Venue]]:
    """Who runs the desks, each once, with a venue of hers."""
    found: dict[int, tuple[StaffMember, Venue]] = {}
    for venue in venues:
        for member in desk_of(venue):
            found.setdefault(member.id, (member, venue))
    return found
