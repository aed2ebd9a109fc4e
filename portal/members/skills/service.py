"""What each therapist can do: none listed means all."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping

import portal.audit as audit
from portal.access import may_manage_member
from portal.audit import Actor
from portal.database import atomic, db
from portal.errors import NotAllowed
from portal.members.errors import NewerMember
from portal.members.skills.queries import find_pairs, lock_team, pairs_of, team_of, treatments_of
from portal.models import Qualification, StaffMember, Venue


@atomic
def set_skills(
    venue: Venue, chosen: Mapping[int, Collection[int]], *, seen: str | None = None, by: Actor
) -> list[StaffMember]:
    """What the therapists of the venue can do of its menu, by keys of members and treatments; says whose changed.

    Somebody who is not among `chosen` stays as she is; what she can do at other venues stays too. `seen` is the state
    on which the choice was made, see `state_of`. Raises NewerMember, NotAllowed.
    """
    if by.member is None:
        raise NotAllowed()
    lock_team(venue)
    if seen is not None and seen != state_of(pairs_of(venue)):
        raise NewerMember()
    menu = {one.id for one in treatments_of(venue)}
    changed = []
    for member in team_of(venue):
        if member.id not in chosen or not may_manage_member(by.member, member):
            continue
        if _set(member, set(chosen[member.id]) & menu, menu):
            audit.record(by, "member:skills_set", member, count=len(chosen[member.id]))
            changed.append(member)
    return changed


def state_of(pairs: Iterable[tuple[int, int]]) -> str:
    """The pairs of a venue as a short word that changes with each of them."""
    return hashlib.sha256(repr(sorted(pairs)).encode()).hexdigest()[:16]


def _set(member: StaffMember, wanted: set[int], menu: set[int]) -> bool:
    rows = {one.treatment_id: one for one in find_pairs(member)}
    before = set(rows) & menu
    for key in before - wanted:
        db.session.delete(rows[key])
    db.session.add_all(Qualification(member_id=member.id, treatment_id=key) for key in wanted - before)
    return before != wanted
