"""The picture of a venue: set, replaced, taken away. Lock, re-read, decide, write."""

from __future__ import annotations

from portal.audit import Actor
from portal.clock import now
from portal.database import atomic, db
from portal.models import Venue, VenuePicture
from portal.pictures import drawn_anew, fingerprint
from portal.settings.changing import take_over
from portal.settings.picture.queries import forget_picture, picture_of
from portal.settings.queries import lock_venue

# Width and height, in pixels.
SIZE = (960, 640)


@atomic
def set_picture(venue: Venue, content: bytes, *, by: Actor) -> Venue:
    """The venue's picture, drawn anew; it replaces an earlier one. Raises NoPicture, TooLarge."""
    drawn = drawn_anew(content, SIZE)
    venue = lock_venue(venue)
    picture = picture_of(venue)
    if picture is None:
        picture = VenuePicture(organisation_id=venue.organisation_id, venue_id=venue.id, content=drawn)
        db.session.add(picture)
    picture.content, picture.created_at = drawn, now()
    take_over(venue, venue, {"picture": fingerprint(drawn)}, verb="venue:picture", by=by)
    return venue


@atomic
def remove_picture(venue: Venue, *, by: Actor) -> Venue:
    """No picture any more; harmless when there was none."""
    venue = lock_venue(venue)
    forget_picture(venue)
    take_over(venue, venue, {"picture": None}, verb="venue:picture", by=by)
    return venue
