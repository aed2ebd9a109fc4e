"""A guest who stands at the desk: which treatments can begin soon, and booking one of them at once."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from flask_babel import gettext as _

import portal.clock as clock
from portal.audit import Actor
from portal.bookings.desk.booking import book_at_desk
from portal.bookings.desk.choices import Choices
from portal.bookings.desk.finding import Found, soonest
from portal.bookings.desk.moments import STEP
from portal.bookings.desk.pricing import menu_price
from portal.bookings.desk.queries import find_twin
from portal.bookings.errors import SlotUnavailable
from portal.bookings.request import Request
from portal.bookings.slots.assembly import need_of
from portal.bookings.slots.queries import load_snapshot
from portal.bookings.slots.snapshot import Snapshot
from portal.errors import Conflict
from portal.models import Booking, StaffMember, Variant, Venue

# Nobody waits longer than this at the desk.
SOON = timedelta(hours=3)
# A time that was offered may have moved by this much when it is taken.
SLACK = timedelta(minutes=10)


class NoLonger(Conflict):
    """The time that was offered is gone."""

    code = "no_longer_free"


@dataclass(frozen=True, slots=True)
class WalkIn:
    """A treatment that can begin soon, who does it, and where."""

    variant: Variant
    starts_at: datetime
    ends_at: datetime
    therapists: tuple[StaffMember, ...]
    rooms: tuple[str, ...]
    price_minor: int | None
    wait: int


def walk_ins(venue: Venue, choices: Choices, *, at: datetime) -> list[WalkIn]:
    """The treatments that can begin within three hours, those first that begin first: on one snapshot."""
    snapshot = _today(venue, at)
    found = [_offer(venue, choices, snapshot, variant, not_before=at - STEP, at=at) for variant in choices.variants]
    return sorted((one for one in found if one is not None), key=lambda one: one.starts_at)


def book_walk_in(
    venue: Venue, choices: Choices, variant: Variant, *, starts_at: datetime, booking_id: UUID, by: Actor
) -> Booking:
    """Book a guest without a name for the time that was offered, and check him in. A few minutes later will do; a
    second click is answered with the first booking.

    Raises NoLonger when somebody was faster or it was offered too long ago, SlotUnavailable.
    """
    if twin := find_twin(venue, booking_id):
        return twin
    at = clock.now()
    offered = _offer(venue, choices, _today(venue, at), variant, not_before=starts_at, at=at)
    if offered is None or offered.starts_at - starts_at > SLACK:
        raise NoLonger(_("This time is taken in the meantime. Please choose again."))
    if offered.price_minor is None:
        raise NoLonger(_("This treatment is priced on request: please book it from the grid."))
    wish = Request(
        variant=variant, starts_at=offered.starts_at, customer=None, price_minor=offered.price_minor, channel="desk",
        desk=True, guest_count=variant.guest_count, therapists=offered.therapists,
        guest_language=venue.organisation.default_language,
    )  # fmt: skip
    try:
        return book_at_desk(venue, wish, booking_id=booking_id, guest=None, by=by, arrived=True)
    except SlotUnavailable as taken:
        raise NoLonger(_("This time is taken in the meantime. Please choose again.")) from taken


def _today(venue: Venue, at: datetime) -> Snapshot:
    first, last = (clock.local_date(moment, venue.timezone) for moment in (at, at + SOON))
    return load_snapshot(venue, first=first, last=last)


def _offer(
    venue: Venue, choices: Choices, snapshot: Snapshot, variant: Variant, *, not_before: datetime, at: datetime
) -> WalkIn | None:
    need = need_of(venue, variant, guests=variant.guest_count)
    # The lead time of a treatment is for those who are not here yet.
    found = soonest(
        snapshot, replace(need, lead_time=0), now=at, not_before=not_before, until=at + SOON, shortest=choices.shortest
    )
    return _told(venue, choices, variant, found, at=at) if found else None


def _told(venue: Venue, choices: Choices, variant: Variant, found: Found, *, at: datetime) -> WalkIn:
    wish = Request(variant=variant, starts_at=found.starts_at, customer=None, price_minor=0, channel="desk")
    return WalkIn(
        variant=variant,
        starts_at=found.starts_at,
        ends_at=found.ends_at,
        therapists=choices.people(found.people),
        rooms=choices.room_names(found.rooms),
        price_minor=menu_price(venue, wish, out_of_hours=found.out_of_hours),
        wait=max(0, int((found.starts_at - at).total_seconds()) // 60),
    )
