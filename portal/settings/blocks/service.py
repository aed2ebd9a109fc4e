"""Time at which a whole venue takes no bookings: made, changed, ended. Lock, re-read, decide, write."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from uuid import UUID, uuid5

from flask_babel import gettext as _

import portal.audit as audit
from portal.audit import Actor
from portal.bookings import claims
from portal.bookings.slots.intervals import epoch
from portal.clock import now
from portal.database import atomic, db
from portal.errors import Invalid
from portal.live.service import VENUE, announce
from portal.models import Venue, VenueBlock
from portal.settings.blocks.plan import Standing, Times, Wish, covered, ended, times_of
from portal.settings.blocks.queries import blocks_ahead, find_block, get_block
from portal.settings.changing import check_version, plain, take_over
from portal.settings.errors import BookingsHit
from portal.settings.queries import HORIZON, hits_ahead, lock_venue

REASON_LENGTH = 200
_DAY = timedelta(days=1)


@atomic
def block_venue(venue: Venue, *, key: UUID, wish: Wish, over: Collection[UUID] = (), by: Actor) -> VenueBlock:
    """Nobody can book at this time from now on; the same `key` twice makes nothing new.

    Bookings that stand there stay, once their keys are among `over`. Raises Invalid, BookingsHit.
    """
    _check_reason(wish)
    _lock(venue, times_of(venue, wish))
    venue, key = lock_venue(venue), uuid5(venue.uuid, str(key))
    if made := find_block(venue, key):
        return made
    times = times_of(venue, wish)  # the zone may have changed while we waited
    standing = blocks_ahead(venue, at=now())
    _refuse_hits(venue, standing, [*standing, times], over)
    block = VenueBlock(
        uuid=key, organisation_id=venue.organisation_id, venue_id=venue.id, reason=wish.reason, **asdict(times)
    )
    db.session.add(block)
    db.session.flush()
    audit.record(by, "venue_block:made", block, reason=wish.reason, **_told(times))
    announce(venue, VENUE)
    return block


@atomic
def change_venue_block(
    venue: Venue, *, block: VenueBlock, wish: Wish, over: Collection[UUID] = (), version: int | None, by: Actor
) -> VenueBlock:
    """Give it another time or reason; harmless when nothing is new.

    Bookings over which a block lay before need not be named again. Raises NotFound, Stale, Invalid, BookingsHit.
    """
    _check_reason(wish)
    _lock(venue, times_of(venue, wish, before=block))
    venue = lock_venue(venue)
    block = get_block(venue, block.uuid)
    check_version(block, version)
    times = times_of(venue, wish, before=block)
    standing = blocks_ahead(venue, at=now())
    _refuse_hits(venue, standing, [*(one for one in standing if one is not block), times], over)
    take_over(venue, block, {**asdict(times), "reason": wish.reason}, verb="venue_block:changed", by=by)
    return block


@atomic
def end_venue_block(venue: Venue, *, block: UUID, by: Actor) -> None:
    """It covers nothing from now on: what has begun ends here, what has not is gone. Harmless twice."""
    venue = lock_venue(venue)
    found, at = find_block(venue, block), now()
    if found is None:
        return
    changes = ended(venue, found, at=at)
    if changes is None:
        audit.record(by, "venue_block:removed", found, reason=found.reason)
        db.session.delete(found)
        announce(venue, VENUE)
    else:
        take_over(venue, found, changes, verb="venue_block:ended", by=by)


def _check_reason(wish: Wish) -> None:
    if wish.reason and len(wish.reason) > REASON_LENGTH:
        raise Invalid(_("Please use at most %(count)d characters.", count=REASON_LENGTH), field="reason")


def _lock(venue: Venue, times: Times) -> None:
    """Whoever books in this time waits: a weekly block is felt as far ahead as anybody books."""
    since, until = times.starts_at or now(), times.ends_at or now() + HORIZON
    claims.lock_days(venue.organisation_id, since - _DAY, min(until, now() + HORIZON) + _DAY)


def _refuse_hits(venue: Venue, before: Sequence[Standing], after: Iterable[Standing], over: Collection[UUID]) -> None:
    old, new, known = covered(venue.timezone, before), covered(venue.timezone, after), set(over)

    def is_news(start: datetime, end: datetime) -> bool:
        span = (epoch(start), epoch(end))
        return new.block_over(*span) is not None and old.block_over(*span) is None

    hits = [hit for hit in hits_ahead(venue, at=now()) if is_news(hit.starts_at, hit.ends_at)]
    if left := [hit for hit in hits if hit.booking not in known]:
        raise BookingsHit(left)


def _told(times: Times) -> dict[str, object]:
    return {name: plain(value) for name, value in asdict(times).items() if value is not None}
