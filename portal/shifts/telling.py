"""Who is told of the rota: open pages at once, therapists by one notice a person, however much was changed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import date, timedelta

from portal.audit import Actor
from portal.clock import now
from portal.models import Shift, StaffMember, Venue
from portal.notices.kinds import Kind
from portal.notices.queries import find_waiting
from portal.notices.service import tell_member
from portal.shifts.queries import published_of

# Whoever mends a week that is published does more than one thing: they are told together.
PATIENCE = timedelta(minutes=2)
SIX_DAYS = timedelta(days=6)
Days = tuple[date, date]
Known = Mapping[int, list[list[str]]]


def known_of(venue: Venue, members: Collection[int], days: Days) -> Known:
    """By what these people work on these dates, as it stands before a change; for `tell_changed`."""
    found: dict[int, list[list[str]]] = defaultdict(list)
    for one in published_of(venue, members, *days):
        found[one.member_id].append([one.starts_at.isoformat(), one.ends_at.isoformat()])
    return found


def tell_changed(
    venue: Venue, members: Iterable[StaffMember], days: Days, known: Known, *, by: Actor, after: timedelta = PATIENCE
) -> None:
    """Each of them hears what has become of her shifts on these dates, if they are not over.

    A notice that still waits says it for her: what it tells is read when it leaves. Nothing leaves when, by then, all
    is as she knows it.
    """
    first, last = days
    if last < venue.today():
        return
    for member in {one.id: one for one in members}.values():
        waits = find_waiting(member, Kind.ROTA, subject=venue.uuid)
        if waits is not None and waits.details["first"] <= str(first) and str(last) <= waits.details["last"]:
            continue
        tell_member(
            member, Kind.ROTA, venue=venue, subject=venue.uuid, key=f"rota:{venue.uuid}:{first}:{now().isoformat()}",
            by=by, after=after, first=str(first), last=str(last), was=known.get(member.id, []),
        )  # fmt: skip


def monday_of(day: date) -> date:
    """The first day of its week."""
    return day - timedelta(days=day.weekday())


def week_of(shift: Shift) -> Days:
    """Monday and Sunday of the week in which it begins."""
    return monday_of(shift.day), monday_of(shift.day) + SIX_DAYS
