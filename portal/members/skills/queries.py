"""Who can do what at a venue: its therapists, its treatments, and the pairs."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from portal.database import db
from portal.models import Qualification, StaffMember, Treatment, Venue, VenueMember
from portal.team.queries import treating_at


def team_of(venue: Venue) -> list[StaffMember]:
    """The active therapists of the venue, by name, with all their venues."""
    return list(db.session.scalars(treating_at(venue).options(selectinload(StaffMember.venue_links))))


def treatments_of(venue: Venue) -> list[Treatment]:
    """The treatments on the venue's menu, in its own order."""
    query = select(Treatment).where(
        Treatment.organisation_id == venue.organisation_id, Treatment.venue_id == venue.id, Treatment.active
    )
    return list(db.session.scalars(query.order_by(Treatment.category, Treatment.name, Treatment.id)))


def pairs_of(venue: Venue) -> set[tuple[int, int]]:
    """Member and treatment, for all who work at the venue; also of treatments of other venues."""
    here = select(VenueMember.member_id).where(VenueMember.venue_id == venue.id)
    rows = db.session.execute(
        select(Qualification.member_id, Qualification.treatment_id).where(Qualification.member_id.in_(here))
    )
    return {(member, treatment) for member, treatment in rows}


def lock_team(venue: Venue) -> None:
    """Whoever else changes what the venue's people can do waits until the transaction ends."""
    db.session.execute(select(Venue.id).where(Venue.id == venue.id).with_for_update())


def find_pairs(member: StaffMember) -> list[Qualification]:
    """What a member can do, as rows."""
    return list(db.session.scalars(select(Qualification).where(Qualification.member_id == member.id)))
