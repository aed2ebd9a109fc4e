"""Reading the menu, archived treatments too."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.orm import joinedload, selectinload

from portal.database import db
from portal.errors import known
from portal.models import BookingItem, Qualification, StaffMember, Treatment, Variant, Venue
from portal.settings.hits import Hit
from portal.settings.queries import hits_ahead
from portal.team.queries import therapists_of


def all_treatments(venue: Venue) -> list[Treatment]:
    """The whole menu with its variants: what is offered in its order, then what is archived."""
    query = select(Treatment).where(Treatment.venue_id == venue.id).options(selectinload(Treatment.variants))
    query = query.order_by(
        Treatment.active.desc(), Treatment.sort_order.is_(None), Treatment.sort_order, Treatment.name, Treatment.id
    )
    return list(db.session.scalars(query))


def get_treatment(venue: Venue, treatment_id: UUID) -> Treatment:
    """A treatment of the venue as it is now, archived or not, with its variants. Raises NotFound."""
    query = select(Treatment).where(Treatment.venue_id == venue.id, Treatment.uuid == treatment_id)
    query = query.options(selectinload(Treatment.variants), joinedload(Treatment.room_type))
    return known(db.session.scalar(query.execution_options(populate_existing=True)))


def get_variant(venue: Venue, treatment: Treatment, variant_id: UUID) -> Variant:
    """A variant of the treatment as it is now. Raises NotFound."""
    query = select(Variant).join(Treatment, Treatment.id == Variant.treatment_id)
    query = query.where(Treatment.venue_id == venue.id, Treatment.id == treatment.id, Variant.uuid == variant_id)
    return known(db.session.scalar(query.execution_options(populate_existing=True)))


def lock_treatment(venue: Venue, treatment: Treatment) -> Treatment:
    """The treatment with its variants as it is now, held until the transaction ends."""
    query = select(Treatment).where(Treatment.venue_id == venue.id, Treatment.id == treatment.id)
    query = query.options(selectinload(Treatment.variants)).with_for_update(of=Treatment)
    return db.session.scalars(query.execution_options(populate_existing=True)).one()


def is_used(venue: Venue, treatment: Treatment) -> bool:
    """Whether it was ever booked."""
    booked = exists().where(BookingItem.venue_id == venue.id, BookingItem.treatment_id == treatment.id)
    return bool(db.session.scalar(select(booked)))


def is_variant_used(venue: Venue, variant: Variant) -> bool:
    """Whether it was ever booked."""
    booked = exists().where(BookingItem.venue_id == venue.id, BookingItem.variant_id == variant.id)
    return bool(db.session.scalar(select(booked)))


def bookings_of(venue: Venue, treatment: Treatment, *, at: datetime) -> list[Hit]:
    """The bookings ahead of the treatment."""
    return hits_ahead(venue, BookingItem.treatment_id == treatment.id, at=at)


def who_can(venue: Venue, treatment: Treatment | None) -> list[tuple[StaffMember, bool, bool]]:
    """The venue's therapists: each with whether she can do it, and whether that is because she does all."""
    team = therapists_of(venue)
    known_of = _treatments_of(venue, [member.id for member in team])
    key = treatment.id if treatment else 0
    return [(one, not known_of.get(one.id) or key in known_of[one.id], not known_of.get(one.id)) for one in team]


def menu_keys(venue: Venue, member: StaffMember) -> set[int]:
    """The treatments of all venues that the therapist can do; none at all when she does everything."""
    rows = select(Qualification.treatment_id).join(StaffMember, StaffMember.id == Qualification.member_id)
    rows = rows.where(StaffMember.organisation_id == venue.organisation_id, Qualification.member_id == member.id)
    return set(db.session.scalars(rows))


def everything_at(venue: Venue, member: StaffMember) -> Sequence[int]:
    """The keys of all treatments in use at the venues where the therapist works."""
    places = [link.venue_id for link in member.venue_links]
    query = select(Treatment.id).where(
        Treatment.organisation_id == venue.organisation_id, Treatment.venue_id.in_(places), Treatment.active
    )
    return db.session.scalars(query).all()


def _treatments_of(venue: Venue, members: Collection[int]) -> dict[int, set[int]]:
    found: dict[int, set[int]] = {}
    rows = select(Qualification.member_id, Qualification.treatment_id)
    rows = rows.join(StaffMember, StaffMember.id == Qualification.member_id)
    rows = rows.where(StaffMember.organisation_id == venue.organisation_id, Qualification.member_id.in_(members))
    for member, treatment in db.session.execute(rows):
        found.setdefault(member, set()).add(treatment)
    return found
