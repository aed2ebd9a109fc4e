"""Giving a venue another time zone. The wall time is the promise: everything ahead keeps what its clock shows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise
from typing import ClassVar
from uuid import UUID
from zoneinfo import available_timezones

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import update

from portal.audit import Actor
from portal.blocks.facts import Held, Span
from portal.blocks.pieces import pieces
from portal.blocks.queries import held_in
from portal.bookings import claims
from portal.clock import now
from portal.database import atomic, db
from portal.errors import Conflict, Invalid
from portal.live.service import ABSENCES, ROTA, announce
from portal.models import Block, Booking, Claim, Venue
from portal.settings.changing import check_version, take_over
from portal.settings.queries import HORIZON, lock_venue
from portal.settings.zone import queries
from portal.settings.zone.facts import Carried, Clash, Plan
from portal.settings.zone.plan import carried_over, fingerprint, moved_claim, plan_zone, span_over
from portal.visits.looks import state_of
from portal.webhooks import outbox

REASON_LENGTH = 200
_DAY = timedelta(days=1)


class Unseen(Conflict):
    """What would happen is not what was shown: somebody has booked or moved something meanwhile."""

    code: ClassVar[str] = "unseen"
    message = _l("The bookings have changed in the meantime. Please look at them again.")


def preview(venue: Venue, *, timezone: str, at: datetime) -> Plan:
    """What a change would do, without doing it. Raises Invalid for a zone that is none."""
    _check(timezone)
    hits = queries.visits_ahead(venue, at=at)
    reserved = queries.reserved_around(venue, hits, at=at)
    way = timedelta(minutes=venue.inter_venue_buffer_minutes)
    plan = plan_zone(hits, reserved, old=venue.timezone, new=timezone, at=at, way=way)
    return replace(plan, clashes=_clashes(venue, timezone, at=at))


@atomic
def change_zone(venue: Venue, *, timezone: str, seen: str, reason: str | None, version: int | None, by: Actor) -> Plan:
    """Bookings that have not begun, shifts and blocks keep their wall time; instants and claims follow at once.

    `seen` is the fingerprint of the plan that was shown. Bookings that meet something else stay as well: both stand,
    overbooked with the `reason`. What has begun or is over stays at its instants. Harmless for the zone it has.
    Raises Invalid, Stale, Unseen.
    """
    _check(timezone)
    at, old = now(), venue.timezone
    last = max(queries.last_instant(venue, at=at), at + HORIZON)
    claims.lock_days(venue.organisation_id, at - _DAY, last + _DAY)
    venue = lock_venue(venue)
    check_version(venue, version)
    plan = preview(venue, timezone=timezone, at=at)
    if venue.timezone == timezone:
        return plan
    if fingerprint(plan) != seen:
        raise Unseen()
    if plan.clashes:
        raise Invalid(_("Some shifts would overlap: please change them first."), field="timezone")
    reason = (reason or "").strip()
    if plan.conflicts and not reason:
        raise Invalid(_("Please say why: it stands in the history of the bookings."), field="reason")
    old = venue.timezone
    take_over(venue, venue, {"timezone": timezone}, verb="venue:zone_changed", by=by,
              beside={"bookings": (None, len(plan.carried))})  # fmt: skip
    bookings = queries.lock_bookings(venue, [one.item_id for one in plan.carried])
    blocks = queries.lock_blocks(venue, at=at)
    _carry_bookings(venue, plan, bookings, blocks, reason=reason, at=at, by=by)
    _carry_blocks(venue, blocks, old=old)
    _carry_the_rest(venue, {block.batch for block in blocks if block.batch}, old=old, at=at)
    announce(venue, ABSENCES, ROTA, "offers", "agenda")
    return plan


def _check(timezone: str) -> None:
    if timezone not in available_timezones():
        raise Invalid(_("This time zone is not known."), field="timezone")


def _clashes(venue: Venue, timezone: str, *, at: datetime) -> tuple[Clash, ...]:
    """The shifts of this venue that would overlap another one of the same person, here or elsewhere."""
    by_person: dict[int, list[tuple[datetime, datetime, bool, Clash]]] = defaultdict(list)
    for row in queries.shifts_around(venue, at=at):
        moves = row.venue_id == venue.id and row.ends_at > at
        span = (row.starts_at, row.ends_at)
        if moves:
            span = span_over(*span, venue.timezone, timezone)
        name = f"{row.first_name} {row.last_name}"
        by_person[row.member_id].append((*span, moves, Clash(name, row.day, row.start_time, row.end_time)))
    found = []
    for shifts in by_person.values():
        shifts.sort(key=lambda one: one[:2])
        for one, other in pairwise(shifts):
            if other[0] < one[1] and (one[2] or other[2]):
                found.append(one[3] if one[2] else other[3])
    return tuple(found)


def _carry_bookings(
    venue: Venue,
    plan: Plan,
    bookings: Sequence[Booking],
    blocks: Sequence[Block],
    *,
    reason: str,
    at: datetime,
    by: Actor,
) -> None:
    by_item = {one.item_id: one for one in plan.carried}
    looks = queries.looks_at(venue, list(by_item))
    known = {item.id: state_of(item) for booking in bookings for item in booking.items}
    held = {item.id: [one for one in item.claims if one.active] for booking in bookings for item in booking.items}
    # All of them give their time back first: what follows may then lie in any order.
    _free([claim for some in held.values() for claim in some])
    _free([claim for block in blocks for claim in block.claims if claim.active])
    for booking in bookings:
        _carry(booking, by_item, held, plan, reason=reason, at=at, by=by)
    db.session.flush()
    for claim in [claim for some in held.values() for claim in some]:
        claim.reserve()
    try:
        claims.write()
    except claims.TimeTaken:
        raise Unseen() from None
    now_known = {item.id: state_of(item) for booking in bookings for item in booking.items}
    for look in looks:
        if look.known == known.get(look.item_id):  # the clock on her wall shows what it showed: there is no news
            look.known = now_known[look.item_id]


def _free(some: Sequence[Claim]) -> None:
    keys = [claim.id for claim in some]
    for start in range(0, len(keys), 500):
        db.session.execute(update(Claim).where(Claim.id.in_(keys[start : start + 500])).values(active=False))


def _carry(
    booking: Booking,
    by_item: Mapping[int, Carried],
    held: Mapping[int, Sequence[Claim]],
    plan: Plan,
    *,
    reason: str,
    at: datetime,
    by: Actor,
) -> None:
    was = {"starts_at": booking.starts_at.isoformat(), "ends_at": booking.ends_at.isoformat()}
    bent = False
    for item in booking.items:
        there, stood = by_item[item.id], (item.starts_at, item.ends_at)
        for claim in held[item.id]:
            claim.starts_at, claim.ends_at = moved_claim((claim.starts_at, claim.ends_at), stood, there.starts_at)
            bent = bent or claim.id in plan.overbooked
            claim.overbooked = claim.overbooked or claim.id in plan.overbooked
        item.starts_at, item.ends_at = there.starts_at, there.ends_at
    told = {"overbooked": reason} if bent else {}
    booking.move(by=by, at=at, **was, zone=plan.zone, **told)
    if booking.deposit_due_at is not None:
        booking.deposit_due_at = min(booking.deposit_due_at, booking.starts_at)
    outbox.publish("booking.rescheduled", booking, previous=was)


def _carry_blocks(venue: Venue, blocks: Sequence[Block], *, old: str) -> None:
    for block in blocks:
        block.starts_at, block.ends_at = span_over(block.starts_at, block.ends_at, old, venue.timezone)
    db.session.flush()
    if not blocks:
        return
    around = Span(min(block.starts_at for block in blocks), max(block.ends_at for block in blocks))
    held: dict[int, list[Held]] = defaultdict(list)
    for one in held_in(venue, {block.resource_id for block in blocks}, around):
        held[one.resource_id].append(one)
    for block in blocks:
        for piece in pieces(Span(block.starts_at, block.ends_at), held[block.resource_id]):
            db.session.add(
                Claim(
                    organisation_id=venue.organisation_id, venue_id=venue.id, resource_id=block.resource_id,
                    block_id=block.id, starts_at=piece.span.starts_at, ends_at=piece.span.ends_at,
                    overbooked=piece.overbooked,
                )
            )  # fmt: skip
            held[block.resource_id].append(Held(block.resource_id, piece.span, block_id=block.id))
    claims.write()


def _carry_shifts(venue: Venue, *, at: datetime) -> None:
    """All of them are lifted first: the schema lets no two of a person overlap, not even on the way."""
    shifts = queries.lock_shifts(venue, at=at)
    kept = {shift.id: shift.status for shift in shifts}
    for shift in shifts:
        shift.lift()
    db.session.flush()
    for shift in shifts:
        shift.follow_clock(venue.timezone)
        shift.status = kept[shift.id]
    db.session.flush()


def _carry_the_rest(venue: Venue, batches: Collection[UUID], *, old: str, at: datetime) -> None:
    new = venue.timezone
    _carry_shifts(venue, at=at)
    for block in queries.dated_blocks(venue, at=at):
        if block.starts_at is not None and block.ends_at is not None:
            block.starts_at, block.ends_at = span_over(block.starts_at, block.ends_at, old, new)
    for proposal in queries.proposals_ahead(venue):
        length = proposal.ends_at - proposal.starts_at
        proposal.starts_at = carried_over(proposal.starts_at, old, new)
        proposal.ends_at = proposal.starts_at + length
    for off in queries.time_off_ahead(venue, batches, at=at):
        off.stretch(*span_over(off.starts_at, off.ends_at, old, new))
    for hold in queries.holds_of(venue):
        db.session.delete(hold)
    db.session.flush()
