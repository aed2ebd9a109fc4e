"""Whether a shift can change hands, with all the visits in it: pure questions to what was read."""

from __future__ import annotations

from collections.abc import Iterator

from flask_babel import gettext as _

from portal.absences.swaps.facts import Busy, Facts, Person, Visit, Work, overlap
from portal.i18n import clock_time, name_of


def obstacles(facts: Facts, shift: Work, taker: Person, *, instead: Work | None, zone: str) -> list[str]:
    """Why `taker` cannot have the shift, in sentences; for an exchange she gives `instead`, with the visits in it.

    A skill is missing, a guest asked for whoever gives it away, or her time is taken: by another shift, by a visit or a
    block, or by the way from another venue.
    """
    visits = facts.visits_in(shift)
    found = [
        *_wishes(facts, shift, visits, zone),
        *_skills(visits, taker),
        *_times(facts, shift, visits, taker, instead, zone),
    ]
    return list(dict.fromkeys(found))


def exchange_obstacles(facts: Facts, shift: Work, taker: Person, other: Work | None, *, zone: str) -> list[str]:
    """The same in both directions."""
    found = obstacles(facts, shift, taker, instead=other, zone=zone)
    if other is not None:
        found += obstacles(facts, other, facts.people[shift.member_id], instead=shift, zone=zone)
    return found


def takers(facts: Facts, shift: Work, *, zone: str) -> dict[int, list[str]]:
    """Every colleague with what keeps her from simply taking the shift: nothing for who can."""
    return {
        person.id: obstacles(facts, shift, person, instead=None, zone=zone)
        for person in facts.people.values()
        if person.id != shift.member_id
    }


def _wishes(facts: Facts, shift: Work, visits: list[Visit], zone: str) -> Iterator[str]:
    giver = facts.people[shift.member_id]
    for visit in visits:
        if visit.requested_id == giver.id:
            yield _(
                "A guest asked for %(name)s at %(time)s.", name=giver.first_name, time=clock_time(visit.starts_at, zone)
            )
        if visit.starts_at < shift.starts_at or visit.ends_at > shift.ends_at:
            yield _("The visit at %(time)s reaches beyond the shift.", time=clock_time(visit.starts_at, zone))


def _skills(visits: list[Visit], taker: Person) -> Iterator[str]:
    for visit in visits:
        if not taker.can_do(visit.treatment_id):
            yield _("%(name)s does not do %(treatment)s.", name=taker.first_name, treatment=name_of(visit))


def _times(
    facts: Facts, shift: Work, visits: list[Visit], taker: Person, instead: Work | None, zone: str
) -> Iterator[str]:
    for work in facts.shifts_of(taker.id):
        if instead is not None and work.id == instead.id:
            continue
        apart = facts.between if work.venue_id != shift.venue_id else facts.between * 0
        if overlap(work, shift, apart):
            yield _("%(name)s works from %(start)s to %(end)s.", **_when(taker, work, zone))
    given = {visit.item_id for visit in facts.visits_in(instead)} if instead else set()
    for busy in facts.busy_of(taker.id):
        if busy.item_id is not None and busy.item_id in given:
            continue
        elsewhere = busy.venue_id not in {None, shift.venue_id}
        apart = facts.between if elsewhere else facts.between * 0
        meets_visit = any(overlap(busy, visit, apart) for visit in visits)
        if meets_visit or (overlap(busy, shift) and not busy.is_brief):
            yield _("%(name)s is taken from %(start)s to %(end)s.", **_when(taker, busy, zone))


def _when(taker: Person, what: Work | Busy, zone: str) -> dict[str, str]:
    start, end = clock_time(what.starts_at, zone), clock_time(what.ends_at, zone)
    return {"name": taker.first_name, "start": start, "end": end}
