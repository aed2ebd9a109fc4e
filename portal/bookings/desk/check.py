"""Whether what is being typed can be booked: asked while it is typed, decided when it is sent."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

import portal.clock as clock
from portal.bookings.availability import Grant, decide
from portal.bookings.desk.pricing import menu_price
from portal.bookings.errors import SlotUnavailable
from portal.bookings.overbooking import BENDABLE
from portal.bookings.refusals import sentence, unavailable
from portal.bookings.request import Request
from portal.bookings.slots.queries import load_snapshot
from portal.bookings.slots.request import Reason
from portal.models import Venue


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is told about a wish: free, or the sentence that says why not, with the nearest times instead.

    `price_minor` is that of the menu, None on request; `bendable` that a manager may decide against the refusal.
    """

    starts_at: datetime
    ends_at: datetime
    price_minor: int | None
    out_of_hours: bool = False
    refusal: str | None = None
    alternatives: list[datetime] = field(default_factory=list)
    bendable: bool = False
    by_person: bool = False

    @property
    def is_free(self) -> bool:
        return self.refusal is None


def judge(venue: Venue, wish: Request) -> Verdict:
    """Ask the slot rules about each treatment of the wish, one after the other: four statements, eight to refuse."""
    at = clock.now()
    first = clock.local_date(wish.starts_at, venue.timezone)
    last = clock.local_date(wish.ends_at, venue.timezone)
    snapshot = load_snapshot(venue, first=first, last=last)
    start, out_of_hours = wish.starts_at, False
    for variant in (wish.variant, *wish.then):
        need = wish.need(venue, variant)
        answer = decide(snapshot, need, start, at, desk=True)
        if not isinstance(answer, Grant):
            refused = unavailable(venue, need, start, answer, at=at, snapshot=snapshot, desk=True)
            return refused_verdict(venue, wish, refused)
        out_of_hours = out_of_hours or answer.out_of_hours
        start = answer.ends_at
    price = menu_price(venue, wish, out_of_hours=out_of_hours)
    return Verdict(wish.starts_at, wish.ends_at, price, out_of_hours)


def refused_verdict(venue: Venue, wish: Request, refused: SlotUnavailable) -> Verdict:
    """The same for a refusal that the service has given; the alternatives are those of the first treatment."""
    return Verdict(
        wish.starts_at,
        wish.ends_at,
        menu_price(venue, wish, out_of_hours=False),
        refusal=sentence(venue, refused),
        alternatives=refused.alternatives,
        bendable=refused.reason in BENDABLE,
        by_person=refused.reason == Reason.NO_THERAPIST,
    )
