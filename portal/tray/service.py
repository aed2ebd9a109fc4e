"""The tray: bookings that a member has picked up to put them elsewhere. Each keeps its place until then."""

from __future__ import annotations

from portal.database import atomic, db, insert_into
from portal.live.service import announce
from portal.models import Booking, Parked, StaffMember, Venue
from portal.models.booking_states import NotNow
from portal.tray.queries import MOVABLE, parked_by

TRAY = "tray"


@atomic
def park_booking(venue: Venue, *, booking: Booking, member: StaffMember) -> None:
    """Put the booking on the member's tray; harmless when it lies there. Raises NotNow once it is over."""
    db.session.refresh(booking, with_for_update=True)
    if booking.status not in MOVABLE:
        raise NotNow()
    row = {"organisation_id": venue.organisation_id, "venue_id": venue.id, "member_id": member.id}
    new = insert_into(Parked).values(**row, booking_id=booking.id).on_conflict_do_nothing()
    db.session.execute(new)
    announce(venue, TRAY)


@atomic
def let_go(venue: Venue, *, booking: Booking, member: StaffMember) -> None:
    """Take it off the tray, where it was put elsewhere or is to stay. Harmless when it does not lie there."""
    found = db.session.scalar(parked_by(venue, member, booking))
    if found is not None:
        db.session.delete(found)
        announce(venue, TRAY)
