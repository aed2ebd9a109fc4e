"""Carrying out a plan: all of its steps or none, in one transaction, with one undo."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from flask_babel import gettext as _

import portal.audit as audit
from portal.absences.rehome.errors import OthersTreat, Overturned
from portal.absences.rehome.facts import Absent
from portal.absences.rehome.queries import booking_of_item
from portal.absences.service import tell
from portal.audit import Actor
from portal.bookings import claims
from portal.bookings.errors import Stale
from portal.bookings.handover import hand_over
from portal.bookings.moving import Move, move_booking
from portal.bookings.news import footprint_of, tell_booking
from portal.bookings.queries import lock_booking
from portal.bookings.service import cancel_booking
from portal.bookings.waves import carry_on
from portal.changes.record import Recording, recording
from portal.clock import now
from portal.database import atomic, db
from portal.errors import NotFound, PortalError
from portal.i18n import day_and_time
from portal.messages.service import Kind, tell_guest
from portal.models import Booking, BookingItem, Offer, StaffMember, Venue
from portal.models.booking_states import NotNow
from portal.notices.visits import tell_of_visits, visits_of
from portal.webhooks import outbox


class Action(StrEnum):
    """What is done with a visit, in the order in which it is done: what frees a place comes before what takes one."""

    CANCEL = "cancel"
    ASK = "ask"
    GIVE = "give"
    MOVE = "move"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What is done with one treatment: `taker` for GIVE and MOVE, `starts_at` for MOVE; `version` as it was shown."""

    item: UUID
    action: Action
    version: int | None = None
    taker: StaffMember | None = None
    starts_at: datetime | None = None


@atomic
def rehome(
    venue: Venue, *, off: Absent, steps: Sequence[Step], reason: str = "", tell_guests: bool = True, by: Actor
) -> list[Booking]:
    """Take the steps, all or none: give visits to others, move them, ask everybody, cancel (for a `reason`).

    Guests hear of it when they come at another time, lose the therapist they asked for, or are cancelled. Raises
    NotFound for a treatment of another venue, Overturned with the reason when anything is not as it was shown.
    """
    found = [_Work(venue, off, step, by) for step in sorted(steps, key=lambda step: list(Action).index(step.action))]
    claims.lock_spans(venue.organisation_id, *[span for work in found for span in work.spans()])
    bookings = {one.id: lock_booking(venue, one) for one in sorted({work.booking for work in found}, key=_key)}
    for work in found:
        work.look_again(bookings[work.booking.id])
    with recording(venue, "absence:rehomed", *bookings.values(), by=by) as change:
        for work in found:
            work.do(reason or _("The therapist is away."))
    if tell_guests:
        for work in found:
            work.tell_guest(change)
    audit.record(by, "absence:rehomed", off, steps=len(found))
    tell(off.member)
    return list(bookings.values())


class _Work:
    """One step with its booking; whatever stands in its way is told as the reason of the whole."""

    def __init__(self, venue: Venue, off: Absent, step: Step, by: Actor) -> None:
        booking = booking_of_item(venue, step.item)
        if booking is None:
            raise NotFound()
        self.venue, self.giver, self.step, self.by = venue, off.member, step, by
        self.booking, self.was = booking, booking.starts_at
        # Once the schema has refused something, nothing more can be read in this transaction.
        guest = booking.guest_name or _("Booking no. %(number)s", number=booking.number)
        self.whose = f"{guest} ({day_and_time(self.was, venue.timezone)})"
        self.told: Kind | None = None

    def spans(self) -> list[tuple[datetime, datetime]]:
        """The time where it stands and where it is to stand."""
        here = (self.booking.starts_at, self.booking.ends_at)
        start = self.step.starts_at
        return [here] if start is None else [here, (start, start + (here[1] - here[0]))]

    def look_again(self, booking: Booking) -> None:
        """The booking as it is now that nobody else can change it. Raises Overturned."""
        self.booking, self.was = booking, booking.starts_at
        if self.step.version is not None and booking.version != self.step.version:
            raise Overturned(self.whose, Stale())
        if not booking.is_open:
            raise Overturned(self.whose, NotNow())
        if not self._item.is_served_by(self.giver):
            raise Overturned(self.whose, OthersTreat())

    def do(self, reason: str) -> None:
        """Raises Overturned."""
        try:
            match self.step.action:
                case Action.CANCEL:
                    self._cancel(reason)
                case Action.ASK:
                    self._ask()
                case Action.GIVE:
                    self._give()
                case Action.MOVE:
                    self._move()
        except PortalError as refused:
            raise Overturned(self.whose, refused) from None

    def tell_guest(self, change: Recording) -> None:
        if self.told is None:
            return
        details: dict[str, Any] = {"was": self.was} if self.told is Kind.MOVED else {}
        recorded = change if self.by.member else None
        tell_guest(self.venue, self.booking, self.told, by=self.by, change=recorded, **details)

    def _give(self) -> None:
        taker, item = self._taker(), self._item
        hand_over(self.venue, booking=self.booking, item=item, giver=self.giver, taker=taker, by=self.by)
        if item.requested_id == self.giver.id:
            self.told = Kind.THERAPIST

    def _move(self) -> None:
        taker = self._taker()
        other = None if taker.id == self.giver.id else taker
        move = Move(starts_at=self.step.starts_at, therapist=other, instead_of=self.giver if other else None)
        move_booking(self.venue, booking=self.booking, move=move, item=self._item, by=self.by)
        self.told = Kind.MOVED

    def _cancel(self, reason: str) -> None:
        if self.booking.is_open:  # two treatments of one visit are cancelled together
            cancel_booking(self.venue, booking=self.booking, reason=reason, cancelled_by="staff", by=self.by)
            self.told = Kind.CANCELLED

    def _ask(self) -> None:
        """It waits for whoever takes it; not for her."""
        booking, item, at = self.booking, self._item, now()
        stood, visits = footprint_of(self.venue, booking), visits_of(booking)
        claims.release(item, resource_id=self.giver.resource_id)
        booking.unassign(item, self.giver, by=self.by, at=at)
        _offer_of(item, self.giver, at=at).take_back(at=at)
        db.session.flush()
        carry_on(self.venue, item, at=at, by=self.by)
        audit.record(self.by, "booking:unassigned", booking, therapist=self.giver.name)
        outbox.publish("booking.unassigned", booking)
        tell_booking(self.venue, booking, stood)
        tell_of_visits(self.venue, booking, visits, by=self.by)

    @property
    def _item(self) -> BookingItem:
        return next(one for one in self.booking.items if one.uuid == self.step.item)

    def _taker(self) -> StaffMember:
        if self.step.taker is None:
            raise NotFound()
        return self.step.taker


def _offer_of(item: BookingItem, member: StaffMember, *, at: datetime) -> Offer:
    """Her offer; whoever was given it without one gets one that says that she is not to be asked."""
    mine = next((offer for offer in item.offers if offer.member_id == member.id), None)
    if mine is None:
        mine = Offer(
            organisation_id=item.organisation_id, venue_id=item.venue_id, item_id=item.id, member=member,
            member_id=member.id, sent_at=at,
        )  # fmt: skip
        item.offers.append(mine)
    return mine


def _key(booking: Booking) -> int:
    return booking.id
