"""Somebody with a long life in the house, and somebody else with the same: what is one's is not the other's."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import JSON, LargeBinary, String, select, update
from sqlalchemy.exc import IntegrityError

import portal.audit as audit
from portal.audit import Actor
from portal.bookings.editing import edit_booking
from portal.care.notes import CareNotes
from portal.care.service import write_notes
from portal.classes.service import open_session
from portal.clock import now
from portal.customers.names import name_key
from portal.database import Base, db
from portal.messages.service import Kind, tell_guest
from portal.models import (
    Booking,
    CounterProposal,
    Customer,
    CustomerApart,
    CustomerConsent,
    CustomerLink,
    CustomerNote,
    Delivery,
    Event,
    GuestImport,
    GuestImportLine,
    GuestMerge,
    Notice,
    Parked,
    Payment,
    Series,
    SoftHold,
    Ticket,
    TicketOrder,
    TicketType,
    VisitLook,
)
from portal.persons.map import MAP
from tests.bookings.conftest import Book, accept, book
from tests.factories import House, make_customer, make_treatment, save

__all__ = ["book"]

# The digits of a number, and another one that goes with her, by the word.
DIGITS = {"nadel": "61111111", "faden": "71111111"}
OTHER = {"nadel": "98888888", "faden": "97777777"}
# What is hers by its own words, and must stay so: erasing goes by them.
NATURAL = {"customer", "audit_entry", "outbox_event", "booking_event", "guest_message"}


@dataclass
class Life:
    """A guest whose every text holds her `word`, her booking, and a class that she shares with a friend."""

    word: str
    customer: Customer
    booking: Booking
    session: Booking
    friend: Customer


def desk(house: House) -> Actor:
    return Actor.of_member(house.camille, door="agenda")


def maud(house: House) -> Actor:
    return Actor.of_member(house.maud, door="agenda")


@pytest.fixture
def lives(house: House, book: Book) -> tuple[Life, Life]:
    """Both live through the same, one after the other; then every text of hers is overwritten with her word."""
    first = _live(house, book, "nadel", "10:00")
    _scrawl("nadel")
    return first, _live(house, book, "faden", "12:00")


def found(word: str) -> set[str]:
    """Where the word, or the number that goes with it, stands in the whole database: `booking.notes`."""
    places = set()
    for table in Base.metadata.sorted_tables:
        for row in db.session.execute(select(table)).mappings():
            for column, value in row.items():
                text = value.decode("latin-1") if isinstance(value, bytes) else str(value)
                if any(one in text.casefold() for one in (word, DIGITS[word], OTHER[word])):
                    places.add(f"{table.name}.{column}")
    return places


def _live(house: House, book: Book, word: str, clock: str) -> Life:
    venue, organisation = house.lutetia, house.organisation
    own = {"organisation_id": organisation.id}
    here = own | {"venue_id": venue.id}
    lea = make_customer(
        organisation, first_name=f"{word}a", last_name=f"{word}issime", name_key=name_key(f"{word}a", f"{word}issime"),
        email=f"{word}@example.org", email_key=f"{word}@example.org", phone=f"+336{DIGITS[word]}", flag="deposit",
        flag_reason=word, flagged_at=now(), preferred_treatment_type=word, preferences={"oil": word},
    )  # fmt: skip
    friend = make_customer(organisation, first_name="Paul", last_name="Ami", name_key="paul ami")
    booking = book(clock, customer=lea, notes=f"{word} note", external_id=f"{word}-1", external_reference=f"{word}.2")
    accept(house, booking, house.therese)
    edit_booking(venue, booking=booking, by=desk(house), notes=f"{word} again", room_number=f"{word}7")
    tell_guest(venue, booking, Kind.BOOKED, by=desk(house))
    yoga = make_treatment(venue, name="Yoga", kind="class", max_participants=5)
    session = open_session(
        venue, variant=yoga.variants[0], starts_at=house.at(clock, days=2), customers=[lea, friend], by=desk(house)
    )
    write_notes(organisation, customer=lea, notes=CareNotes(allergies=word, consent=True), version=0, by=maud(house))
    event = save(Event(name="Bal", starts_at=house.at("20:00"), ends_at=house.at("22:00"), capacity=5, **here))
    kind = save(TicketType(event_id=event.id, name="Entrée", price_minor=1000, currency="EUR", quantity=5, **own))
    order = save(
        TicketOrder(number=len(event.name) + event.id, event_id=event.id, customer_id=lea.id, buyer_name=f"{word}a",
                    buyer_email=f"{word}@example.org", total_minor=1000, currency="EUR", **here)
    )  # fmt: skip
    offer = booking.item.offers[0]
    notice = save(Notice(member_id=house.marc.id, key=f"{word}", kind="offer", subject=booking.item.uuid, **own))
    waiting = save(
        GuestImport(file_name="f.csv", encoding="utf-8", delimiter=";", by_name="Maud", status="done", total=1, **here)
    )
    rows: list[Any] = [
        CustomerNote(customer_id=lea.id, text=word, author_name="Maud", **own),
        CustomerConsent(customer_id=lea.id, channel="email", given=True, way="desk", note=word, actor_name="M", **own),
        CustomerLink(customer_id=lea.id, other_id=friend.id, created_by_name="Maud", **own),
        CustomerApart(customer_id=friend.id, other_id=lea.id, by_name="Maud", **own),
        GuestMerge(customer_id=lea.id, lost=order.uuid, phone=f"+331{OTHER[word]}", kept={"was": word}, by_name="Maud",
                   **own),
        GuestImportLine(import_id=waiting.id, number=1, action="create", cells={"last_name": word},
                        customer_id=lea.id, **own),
        Delivery(notice_id=notice.id, channel="push", error=word),
        Parked(member_id=house.camille.id, booking_id=booking.id, **here),
        VisitLook(member_id=house.marc.id, item_id=booking.item.id, known={"x": word}, looked_at=now(), **own),
        SoftHold(member_id=(house.camille if word == "nadel" else house.maud).id, starts_at=now(),
                 ends_at=now() + timedelta(hours=1), draft={"guest": f"{word}a {word}issime"}, expires_at=now(),
                 **here),
        CounterProposal(offer_id=offer.id, starts_at=now(), ends_at=now() + timedelta(hours=1), answer=word,
                        status="refused", expires_at=now(), **here),
        Payment(booking_id=booking.id, kind="payment", method="cash", amount_minor=9500, currency="EUR", note=word,
                actor_name="Lou", **here),
        Ticket(order_id=order.id, ticket_type_id=kind.id, secret=f"s{order.id}", code=f"c{order.id}",
               attendee_name=word, **own),
        Series(rule="FREQ=DAILY;COUNT=2", first="2020-01-01T10:00", made_until=house.day, ended_on=house.day,
               template={"customer": str(lea.uuid), "notes": word, "variant": "x"}, **here),
    ]  # fmt: skip
    db.session.add_all(rows)
    audit.record(desk(house), "customer:edited", lea, before=word)
    db.session.commit()
    return Life(word, lea, booking, session, friend)


def _scrawl(word: str) -> None:
    """Overwrite every text that does not stay by the map's own word; codes refuse it by themselves."""
    for holding in MAP:
        table: Any = holding.model.__table__
        for column in table.columns:
            if column.name in holding.plain.split() or column.name in holding.mended or table.name in NATURAL:
                continue
            with suppress(IntegrityError), db.session.begin_nested():
                if (value := _text(column, word)) is not None:
                    db.session.execute(update(table).where(column.is_not(None)).values({column: value}))
    db.session.commit()


def _text(column: Any, word: str) -> Any:
    match column.type:
        case LargeBinary():
            return word.encode()
        case JSON():
            return {"x": word}
        case String():
            return f"{word}-{column.table.name}"[: column.type.length]
    return None
