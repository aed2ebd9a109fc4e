"""A guest's health: sealed, read by the right eyes only, each look noted."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from portal.audit import Actor
from portal.bookings.service import cancel_booking
from portal.care.errors import CannotBeRead, NewerNotes, NoKey, NotYours
from portal.care.notes import LONGEST, CareNotes
from portal.care.queries import list_looks
from portal.care.service import AFTER, read_notes, write_notes
from portal.clock import frozen
from portal.database import db
from portal.errors import Invalid
from portal.models import AuditEntry, Booking, Customer, HealthNote, OutboxEvent, StaffMember
from tests.bookings.conftest import Book, accept, book
from tests.bookings.test_move_booking import desk
from tests.factories import House, make_customer

__all__ = ["book"]

NEEDLE = "Huile d’amande 5f1c"
NOTES = CareNotes(allergies=NEEDLE, contraindications="Enceinte", consent=True)


def me(member: StaffMember) -> Actor:
    return Actor.of_member(member, door="phone")


@pytest.fixture
def lea(house: House) -> Customer:
    return make_customer(house.organisation, first_name="Léa", last_name="Martin")


@pytest.fixture
def visit(house: House, book: Book, lea: Customer) -> Booking:
    """Léa is Thérèse's guest tomorrow at ten."""
    booking = book("10:00", customer=lea)
    accept(house, booking, house.therese)
    return booking


def written(house: House, lea: Customer, notes: CareNotes = NOTES, version: int = 0) -> HealthNote | None:
    return write_notes(house.organisation, customer=lea, notes=notes, version=version, by=me(house.therese))


def test_what_was_written_can_be_read(house: House, lea: Customer, visit: Booking) -> None:
    written(house, lea)
    assert read_notes(house.organisation, customer=lea, by=me(house.therese)) == (NOTES, 1)
    assert read_notes(house.organisation, customer=lea, by=me(house.maud))[0] == NOTES


def test_nothing_is_noted_of_a_guest_who_told_nothing(house: House, lea: Customer, visit: Booking) -> None:
    assert read_notes(house.organisation, customer=lea, by=me(house.therese)) == (CareNotes(), 0)


def test_colleagues_receptionists_and_strangers_do_not_read(house: House, lea: Customer, visit: Booking) -> None:
    written(house, lea)
    for member in (house.marc, house.camille, house.eve):
        with pytest.raises(NotYours):
            read_notes(house.organisation, customer=lea, by=me(member))
        with pytest.raises(NotYours):
            write_notes(house.organisation, customer=lea, notes=CareNotes(), version=1, by=me(member))
    with pytest.raises(NotYours):
        read_notes(house.chamonix.organisation, customer=lea, by=me(house.eve))


def test_she_treats_her_no_more(house: House, lea: Customer, visit: Booking) -> None:
    written(house, lea)
    with frozen(visit.ends_at + AFTER - timedelta(minutes=1)):
        read_notes(house.organisation, customer=lea, by=me(house.therese))
    with frozen(visit.ends_at + AFTER), pytest.raises(NotYours):
        read_notes(house.organisation, customer=lea, by=me(house.therese))
    cancel_booking(house.lutetia, booking=visit, reason="Malade", cancelled_by="staff", by=desk(house))
    with pytest.raises(NotYours):
        read_notes(house.organisation, customer=lea, by=me(house.therese))


def test_each_look_is_noted(house: House, lea: Customer, visit: Booking) -> None:
    written(house, lea)
    read_notes(house.organisation, customer=lea, by=me(house.therese))
    read_notes(house.organisation, customer=lea, by=me(house.maud))
    looks = [(entry.verb, entry.actor_name) for entry in list_looks(house.organisation, lea.uuid)]
    assert looks == [
        ("care:read", house.maud.name),
        ("care:read", house.therese.name),
        ("care:written", house.therese.name),
    ]


def test_no_word_of_it_is_readable_in_the_database(house: House, lea: Customer, visit: Booking) -> None:
    written(house, lea)
    read_notes(house.organisation, customer=lea, by=me(house.therese))
    note = db.session.scalars(select(HealthNote)).one()
    assert NEEDLE.encode() not in note.sealed
    for table in (AuditEntry.__table__, OutboxEvent.__table__):
        rows = repr(db.session.execute(select(table)).all())
        assert NEEDLE not in rows
        assert "Enceinte" not in rows


def test_what_is_sealed_cannot_be_moved_to_another_guest(house: House, lea: Customer, visit: Booking) -> None:
    other = make_customer(house.organisation, first_name="Noé", last_name="Petit")
    note = written(house, lea)
    assert note is not None
    note.customer_id = other.id
    db.session.commit()
    with pytest.raises(CannotBeRead):
        read_notes(house.organisation, customer=other, by=me(house.maud))


def test_a_newer_key_is_put_in_front(house: House, lea: Customer, visit: Booking, app: Flask) -> None:
    written(house, lea)
    old = app.config["ENCRYPTION_KEYS"]
    try:
        app.config["ENCRYPTION_KEYS"] = ["A" * 43, *old]
        assert read_notes(house.organisation, customer=lea, by=me(house.maud))[0] == NOTES
        note = written(house, lea, version=1)
        assert note is not None
        app.config["ENCRYPTION_KEYS"] = ["A" * 43]
        assert read_notes(house.organisation, customer=lea, by=me(house.maud))[0] == NOTES
        app.config["ENCRYPTION_KEYS"] = old
        with pytest.raises(CannotBeRead):
            read_notes(house.organisation, customer=lea, by=me(house.maud))
        app.config["ENCRYPTION_KEYS"] = []
        with pytest.raises(NoKey):
            written(house, lea, version=note.version)
    finally:
        app.config["ENCRYPTION_KEYS"] = old


def test_a_colleagues_newer_words_are_not_written_over(house: House, lea: Customer, visit: Booking) -> None:
    written(house, lea)
    with pytest.raises(NewerNotes):
        written(house, lea, CareNotes(remarks="Dos", consent=True), version=0)
    assert read_notes(house.organisation, customer=lea, by=me(house.maud)) == (NOTES, 1)


def test_emptied_it_is_gone(house: House, lea: Customer, visit: Booking) -> None:
    written(house, lea)
    written(house, lea, CareNotes(), version=1)
    assert db.session.scalar(select(HealthNote)) is None


def test_a_thousand_characters(house: House, lea: Customer, visit: Booking) -> None:
    written(house, lea, CareNotes(remarks="é" * LONGEST, consent=True))
    with pytest.raises(Invalid) as refused:
        written(house, lea, CareNotes(remarks="é" * (LONGEST + 1), consent=True), version=1)
    assert refused.value.field == "remarks"
