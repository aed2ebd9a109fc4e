"""One guest of two: everything is hers, nothing is lost, every row goes home again, and nobody books for a ghost."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import ObjectDeletedError

from portal.audit import SYSTEM, Actor
from portal.bookings.creation import request_booking
from portal.bookings.request import Request
from portal.care.notes import CareNotes
from portal.care.service import read_notes, write_notes
from portal.clock import frozen, now
from portal.customers.errors import CustomerExists
from portal.customers.queries import find_customer, find_guest, find_guests
from portal.customers.service import GuestDetails, create_customer, match_customer
from portal.database import Base, atomic, db, is_about_nobody
from portal.duplicates.errors import (
    ChangedMeanwhile,
    MergedAlready,
    MergedOn,
    SameGuest,
    TooLate,
    UndoneAlready,
)
from portal.duplicates.merging.memento import pointers
from portal.duplicates.merging.preview import preview_merge
from portal.duplicates.merging.service import merge_guests
from portal.duplicates.merging.undoing import undo_merge
from portal.errors import NotFound
from portal.models import (
    ApiKey,
    AuditEntry,
    Booking,
    Customer,
    CustomerConsent,
    CustomerLink,
    CustomerNote,
    GuestMerge,
    Organisation,
    Participant,
    Variant,
    Venue,
)
from tests.bookings.conftest import Book, book
from tests.factories import House, make_customer, save
from tests.persons.conftest import Life, desk, lives, maud

__all__ = ["book", "lives"]

Lives = tuple[Life, Life]


def merge(house: House, keep: Customer, lose: Customer, **given: Any) -> GuestMerge:
    said: dict[str, Any] = {"versions": (keep.version, lose.version), "take": {}, "by": desk(house)}
    return merge_guests(house.organisation, **{"keep": keep.uuid, "lose": lose.uuid} | said | given)


def two(house: House, **given: Any) -> tuple[Customer, Customer]:
    keep = make_customer(house.organisation, phone="+33611111111", email="helene@example.org")
    other = {"phone": "+33622222222", "email": None, "first_name": "Helene", "language": "en"} | given
    return keep, make_customer(house.organisation, **other)


def state() -> dict[str, set[str]]:
    """Every row of the database that says something about guests, but for what a merge adds of itself."""
    trail = {"audit_entry", "outbox_event", "guest_merge", "live_event"}
    return {
        table.name: {
            str(sorted((name, str(value)) for name, value in row.items() if name not in {"version", "updated_at"}))
            for row in db.session.execute(select(table)).mappings()
        }
        for table in Base.metadata.sorted_tables
        if table.name not in trail
    }


def test_everything_moves_and_every_row_goes_home(house: House, lives: Lives) -> None:
    keep, lose = lives[0].customer, lives[1].customer
    write_notes(house.organisation, customer=keep, notes=CareNotes(), version=1, by=maud(house))
    before, lost = state(), lose.uuid
    pointing = {f"{table.name}.{column.name}" for table, column in pointers()}
    hers = {name for name in pointing if _points(name, lose.id)}
    assert len(hers) >= 8, f"She has hardly anything: {sorted(hers)}"

    merged = merge(house, keep, lose)

    assert not {name for name in pointing if _points(name, lose.id)}
    assert db.session.get(Booking, lives[1].booking.id).customer_id == keep.id  # type: ignore[union-attr]
    notes, _version = read_notes(house.organisation, customer=keep, by=maud(house))
    assert notes.allergies == "faden"
    undo_merge(house.organisation, merge=merged.uuid, by=desk(house))
    db.session.expire_all()
    after = state()
    assert {name for name in before if before[name] != after[name]} == set()
    assert db.session.scalar(select(Customer.id).where(Customer.uuid == lost)) == lives[1].booking.customer_id


def test_what_is_not_empty_stays_unless_somebody_chooses(house: House) -> None:
    keep, lose = two(house, email="h.dupont@example.org", flag="blocked", flag_reason="x", flagged_at=now())
    preview = preview_merge(house.organisation, keep, lose)
    assert {one.name: one.taken for one in preview.choices} == dict.fromkeys(
        ("first_name", "phone", "email", "language"), "keep"
    )
    merge(house, keep, lose, take={"phone": "lose", "language": "lose", "email": "nonsense", "id": "lose"})
    assert (keep.phone, keep.email, keep.language, keep.first_name) == (
        "+33622222222", "helene@example.org", "en", "Hélène",
    )  # fmt: skip
    assert keep.is_blocked
    assert find_guests(house.organisation, "0622222222") == [keep]


def test_an_empty_field_is_filled(house: House) -> None:
    keep, lose = make_customer(house.organisation, phone=None), make_customer(house.organisation, email="a@example.org")
    phone = lose.phone
    merge(house, keep, lose)
    assert (keep.phone, keep.email, keep.email_key) == (phone, "a@example.org", "a@example.org")


def test_the_other_number_still_leads_to_her(house: House) -> None:
    keep, lose = two(house)
    merge(house, keep, lose)
    told = GuestDetails(first_name="Helene", last_name="Dupont", phone="+33622222222", email="neu@example.org")
    assert match_customer(house.organisation, told) is keep
    assert (keep.phone, keep.email) == ("+33611111111", "neu@example.org")
    assert match_customer(house.organisation, told) is keep
    with pytest.raises(CustomerExists) as known:
        create_customer(
            house.organisation, first_name="H", last_name="D", phone="06 22 22 22 22", email=None, language="fr",
            country="FR", by=desk(house),
        )  # fmt: skip
    assert known.value.customer is keep


def test_her_identifier_still_leads_to_her(house: House, book: Book) -> None:
    keep, lose = two(house)
    book("10:00", customer=lose)
    name = lose.uuid
    merge(house, keep, lose)
    assert find_customer(house.lutetia, name) is keep
    assert find_guest(house.lutetia, name) is keep
    assert find_customer(house.chamonix, name) is None


def test_consents_follow_the_last_word(house: House) -> None:
    keep, lose = two(house)
    own = {"organisation_id": house.organisation.id, "channel": "email", "way": "desk", "actor_name": "M"}
    save(CustomerConsent(customer_id=lose.id, given=True, at=now() - timedelta(days=2), **own))
    save(CustomerConsent(customer_id=keep.id, given=False, at=now() - timedelta(days=1), **own))
    merge(house, keep, lose)
    assert not keep.email_consent


def test_links_between_the_two_go_and_come_back(house: House) -> None:
    keep, lose = two(house)
    friend = make_customer(house.organisation)
    own = {"organisation_id": house.organisation.id, "created_by_name": "M"}
    for pair in ((keep, lose), (lose, friend), (keep, friend)):
        save(CustomerLink(customer_id=pair[0].id, other_id=pair[1].id, **own))
    merged = merge(house, keep, lose)
    assert _links() == {(keep.id, friend.id)}
    lost = undo_merge(house.organisation, merge=merged.uuid, by=desk(house))
    assert _links() == {(keep.id, lost.id), (lost.id, friend.id), (keep.id, friend.id)}


def test_both_in_one_class(house: House, lives: Lives) -> None:
    session, friend, hers = lives[0].session, lives[0].friend, lives[0].customer
    merged = merge(house, hers, friend)
    seats = select(Participant).where(Participant.booking_id == session.id).order_by(Participant.id)
    assert sorted(one.label for one in db.session.scalars(seats)) == ["Paul Ami", hers.name]
    undo_merge(house.organisation, merge=merged.uuid, by=desk(house))
    db.session.expire_all()
    assert [one.name for one in db.session.scalars(seats)] == [None, None]


def test_health_notes_of_both_are_kept_and_parted_again(house: House) -> None:
    keep, lose = two(house)
    for guest, allergy in ((keep, "Noix"), (lose, "Lavande")):
        notes = CareNotes(allergies=allergy, consent=True)
        write_notes(house.organisation, customer=guest, notes=notes, version=0, by=maud(house))
    merged = merge(house, keep, lose)
    assert read_notes(house.organisation, customer=keep, by=maud(house))[0].allergies == "Noix\nLavande"
    lost = undo_merge(house.organisation, merge=merged.uuid, by=desk(house))
    assert read_notes(house.organisation, customer=keep, by=maud(house))[0].allergies == "Noix"
    assert read_notes(house.organisation, customer=lost, by=maud(house))[0].allergies == "Lavande"


def test_what_came_after_stays(house: House, book: Book) -> None:
    keep, lose = two(house)
    before = book("10:00", customer=lose)
    merged = merge(house, keep, lose, take={"email": "lose", "language": "lose"})
    after = book("12:00", customer=keep)
    save(CustomerNote(customer_id=keep.id, text="Nouveau", author_name="Maud", organisation_id=house.organisation.id))
    keep.language = "fr"
    db.session.commit()
    lost = undo_merge(house.organisation, merge=merged.uuid, by=desk(house))
    db.session.expire_all()
    assert (before.customer_id, after.customer_id) == (lost.id, keep.id)
    assert (keep.language, keep.email, lost.phone, lost.language) == ("fr", "helene@example.org", "+33622222222", "en")
    assert db.session.scalars(select(CustomerNote.customer_id)).all() == [keep.id]


def test_it_is_noted(house: House) -> None:
    keep, lose = two(house)
    merged = merge(house, keep, lose)
    undo_merge(house.organisation, merge=merged.uuid, by=maud(house))
    lines = db.session.execute(
        select(AuditEntry.verb, AuditEntry.actor_name).where(AuditEntry.subject == keep.uuid).order_by(AuditEntry.id)
    ).all()
    assert [tuple(line) for line in lines] == [
        ("customer:merged", house.camille.name), ("customer:unmerged", house.maud.name),
    ]  # fmt: skip


def test_a_chain_is_undone_from_its_end(house: House) -> None:
    first, second = two(house)
    third = make_customer(house.organisation, last_name="Durand")
    one = merge(house, first, second)
    two_ = merge(house, third, first)
    with pytest.raises(MergedOn):
        undo_merge(house.organisation, merge=one.uuid, by=desk(house))
    undo_merge(house.organisation, merge=two_.uuid, by=desk(house))
    undo_merge(house.organisation, merge=one.uuid, by=desk(house))
    assert db.session.query(Customer).count() == 3


def test_refusals(house: House) -> None:
    keep, lose = two(house)
    stranger = make_customer(house.neighbour)
    with pytest.raises(SameGuest):
        merge(house, keep, keep)
    with pytest.raises(NotFound):
        merge(house, keep, stranger)
    for versions in ((keep.version + 1, lose.version), (keep.version, -1)):
        with pytest.raises(ChangedMeanwhile):
            merge(house, keep, lose, versions=versions)
    names, versions = (keep.uuid, lose.uuid), (keep.version, lose.version)
    merged = merge(house, keep, lose)
    for one, other in (names, names[::-1]):
        with pytest.raises(MergedAlready):
            merge_guests(house.organisation, keep=one, lose=other, versions=versions, take={}, by=desk(house))
    with pytest.raises(NotFound):
        undo_merge(house.neighbour, merge=merged.uuid, by=desk(house))
    with frozen(now() + timedelta(days=31)), pytest.raises(TooLate):
        undo_merge(house.organisation, merge=merged.uuid, by=desk(house))
    undo_merge(house.organisation, merge=merged.uuid, by=desk(house))
    with pytest.raises(UndoneAlready):
        undo_merge(house.organisation, merge=merged.uuid, by=desk(house))


def test_nobody_is_booked_who_is_gone(house: House, book: Book) -> None:
    """The desk had her before its eyes when she was merged: the database refuses the booking."""
    keep, lose = two(house)
    merge(house, keep, lose)
    with pytest.raises((IntegrityError, ObjectDeletedError)):
        book("10:00", customer=lose)
    db.session.rollback()
    assert db.session.scalars(select(Booking)).all() == []


def test_nobody_else_gets_her_key(house: House, book: Book) -> None:
    """Whoever still knows it would book for a stranger."""
    keep, lose = two(house)
    merged, key = merge(house, keep, lose), lose.id
    stranger = make_customer(house.organisation)
    assert stranger.id != key
    assert undo_merge(house.organisation, merge=merged.uuid, by=desk(house)).id == key


def test_without_foreign_keys_there_would_be_ghosts(house: House, book: Book) -> None:
    """The control of the test above."""
    keep, lose = two(house)
    booking, ghost = book("10:00", customer=keep), lose.id
    merge(house, keep, lose)
    with pytest.raises(IntegrityError) as refused:
        db.session.execute(update(Booking).where(Booking.id == booking.id).values(customer_id=ghost))
    assert is_about_nobody(refused.value)
    db.session.rollback()
    with db.engine.connect() as connection:
        driver = connection.connection.driver_connection
        is_sqlite = connection.dialect.name == "sqlite"
        driver.execute("PRAGMA foreign_keys=OFF" if is_sqlite else "SET session_replication_role = replica")  # type: ignore[union-attr]  # either driver has it
        connection.execute(update(Booking).where(Booking.id == booking.id).values(customer_id=ghost))
        assert connection.scalar(select(Booking.customer_id)) == ghost
        connection.rollback()
        driver.execute("PRAGMA foreign_keys=ON" if is_sqlite else "SET session_replication_role = DEFAULT")  # type: ignore[union-attr]  # as above
        if not is_sqlite:
            connection.commit()


def test_a_booking_made_during_the_merge_moves_along(app: Flask, house: House) -> None:
    """It was being written when the merge began: the merge waits for it."""
    keep, lose = two(house)
    ids, names = (house.lutetia.id, house.single.id, lose.id, house.key_row.id), (keep.uuid, lose.uuid)
    versions, merger = (keep.version, lose.version), house.organisation.id
    stays = keep.id
    db.session.commit()
    written, go_on = threading.Event(), threading.Event()

    @atomic
    def write() -> None:
        venue, variant = db.session.get_one(Venue, ids[0]), db.session.get_one(Variant, ids[1])
        customer = db.session.get_one(Customer, ids[2])
        actor = Actor.of_key(db.session.get_one(ApiKey, ids[3]), door="partner")
        request_booking(
            venue,
            Request(
                variant=variant, starts_at=house.at("10:00"), customer=customer, price_minor=9500, channel="partner"
            ),
            by=actor,
        )
        written.set()
        go_on.wait(5)

    def join() -> None:
        organisation = db.session.get_one(Organisation, merger)
        merge_guests(organisation, keep=names[0], lose=names[1], versions=versions, take={}, by=SYSTEM)

    def run(verb: Callable[[], None]) -> threading.Thread:
        def work() -> None:
            with app.app_context():
                verb()
                db.session.remove()

        thread = threading.Thread(target=work)
        thread.start()
        return thread

    writer = run(write)
    assert written.wait(5)
    joiner = run(join)
    joiner.join(0.2)
    assert joiner.is_alive(), "The merge did not wait."
    go_on.set()
    writer.join(10)
    joiner.join(10)
    db.session.expire_all()
    assert db.session.scalars(select(Booking.customer_id)).all() == [stays]
    assert db.session.query(GuestMerge).count() == 1


def _points(name: str, customer: int) -> bool:
    table, column = name.split(".")
    found = Base.metadata.tables[table].c[column]
    return db.session.scalar(select(found).where(found == customer).limit(1)) is not None


def _links() -> set[tuple[int, int]]:
    return {(row[0], row[1]) for row in db.session.execute(select(CustomerLink.customer_id, CustomerLink.other_id))}
