"""What an absence hits, and who could step in: as she sees it before she asks, and as the manager does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import ngettext

from portal.absences import words
from portal.absences.rehome.plan import Line, plan
from portal.absences.rehome.queries import venues_hit, visits_hit
from portal.i18n import clock_time, day_and_time, name_of
from portal.models import StaffMember, Venue
from portal.team.queries import therapists_of


@dataclass(frozen=True, slots=True)
class Hit:
    """A visit that would be without her; `covers` are those who could give it at the same time, best first."""

    booking: UUID
    number: int
    when: str
    until: str
    venue: str
    treatment: str
    guest: str
    first_name: str
    covers: str


@dataclass(frozen=True, slots=True)
class Impact:
    """All that is hit, and in one sentence how much of it could be covered."""

    hits: list[Hit]
    sentence: str


def impact_of(
    member: StaffMember, start: datetime, end: datetime, *, at: datetime, only: Venue | None = None
) -> Impact:
    """The member's visits in that time, at all venues or `only` one, with who is free for them."""
    hits: list[Hit] = []
    by: list[str] = []
    for venue in [only] if only else venues_hit(member, start, end, at=at):
        names = {one.resource_id: one.first_name for one in therapists_of(venue) if one.resource_id is not None}
        lines = _lines(venue, member, start, end, at)
        hits += [_hit(venue, line, names) for line in lines]
        by += [names[one.proposal.person] for one in lines if one.proposal is not None and one.is_kept]
    return Impact(hits, _sentence(len(hits), by))


def _lines(venue: Venue, member: StaffMember, start: datetime, end: datetime, at: datetime) -> list[Line]:
    away = [(member.resource_id, start, end)] if member.resource_id is not None else []
    return plan(venue, visits_hit(venue, member, start, end, at=at), away, now=at, moving=False)


def _hit(venue: Venue, line: Line, names: dict[int, str]) -> Hit:
    visit = line.visit
    return Hit(
        booking=visit.booking,
        number=visit.number,
        when=day_and_time(visit.starts_at, venue.timezone),
        until=clock_time(visit.ends_at, venue.timezone),
        venue=name_of(venue),
        treatment=name_of(visit, at=venue),
        guest=visit.guest,
        first_name=visit.first_name,
        covers=", ".join(names[one.person] for one in line.others if not one.breaks and one.person in names),
    )


def _sentence(count: int, by: Sequence[str]) -> str:
    if not count:
        return _("No visit is affected.")
    affected = ngettext("%(num)d visit is affected.", "%(num)d visits are affected.", count)
    if not by:
        return f"{affected} {_('Nobody is free for it at the same time.')}"
    names = words.listed(dict.fromkeys(by))
    covered = ngettext(
        "%(num)d can be covered by %(names)s.", "%(num)d can be covered by %(names)s.", len(by), names=names
    )
    return f"{affected} {covered}"
