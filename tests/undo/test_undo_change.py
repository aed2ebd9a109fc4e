"""Undo puts everything back, once, for as long as nobody has built on it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.audit import Actor
from portal.bookings.editing import edit_booking
from portal.bookings.moving import Move, move_booking
from portal.bookings.payment import record_payment, settle
from portal.bookings.service import cancel_booking
from portal.changes.queries import last_change
from portal.clock import frozen, now
from portal.database import db
from portal.errors import NotFound
from portal.models import Change, OutboxEvent
from portal.undo.errors import AlreadyUndone, ChangedSince, NothingToUndo, PlaceTaken, TooOld
from portal.undo.service import put_back, undo_change, undo_last
from tests.bookings.conftest import Book, accept, asked, book
from tests.bookings.test_move_booking import chain, desk, held
from tests.bookings.visits import fresh
from tests.factories import House
from tests.payments.conftest import balance, ledger

__all__ = ["book"]


def latest(house: House) -> Change:
    found = last_change(house.lutetia, house.camille)
    assert found is not None
    return found


def test_a_move_is_put_back_with_room_therapist_and_offers(house: House, book: Book) -> None:
    booking = book("10:00")
    before, offers = held(booking), asked(booking)
    move_booking(
        house.lutetia, booking=booking, move=Move(starts_at=house.at("15:00"), therapist=house.marc), by=desk(house)
    )
    assert held(booking) != before

    undo_last(house.lutetia, by=desk(house))

    db.session.expire_all()
    assert (booking.starts_at, booking.status, booking.therapist) == (house.at("10:00"), "pending", None)
    assert held(booking) == before
    assert asked(booking) == offers
    assert booking.events[-1].verb == "undone"
    assert last_change(house.lutetia, house.camille) is None


def test_a_cancelled_booking_stands_again(house: House, book: Book) -> None:
    booking = book("10:00")
    accept(house, booking, house.therese)
    before = held(booking)
    cancel_booking(house.lutetia, booking=booking, reason="Erreur", cancelled_by="staff", by=desk(house))
    undo_last(house.lutetia, by=desk(house))

    db.session.expire_all()
    assert (booking.status, booking.cancelled_at, booking.cancellation_reason) == ("confirmed", None, None)
    assert held(booking) == before
    assert asked(booking) == {"Thérèse": "accepted", "Marc": "taken"}
    told = select(OutboxEvent.type).where(OutboxEvent.type.startswith("booking.")).order_by(OutboxEvent.id)
    assert db.session.scalars(told).all()[-2:] == ["booking.cancelled", "booking.confirmed"]


def test_a_booking_just_made_is_taken_back_with_all_its_treatments(house: House) -> None:
    booking = chain(house)
    undo_last(house.lutetia, by=desk(house))
    db.session.expire_all()
    assert (booking.status, booking.cancellation_fee_minor) == ("cancelled", 0)
    assert held(booking) == set()


def test_one_after_the_other(house: House, book: Book) -> None:
    booking = book("10:00")
    for clock in ("11:00", "12:00"):
        move_booking(house.lutetia, booking=booking, move=Move(starts_at=house.at(clock)), by=desk(house))
    edit_booking(house.lutetia, booking=booking, by=desk(house), notes="Dos")
    for clock in ("12:00", "11:00", "10:00"):
        undo_last(house.lutetia, by=desk(house))
        db.session.expire_all()
        assert (booking.starts_at, booking.notes) == (house.at(clock), None)
    with pytest.raises(NothingToUndo):
        undo_last(house.lutetia, by=desk(house))


def test_a_second_click_changes_nothing(house: House, book: Book) -> None:
    booking = book("10:00")
    edit_booking(house.lutetia, booking=booking, by=desk(house), notes="Dos")
    change = latest(house)
    undo_change(house.lutetia, change=change, by=desk(house))
    with pytest.raises(AlreadyUndone):
        undo_change(house.lutetia, change=change, by=desk(house))


def test_what_somebody_has_built_on_stays(house: House, book: Book) -> None:
    booking = book("10:00")
    move_booking(house.lutetia, booking=booking, move=Move(starts_at=house.at("11:00")), by=desk(house))
    accept(house, booking, house.marc)
    with pytest.raises(ChangedSince):
        undo_last(house.lutetia, by=desk(house))
    db.session.expire_all()
    assert (booking.starts_at, booking.status) == (house.at("11:00"), "confirmed")


def test_a_place_that_was_taken_meanwhile_is_not_taken_back(house: House, book: Book) -> None:
    booking = book("10:00")
    accept(house, booking, house.therese)
    move_booking(house.lutetia, booking=booking, move=Move(starts_at=house.at("15:00")), by=desk(house))
    other = book("10:00")
    accept(house, other, house.therese)
    with pytest.raises(PlaceTaken):
        undo_last(house.lutetia, by=desk(house))
    db.session.expire_all()
    assert booking.starts_at == house.at("15:00")
    assert len(held(other)) == 2


def test_an_older_state_can_be_put_back_and_that_undone_too(house: House, book: Book) -> None:
    booking = book("10:00")
    move_booking(house.lutetia, booking=booking, move=Move(starts_at=house.at("11:00")), by=desk(house))
    move = latest(house)
    accept(house, booking, house.marc)
    edit_booking(house.lutetia, booking=booking, by=desk(house), notes="Dos")

    put_back(house.lutetia, booking=booking, change=move, by=desk(house))
    db.session.expire_all()
    assert (booking.starts_at, booking.status, booking.notes) == (house.at("10:00"), "pending", None)

    undo_last(house.lutetia, by=desk(house))
    db.session.expire_all()
    assert (booking.starts_at, booking.status, booking.notes) == (house.at("11:00"), "confirmed", "Dos")


def test_what_was_paid_since_stays_paid(house: House, book: Book) -> None:
    booking = book("10:00")
    move_booking(house.lutetia, booking=booking, move=Move(starts_at=house.at("11:00")), by=desk(house))
    move = latest(house)
    settle(house.lutetia, booking=booking, method="cash", by=desk(house))

    put_back(house.lutetia, booking=booking, change=move, by=desk(house))
    now = fresh(booking)
    assert (now.starts_at, now.payment_status, now.payment_method) == (house.at("10:00"), "paid", "cash")
    assert ledger(house, booking) == [("payment", "cash", 9500, True)]

    undo_last(house.lutetia, by=desk(house))
    assert (fresh(booking).starts_at, fresh(booking).payment_status) == (house.at("11:00"), "paid")
    assert ledger(house, booking) == [("payment", "cash", 9500, True)]


def test_a_deposit_that_the_cancellation_kept_is_held_again(house: House, book: Book) -> None:
    booking = book("10:00")
    record_payment(
        house.lutetia, booking=booking, kind="deposit_taken", amount_minor=3000, method="card", by=desk(house)
    )
    cancel_booking(
        house.lutetia, booking=booking, reason="Late", cancelled_by="staff", by=desk(house), refund_percent=0
    )
    assert ledger(house, booking)[1:] == [("deposit_kept", None, 3000, True)]
    put_back(house.lutetia, booking=booking, change=latest(house), by=desk(house))
    assert (fresh(booking).status, balance(house, booking).held_minor) == ("pending", 3000)
    assert ledger(house, booking)[1:] == [("deposit_kept", None, 3000, False)]


def test_nothing_is_put_back_into_the_past(house: House, book: Book) -> None:
    booking = book("10:00")
    move_booking(house.lutetia, booking=booking, move=Move(starts_at=house.at("10:00", days=3)), by=desk(house))
    with frozen(house.at("10:00") + timedelta(hours=2)), pytest.raises(TooOld):
        put_back(house.lutetia, booking=booking, change=latest(house), by=desk(house))


def test_another_bookings_change_is_not_there(house: House, book: Book) -> None:
    one, other = book("10:00"), book("12:00")
    edit_booking(house.lutetia, booking=one, by=desk(house), notes="Dos")
    with pytest.raises(NotFound):
        put_back(house.lutetia, booking=other, change=latest(house), by=desk(house))


def test_mine_is_mine(house: House, book: Book) -> None:
    edit_booking(house.lutetia, booking=book("10:00"), by=desk(house), notes="Dos")
    with pytest.raises(NothingToUndo):
        undo_last(house.lutetia, by=Actor.of_member(house.maud, door="agenda"))


def test_an_old_step_is_not_undone_blindly(house: House, book: Book) -> None:
    edit_booking(house.lutetia, booking=book("10:00"), by=desk(house), notes="Dos")
    with frozen(now() + timedelta(minutes=31)), pytest.raises(NothingToUndo):
        undo_last(house.lutetia, by=desk(house))
    undo_last(house.lutetia, by=desk(house))
