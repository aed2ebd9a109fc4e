"""What the desk does with blocks: make, change, remove. Lock, re-read, decide, write."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from functools import partial
from typing import Literal
from uuid import UUID

from flask_babel import gettext as _

import portal.audit as audit
from portal.audit import Actor
from portal.blocks.errors import BookingsUnderneath, JustTaken, Stale
from portal.blocks.facts import Held, Kind, Span, Underneath
from portal.blocks.pieces import Piece, pieces
from portal.blocks.plan import Wish, check, plan
from portal.blocks.queries import (
    batch_of,
    blocks_around,
    held_in,
    lock_standing,
    made_as,
    people_and_rooms,
    shifts_of,
    time_off_held_by,
)
from portal.bookings import claims, news
from portal.bookings.unable.service import stop_asking
from portal.changes.record import Recording, recording
from portal.clock import now
from portal.database import atomic, db
from portal.errors import Invalid, NotFound
from portal.live.service import ABSENCES, announce
from portal.models import Block, Claim, Resource, Venue
from portal.team.queries import columns_of

Scope = Literal["this", "following", "all"]
REASON_LENGTH = 200


@atomic
def block_time(
    venue: Venue,
    *,
    resources: Sequence[Resource],
    starts_at: datetime | None,
    ends_at: datetime | None,
    kind: str,
    reason: str | None = None,
    rule: str | None = None,
    over: Collection[UUID] = (),
    batch: UUID | None = None,
    by: Actor,
) -> list[Block]:
    """Keep people and rooms free of bookings from start to end, on every date of an RFC 5545 rule.

    Who is `late` is away from the start of her shift until `ends_at`, who is `leaving_early` from `starts_at` to its
    end. Bookings that stand there stay, if their keys are among `over`: both stand, and the block's claim is
    overbooked. Another block that lies there is left alone. All blocks share the `batch`; the same one twice makes
    nothing new. Raises Invalid, NotFound, BookingsUnderneath, JustTaken.
    """
    _check_words(kind, reason)
    wish = Wish(Kind(kind), starts_at, ends_at, rule)
    planned = plan(venue, _known(venue, resources), wish, shifts_on=partial(shifts_of, venue))
    claims.lock_spans(venue.organisation_id, *(span for _resource, span in planned))
    batch = batch or uuid.uuid4()
    if made := made_as(venue, batch):
        return made
    held = _held(venue, planned)
    _check_underneath(planned, held, over)
    blocks = [_block(venue, resource, span, wish.kind, reason, batch) for resource, span in planned]
    with recording(venue, "block:made", by=by) as change:
        db.session.add_all(blocks)
        for block in blocks:
            _claim(block, pieces(_span(block), held[block.resource_id]))
        _write()
        change.created(*blocks)
    stop_asking(venue.organisation_id, {one.resource_id for one in blocks}, at=now(), by=by)
    audit.record(by, "block:made", blocks[0], kind=kind, count=len(blocks), batch=str(batch))
    _tell(venue, *blocks)
    return blocks


@atomic
def change_block(
    venue: Venue,
    *,
    block: Block,
    starts_at: datetime,
    ends_at: datetime,
    kind: str,
    reason: str | None,
    over: Collection[UUID] = (),
    version: int | None = None,
    by: Actor,
) -> Block:
    """Give one block other times, another kind or another reason; those made with it stay as they are.

    Bookings over which it lay before need not be named again. Raises Invalid, Stale, NotFound, BookingsUnderneath,
    JustTaken.
    """
    _check_words(kind, reason)
    span, before = Span(starts_at, ends_at), _span(block)
    check(venue, span, begun=block.starts_at)
    claims.lock_spans(venue.organisation_id, span, before)
    block = _locked(venue, block)
    if version is not None and block.version != version:
        raise Stale()
    planned, before = [(block.resource, span)], _span(block)
    held = _held(venue, planned)
    lain_over = [one.visit.key for one in held[block.resource_id] if one.visit and one.visit.span.overlaps(before)]
    _check_underneath(planned, held, {*over, *lain_over})
    with recording(venue, "block:changed", block, by=by) as change:
        block.release()
        db.session.flush()  # the time is free before others, or the block itself, take it
        block.starts_at, block.ends_at, block.kind, block.reason = starts_at, ends_at, kind, reason
        others = [one for one in held[block.resource_id] if one.block_id != block.id]
        _claim(block, pieces(span, others))
        _write()
        _close_gaps(venue, [block], [before], change)
        _follow_time_off(venue, [block], change)
    stop_asking(venue.organisation_id, [block.resource_id], at=now(), by=by)
    audit.record(by, "block:changed", block, kind=kind)
    _tell(venue, block, was=before)
    return block


@atomic
def remove_block(venue: Venue, *, block: Block, scope: Scope, by: Actor) -> list[Block]:
    """Give the time back: of `this` block, of it and all that `following` ones of its batch, or of the whole batch.

    What lies wholly in the past stays, unless it is the block itself. Where another block lies, the time stays
    blocked. Harmless when all of it was removed. Raises NotFound.
    """
    wanted = _chosen(venue, block, scope, at=now())
    claims.lock_spans(venue.organisation_id, *map(_span, wanted))
    found = lock_standing(venue, wanted)
    if not found:
        return []
    with recording(venue, "block:removed", *found, by=by) as change:
        at = now()
        for one in found:
            one.remove(at=at)
        db.session.flush()
        _close_gaps(venue, found, [_span(one) for one in found], change)
        _follow_time_off(venue, found, change)
    audit.record(by, "block:removed", found[0], scope=scope, count=len(found))
    _tell(venue, *found)
    return found


def _check_words(kind: str, reason: str | None) -> None:
    if kind not in {*Kind}:
        raise Invalid(_("Please choose what kind of block it is."), field="kind")
    if reason and len(reason) > REASON_LENGTH:
        raise Invalid(_("Please use at most %(count)d characters.", count=REASON_LENGTH), field="reason")


def _known(venue: Venue, resources: Iterable[Resource]) -> list[Resource]:
    """Each of them once. Raises NotFound for who does not work at the venue, and for another venue's room."""
    here = {place.resource.id for place in people_and_rooms(venue)}
    wanted = {one.id: one for one in resources}
    if not here.issuperset(wanted):
        raise NotFound()
    return list(wanted.values())


def _check_underneath(
    planned: Iterable[tuple[Resource, Span]], held: dict[int, list[Held]], over: Collection[UUID]
) -> None:
    found = _underneath(planned, held)
    if any(one.key not in over for one in found):
        raise BookingsUnderneath(found)


def _underneath(planned: Iterable[tuple[Resource, Span]], held: dict[int, list[Held]]) -> list[Underneath]:
    """The treatments (their turnover excluded) over which the planned blocks would lie, in order of time."""
    found = [
        one.visit
        for resource, span in planned
        for one in held[resource.id]
        if one.visit is not None and one.visit.span.overlaps(span)
    ]
    return sorted(found, key=lambda one: (one.span, one.resource_id))


def _held(venue: Venue, planned: Sequence[tuple[Resource, Span]]) -> dict[int, list[Held]]:
    spans = [span for _resource, span in planned]
    whole = Span(min(span.starts_at for span in spans), max(span.ends_at for span in spans))
    found: dict[int, list[Held]] = defaultdict(list)
    for one in held_in(venue, {resource.id for resource, _span in planned}, whole):
        found[one.resource_id].append(one)
    return found


def _block(venue: Venue, resource: Resource, span: Span, kind: Kind, reason: str | None, batch: UUID) -> Block:
    return Block(
        uuid=uuid.uuid4(), organisation_id=venue.organisation_id, venue_id=venue.id, resource=resource,
        resource_id=resource.id, kind=kind.value, reason=reason or None, starts_at=span.starts_at,
        ends_at=span.ends_at, batch=batch,
    )  # fmt: skip


def _claim(block: Block, parts: Iterable[Piece]) -> None:
    for span, overbooked in parts:
        block.claims.append(
            Claim(
                organisation_id=block.organisation_id, venue_id=block.venue_id, resource_id=block.resource_id,
                starts_at=span.starts_at, ends_at=span.ends_at, overbooked=overbooked,
            )
        )  # fmt: skip


def _write() -> None:
    try:
        claims.write()
    except claims.TimeTaken:
        raise JustTaken() from None


def _close_gaps(venue: Venue, gone: Sequence[Block], spans: Sequence[Span], change: Recording) -> None:
    """Where another block lay over time that is free now, it claims what it had left to the other one."""
    ids, touched = {one.resource_id for one in gone}, _around(spans)
    kept = [one for one in blocks_around(venue, ids, touched) if any(_span(one).overlaps(span) for span in spans)]
    if not kept:
        return
    held: dict[int, list[Held]] = defaultdict(list)
    for one in held_in(venue, ids, _around([_span(block) for block in kept])):
        held[one.resource_id].append(one)
    for block in kept:
        gaps = pieces(_span(block), held[block.resource_id])
        if gaps and block not in gone and block.venue_id == venue.id:
            change.watch(block)
        _claim(block, gaps)
        held[block.resource_id] += [Held(block.resource_id, part.span, block_id=block.id) for part in gaps]
    _write()


def _follow_time_off(venue: Venue, blocks: Sequence[Block], change: Recording) -> None:
    """Time off stands where the blocks that hold it stand; without any left it is called off."""
    for off in time_off_held_by(venue, {block.batch for block in blocks if block.batch}):
        left = [block for block in made_as(venue, off.batch) if block.removed_at is None] if off.batch else []
        change.watch(off)
        if left:
            off.stretch(min(block.starts_at for block in left), max(block.ends_at for block in left))
        else:
            off.cancel(at=now())
        announce(venue, ABSENCES)


def _around(spans: Sequence[Span]) -> Span:
    return Span(min(span.starts_at for span in spans), max(span.ends_at for span in spans))


def _chosen(venue: Venue, block: Block, scope: Scope, *, at: datetime) -> list[Block]:
    if scope == "this":
        return [block]
    others = [one for one in batch_of(venue, block) if one.ends_at > at or one.id == block.id]
    return others if scope == "all" else [one for one in others if one.starts_at >= block.starts_at]


def _locked(venue: Venue, block: Block) -> Block:
    found = lock_standing(venue, [block])
    if not found:
        raise Stale()
    return found[0]


def _span(block: Block) -> Span:
    return Span(block.starts_at, block.ends_at)


def _tell(venue: Venue, *blocks: Block, was: Span | None = None) -> None:
    columns = columns_of(venue, {block.resource_id for block in blocks})
    prints = [
        news.footprint(venue, start, end, [columns[block.resource_id]])
        for block in blocks
        for start, end in {_span(block), was or _span(block)}
    ]
    news.tell(venue, *prints, offers=False)
