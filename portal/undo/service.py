"""Undo: what a member did is put back for as long as nobody has built on it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from uuid import UUID

import portal.audit as audit
from portal.audit import Actor
from portal.bookings import claims, news
from portal.bookings.claims import TimeTaken
from portal.bookings.queries import lock_booking
from portal.changes.memento import BLOCK, BOOKING, SERIES, SHIFT, SWAP, TIME_OFF, Plain, State, version_of
from portal.changes.queries import (
    blocks_named,
    bookings_named,
    changes_before,
    last_change,
    lock_blocks,
    lock_change,
    series_named,
    shifts_named,
    swaps_named,
    time_off_named,
)
from portal.changes.record import recording
from portal.clock import now
from portal.database import atomic, db
from portal.errors import NotFound
from portal.live.service import ABSENCES, announce
from portal.messages.service import void_messages
from portal.models import Block, Booking, Change, Shift, Venue
from portal.models.booking_states import CANCELLED, CONFIRMED
from portal.notices.visits import tell_of_visits, visits_of
from portal.payments.service import release_deposit
from portal.team.queries import columns_of
from portal.undo.errors import AlreadyUndone, ChangedSince, NothingToUndo, PlaceTaken, TooOld
from portal.undo.restore import (
    lift,
    restore_block,
    restore_booking,
    restore_money,
    restore_plain,
    restore_series,
    retract,
)
from portal.webhooks import outbox

# How late a visit may be put back to a time that has passed: an undo is for a slip of the hand.
GRACE = timedelta(minutes=15)
# How long the last step can be undone blindly; older ones are put back from the history, where one sees what they are.
FRESH = timedelta(minutes=30)
# How many changes can be undone one after the other.
CHAIN = 50


@atomic
def undo_change(venue: Venue, *, change: Change, by: Actor) -> Change:
    """Put everything that the change touched back, and void the messages that still wait. All or nothing.

    Raises AlreadyUndone, ChangedSince when something of it was changed later, PlaceTaken.
    """
    at = now()
    change = lock_change(venue, change)
    if change.is_undone:
        raise AlreadyUndone()
    states = {UUID(state["uuid"]): state for state in change.before}
    _lock_days(venue, states.values())
    bookings = _lock_bookings(venue, states.values())
    blocks = lock_blocks(venue, _names(states.values(), BLOCK))
    plain = _lock_plain(venue, states.values())
    subjects: list[Booking | Block | Plain] = [*bookings, *blocks, *plain]
    if any(change.after.get(str(subject.uuid)) != version_of(subject) for subject in subjects):
        raise ChangedSince()
    _lift(bookings, blocks, [one for one in plain if isinstance(one, Shift)], states)
    try:
        for booking in bookings:
            _undo_booking(venue, booking, states[booking.uuid], change, by=by, at=at)
        for block in blocks:
            _undo_block(venue, block, states[block.uuid], at=at)
        _put_back_plain(venue, plain, states, at=at)
    except TimeTaken:
        raise PlaceTaken() from None
    for series in series_named(venue, _names(states.values(), SERIES)):
        restore_series(series, states[series.uuid])
    change.undone_at = at
    void_messages(change)
    _hand_back(venue, change, subjects)
    for subject in subjects:
        audit.record(by, "change:undone", subject, what=change.verb)
    return change


@atomic
def undo_last(venue: Venue, *, by: Actor) -> Change:
    """Undo what the member did last here, in the last half hour. Raises NothingToUndo, and as `undo_change`."""
    change = last_change(venue, by.member) if by.member else None
    if change is None or change.at < now() - FRESH:
        raise NothingToUndo()
    return undo_change(venue, change=change, by=by)


@atomic
def put_back(venue: Venue, *, booking: Booking, change: Change, by: Actor) -> Booking:
    """The booking as it was before a change of its history, whatever came after; a change of its own.

    What was paid since stays paid: lines of the ledger are voided one by one, where one sees them. Only a deposit that
    was kept since is held again.
    Raises NotFound when the change did not touch it or made it, PlaceTaken, TooOld.
    """
    at = now()
    state = next((one for one in change.before if one["uuid"] == str(booking.uuid)), None)
    if state is None or state.get("created"):
        raise NotFound()
    _lock_days(venue, [state])
    [booking] = _lock_bookings(venue, [state])
    starts_at = datetime.fromisoformat(state["starts_at"])
    if starts_at != booking.starts_at and starts_at < at - GRACE:
        raise TooOld()
    try:
        with recording(venue, "booking:put_back", booking, by=by):
            _undo_booking(venue, booking, state, change, by=by, at=at, verb="put_back")
    except TimeTaken:
        raise PlaceTaken() from None
    audit.record(by, "booking:put_back", booking, what=change.verb)
    return booking


def _lock_days(venue: Venue, states: Iterable[State]) -> None:
    """Hold every day on which something of the change stands or stood: whoever decides about them waits."""
    states = list(states)
    standing: list[Booking | Block] = [
        *bookings_named(venue, _names(states, BOOKING)),
        *blocks_named(venue, _names(states, BLOCK)),
    ]
    spans = [(one.starts_at, one.ends_at) for one in standing]
    spans += [(_instant(state, "starts_at"), _instant(state, "ends_at")) for state in states if "starts_at" in state]
    claims.lock_spans(venue.organisation_id, *spans)


def _lock_bookings(venue: Venue, states: Iterable[State]) -> list[Booking]:
    """The bookings among the states as they are now, held."""
    return [lock_booking(venue, booking) for booking in bookings_named(venue, _names(states, BOOKING))]


def _lock_plain(venue: Venue, states: Iterable[State]) -> list[Plain]:
    """Time off, exchanges and shifts among the states, held."""
    states = list(states)
    return [
        *time_off_named(venue, _names(states, TIME_OFF)),
        *swaps_named(venue, _names(states, SWAP)),
        *shifts_named(venue, _names(states, SHIFT)),
    ]


def _lift(
    bookings: Iterable[Booking], blocks: Iterable[Block], shifts: Iterable[Shift], states: Mapping[UUID, State]
) -> None:
    """All of them first: one may have what another had."""
    for shift in shifts:
        shift.lift()
    for block in blocks:
        block.release()
    for booking in bookings:
        lift(booking, states[booking.uuid])
    db.session.flush()


def _put_back_plain(venue: Venue, rows: Iterable[Plain], states: Mapping[UUID, State], *, at: datetime) -> None:
    for row in rows:
        stood = _place_of(row)
        restore_plain(row, states[row.uuid], at=at)
        if isinstance(row, Shift):
            news.tell_shifts(venue, *filter(None, (stood, _place_of(row))))
        else:
            announce(venue, ABSENCES)


def _place_of(row: Plain) -> news.Worked | None:
    return news.Worked.of(row) if isinstance(row, Shift) else None


def _undo_booking(
    venue: Venue, booking: Booking, state: State, change: Change, *, by: Actor, at: datetime, verb: str = "undone"
) -> None:
    stood, was = news.footprint_of(venue, booking), (booking.starts_at, booking.ends_at, booking.status)
    visits = visits_of(booking)
    if state.get("created"):
        retract(booking, by=by, at=at)
    else:
        asking = verb != "undone" or not state.get("asking_left_alone")
        restore_booking(booking, state, by=by, at=at, verb=verb, asking=asking, what=change.verb)
        if verb == "undone":
            restore_money(venue, booking, state, by=by, at=at)
        else:
            release_deposit(venue, booking, state["payments"], by=by)
    _publish(booking, *was)
    news.tell_booking(venue, booking, stood)
    tell_of_visits(venue, booking, visits, by=by)


def _publish(booking: Booking, starts_at: datetime, ends_at: datetime, status: str) -> None:
    """What partners hear of it: the same events as if it had been done by hand."""
    if (booking.starts_at, booking.ends_at) != (starts_at, ends_at):
        previous = {"starts_at": starts_at.isoformat(), "ends_at": ends_at.isoformat()}
        outbox.publish("booking.rescheduled", booking, previous=previous)
    if booking.status == status:
        return
    if booking.status == CANCELLED:
        outbox.publish("booking.cancelled", booking)
    elif booking.status == CONFIRMED:
        outbox.publish("booking.confirmed", booking)
    else:
        outbox.publish("booking.unassigned", booking)


def _undo_block(venue: Venue, block: Block, state: State, *, at: datetime) -> None:
    places = [(block.starts_at, block.ends_at)]
    restore_block(block, state, at=at)
    places.append((block.starts_at, block.ends_at))
    columns = columns_of(venue, [block.resource_id]).values()
    news.tell(venue, *(news.footprint(venue, start, end, columns) for start, end in places), offers=False)


def _hand_back(venue: Venue, change: Change, subjects: Iterable[Booking | Block | Plain]) -> None:
    """What stood before the change stands again: the change that led there can be undone in its turn."""
    db.session.flush()
    versions = {state["uuid"]: state["version"] for state in change.before}
    now_at = {str(subject.uuid): version_of(subject) for subject in subjects}
    for earlier in changes_before(venue, change, limit=CHAIN):
        same = {name: now_at[name] for name in now_at if earlier.after.get(name) == versions[name]}
        if same:
            earlier.after = {**earlier.after, **same}


def _names(states: Iterable[State], kind: str) -> list[UUID]:
    return [UUID(state["uuid"]) for state in states if state["kind"] == kind]


def _instant(state: State, name: str) -> datetime:
    return datetime.fromisoformat(state[name])
