"""“Tell me first”: a therapist who came too late wishes to be among the first who are asked the next time."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import uuid4

from flask_babel import lazy_gettext as _l
from sqlalchemy import delete

import portal.audit as audit
from portal.audit import Actor
from portal.bookings.errors import NotOffered
from portal.clock import now
from portal.database import atomic, db, insert_into
from portal.errors import Conflict
from portal.models import BookingItem, Offer, OfferWish, StaffMember, Venue

# For how long she is asked first, unless she has one of these before.
LASTS = timedelta(days=14)


class NothingMissed(Conflict):
    """No colleague was faster than she: there is nothing to make up for."""

    code = "nothing_missed"
    message = _l("No colleague has taken this one.")


@atomic
def wish_for_next(venue: Venue, *, offer: Offer, by: Actor) -> OfferWish:
    """For LASTS from now she is asked of the offer's treatment with the first wave; a repeat begins that time anew.

    Raises NotOffered, NothingMissed unless a colleague was faster.
    """
    at = now()
    if by.member is None or offer.member_id != by.member.id:
        raise NotOffered()
    if not offer.was_missed:
        raise NothingMissed()
    row = insert_into(OfferWish).values(
        uuid=uuid4(), organisation_id=venue.organisation_id, venue_id=venue.id, member_id=by.member.id,
        treatment_id=offer.item.treatment_id, made_at=at, ends_at=at + LASTS,
    )  # fmt: skip
    again = row.on_conflict_do_update(index_elements=["member_id", "treatment_id"], set_={"ends_at": at + LASTS})
    fresh = again.returning(OfferWish)
    wish = db.session.scalars(fresh, execution_options={"populate_existing": True}).one()
    audit.record(by, "wish:made", wish)
    return wish


@atomic
def end_wish(wish: OfferWish, *, by: Actor) -> None:
    """She need not be asked first any more. A repeat is harmless."""
    audit.record(by, "wish:ended", wish)
    db.session.execute(delete(OfferWish).where(OfferWish.id == wish.id))


def fulfil_wish(item: BookingItem, member: StaffMember, *, at: datetime) -> None:
    """She has got one: from now on she is asked by her rank again."""
    hers = delete(OfferWish).where(OfferWish.member_id == member.id, OfferWish.treatment_id == item.treatment_id)
    db.session.execute(hers.where(OfferWish.made_at <= at))
