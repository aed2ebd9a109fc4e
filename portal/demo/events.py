"""Two public events of the demo: one on sale with orders, one still being written."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from portal.clock import local_instant
from portal.database import db
from portal.demo.cast import Cast
from portal.demo.idents import ident, readable_code, secret
from portal.models import Counter, Event, Ticket, TicketOrder, TicketType, Venue

CURRENCY = "EUR"
PRICE, CHILD_PRICE = 4500, 0
# Who bought what: (status, full-price tickets, free tickets).
ORDERS = [
    ("paid", 2, 0), ("paid", 1, 1), ("paid", 4, 0), ("free", 0, 2), ("pending", 2, 0), ("cancelled", 1, 0),
    ("paid", 1, 0),
]  # fmt: skip
HELD_FOR = timedelta(minutes=15)


@dataclass
class _Sale:
    """A published event with its two ticket types."""

    event: Event
    full: TicketType
    child: TicketType


def make_events(cast: Cast, at: datetime) -> None:
    """Save an event on sale in ten days and a draft in three weeks, at the first two venues."""
    first, second = cast.venues[:2]
    sale = _sound_bath(first, at)
    workshop = _workshop(second)
    db.session.add_all([sale.event, workshop])
    db.session.flush()
    orders = [_order(cast, sale, number, at) for number in range(len(ORDERS))]
    sale.event.taken = sale.full.taken + sale.child.taken
    db.session.add_all(orders)
    db.session.add(Counter(organisation_id=cast.organisation.id, kind="order", value=len(ORDERS)))
    db.session.flush()


def _sound_bath(venue: Venue, at: datetime) -> _Sale:
    event = _event(venue, 10, time(19), 90, status="published", capacity=24,
                   name="Bain sonore au bord de la piscine", name_en="Sound bath by the pool",
                   description="Bols de cristal et gongs, allongé au bord de l’eau, sous la verrière.",
                   description_en="Crystal bowls and gongs, lying by the water under the glass roof.")  # fmt: skip
    full = _type(event, "Plein tarif", "Full price", PRICE, 20, at)
    child = _type(event, "Invitation", "Guest of the house", CHILD_PRICE, 4, at)
    event.ticket_types = [full, child]
    return _Sale(event, full, child)


def _workshop(venue: Venue) -> Event:
    return _event(venue, 21, time(18, 30), 120, status="draft", capacity=12,
                  name="Atelier d’automassage", name_en="Self-massage workshop",
                  description="Apprendre cinq gestes à refaire chez soi.",
                  description_en="Learn five gestures to repeat at home.")  # fmt: skip


def _event(venue: Venue, days: int, opens: time, minutes: int, **given: object) -> Event:
    day: date = venue.today() + timedelta(days=days)
    starts_at = local_instant(datetime.combine(day, opens), venue.timezone)
    return Event(
        uuid=ident("event", venue.slug, days),
        organisation_id=venue.organisation_id,
        venue_id=venue.id,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=minutes),
        taken=0,
        **given,
    )


def _type(event: Event, name: str, name_en: str, price_minor: int, quantity: int, at: datetime) -> TicketType:
    return TicketType(
        uuid=ident("ticket-type", event.uuid, name_en),
        organisation_id=event.organisation_id,
        name=name,
        name_en=name_en,
        price_minor=price_minor,
        currency=CURRENCY,
        quantity=quantity,
        taken=0,
        max_per_order=4,
        sales_start_at=at - timedelta(days=14),
        sales_end_at=event.starts_at,
    )


def _order(cast: Cast, sale: _Sale, number: int, at: datetime) -> TicketOrder:
    status, full, child = ORDERS[number]
    buyer = [guest for guest in cast.guests if guest.email][number]
    order = TicketOrder(
        uuid=ident("order", sale.event.uuid, number),
        organisation_id=sale.event.organisation_id,
        venue_id=sale.event.venue_id,
        number=number + 1,
        event=sale.event,
        customer=buyer,
        buyer_name=buyer.name,
        buyer_email=buyer.email,
        status=status,
        total_minor=full * PRICE + child * CHILD_PRICE,
        currency=CURRENCY,
        expires_at=at + HELD_FOR if status == "pending" else None,
        created_at=at if status == "pending" else at - timedelta(days=9 - number, hours=number),
    )
    bought = [sale.full] * full + [sale.child] * child
    if status != "cancelled":
        sale.full.taken += full
        sale.child.taken += child
    if status != "pending":  # tickets are made when the order is paid
        order.tickets = [_ticket(order, kind, seat) for seat, kind in enumerate(bought)]
    return order


def _ticket(order: TicketOrder, kind: TicketType, seat: int) -> Ticket:
    digits = secret("ticket", order.uuid, seat)
    return Ticket(
        uuid=ident("ticket", order.uuid, seat),
        organisation_id=order.organisation_id,
        ticket_type=kind,
        secret=digits[:40],
        code=readable_code(digits[40:]),
        attendee_name=order.buyer_name,
        status="cancelled" if order.status == "cancelled" else "valid",
        created_at=order.created_at,
    )
