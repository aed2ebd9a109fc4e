"""Reading shifts that change hands: of a member, or of a venue."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.orm import aliased, joinedload

from portal.absences.swaps.facts import Busy, Facts, Person, Visit, Work
from portal.database import db
from portal.errors import known
from portal.models import (
    Assignment,
    Block,
    Booking,
    BookingItem,
    Claim,
    Customer,
    Qualification,
    Shift,
    ShiftSwap,
    StaffMember,
    Treatment,
    Venue,
    VenueMember,
)
from portal.models.absence import ACCEPTED, ASKED
from portal.models.booking_states import CONFIRMED, ONGOING, PENDING
from portal.team.queries import therapists_of

# Blocks that belong to a working day: they are in the way of a visit, not of a shift.
WITHIN_A_SHIFT = frozenset({"break", "meeting", "cleaning", "late", "leaving_early"})
_DAY = timedelta(days=1)
_ASIDE = {"populate_existing": True}
_OTHER = aliased(Shift)


def get_own_shift(member: StaffMember, name: UUID) -> Shift:
    """A shift of hers. Raises NotFound."""
    query = select(Shift).where(
        Shift.organisation_id == member.organisation_id, Shift.member_id == member.id, Shift.uuid == name,
        Shift.counts(),
    )  # fmt: skip
    return known(db.session.scalar(query.options(joinedload(Shift.venue), joinedload(Shift.member))))


def find_shift(venue: Venue, name: UUID) -> Shift | None:
    """A shift at the venue."""
    query = select(Shift).where(Shift.venue_id == venue.id, Shift.uuid == name, Shift.counts())
    return db.session.scalar(query.options(joinedload(Shift.member)))


def get_swap(member: StaffMember, name: UUID) -> ShiftSwap:
    """An exchange that concerns the member: hers, one she is asked about, or one for whoever can. Raises NotFound."""
    return known(db.session.scalar(_concerning(member).where(ShiftSwap.uuid == name)))


def get_swap_at(venue: Venue, name: UUID) -> ShiftSwap:
    """An exchange at the venue. Raises NotFound."""
    query = _swaps().where(ShiftSwap.venue_id == venue.id, ShiftSwap.uuid == name)
    return known(db.session.scalar(query))


def swaps_for(member: StaffMember, *, at: datetime) -> list[ShiftSwap]:
    """What concerns the member and whose shift has not begun, in order of time; what she took back is left out."""
    query = _concerning(member).where(Shift.starts_at > at, ShiftSwap.status != "cancelled")
    return list(db.session.scalars(query.order_by(Shift.starts_at, ShiftSwap.id)))


def open_swaps_at(venue: Venue, *, at: datetime) -> list[ShiftSwap]:
    """What waits for a colleague or for a manager, in order of time."""
    query = _swaps().where(ShiftSwap.venue_id == venue.id, _is_open(at))
    return list(db.session.scalars(query.order_by(Shift.starts_at, ShiftSwap.id)))


def find_open_swap(venue: Venue, shift: Shift) -> ShiftSwap | None:
    """The exchange for which the shift is up, also when its time has come."""
    query = _swaps().where(
        ShiftSwap.venue_id == venue.id, ShiftSwap.shift_id == shift.id, ShiftSwap.status.in_([ASKED, ACCEPTED])
    )
    return db.session.scalar(query)


def lock_swap(venue: Venue, swap: ShiftSwap) -> ShiftSwap:
    """The exchange as it is now, held until the transaction ends. Raises NotFound."""
    query = select(ShiftSwap).where(ShiftSwap.venue_id == venue.id, ShiftSwap.id == swap.id)
    query = query.with_for_update(of=ShiftSwap).execution_options(**_ASIDE)
    return known(db.session.scalar(query))


def lock_shifts(venue: Venue, *shifts: Shift | None) -> None:
    """The shifts as they are now, held until the transaction ends, in one order for everybody."""
    ids = [shift.id for shift in shifts if shift is not None]
    query = select(Shift).where(Shift.venue_id == venue.id, Shift.id.in_(ids)).order_by(Shift.id)
    query = query.options(joinedload(Shift.member)).with_for_update(of=Shift).execution_options(**_ASIDE)
    db.session.scalars(query).all()


def load_facts(venue: Venue, start: datetime, end: datetime) -> Facts:
    """All that decides about the shifts of the venue's therapists between two instants: five statements."""
    team = {one.id: one for one in therapists_of(venue)}
    skills = _skills(venue, team)
    first, last = start - _DAY, end + _DAY
    shifts = db.session.scalars(
        select(Shift).where(
            Shift.organisation_id == venue.organisation_id, Shift.member_id.in_(team), Shift.stands(),
            Shift.starts_at < last, Shift.ends_at > first,
        )
    )  # fmt: skip
    return Facts(
        venue_id=venue.id,
        between=timedelta(minutes=venue.inter_venue_buffer_minutes),
        people={
            one.id: Person(one.id, one.uuid, one.name, one.first_name, skills.get(one.id, frozenset()))
            for one in team.values()
        },
        shifts={
            one.id: Work(one.id, one.uuid, one.member_id, one.venue_id, one.starts_at, one.ends_at) for one in shifts
        },
        visits=_visits(venue, team, first, last),
        busy=_busy(venue, team, first, last),
    )


def _is_open(at: datetime) -> ColumnElement[bool]:
    """It waits for an answer and none of its shifts has begun; for statements of `_swaps`' joins."""
    return (
        ShiftSwap.status.in_([ASKED, ACCEPTED])
        & (Shift.starts_at > at)
        & or_(_OTHER.id.is_(None), _OTHER.starts_at > at)
    )


def _skills(venue: Venue, team: Collection[int]) -> dict[int, frozenset[int]]:
    query = select(Qualification.member_id, Qualification.treatment_id)
    query = query.join(Treatment, Treatment.id == Qualification.treatment_id)
    found: dict[int, set[int]] = defaultdict(set)
    rows = db.session.execute(
        query.where(Treatment.organisation_id == venue.organisation_id, Qualification.member_id.in_(team))
    )
    for member_id, treatment_id in rows:
        found[member_id].add(treatment_id)
    return {member_id: frozenset(mine) for member_id, mine in found.items()}


def _visits(venue: Venue, team: Collection[int], start: datetime, end: datetime) -> list[Visit]:
    rows = db.session.execute(
        select(
            BookingItem.id, BookingItem.booking_id, Booking.uuid, Assignment.member_id, BookingItem.venue_id,
            BookingItem.starts_at, BookingItem.ends_at, BookingItem.treatment_id, Treatment.name, Treatment.name_en,
            Customer.first_name, BookingItem.requested_id,
        )
        .join(Booking, Booking.id == BookingItem.booking_id)
        .join(Assignment, Assignment.item_id == BookingItem.id)
        .join(Treatment, Treatment.id == BookingItem.treatment_id)
        .outerjoin(Customer, Customer.id == Booking.customer_id)
        .where(
            Booking.organisation_id == venue.organisation_id, Assignment.ended_at.is_(None),
            Assignment.member_id.in_(team), Booking.status.in_([PENDING, CONFIRMED, ONGOING]),
            BookingItem.starts_at < end, BookingItem.ends_at > start,
        )
        .order_by(BookingItem.starts_at, BookingItem.id)
    )  # fmt: skip
    return [Visit(*row[:10], row[10] or "", row[11]) for row in rows]


def _busy(venue: Venue, team: Collection[int], start: datetime, end: datetime) -> list[Busy]:
    rows = db.session.execute(
        select(StaffMember.id, Claim.venue_id, Claim.starts_at, Claim.ends_at, Claim.item_id, Block.kind)
        .join(StaffMember, StaffMember.resource_id == Claim.resource_id)
        .outerjoin(Block, Block.id == Claim.block_id)
        .where(
            Claim.organisation_id == venue.organisation_id, Claim.active, StaffMember.id.in_(team),
            Claim.starts_at < end, Claim.starts_at > start - _DAY, Claim.ends_at > start,
        )
        .order_by(Claim.starts_at, Claim.id)
    )  # fmt: skip
    return [
        Busy(who, at if item else None, begins, ends, item, kind in WITHIN_A_SHIFT)
        for who, at, begins, ends, item, kind in rows
    ]


def _concerning(member: StaffMember) -> Select[ShiftSwap]:
    here = select(VenueMember.venue_id).where(VenueMember.member_id == member.id)
    for_anybody = ShiftSwap.colleague_id.is_(None) & (ShiftSwap.status == ASKED) & ShiftSwap.venue_id.in_(here)
    return _swaps().where(
        ShiftSwap.organisation_id == member.organisation_id,
        or_(ShiftSwap.member_id == member.id, ShiftSwap.colleague_id == member.id, for_anybody),
    )


def _swaps() -> Select[ShiftSwap]:
    return (
        select(ShiftSwap)
        .join(Shift, Shift.id == ShiftSwap.shift_id)
        .outerjoin(_OTHER, _OTHER.id == ShiftSwap.other_shift_id)
        .options(
            joinedload(ShiftSwap.member),
            joinedload(ShiftSwap.colleague),
            joinedload(ShiftSwap.shift),
            joinedload(ShiftSwap.other_shift),
            joinedload(ShiftSwap.venue),
        )
    )


def shifts_ahead(venue: Venue, members: Collection[int], start: datetime, end: datetime) -> Sequence[Shift]:
    """Their shifts at the venue that begin in that time, in order."""
    query = select(Shift).where(
        Shift.venue_id == venue.id, Shift.member_id.in_(members), Shift.counts(), Shift.starts_at > start,
        Shift.starts_at < end,
    )  # fmt: skip
    return db.session.scalars(query.options(joinedload(Shift.member)).order_by(Shift.starts_at, Shift.id)).all()
