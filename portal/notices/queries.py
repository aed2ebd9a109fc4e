"""Reading notices and what they speak of."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Select, exists, or_, select
from sqlalchemy.orm import joinedload, selectinload

from portal.database import db
from portal.errors import NotFound
from portal.models import (
    Assignment,
    Booking,
    BookingItem,
    Claim,
    CounterProposal,
    Delivery,
    LoginSession,
    Notice,
    Offer,
    PushSubscription,
    Room,
    Shift,
    ShiftSwap,
    StaffMember,
    TimeOff,
    Venue,
    VenueMember,
)
from portal.models.offer import OPEN, UNABLE
from portal.models.proposal import ACCEPTED
from portal.notices.kinds import OF_VISITS, Kind

_FRESH: dict[str, Any] = {"populate_existing": True}


def lock_notice(organisation_id: int, notice_id: UUID) -> Notice | None:
    """One notice as it is now, with its member, held until the transaction ends."""
    query = select(Notice).where(Notice.organisation_id == organisation_id, Notice.uuid == notice_id)
    query = query.options(
        joinedload(Notice.member).options(
            joinedload(StaffMember.organisation),
            selectinload(StaffMember.venue_links).joinedload(VenueMember.venue),
        ),
        joinedload(Notice.venue),
        selectinload(Notice.deliveries),
    )
    return db.session.scalar(query.with_for_update(of=Notice).execution_options(**_FRESH))


def lock_waiting_visits(organisation_id: int, item_ids: Collection[UUID]) -> list[Notice]:
    """What is still to be told about these visits, oldest first, held until the transaction ends."""
    query = select(Notice).where(
        Notice.organisation_id == organisation_id,
        Notice.subject.in_(item_ids),
        Notice.kind.in_(OF_VISITS),
        Notice.done_at.is_(None),
        ~Notice.deliveries.any(),
    )
    return list(db.session.scalars(query.order_by(Notice.id).with_for_update().execution_options(**_FRESH)))


def lock_browser_at(endpoint: str) -> PushSubscription | None:
    """Whatever browser is woken at this address, held until the transaction ends."""
    query = select(PushSubscription).where(PushSubscription.endpoint_hash == PushSubscription.hash_of(endpoint))
    query = query.options(joinedload(PushSubscription.session).joinedload(LoginSession.member))
    return db.session.scalar(query.with_for_update(of=PushSubscription).execution_options(**_FRESH))


def lock_receipt(notice_id: UUID) -> Notice | None:
    """The notice that a signed receipt names, held until the transaction ends."""
    organisation_id = db.session.scalar(select(Notice.organisation_id).where(Notice.uuid == notice_id))
    return lock_notice(organisation_id, notice_id) if organisation_id else None


def open_subscriptions(organisation_id: int, member_id: int) -> list[PushSubscription]:
    """The browsers that the member has not switched off, each with its session, oldest first."""
    query = _browsers(organisation_id).where(
        PushSubscription.member_id == member_id, PushSubscription.ended_at.is_(None)
    )
    return list(db.session.scalars(query.order_by(PushSubscription.id)))


def lock_subscription(organisation_id: int, subscription_id: UUID) -> PushSubscription | None:
    """One browser as it is now, held until the transaction ends."""
    query = _browsers(organisation_id).where(PushSubscription.uuid == subscription_id)
    return db.session.scalar(query.with_for_update(of=PushSubscription))


def _browsers(organisation_id: int) -> Select[PushSubscription]:
    query = select(PushSubscription).where(PushSubscription.organisation_id == organisation_id)
    return query.options(joinedload(PushSubscription.session).joinedload(LoginSession.member)).execution_options(
        **_FRESH
    )


def open_offers(organisation_id: int, booking_id: UUID) -> list[Offer]:
    """The offers of a booking that wait for an answer, with whom they were made to."""
    query = _offers(organisation_id).where(
        Offer.status == OPEN, Offer.item.has(BookingItem.booking.has(uuid=booking_id))
    )
    return list(db.session.scalars(query.order_by(Offer.id)))


def told_offers(organisation_id: int, booking_id: UUID, status: str) -> list[Offer]:
    """The offers of a booking that ended so without an answer, of which their therapists have heard; none of those that
    went away because she herself could not.
    """
    heard = select(Notice.subject).where(
        Notice.organisation_id == organisation_id,
        Notice.kind == Kind.OFFER,
        Notice.voided_at.is_(None),
        Notice.deliveries.any(),
    )
    query = _offers(organisation_id).where(
        Offer.status == status, Offer.answered_at.is_(None), Offer.uuid.in_(heard),
        or_(Offer.reason.is_(None), Offer.reason.not_in(UNABLE)),
        Offer.item.has(BookingItem.booking.has(uuid=booking_id)),
    )  # fmt: skip
    return list(db.session.scalars(query.order_by(Offer.id)))


def unanswered_items(organisation_id: int, booking_id: UUID) -> list[BookingItem]:
    """The treatments of a booking for which nobody is left to be asked."""
    query = select(BookingItem).where(
        BookingItem.organisation_id == organisation_id, BookingItem.booking.has(Booking.uuid == booking_id),
        BookingItem.booking.has(Booking.test.is_(False)), BookingItem.alerted_at.is_not(None),
    )  # fmt: skip
    query = query.options(joinedload(BookingItem.booking).joinedload(Booking.venue))
    return list(db.session.scalars(query.order_by(BookingItem.id).execution_options(**_FRESH)))


def desk_of(venue: Venue) -> list[StaffMember]:
    """Who runs the desk of the venue and decides there."""
    query = select(StaffMember).where(
        StaffMember.organisation_id == venue.organisation_id, StaffMember.active,
        StaffMember.role.in_(("receptionist", "manager")), StaffMember.venue_links.any(venue_id=venue.id),
    )  # fmt: skip
    return list(db.session.scalars(query.options(selectinload(StaffMember.venue_links)).order_by(StaffMember.id)))


def find_offer(organisation_id: int, offer_id: UUID | None) -> Offer | None:
    """An offer with all that a notice says of it, as it is now."""
    return db.session.scalar(_offers(organisation_id).where(Offer.uuid == offer_id))


def find_notice_by_key(member: StaffMember, key: str) -> Notice | None:
    """A notice to the member by what makes it the same."""
    query = select(Notice).where(Notice.member_id == member.id, Notice.key == key)
    return db.session.scalar(query.execution_options(**_FRESH))


def find_waiting(member: StaffMember, kind: str, *, subject: UUID) -> Notice | None:
    """A notice of that kind about the subject that has not left yet, held until the transaction ends."""
    query = select(Notice).where(
        Notice.member_id == member.id, Notice.kind == kind, Notice.subject == subject, Notice.done_at.is_(None),
        ~exists().where(Delivery.notice_id == Notice.id),
    ).order_by(Notice.id.desc()).limit(1)  # fmt: skip
    return db.session.scalar(query.with_for_update(of=Notice).execution_options(**_FRESH))


def shifts_told(organisation_id: int, notice: Notice, first: date, last: date) -> list[Shift]:
    """By what its member works at its venue on these dates, in order of time."""
    query = select(Shift).where(
        Shift.organisation_id == organisation_id, Shift.member_id == notice.member_id,
        Shift.venue_id == notice.venue_id, Shift.counts(), Shift.day >= first, Shift.day <= last,
    )  # fmt: skip
    return list(db.session.scalars(query.order_by(Shift.starts_at, Shift.id).execution_options(**_FRESH)))


def get_notice(member: StaffMember, notice_id: UUID) -> Notice:
    """One notice to the member, with the ways it went. Raises NotFound."""
    query = select(Notice).where(Notice.member_id == member.id, Notice.uuid == notice_id)
    found = db.session.scalar(query.options(selectinload(Notice.deliveries)).execution_options(**_FRESH))
    if found is None:
        raise NotFound()
    return found


def find_proposal(organisation_id: int, proposal_id: UUID | None) -> CounterProposal | None:
    """A therapist's suggestion of another time, with the offer that it answers."""
    query = select(CounterProposal).where(
        CounterProposal.organisation_id == organisation_id, CounterProposal.uuid == proposal_id
    )
    return db.session.scalar(query.options(joinedload(CounterProposal.offer)).execution_options(**_FRESH))


def find_accepted_proposal(organisation_id: int, member_id: int, item: BookingItem) -> CounterProposal | None:
    """What the member had suggested and the desk accepted, if the treatment stands at that time."""
    query = select(CounterProposal).where(
        CounterProposal.organisation_id == organisation_id, CounterProposal.status == ACCEPTED,
        CounterProposal.starts_at == item.starts_at,
        CounterProposal.offer.has((Offer.item_id == item.id) & (Offer.member_id == member_id)),
    )  # fmt: skip
    return db.session.scalar(query.limit(1))


def find_item(organisation_id: int, item_id: UUID | None) -> BookingItem | None:
    """A treatment of a visit with who serves it and where, as it is now."""
    query = select(BookingItem).where(BookingItem.organisation_id == organisation_id, BookingItem.uuid == item_id)
    query = query.options(
        joinedload(BookingItem.booking).joinedload(Booking.venue),
        joinedload(BookingItem.treatment),
        selectinload(BookingItem.claims).joinedload(Claim.resource),
        selectinload(BookingItem.assignments).joinedload(Assignment.member),
    )
    return db.session.scalar(query.execution_options(**_FRESH))


def rooms_named(organisation_id: int, rooms: Collection[UUID]) -> list[Room]:
    """Rooms by their uuid, in order of name."""
    query = select(Room).where(Room.organisation_id == organisation_id, Room.uuid.in_(rooms))
    return list(db.session.scalars(query.order_by(Room.name, Room.id)))


def find_time_off(organisation_id: int, time_off_id: UUID | None) -> TimeOff | None:
    """Somebody's time off, with who that is."""
    query = select(TimeOff).where(TimeOff.organisation_id == organisation_id, TimeOff.uuid == time_off_id)
    return db.session.scalar(query.options(joinedload(TimeOff.member)).execution_options(**_FRESH))


def find_swap(organisation_id: int, swap_id: UUID | None) -> ShiftSwap | None:
    """A shift that changes hands, with both members."""
    query = select(ShiftSwap).where(ShiftSwap.organisation_id == organisation_id, ShiftSwap.uuid == swap_id)
    query = query.options(
        joinedload(ShiftSwap.member), joinedload(ShiftSwap.colleague), joinedload(ShiftSwap.shift),
        joinedload(ShiftSwap.other_shift),
    )  # fmt: skip
    return db.session.scalar(query.execution_options(**_FRESH))


def _offers(organisation_id: int) -> Select[Offer]:
    query = select(Offer).where(Offer.organisation_id == organisation_id)
    return query.options(
        joinedload(Offer.member).selectinload(StaffMember.venue_links),
        joinedload(Offer.item).options(
            joinedload(BookingItem.booking).joinedload(Booking.venue),
            joinedload(BookingItem.treatment),
            selectinload(BookingItem.claims).joinedload(Claim.resource),
        ),
    ).execution_options(**_FRESH)
