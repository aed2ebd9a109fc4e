"""Putting items of a booking elsewhere: release what they hold, decide anew, reserve. The heart of move and resize."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy.exc import IntegrityError

from portal.audit import Actor
from portal.bookings import claims
from portal.bookings.availability import Grant, Refusal, RoomClaim, decide
from portal.bookings.broadcast import ask_anew
from portal.bookings.errors import SlotUnavailable
from portal.bookings.overbooking import person_is_taken, squeezed
from portal.bookings.queries import bookings_of_items, rooms_of_item
from portal.bookings.refusals import unavailable
from portal.bookings.slots.assembly import need_of
from portal.bookings.slots.facts import Need
from portal.bookings.slots.queries import load_snapshot
from portal.bookings.slots.snapshot import Snapshot
from portal.bookings.waves import carry_on
from portal.clock import local_date
from portal.database import db
from portal.models import Booking, BookingItem, Room, StaffMember, Venue
from portal.models.booking_states import ONGOING, PENDING
from portal.models.offer import ACCEPTED, TAKEN
from portal.notices.visits import Visits, tell_of_visits, visits_of


@dataclass(frozen=True, slots=True)
class Target:
    """Where an item is to stand: when, with whom (reserved at once), and in which room when that is chosen."""

    item: BookingItem
    starts_at: datetime
    ends_at: datetime
    therapists: Sequence[StaffMember] = ()
    room: Room | None = None

    @property
    def minutes(self) -> int:
        return int((self.ends_at - self.starts_at).total_seconds()) // 60

    @property
    def people(self) -> frozenset[int]:
        return frozenset(claims.resource_of(member) for member in self.therapists)


def relocate(
    venue: Venue,
    booking: Booking,
    targets: Sequence[Target],
    *,
    by: Actor,
    at: datetime,
    overbook_reason: str | None = None,
) -> bool:
    """Give each item its new time, rooms and therapists, in this order; all or none.

    An item keeps the rooms it has while they are free, else it gets others, unless a room was chosen; one that has
    begun stays where it is. One that follows another of the booking without a pause stays in its room if it can,
    which then needs no turnover between them. What it still lacks is offered anew. The caller holds the days and the
    booking's row. Returns whether the overbooking reason was needed. Raises SlotUnavailable.
    """
    held = {target.item.id: rooms_of_item(venue, target.item) for target in targets}
    stood = {target.item.id: (target.item.starts_at, target.item.ends_at) for target in targets}
    before = _before(booking, targets)
    for target in targets:
        claims.release(target.item)
    db.session.flush()
    waiting, overbooked = [target.item.id for target in targets], False
    for target in targets:
        waiting.remove(target.item.id)
        leave_out = (target.item.id, *waiting)
        place = _Placing(venue, booking, target, leave_out, at, overbook_reason)
        grant = place.beside(before) or place.grant(held[target.item.id])
        _settle(venue, booking, target, grant, place.snapshot, by=by, at=at)
        stays = stood[target.item.id] == (target.starts_at, target.ends_at)
        _ask_again(venue, target.item, at=at, stays=stays)
        before, overbooked = target.item, overbooked or grant.overbooked
    _give_back_turnover(venue, booking)
    return overbooked


def displaced(venue: Venue, moves: Mapping[int, Sequence[RoomClaim]]) -> list[tuple[Booking, Visits]]:
    """The bookings that must make way by changing rooms, with what their therapists know of them before they do."""
    return [(booking, visits_of(booking)) for booking in bookings_of_items(venue, list(moves))]


def note_displaced(venue: Venue, others: Iterable[tuple[Booking, Visits]], *, by: Actor, at: datetime) -> None:
    """They have their other rooms by now: that stands in their history, and who serves them is told."""
    for booking, before in others:
        booking.remember("room_changed", by=by, at=at, from_status=booking.status)
        for item in booking.items:
            db.session.expire(item, ["claims"])
        tell_of_visits(venue, booking, before, by=by)


def has_begun(booking: Booking, item: BookingItem, at: datetime) -> bool:
    """Whether a guest lies there: nobody changes rooms in the middle of a treatment unless the desk says so."""
    return booking.status == ONGOING and item.starts_at <= at


def in_place(need: Need, held: frozenset[int]) -> Need:
    """The same need in the rooms it has, whatever rooms they are."""
    return replace(need, rooms=held, room_type_id=None)


def _before(booking: Booking, targets: Sequence[Target]) -> BookingItem | None:
    """The treatment of the visit that stays, and ends where the first target begins."""
    moved = {target.item.id for target in targets}
    ends_at = targets[0].starts_at
    return next((one for one in booking.items if one.id not in moved and one.ends_at == ends_at), None)


class _Placing:
    """Looks for the place of one item."""

    def __init__(
        self,
        venue: Venue,
        booking: Booking,
        target: Target,
        leave_out: tuple[int, ...],
        at: datetime,
        overbook_reason: str | None,
    ) -> None:
        self.venue, self.target, self.leave_out = venue, target, leave_out
        self.reason = overbook_reason
        self.stays = target.room is None and has_begun(booking, target.item, at)
        # What has begun may go on where it is: only a start that is chosen anew must not lie in the past.
        self.at = min(at, target.item.starts_at) if target.starts_at == target.item.starts_at else at
        self.day = local_date(target.starts_at, venue.timezone)
        self.snapshot = self._load()

    def beside(self, before: BookingItem | None) -> Grant | None:
        """The room of the treatment that ends where this one begins, which then needs no turnover between them."""
        if before is None or before.ends_at != self.target.starts_at or self.target.room is not None or self.stays:
            return None
        rooms = rooms_of_item(self.venue, before)
        snapshot = self._load(before.id)
        answer = decide(snapshot, replace(self._need(), rooms=rooms), self.target.starts_at, self.at, desk=True)
        if isinstance(answer, Refusal):
            return None
        before.buffer_minutes = 0
        claims.end_rooms(before, rooms, before.ends_at)
        return answer

    def grant(self, held: frozenset[int]) -> Grant:
        """The rooms chosen, else those it held, else any. Raises SlotUnavailable."""
        need = self._need()
        if self.stays and held:
            need = in_place(need, held)
        elif self.target.room is None and held:
            kept = decide(self.snapshot, replace(need, rooms=held), self.target.starts_at, self.at, desk=True)
            if isinstance(kept, Grant) and not kept.moves:
                return kept
        answer = decide(self.snapshot, need, self.target.starts_at, self.at, desk=True)
        if isinstance(answer, Refusal) and self.reason:
            answer = squeezed(self.snapshot, need, self.target.starts_at, self.at, answer)
        if isinstance(answer, Grant):
            return answer
        raise unavailable(
            self.venue, need, self.target.starts_at, answer,
            at=self.at, desk=True, snapshot=self.snapshot, without=self.leave_out,
            but=self.target.item.starts_at,
        )  # fmt: skip

    def _need(self) -> Need:
        item, room = self.target.item, self.target.room
        need = need_of(self.venue, item.variant, guests=item.guest_count, gender=item.gender_preference)
        rooms = None if room is None else frozenset({room.id})
        return replace(need, duration=self.target.minutes, rooms=rooms, therapists=self.target.people)

    def _load(self, *more: int) -> Snapshot:
        return load_snapshot(self.venue, first=self.day, last=self.day, without=(*self.leave_out, *more))


def _settle(
    venue: Venue,
    booking: Booking,
    target: Target,
    grant: Grant,
    snapshot: Snapshot,
    *,
    by: Actor,
    at: datetime,
) -> None:
    """Write the grant. Raises SlotUnavailable when the schema refuses it."""
    item = target.item
    item.starts_at, item.ends_at, item.out_of_hours = target.starts_at, target.ends_at, grant.out_of_hours
    item.buffer_minutes = max(venue.room_turnover_buffer_minutes, item.treatment.buffer_minutes)
    item.room_pinned = target.room is not None or item.room_pinned
    _staff(booking, target, by=by, at=at)
    others = displaced(venue, grant.moves)
    try:
        claims.move_rooms(venue, grant.moves)
        claims.write(claims.rooms_of(venue, item.id, grant.rooms))
        for person in target.people:
            taken = grant.overbooked and person_is_taken(snapshot, person, item.starts_at, item.ends_at)
            claims.reserve_person(item, person, overbooked=taken)
    except claims.TimeTaken:
        raise SlotUnavailable("no_room", interval=(target.starts_at, target.ends_at)) from None
    db.session.expire(item, ["claims"])
    note_displaced(venue, others, by=by, at=at)


def _staff(booking: Booking, target: Target, *, by: Actor, at: datetime) -> None:
    """Whoever serves it is who was chosen; their offers say so."""
    item, chosen = target.item, {member.id for member in target.therapists}
    for assignment in item.current_assignments:
        if assignment.member_id not in chosen:
            booking.unassign(item, assignment.member, by=by, at=at)
            _close_offer_of(item, assignment.member_id, at=at)
    for member in target.therapists:
        booking.assign(item, member, by=by, at=at)
        for offer in item.offers:
            if offer.member_id == member.id and offer.status != ACCEPTED:
                offer.accept(at=at)


def _give_back_turnover(venue: Venue, booking: Booking) -> None:
    """A treatment that nothing follows in its room any more needs its turnover again, as far as the room is free."""
    db.session.flush()
    for item in booking.items:
        rooms = rooms_of_item(venue, item)
        wanted = max(venue.room_turnover_buffer_minutes, item.treatment.buffer_minutes)
        follows = any(one.starts_at == item.ends_at and rooms_of_item(venue, one) & rooms for one in booking.items)
        if item.buffer_minutes >= wanted or follows:
            continue
        try:
            with db.session.begin_nested():
                claims.end_rooms(item, rooms, item.ends_at + timedelta(minutes=wanted))
        except IntegrityError:
            continue
        item.buffer_minutes = wanted


def _close_offer_of(item: BookingItem, member_id: int, *, at: datetime) -> None:
    for offer in item.offers:
        if offer.member_id == member_id:
            offer.close(TAKEN, at=at)


def _ask_again(venue: Venue, item: BookingItem, *, at: datetime, stays: bool) -> None:
    """Once it is staffed nobody is asked any more. Another time is a new question to those who can do it then."""
    if item.therapists_missing == 0:
        for offer in item.offers:
            if offer.is_open:
                offer.close(TAKEN, at=at)
    elif item.booking.status == PENDING:
        db.session.flush()
        if stays:
            carry_on(venue, item, at=at)
            return
        day = local_date(item.starts_at, venue.timezone)
        ask_anew(venue, item, load_snapshot(venue, first=day, last=day), at=at)
