"""What a member of staff can be told outside the open page, and in which words she chooses among it."""

from __future__ import annotations

from enum import StrEnum

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from portal.models import StaffMember


class Kind(StrEnum):
    """What a notice is about, and what its `subject` is the uuid of."""

    OFFER = "offer"  # an Offer
    OFFER_WITHDRAWN = "offer_withdrawn"  # an Offer
    PROPOSAL_ANSWER = "proposal_answer"  # a CounterProposal
    BOOKING_GIVEN = "booking_given"  # a BookingItem, as for the next five
    BOOKING_TAKEN = "booking_taken"
    MOVED = "moved"
    ROOM_CHANGED = "room_changed"
    CANCELLED = "cancelled"
    ARRIVED = "arrived"
    TIME_OFF_ANSWER = "time_off_answer"  # a TimeOff
    TIME_OFF_ASKED = "time_off_asked"  # a TimeOff, told to those who decide
    SICK = "sick"  # a TimeOff, told to the desk
    SWAP = "swap"  # a ShiftSwap, told to whoever is to answer or has asked
    ROTA = "rota"  # a Venue, told to whoever works there
    PROPOSED = "proposed"  # a CounterProposal, told to the desk
    OFFER_UNANSWERED = "offer_unanswered"  # a BookingItem that nobody has taken, told to the desk
    TEST = "test"  # nothing


# What follows one visit of hers: a later change overtakes an earlier one.
OF_VISITS = frozenset({Kind.BOOKING_GIVEN, Kind.BOOKING_TAKEN, Kind.MOVED, Kind.ROOM_CHANGED, Kind.CANCELLED})

_OF_THERAPISTS: dict[str, LazyString] = {
    Kind.OFFER: _l("New offers"),
    Kind.OFFER_WITHDRAWN: _l("Offers that the spa cancels"),
    Kind.PROPOSAL_ANSWER: _l("Answers to my suggestions"),
    Kind.BOOKING_GIVEN: _l("Visits that the desk gives me"),
    Kind.BOOKING_TAKEN: _l("Visits that somebody else takes over"),
    Kind.MOVED: _l("Visits that move to another time"),
    Kind.ROOM_CHANGED: _l("Another room"),
    Kind.CANCELLED: _l("Cancelled visits"),
    Kind.ARRIVED: _l("My guest has arrived"),
    Kind.ROTA: _l("My shifts are planned or changed"),
    Kind.TIME_OFF_ANSWER: _l("Answers about my time off"),
    Kind.SWAP: _l("Shifts that change hands"),
}
_OF_THE_DESK: dict[str, LazyString] = {
    Kind.OFFER_UNANSWERED: _l("Bookings that no therapist takes"),
    Kind.PROPOSED: _l("Other times that therapists suggest"),
    Kind.SICK: _l("Somebody is sick"),
    Kind.TIME_OFF_ASKED: _l("Requests for time off"),
    Kind.ROTA: _l("My shifts are planned or changed"),
    Kind.SWAP: _l("Shifts that change hands"),
}


def kinds_of(member: StaffMember) -> dict[str, LazyString]:
    """What she can be told in her role, each with its name, as she chooses among it."""
    return _OF_THERAPISTS if member.is_therapist else _OF_THE_DESK
