"""The state of a booking, a block or somebody's working time as plain JSON, taken before a change for an undo."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from portal.models import (
    Block,
    Booking,
    BookingItem,
    Claim,
    Offer,
    Participant,
    Payment,
    Series,
    Shift,
    ShiftSwap,
    TimeOff,
)

State = dict[str, Any]
# What holds no place of its own: it is put back field by field.
Plain = TimeOff | ShiftSwap | Shift
Subject = Booking | Block | Series | Plain

BOOKING, BLOCK, SERIES, TIME_OFF, SWAP, SHIFT = "booking", "block", "series", "time_off", "swap", "shift"
BOOKING_FIELDS = (
    "status", "customer_id", "starts_at", "ends_at", "arrived_at", "began_at", "finished_at", "therapist_id",
    "therapist_assigned_at", "cancelled_at", "cancelled_by", "cancellation_reason", "cancellation_fee_minor",
    "cancellation_refund_percent", "price_minor", "guest_count", "guest_language", "room_number", "notes",
    "client_type", "deposit_required_minor", "deposit_due_at",
)  # fmt: skip
MONEY_FIELDS = ("payment_method", "payment_status")
ITEM_FIELDS = (
    "starts_at", "ends_at", "treatment_id", "variant_id", "buffer_minutes", "guest_count", "price_minor",
    "gender_preference", "room_pinned", "out_of_hours", "therapists_assigned", "offered_rank", "next_wave_at",
    "alerted_at", "requested_id",
)  # fmt: skip
# How far the item's offer has gone: it goes on while nobody looks.
ASKING_FIELDS = ("offered_rank", "next_wave_at", "alerted_at")
CLAIM_FIELDS = ("resource_id", "starts_at", "ends_at", "overbooked")
OFFER_FIELDS = ("status", "rank", "because", "reason", "sent_at", "answered_at", "closed_at")
PARTICIPANT_FIELDS = ("status", "arrived_at", "left_at", "name", "customer_id", "position", "price_minor")
PARTICIPANT_MONEY_FIELDS = ("payment_status",)
BLOCK_FIELDS = ("reason", "starts_at", "ends_at", "removed_at")
SERIES_FIELDS = ("rule", "template", "skipped", "made_until", "ended_on")
PLAIN_FIELDS = {
    TIME_OFF: ("status", "starts_at", "ends_at", "decided_at", "decided_by_id", "answer", "batch"),
    SWAP: ("status", "colleague_id", "answered_at", "decided_at", "decided_by_id", "answer"),
    SHIFT: ("member_id", "day", "start_time", "end_time", "starts_at", "ends_at", "status"),
}
_KINDS = {Block: BLOCK, Series: SERIES, TimeOff: TIME_OFF, ShiftSwap: SWAP, Shift: SHIFT}


def state_of(subject: Subject, *, payments: Sequence[Payment] | None = None) -> State:
    """What an undo needs; `payments` are the booking's lines of the ledger."""
    if isinstance(subject, Block):
        own = {"block_kind": subject.kind, "claims": _claims(subject.claims)}
        return _head(BLOCK, subject) | _fields(subject, BLOCK_FIELDS) | own
    if isinstance(subject, Series):
        return _head(SERIES, subject) | _fields(subject, SERIES_FIELDS)
    if isinstance(subject, TimeOff | ShiftSwap | Shift):
        return _head(_kind(subject), subject) | _fields(subject, PLAIN_FIELDS[_kind(subject)])
    return (
        _head(BOOKING, subject)
        | _fields(subject, BOOKING_FIELDS + MONEY_FIELDS)
        | {
            "items": {str(item.id): _item(item) for item in subject.items},
            "participants": {str(one.id): _participant(one) for one in subject.participants},
            "payments": [line.id for line in payments or [] if line.counts],
        }
    )


def made(subject: Subject) -> State:
    """Of what did not exist before."""
    return _head(_kind(subject), subject) | {"created": True}


def version_of(subject: Subject) -> int:
    """What tells that somebody has changed it since."""
    return subject.version


def asking_of(state: State) -> dict[str, State]:
    """Of each item of a booking's state, who has been asked and how far that has gone."""
    return {
        key: {"offers": item["offers"]} | {name: item[name] for name in ASKING_FIELDS}
        for key, item in state.get("items", {}).items()
    }


def value(stored: Any, field: str) -> Any:
    """A stored field as the model holds it."""
    if stored is not None and field.endswith("_at"):
        return datetime.fromisoformat(stored)
    if stored is not None and field == "day":
        return date.fromisoformat(stored)
    if stored is not None and field in {"start_time", "end_time"}:
        return time.fromisoformat(stored)
    return UUID(stored) if stored is not None and field == "batch" else stored


def _head(kind: str, subject: Subject) -> State:
    return {"kind": kind, "uuid": str(subject.uuid), "version": version_of(subject)}


def _kind(subject: Subject) -> str:
    return _KINDS.get(type(subject), BOOKING)


def _item(item: BookingItem) -> State:
    return _fields(item, ITEM_FIELDS) | {
        "claims": _claims(item.claims),
        "assignments": [[one.member_id, one.assigned_at.isoformat()] for one in item.current_assignments],
        "offers": {str(offer.id): _offer(offer) for offer in item.offers},
    }


def _claims(claims: list[Claim]) -> list[State]:
    return [_fields(claim, CLAIM_FIELDS) for claim in claims if claim.active]


def _offer(offer: Offer) -> State:
    """With the other time that she suggested, where that waited for an answer."""
    proposal = offer.proposal
    waits = {"proposal": proposal.id} if proposal is not None and proposal.is_open else {}
    return _fields(offer, OFFER_FIELDS) | waits


def _participant(participant: Participant) -> State:
    return _fields(participant, PARTICIPANT_FIELDS + PARTICIPANT_MONEY_FIELDS)


def _fields(row: object, names: tuple[str, ...]) -> State:
    return {name: _plain(getattr(row, name)) for name in names}


def _plain(given: Any) -> Any:
    if isinstance(given, UUID):
        return str(given)
    return given.isoformat() if hasattr(given, "isoformat") else given
