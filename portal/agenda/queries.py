"""Reads days of one venue for the agenda: four statements, however full they are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import (
    BindParameter,
    Integer,
    Select,
    and_,
    bindparam,
    case,
    cast,
    false,
    func,
    literal,
    null,
    or_,
    select,
    union_all,
)

from portal.agenda.facts import ELSEWHERE, PROPOSED, SOFT, DayFacts
from portal.agenda.frame import latest
from portal.agenda.look import ROOM, THERAPIST
from portal.agenda.rows import Found, Rows, day_facts
from portal.bookings.slots.calendar import Days
from portal.bookings.slots.intervals import epoch, instant
from portal.bookings.slots.queries import load_calendar
from portal.bookings.slots.seconds import seconds
from portal.clock import day_bounds, now
from portal.database import db
from portal.models import (
    Block,
    Booking,
    BookingItem,
    Claim,
    CounterProposal,
    Customer,
    Offer,
    Participant,
    Resource,
    Shift,
    SoftHold,
    StaffMember,
    Treatment,
    Venue,
    VenueMember,
)
from portal.models import Room as RoomRow
from portal.models.booking_states import CANCELLED
from portal.models.participant import LEFT
from portal.models.proposal import OPEN

DAY, COLUMN, LANE = "day", "column", "lane"
_DAY = timedelta(days=1)
_UNTOLD = (null().label("phone"), null().label("notes"))


@dataclass(frozen=True, slots=True)
class Only:
    """One column of an axis, `alone` or with the names of those beside it."""

    by: str
    uuid: UUID
    alone: bool = True


def load_day(
    venue: Venue, day: date, *, cancelled: bool = False, only: Only | None = None, reader: StaffMember | None = None,
    printed: bool = False,
) -> DayFacts:  # fmt: skip
    """Everything that stands on the venue's agenda on a local date; `cancelled` bookings only when asked for.

    With `only`, what one column needs. A `reader` also learns where her colleagues are typing a booking. What is to be
    `printed` comes with phone numbers and notes.
    """
    (facts,) = load_days(venue, [day], cancelled=cancelled, only=only, reader=reader, printed=printed)
    return facts


def load_days(
    venue: Venue, days: Sequence[date], *, cancelled: bool = False, only: Only | None = None,
    reader: StaffMember | None = None, printed: bool = False,
) -> list[DayFacts]:  # fmt: skip
    """The same for days that follow each other, with the same four statements."""
    known = _known(venue, days, only, reader)
    claims = db.session.execute(_claims(only.by if only else None, reader is not None), known).all()
    known |= _resources_in(claims) | {"served": sorted({row.item_id for row in claims if row.item_id is not None})}
    rows = Rows(
        calendar=Days(load_calendar(venue)),
        claims=claims,
        resources=db.session.execute(_resources(only.by if only and only.alone else None), known).all(),
        visits=db.session.execute(_visits(cancelled, COLUMN if only else DAY, printed), known).all(),
    )
    return [day_facts(venue, day, rows) for day in days]


def load_lane(venue: Venue, day: date, *, by: str, cancelled: bool = False) -> DayFacts:
    """What the lane of a date needs: everybody, and of the visits those that wait or stand in no column of the axis."""
    known = _known(venue, [day], None, None)
    claims = db.session.execute(_claims(None, with_typing=False), known).all()
    known |= _resources_in(claims)
    resources = db.session.execute(_resources(None), known).all()
    axis = {row.id for row in resources if (row.capacity is None) == (by == THERAPIST)}
    known["placed"] = sorted({row.item_id for row in claims if row.item_id and row.active and row.resource_id in axis})
    visits = db.session.execute(_visits(cancelled, LANE, printed=False), known).all()
    return day_facts(venue, day, Rows(Days(load_calendar(venue)), claims, resources, visits))


def _known(venue: Venue, days: Sequence[date], only: Only | None, reader: StaffMember | None) -> dict[str, Any]:
    """What the statements below are asked with. They are made once: that takes longer than to run them."""
    since, midnight = day_bounds(days[0], venue.timezone)[0], day_bounds(days[-1], venue.timezone)[1]
    return {
        "venue": venue.id,
        "organisation": venue.organisation_id,
        "since": since,
        "day_before": since - _DAY,
        "until": instant(latest(epoch(midnight), ZoneInfo(venue.timezone))),
        "now": now(),
        "reader": reader.id if reader else None,
        "uuid": only.uuid if only else None,
    }


def _resources_in(claims: Found) -> dict[str, list[int]]:
    """Those that serve a visit, and all that are taken in some way."""
    return {
        "serving": sorted({row.resource_id for row in claims if row.item_id is not None}),
        "used": sorted({row.resource_id for row in claims}),
    }


@cache
def _claims(axis: str | None, with_typing: bool) -> Select[*tuple[Any, ...]]:
    """What is reserved here, when the venue's therapists are busy elsewhere (of which nothing else is told), where
    colleagues are typing and therapists suggest other times; of one column of the axis, or all.
    """
    venue: BindParameter[int] = bindparam("venue")
    team = (
        select(StaffMember.resource_id)
        .join(VenueMember, VenueMember.member_id == StaffMember.id)
        .where(VenueMember.venue_id == venue)
    )
    here = select(
        Claim.id, Claim.resource_id, seconds(Claim.starts_at).label("start"), seconds(Claim.ends_at).label("end"),
        Claim.item_id, Block.kind, Block.reason, Claim.active, Claim.overbooked, cast(null(), Integer).label("expires"),
        Block.uuid.label("block"),
    ).outerjoin(Block, Block.id == Claim.block_id).where(Claim.venue_id == venue)  # fmt: skip
    elsewhere = select(
        Claim.id, Claim.resource_id, seconds(Claim.starts_at), seconds(Claim.ends_at),
        null(), literal(ELSEWHERE), null(), Claim.active, literal(False), null(), null(),
    ).where(Claim.resource_id.in_(team), Claim.venue_id != venue, Claim.active)  # fmt: skip
    soft = select(
        SoftHold.id, SoftHold.resource_id, seconds(SoftHold.starts_at), seconds(SoftHold.ends_at),
        null(), literal(SOFT), StaffMember.first_name, literal(False), literal(False), seconds(SoftHold.expires_at),
        null(),
    ).join(StaffMember, StaffMember.id == SoftHold.member_id).where(
        SoftHold.venue_id == venue, SoftHold.resource_id.is_not(None), SoftHold.expires_at > bindparam("now"),
        SoftHold.member_id != bindparam("reader"),
    )  # fmt: skip
    proposed = [_proposed(axis) for axis in (THERAPIST, ROOM)]
    if axis:
        mine = _resource_of(axis)
        items = select(Claim.item_id).where(Claim.resource_id == mine, *_touching(Claim))
        here = here.where(or_(Claim.resource_id == mine, Claim.item_id.in_(items)))
        elsewhere, soft = elsewhere.where(Claim.resource_id == mine), soft.where(SoftHold.resource_id == mine)
        column = CounterProposal.room_id if axis == ROOM else StaffMember.resource_id
        proposed = [_proposed(axis).where(column == mine)]
    parts: list[Select[*tuple[Any, ...]]] = [part.where(*_touching(Claim)) for part in (here, elsewhere)]
    if with_typing:
        parts.append(soft.where(*_touching(SoftHold)))
        parts += [part.where(*_touching(CounterProposal)) for part in proposed]
    return union_all(*parts).order_by("id")  # type: ignore[return-value]  # a compound select, executed like one


def _proposed(axis: str) -> Select[*tuple[Any, ...]]:
    """Where therapists suggest to put bookings: in her column with the guest's name, in the room's with hers."""
    named = Customer if axis == THERAPIST else StaffMember
    resource = StaffMember.resource_id if axis == THERAPIST else CounterProposal.room_id
    name = func.trim(func.coalesce(named.first_name, "") + " " + func.coalesce(named.last_name, ""))
    return (
        select(
            CounterProposal.id, resource, seconds(CounterProposal.starts_at), seconds(CounterProposal.ends_at),
            null(), literal(PROPOSED), name, literal(False), literal(False), seconds(CounterProposal.expires_at),
            Booking.uuid,
        )
        .join(Offer, Offer.id == CounterProposal.offer_id)
        .join(StaffMember, StaffMember.id == Offer.member_id)
        .join(BookingItem, BookingItem.id == Offer.item_id)
        .join(Booking, Booking.id == BookingItem.booking_id)
        .outerjoin(Customer, Customer.id == Booking.customer_id)
        .where(
            CounterProposal.venue_id == bindparam("venue"), CounterProposal.status == OPEN, resource.is_not(None),
            CounterProposal.expires_at > bindparam("now"),
        )
    )  # fmt: skip


def _resource_of(axis: str) -> Any:
    """The resource behind a column: the room itself, or what a member is as one."""
    if axis == ROOM:
        room = select(RoomRow.id).where(RoomRow.uuid == bindparam("uuid"), RoomRow.venue_id == bindparam("venue"))
        return room.scalar_subquery()
    member = select(StaffMember.resource_id).where(
        StaffMember.uuid == bindparam("uuid"), StaffMember.organisation_id == bindparam("organisation")
    )
    return member.scalar_subquery()


def _touching(row: type[Claim | BookingItem | CounterProposal | Shift | SoftHold]) -> tuple[Any, ...]:
    """Rows that overlap the time. None lasts longer than a day: the second bound lets the index find them."""
    return (
        row.starts_at < bindparam("until"),
        row.starts_at > bindparam("day_before"),
        row.ends_at > bindparam("since"),
    )


@cache
def _resources(alone: str | None) -> Select[*tuple[Any, ...]]:
    """The venue's therapists and whoever else serves a visit, each with her shifts here; and the venue's rooms.

    A room that was closed for good is shown for as long as something stands in it. Of a column that stands `alone` on
    its axis: it, and what its visits have.
    """
    venue: BindParameter[int] = bindparam("venue")
    serving: BindParameter[int] = bindparam("serving", expanding=True)
    linked = select(VenueMember.member_id).where(VenueMember.venue_id == venue)
    works_here = StaffMember.id.in_(linked) & StaffMember.active & (StaffMember.role == "therapist")
    is_here = and_(Resource.active)
    if alone:
        works_here &= (StaffMember.uuid == bindparam("uuid")) if alone == THERAPIST else false()
        is_here &= (RoomRow.uuid == bindparam("uuid")) if alone == ROOM else false()
    on_shift = and_(Shift.member_id == StaffMember.id, Shift.venue_id == venue, Shift.counts(), *_touching(Shift))
    people = (
        select(
            StaffMember.resource_id.label("id"), StaffMember.uuid, StaffMember.first_name.label("name"),
            StaffMember.last_name.label("more"), null().label("capacity"), null().label("sort_order"),
            StaffMember.photo, seconds(Shift.starts_at).label("start"), seconds(Shift.ends_at).label("end"),
        )
        .outerjoin(Shift, on_shift)
        .where(
            StaffMember.organisation_id == bindparam("organisation"), StaffMember.resource_id.is_not(None),
            or_(works_here, StaffMember.resource_id.in_(serving)),
        )
    )  # fmt: skip
    rooms = select(
        RoomRow.id,
        RoomRow.uuid,
        RoomRow.name,
        RoomRow.name_en,
        RoomRow.capacity,
        RoomRow.sort_order,
        null(),
        null(),
        null(),
    ).where(RoomRow.venue_id == venue, or_(is_here, RoomRow.id.in_(bindparam("used", expanding=True))))
    return union_all(people, rooms)  # type: ignore[return-value]  # as above


@cache
def _visits(cancelled: bool, part: str, printed: bool) -> Select[*tuple[Any, ...]]:
    """Those of a whole `day`, of one `column`, or of the `lane`."""
    joined = (
        select(func.count())
        .where(Participant.booking_id == Booking.id, Participant.status != LEFT)
        .correlate(Booking)
        .scalar_subquery()
    )
    query: Select[*tuple[Any, ...]] = (
        select(
            BookingItem.id, BookingItem.guest_count, BookingItem.therapists_assigned, BookingItem.buffer_minutes,
            BookingItem.out_of_hours, BookingItem.gender_preference, BookingItem.requested_id,
            BookingItem.alerted_at.is_not(None).label("alerted"), seconds(BookingItem.starts_at).label("start"),
            seconds(BookingItem.ends_at).label("end"), Booking.uuid, Booking.status,
            seconds(Booking.arrived_at).label("arrived"), Booking.test, Booking.payment_status,
            (func.coalesce(Booking.notes, "") != "").label("noted"), Booking.channel, Booking.series_id,
            Customer.first_name, Customer.last_name, *((Customer.phone, Booking.notes) if printed else _UNTOLD),
            Treatment.name, Treatment.name_en, Treatment.code, Treatment.category,
            case((Treatment.kind != "appointment", Treatment.max_participants)).label("capacity"),
            case((Treatment.kind != "appointment", joined)).label("participants"),
        )
        .join(Booking, Booking.id == BookingItem.booking_id)
        .outerjoin(Customer, Customer.id == Booking.customer_id)
        .join(Treatment, Treatment.id == BookingItem.treatment_id)
        .where(
            Booking.organisation_id == bindparam("organisation"), BookingItem.venue_id == bindparam("venue"),
            *_touching(BookingItem),
        )
    )  # fmt: skip
    if not cancelled:
        query = query.where(Booking.status != CANCELLED)
    if part == COLUMN:
        query = query.where(BookingItem.id.in_(bindparam("served", expanding=True)))
    if part == LANE:
        is_placed = BookingItem.id.in_(bindparam("placed", expanding=True))
        query = query.where(or_(BookingItem.therapists_assigned < BookingItem.guest_count, ~is_placed))
    return query
