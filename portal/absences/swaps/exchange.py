"""The exchange itself: shifts, visits and their claims change hands in one transaction, and one undo takes it back."""

from __future__ import annotations

from flask_babel import gettext as _

import portal.audit as audit
from portal.absences.swaps.errors import Impossible, NotYours
from portal.absences.swaps.facts import Facts
from portal.absences.swaps.service import check_possible, lock_accepted, work_of
from portal.audit import Actor
from portal.bookings import claims
from portal.bookings.errors import SlotUnavailable
from portal.bookings.handover import take_over
from portal.bookings.news import footprint_of, tell_booking
from portal.bookings.queries import lock_booking
from portal.changes.queries import bookings_named
from portal.changes.record import recording
from portal.clock import now
from portal.database import atomic, db
from portal.i18n import clock_time
from portal.live.service import ABSENCES, announce
from portal.models import Booking, BookingItem, ShiftSwap, StaffMember, Venue
from portal.models.absence import APPROVED
from portal.notices.absences import tell_of_swap

Given = tuple[Booking, BookingItem, StaffMember, StaffMember]


@atomic
def approve_swap(venue: Venue, *, swap: ShiftSwap, by: Actor) -> ShiftSwap:
    """The shifts change hands, with the visits in them: both are told by whoever approves. Harmless twice.

    All of the visits' claims are freed before any is taken, and the schema has the last word on each. Raises
    NotAccepted, Gone, Impossible with what has come in the way.
    """
    at = now()
    swap = lock_accepted(venue, swap, at=at)
    if swap.status == APPROVED or swap.colleague is None:
        return swap
    if by.member is None:
        raise NotYours()
    shift, other = swap.shift, swap.other_shift
    facts = check_possible(venue, shift, swap.colleague, other)
    given = _given(venue, swap, facts)
    stood = [(booking, footprint_of(venue, booking)) for booking in {one[0].id: one[0] for one in given}.values()]
    shifts = [one for one in (shift, other) if one is not None]
    with recording(venue, "swap:approved", *[booking for booking, _ in stood], swap, *shifts, by=by):
        if other is not None:
            shift.lift()
            db.session.flush()  # for a moment one of them would have both, perhaps at the same time
            other.hand_to(swap.member)
            db.session.flush()
        shift.hand_to(swap.colleague)
        shift.publish()
        swap.approve(at=at, by=by.member)
        _pass_on(venue, given, by=by)
    audit.record(by, "swap:approved", swap, visits=len(given))
    tell_of_swap(venue, swap, swap.member, swap.colleague, by=by, undoable=True)
    for booking, before in stood:
        tell_booking(venue, booking, before)
    announce(venue, ABSENCES)
    return swap


def _given(venue: Venue, swap: ShiftSwap, facts: Facts) -> list[Given]:
    """Every treatment in the shifts, its booking held, from whom and to whom."""
    found = []
    for shift, giver, taker in (
        (swap.shift, swap.member, swap.colleague),
        (swap.other_shift, swap.colleague, swap.member),
    ):
        work = work_of(facts, shift)
        if work is not None and giver is not None and taker is not None:
            found += [(visit, giver, taker) for visit in facts.visits_in(work)]
    names = sorted({visit.booking for visit, _giver, _taker in found})
    bookings = {one.id: lock_booking(venue, one) for one in bookings_named(venue, names)}
    return [
        (bookings[visit.booking_id], item, giver, taker)
        for visit, giver, taker in found
        for item in bookings[visit.booking_id].items
        if item.id == visit.item_id
    ]


def _pass_on(venue: Venue, given: list[Given], *, by: Actor) -> None:
    at = now()
    for _booking, item, giver, _taker in given:
        claims.release(item, resource_id=claims.resource_of(giver))
    db.session.flush()
    for booking, item, giver, taker in given:
        # Said before: once the schema has refused, nothing more can be read in this transaction.
        start, end = (clock_time(moment, venue.timezone) for moment in (item.starts_at, item.ends_at))
        told = _("%(name)s is taken from %(start)s to %(end)s.", name=taker.first_name, start=start, end=end)
        try:
            take_over(booking, item, giver, taker, by=by, at=at)
        except SlotUnavailable:
            raise Impossible([told]) from None
