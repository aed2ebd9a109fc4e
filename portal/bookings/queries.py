"""Reading bookings, always of one venue."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Exists, Select, bindparam, exists, func, or_, select, update
from sqlalchemy.orm import contains_eager, joinedload, selectinload
from sqlalchemy.orm.strategy_options import _AbstractLoad

from portal.database import db, insert_into
from portal.errors import NotFound, known
from portal.i18n import name_of
from portal.models import (
    Assignment,
    Booking,
    BookingItem,
    Claim,
    Counter,
    CounterProposal,
    Customer,
    Offer,
    Participant,
    Resource,
    Room,
    StaffMember,
    Treatment,
    Venue,
)
from portal.models.booking_states import COMPLETED, PENDING, REFUNDED, SETTLED, UNDERWAY
from portal.models.participant import EXPECTED

_A_YEAR = timedelta(days=365)

# The next number of an organisation's bookings.
_BUMP = (
    update(Counter)
    .where(Counter.organisation_id == bindparam("organisation"), Counter.kind == "booking")
    .values(value=Counter.value + 1)
    .returning(Counter.value)
)


def get_booking(venue: Venue, booking_id: UUID) -> Booking:
    """The booking with all that its panel shows. Raises NotFound."""
    return known(
        db.session.scalar(
            _scoped(venue)
            .where(Booking.uuid == booking_id)
            .options(
                joinedload(Booking.customer),
                joinedload(Booking.venue),
                joinedload(Booking.api_key),
                joinedload(Booking.therapist),
                joinedload(Booking.series),
                selectinload(Booking.events),
                selectinload(Booking.participants).joinedload(Participant.customer),
                selectinload(Booking.items).options(*_item_details()),
            )
        )
    )


def lock_booking(venue: Venue, booking: Booking) -> Booking:
    """The booking as it is now, held until the transaction ends. Raises NotFound."""
    return known(
        db.session.scalar(
            _scoped(venue)
            .where(Booking.id == booking.id)
            .with_for_update(of=Booking)
            .options(
                selectinload(Booking.events),
                selectinload(Booking.participants).joinedload(Participant.customer),
                selectinload(Booking.items).options(*_item_details()),
            )
            .execution_options(populate_existing=True)
        )
    )


def lock_offer(venue: Venue, offer: Offer) -> Offer:
    """The offer as it is now, with its booking held until the transaction ends. Raises NotFound."""
    booking = lock_booking(venue, offer.item.booking)
    for item in booking.items:
        for current in item.offers:
            if current.id == offer.id:
                return current
    raise NotFound()


def find_by_external_id(venue: Venue, external_id: str) -> Booking | None:
    """The booking that a partner pushed under this id at the venue."""
    return db.session.scalar(_scoped(venue).where(Booking.external_id == external_id))


def find_settled_before(venue: Venue, instant: datetime) -> list[Booking]:
    """The staffed bookings that ended before the instant, are not completed and have nothing left to pay."""
    settled = or_(Booking.payment_status.in_(SETTLED), Booking.price_minor == 0), ~a_member_owes(venue)
    past = _scoped(venue).where(Booking.status.in_(UNDERWAY), Booking.ends_at < instant, *settled)
    return list(db.session.scalars(past.order_by(Booking.starts_at, Booking.id)))


def a_member_owes(venue: Venue) -> Exists:
    """That something is left to collect from a member of the class: `Participant.owes` in SQL, for its booking."""
    return exists().where(
        Participant.venue_id == venue.id, Participant.booking_id == Booking.id, Participant.price_minor > 0,
        Participant.status.in_(EXPECTED), Participant.payment_status.not_in((*SETTLED, REFUNDED)),
    )  # fmt: skip


def bookings_of_items(venue: Venue, item_ids: Sequence[int]) -> list[Booking]:
    """The bookings that these items belong to."""
    if not item_ids:
        return []
    wanted = select(BookingItem.booking_id).where(BookingItem.id.in_(item_ids))
    return list(db.session.scalars(_scoped(venue).where(Booking.id.in_(wanted)).order_by(Booking.id)))


def find_items_of_guest(
    venue: Venue, guest: Customer, starts_at: datetime, ends_at: datetime, *, but: Booking | None = None
) -> list[BookingItem]:
    """What the guest has at that time in any venue of the organisation, with who treats: one statement, at most three.

    As the one who booked, or as one of several; `but` is left out.
    """
    booked = select(Booking.id).where(Booking.organisation_id == venue.organisation_id, Booking.customer_id == guest.id)
    joined = select(Participant.booking_id).where(
        Participant.organisation_id == venue.organisation_id,
        Participant.customer_id == guest.id, Participant.status.in_(EXPECTED),
    )  # fmt: skip
    query = (
        select(BookingItem)
        .join(BookingItem.booking)
        .where(
            Booking.organisation_id == venue.organisation_id, Booking.id.in_(booked.union(joined)),
            Booking.status.in_((PENDING, *UNDERWAY)),
            BookingItem.starts_at < ends_at, BookingItem.ends_at > starts_at,
        )
        .options(
            contains_eager(BookingItem.booking).joinedload(Booking.venue),
            joinedload(BookingItem.assignments).joinedload(Assignment.member),
        )
        .order_by(BookingItem.starts_at, BookingItem.id)
    )  # fmt: skip
    found = query if but is None else query.where(Booking.id != but.id)
    return list(db.session.scalars(found).unique())[:3]


def find_due_waves(*, at: datetime, limit: int = 100) -> list[int]:
    """The items, of all venues, whose next wave is due by then, the longest due first."""
    due = select(BookingItem.id).where(BookingItem.next_wave_at <= at)
    return list(db.session.scalars(due.order_by(BookingItem.next_wave_at, BookingItem.id).limit(limit)))


def take_due_booking(item_id: int, *, at: datetime) -> Booking | None:
    """The booking of an item whose next wave is due, held; None when it is not, or while somebody else holds it."""
    mine = select(Booking).join(BookingItem).where(BookingItem.id == item_id, BookingItem.next_wave_at <= at)
    return db.session.scalar(mine.options(joinedload(Booking.venue)).with_for_update(of=Booking, skip_locked=True))


def regulars_of(venue: Venue, customer_id: int, *, at: datetime) -> frozenset[int]:
    """The members who treat this guest as a rule: twice or more in the last year, and nobody did so more often."""
    times = func.count()
    rows = db.session.execute(
        select(Assignment.member_id, times)
        .join(BookingItem, BookingItem.id == Assignment.item_id)
        .join(Booking, Booking.id == BookingItem.booking_id)
        .where(
            Booking.organisation_id == venue.organisation_id, Booking.customer_id == customer_id,
            Booking.starts_at > at - _A_YEAR, Booking.starts_at <= at, Booking.status.in_((*UNDERWAY, COMPLETED)),
            Assignment.ended_at.is_(None),
        )
        .group_by(Assignment.member_id)
        .having(times > 1)
    ).all()  # fmt: skip
    most = max((count for _member, count in rows), default=0)
    return frozenset(member for member, count in rows if count == most)


def next_number(venue: Venue) -> int:
    """The next number of the organisation's bookings, taken.

    Its row is the last thing locked before writing: whoever is second waits here.
    """
    connection, organisation = db.session.connection(), {"organisation": venue.organisation_id}
    number: int | None = connection.scalar(_BUMP, organisation)
    if number is None:
        # The first booking ever; two may be the first at the same moment.
        first = insert_into(Counter).values(organisation_id=venue.organisation_id, kind="booking", value=0)
        connection.execute(first.on_conflict_do_nothing())
        return connection.execute(_BUMP, organisation).scalar_one()
    return number


def rooms_of_item(venue: Venue, item: BookingItem) -> frozenset[int]:
    """The rooms that an item holds, as the database knows them."""
    query = select(Claim.resource_id).join(Resource).where(Claim.venue_id == venue.id, Claim.item_id == item.id)
    query = query.where(Claim.active)
    return frozenset(db.session.scalars(query.where(Resource.kind == "room")))


def name_of_resource(venue: Venue, resource_id: int) -> str:
    """What a room or a person of the venue's organisation is called, in the reader's language."""
    query = select(Resource).where(Resource.organisation_id == venue.organisation_id, Resource.id == resource_id)
    found = db.session.scalar(query)
    if found is None:
        return ""
    return name_of(found) if isinstance(found, Room) else found.name


def resources_of(member_ids: Sequence[int]) -> list[int]:
    """The people behind these members."""
    if not member_ids:
        return []
    found = db.session.scalars(select(StaffMember.resource_id).where(StaffMember.id.in_(member_ids)))
    return [resource_id for resource_id in found if resource_id is not None]


def _scoped(venue: Venue) -> Select[Booking]:
    return select(Booking).where(Booking.organisation_id == venue.organisation_id, Booking.venue_id == venue.id)


def _item_details() -> tuple[_AbstractLoad, ...]:
    return (
        joinedload(BookingItem.treatment).joinedload(Treatment.room_type),
        joinedload(BookingItem.variant),
        joinedload(BookingItem.requested),
        selectinload(BookingItem.claims).joinedload(Claim.resource),
        selectinload(BookingItem.assignments).joinedload(Assignment.member),
        selectinload(BookingItem.offers).options(
            joinedload(Offer.member), joinedload(Offer.proposal).joinedload(CounterProposal.room)
        ),
    )
