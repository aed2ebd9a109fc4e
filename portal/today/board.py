"""From the day's bookings to the columns of the Today board: pure assembly, nothing is read here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from portal.bookings.following import (
    FINISH,
    SETTLE,
    START,
    minutes_late,
    minutes_waiting,
    not_arrived,
    steps_of,
)
from portal.bookings.payment_form import quick_methods
from portal.clock import local_date
from portal.models import Booking, Participant, Payment, Room, Venue, VisitLook
from portal.models.booking_states import COMPLETED, NOSHOW, ONGOING, PENDING, REFUNDED
from portal.payments.ledger import accounts_of
from portal.visits.looks import is_unread

EXPECTED, ARRIVED, TREATED, DONE, TO_SETTLE = "expected", "arrived", "treated", "done", "to_settle"
COLUMNS = (EXPECTED, ARRIVED, TREATED, DONE, TO_SETTLE)


@dataclass(frozen=True, slots=True)
class Card:
    """One visit. `step` is what comes next, `also` what may come instead; amounts in minor units.

    `unread_by` are the therapists who have not confirmed a late change.
    `late` and `waiting` are whole minutes; `day` is there for visits of another day; `methods` are the ways to pay,
    the likeliest first. `payers` are the members of a class who have not paid, each with what he owes.
    """

    booking: Booking
    column: str
    state: str
    step: str | None
    also: Sequence[str]
    missing: Sequence[Participant]
    late: int | None
    waiting: int | None
    due_minor: int
    methods: Sequence[str]
    payers: Sequence[tuple[Participant, int]]
    therapists: Sequence[str]
    rooms: Sequence[Room]
    day: date | None
    unread_by: Sequence[str]

    @property
    def id(self) -> UUID:
        return self.booking.uuid


@dataclass(frozen=True, slots=True)
class Board:
    """The columns in order, each with its cards in order of time; who is done stands the other way round."""

    day: date
    is_today: bool
    columns: Mapping[str, Sequence[Card]]

    @property
    def is_empty(self) -> bool:
        return not any(self.columns.values())

    @property
    def late(self) -> int:
        """How many guests are late."""
        return sum(card.late is not None for card in self.columns[EXPECTED])


def assemble(
    venue: Venue,
    day: date,
    bookings: Iterable[Booking],
    lines: Mapping[int, Sequence[Payment]],
    looks: Sequence[VisitLook] = (),
    *,
    at: datetime,
) -> Board:
    """The board of a local date as it is `at` that instant."""
    cards = [_card(venue, day, booking, lines.get(booking.id, ()), looks, at=at) for booking in bookings]
    columns = {name: [card for card in cards if card.column == name] for name in COLUMNS}
    columns[DONE].reverse()
    return Board(day, day == local_date(at, venue.timezone), columns)


def _card(
    venue: Venue, day: date, booking: Booking, lines: Sequence[Payment], looks: Sequence[VisitLook], *, at: datetime
) -> Card:
    own, *members = accounts_of(booking, lines)
    payers = [(one, balance.due_minor) for one, balance in members if one and one.owes and balance.due_minor > 0]
    due = sum(minor for _one, minor in payers) if booking.is_session else own[1].due_minor
    stands_on = local_date(booking.starts_at, venue.timezone)
    is_overdue = local_date(booking.ends_at, venue.timezone) < local_date(at, venue.timezone)
    column = _column(booking, owes=due > 0, is_overdue=is_overdue)
    steps = steps_of(booking, at=at)
    if column == TO_SETTLE:
        steps = [SETTLE, *(step for step in steps if step != START)]
    late = minutes_late(booking.status, booking.starts_at, booking.arrived_at, at=at)
    return Card(
        booking=booking,
        column=column,
        state="late" if late is not None and column == EXPECTED else _state(booking),
        step=steps[0] if steps else None,
        also=[step for step in steps[1:] if step != START or (column == ARRIVED and steps[0] == FINISH)],
        missing=not_arrived(booking),
        late=late if column == EXPECTED else None,
        waiting=minutes_waiting(booking.status, booking.arrived_at, at=at) if column == ARRIVED else None,
        due_minor=due,
        methods=quick_methods(venue, preferred=booking.payment_method) if column == TO_SETTLE else (),
        payers=payers,
        therapists=_therapists(booking),
        rooms=_rooms(booking),
        day=stands_on if stands_on != day else None,
        unread_by=_unread_by(booking, looks) if booking.is_open else (),
    )


def _unread_by(booking: Booking, looks: Sequence[VisitLook]) -> list[str]:
    items = {item.id: item for item in booking.items}
    return [
        look.member.name
        for look in looks
        if look.item_id in items
        and items[look.item_id].is_served_by(look.member)
        and is_unread(items[look.item_id], look)
    ]


def _column(booking: Booking, *, owes: bool, is_overdue: bool) -> str:
    if booking.status == NOSHOW:
        return DONE
    if booking.status == COMPLETED or (is_overdue and booking.status != PENDING):
        return TO_SETTLE if owes and booking.payment_status != REFUNDED else DONE
    if booking.status == ONGOING:
        return TREATED
    return ARRIVED if booking.arrived_at else EXPECTED


def _state(booking: Booking) -> str:
    return "arrived" if booking.arrived_at and booking.is_open else booking.status


def _therapists(booking: Booking) -> list[str]:
    names = [one.member.name for item in booking.items for one in item.current_assignments]
    return list(dict.fromkeys(names))


def _rooms(booking: Booking) -> list[Room]:
    """The rooms that it holds; once it is over those that it held."""
    claims = [claim for item in booking.items for claim in item.claims if isinstance(claim.resource, Room)]
    active = [claim for claim in claims if claim.active] or (claims if not booking.is_open else [])
    return list({claim.resource_id: claim.resource for claim in active if isinstance(claim.resource, Room)}.values())
