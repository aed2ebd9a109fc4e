"""Putting a remembered state back. The database has the last word on whether the place is still free."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from portal.audit import Actor
from portal.bookings import claims
from portal.bookings.proposals.queries import find_proposal_of
from portal.changes.memento import (
    ASKING_FIELDS,
    BLOCK_FIELDS,
    BOOKING_FIELDS,
    CLAIM_FIELDS,
    ITEM_FIELDS,
    MONEY_FIELDS,
    OFFER_FIELDS,
    PARTICIPANT_FIELDS,
    PARTICIPANT_MONEY_FIELDS,
    PLAIN_FIELDS,
    SERIES_FIELDS,
    Plain,
    State,
    value,
)
from portal.database import db
from portal.models import (
    Assignment,
    Block,
    Booking,
    BookingItem,
    Claim,
    Offer,
    Participant,
    Series,
    Shift,
    Venue,
)
from portal.models.offer import CANCELLED
from portal.models.participant import LEFT
from portal.models.proposal import WITHDRAWN as OVERTAKEN
from portal.payments.queries import lines_of

Row = Booking | BookingItem | Offer | Participant | Plain


def retract(booking: Booking, *, by: Actor, at: datetime) -> None:
    """Take away a booking that was made by the change being undone. Raises NotNow once it is over."""
    booking.retract(by=by, at=at)
    for item in booking.items:
        claims.release(item)
        for offer in item.offers:
            offer.close(CANCELLED, at=at)


def lift(booking: Booking, state: State) -> None:
    """Free what the booking holds and did not hold before: perhaps another one had it."""
    for item in booking.items:
        _free_what_is_not_in(item, state.get("items", {}).get(str(item.id), {}).get("claims", []))


def restore_booking(
    booking: Booking, state: State, *, by: Actor, at: datetime, verb: str, asking: bool = True, **details: Any
) -> None:
    """Put all but the money back as it was, with a line in the history. Raises TimeTaken when its place is not free.

    Without `asking` its offers stay as they are: what is undone had left them alone, and they have gone on since.
    """
    lift(booking, state)
    db.session.flush()
    before = booking.status
    # The schema's refusal must come from `write`, which knows what it means.
    with db.session.no_autoflush:
        _put(booking, state, BOOKING_FIELDS)
        booking.updated_at = at
        for item in booking.items:
            if kept := state["items"].get(str(item.id)):
                _restore_item(item, kept, at=at, asking=asking)
        _restore_participants(booking, state["participants"], at=at)
        booking.remember(verb, by=by, at=at, from_status=before, **details)
    claims.write()


def restore_money(venue: Venue, booking: Booking, state: State, *, by: Actor, at: datetime) -> None:
    """Lines that came later are voided, those that were voided since count again: the ledger forgets nothing."""
    _put(booking, state, MONEY_FIELDS)
    for participant in booking.participants:
        if kept := state["participants"].get(str(participant.id)):
            _put(participant, kept, PARTICIPANT_MONEY_FIELDS)
    for line in lines_of(venue, booking):
        if line.id not in state["payments"]:
            line.void(by_name=by.name, at=at)
        elif not line.counts:
            line.voided_at = line.voided_by_name = None


def restore_block(block: Block, state: State, *, at: datetime) -> None:
    """A block as it was; without a state (it was made by the change) it goes. Raises TimeTaken."""
    block.release()
    db.session.flush()
    if state.get("created"):
        block.removed_at = at
        return
    block.kind = state["block_kind"]
    for name in BLOCK_FIELDS:
        setattr(block, name, value(state[name], name))
    _reserve(block, state["claims"], block_id=block.id)
    claims.write()


def restore_plain(row: Plain, state: State, *, at: datetime) -> None:
    """Time off, an exchange or a shift as it was; what was made by the change is taken back. Raises TimeTaken."""
    if not state.get("created"):
        _put(row, state, PLAIN_FIELDS[state["kind"]])
    elif isinstance(row, Shift):
        row.remove()
    else:
        row.cancel(at=at)
    claims.write()
    db.session.expire(row)


def restore_series(series: Series, state: State) -> None:
    """A series as it was; one that was made by the change ends before it began."""
    if state.get("created"):
        series.ended_on = datetime.fromisoformat(series.first).date()
        return
    for name in SERIES_FIELDS:
        stored = state[name]
        is_date = name in {"made_until", "ended_on"} and stored is not None
        setattr(series, name, datetime.fromisoformat(stored).date() if is_date else stored)


def _free_what_is_not_in(item: BookingItem, kept: list[State]) -> None:
    wanted = {_key(state) for state in kept}
    for claim in item.claims:
        if claim.active and (claim.resource_id, claim.starts_at, claim.ends_at) not in wanted:
            claim.release()


def _restore_item(item: BookingItem, state: State, *, at: datetime, asking: bool) -> None:
    _put(item, state, ITEM_FIELDS if asking else tuple(set(ITEM_FIELDS) - set(ASKING_FIELDS)))
    standing = {(claim.resource_id, claim.starts_at, claim.ends_at) for claim in item.claims if claim.active}
    _reserve(item, [kept for kept in state["claims"] if _key(kept) not in standing], item_id=item.id)
    serving = {member_id: datetime.fromisoformat(since) for member_id, since in state["assignments"]}
    for assignment in item.current_assignments:
        if assignment.member_id not in serving:
            assignment.ended_at = at
        serving.pop(assignment.member_id, None)
    for member_id, since in serving.items():
        item.assignments.append(Assignment(member_id=member_id, assigned_at=since))
    if asking:
        _restore_offers(item, state["offers"], at=at)


def _restore_offers(item: BookingItem, kept: dict[str, State], *, at: datetime) -> None:
    for offer in item.offers:
        if state := kept.get(str(offer.id)):
            _put(offer, state, OFFER_FIELDS)
            _restore_proposal(offer, state.get("proposal"), at=at)
        elif not offer.was_refused_by_her:
            offer.close(CANCELLED, at=at)


def _restore_proposal(offer: Offer, kept: int | None, *, at: datetime) -> None:
    """The time that she suggested waits again; what she suggested since was about a time that is no more."""
    if offer.proposal is not None and offer.proposal.id != kept:
        offer.proposal.close(OVERTAKEN, at=at)
        claims.write()  # she has one that waits: this one goes before the other comes back
    if kept is not None and (proposal := find_proposal_of(offer.organisation_id, offer, kept)) is not None:
        proposal.bring_back(at=at)
    db.session.expire(offer, ["proposal"])


def _reserve(row: BookingItem | Block, kept: Collection[State], **owner: int) -> None:
    for state in kept:
        values = {name: value(state[name], name) for name in CLAIM_FIELDS}
        row.claims.append(Claim(organisation_id=row.organisation_id, venue_id=row.venue_id, **values, **owner))


def _restore_participants(booking: Booking, kept: dict[str, State], *, at: datetime) -> None:
    for participant in booking.participants:
        state = kept.get(str(participant.id))
        if state is None:
            participant.status, participant.left_at = LEFT, at
            continue
        _put(participant, state, PARTICIPANT_FIELDS)


def _put(row: Row, state: State, names: tuple[str, ...]) -> None:
    for name in names:
        if name in state:  # a state that was taken before the portal knew the field leaves it as it is
            setattr(row, name, value(state[name], name))


def _key(state: State) -> tuple[int, datetime, datetime]:
    starts_at, ends_at = datetime.fromisoformat(state["starts_at"]), datetime.fromisoformat(state["ends_at"])
    return state["resource_id"], starts_at, ends_at
