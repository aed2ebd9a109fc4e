"""A manager approves: shifts, visits and claims change hands together, the schema has the last word, undo is one."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import time, timedelta

import pytest
from flask import Flask
from sqlalchemy import text

from portal import guards
from portal.absences.swaps.errors import Gone, Impossible, NotAccepted
from portal.absences.swaps.exchange import approve_swap
from portal.absences.swaps.service import cancel_swap, refuse_swap
from portal.audit import Actor
from portal.bookings.moving import Move, move_booking
from portal.changes.queries import last_change
from portal.clock import frozen
from portal.database import db
from portal.errors import Invalid, PortalError
from portal.models import Booking, Claim, ShiftSwap, StaffMember, Venue
from portal.undo.errors import ChangedSince
from portal.undo.service import undo_change
from tests.absences.conftest import Visit, desk, maud, phone
from tests.absences.swapping import accepted, ask, colleague, evening, shift_of
from tests.blocks.conftest import person
from tests.bookings.conftest import Book, accept
from tests.bookings.test_move_booking import held
from tests.factories import House, make_shift, save
from tests.support.client import PageClient
from tests.support.page import Page

OVERLAPS = """
SELECT count(*) FROM claim AS one JOIN claim AS other
    ON other.resource_id = one.resource_id AND other.id > one.id
   AND other.starts_at < one.ends_at AND one.starts_at < other.ends_at
 WHERE one.active AND other.active
"""


def test_a_shift_that_was_given_away_takes_its_visits_along(house: House, visit: Visit) -> None:
    ines, booking = colleague(house), visit("10:00")
    shift = shift_of(house, house.therese)
    before = held(booking)
    swap = accepted(house, shift, ines)

    approve_swap(house.lutetia, swap=swap, by=maud(house))

    assert (swap.status, swap.decided_by) == ("approved", house.maud)
    assert shift.member == ines
    assert (booking.status, booking.therapist) == ("confirmed", ines)
    assert {name for name, _, _ in held(booking)} == {"Inès Test", "Cabine 1"}
    assert booking.events[-1].verb == "handed_over"

    change = last_change(house.lutetia, house.maud)
    assert change is not None
    undo_change(house.lutetia, change=change, by=maud(house))
    db.session.expire_all()
    assert (swap.status, shift.member, booking.therapist) == ("accepted", house.therese, house.therese)
    assert held(booking) == before


def test_shifts_that_are_exchanged_cross_even_where_they_overlap(house: House, book: Book) -> None:
    """Both treat somebody at one: neither is free until the other has let go."""
    day = house.day + timedelta(days=10)
    early = make_shift(house.lutetia, house.therese, day, start=time(9), end=time(15))
    late = make_shift(house.lutetia, house.marc, day, start=time(12), end=time(20))
    hers, his = (book("13:00", starts_at=house.at("13:00", days=10)) for _ in range(2))
    accept(house, hers, house.therese)
    accept(house, his, house.marc)
    swap = accepted(house, early, house.marc, other=late)

    approve_swap(house.lutetia, swap=swap, by=maud(house))

    assert (early.member, late.member) == (house.marc, house.therese)
    assert (hers.therapist, his.therapist) == (house.marc, house.therese)
    change = last_change(house.lutetia, house.maud)
    assert change is not None
    undo_change(house.lutetia, change=change, by=maud(house))
    db.session.expire_all()
    assert (early.member, late.member) == (house.therese, house.marc)
    assert (hers.therapist, his.therapist) == (house.therese, house.marc)


def test_twice_is_once(house: House, visit: Visit) -> None:
    ines, booking = colleague(house), visit("10:00")
    swap = accepted(house, shift_of(house, house.therese), ines)
    for _twice in range(2):
        approve_swap(house.lutetia, swap=swap, by=maud(house))
    assert len([line for line in booking.events if line.verb == "handed_over"]) == 1


def test_not_before_the_colleague_has_accepted_nor_once_it_is_over(house: House) -> None:
    ines = colleague(house)
    swap = ask(house, shift_of(house, house.therese), colleague=ines)
    with pytest.raises(NotAccepted):
        approve_swap(house.lutetia, swap=swap, by=maud(house))
    cancel_swap(house.lutetia, swap=swap, by=phone(house.therese))
    with pytest.raises(Gone):
        approve_swap(house.lutetia, swap=swap, by=maud(house))
    late = accepted(house, shift_of(house, house.therese), ines)
    with frozen(house.at("09:00")), pytest.raises(Gone):
        approve_swap(house.lutetia, swap=late, by=maud(house))


@pytest.mark.parametrize("meanwhile", ["a visit of hers", "a wish", "another shift", "the shift is another's"])
def test_what_came_in_the_way_meanwhile(house: House, visit: Visit, meanwhile: str) -> None:
    ines, booking = colleague(house), visit("10:00")
    shift = shift_of(house, house.therese)
    swap = accepted(house, shift, ines)
    expected: type[Exception] = Impossible
    if meanwhile == "a visit of hers":
        make_shift(house.lutetia, ines, house.day)
        visit("10:00", ines)
        db.session.delete(shift_of(house, ines))
    elif meanwhile == "a wish":
        booking.item.requested = house.therese
    elif meanwhile == "another shift":
        evening(house, ines, 0)
    else:
        db.session.delete(shift_of(house, house.marc))
        db.session.flush()
        shift.member, expected = house.marc, Gone
    db.session.commit()
    with pytest.raises(expected):
        approve_swap(house.lutetia, swap=swap, by=maud(house))
    db.session.expire_all()
    assert (swap.status, booking.therapist) == ("accepted", house.therese)


def test_a_shift_that_was_handed_on_cannot_be_taken_back(house: House) -> None:
    ines, zoe = colleague(house), colleague(house, "Zoé")
    shift = shift_of(house, house.therese)
    approve_swap(house.lutetia, swap=accepted(house, shift, ines), by=maud(house))
    change = last_change(house.lutetia, house.maud)
    approve_swap(house.lutetia, swap=accepted(house, shift, zoe), by=desk(house))
    assert change is not None
    with pytest.raises(ChangedSince):
        undo_change(house.lutetia, change=change, by=maud(house))


def test_refused_with_a_reason(house: House, visit: Visit) -> None:
    ines = colleague(house)
    swap = accepted(house, shift_of(house, house.therese), ines)
    for wrong in ("", "  ", "x" * 301):
        with pytest.raises(Invalid):
            refuse_swap(house.lutetia, swap=swap, reason=wrong, by=maud(house))
    for _twice in range(2):
        refuse_swap(house.lutetia, swap=swap, reason="Trop de changements", by=maud(house))
    assert (swap.status, swap.answer) == ("refused", "Trop de changements")
    with pytest.raises(Gone):
        approve_swap(house.lutetia, swap=swap, by=maud(house))


def test_on_the_managers_page(house: House, visit: Visit, manager: PageClient) -> None:
    ines = colleague(house)
    visit("10:00")
    swap = accepted(house, shift_of(house, house.therese), ines)
    manager.get("/v/lutetia/absences/?lang=en")
    assert manager.page.one(".//span[@id='absences-count']").text == "1"
    [card] = manager.page.all(".//article[@data-swap]")
    assert "Thérèse → Inès" in Page.text_of(card)
    assert "Inès accepts. Waits for a manager" in Page.text_of(card)
    assert "10:00–11:00 Hélène, Relaxing massage" in Page.text_of(card)
    refuse = f".//form[@action='/v/lutetia/exchanges/{swap.uuid}/refuse']"
    assert manager.submit(refuse).status_code == 422
    assert manager.page.all(f"{refuse}//p[@class='field-error']")
    assert manager.submit(f".//form[@action='/v/lutetia/exchanges/{swap.uuid}/approve']").status_code == 303
    manager.get("/v/lutetia/absences/?lang=en")
    assert "have changed hands" in manager.page.text
    assert not manager.page.all(".//article[@data-swap]")


def test_what_is_in_the_way_is_told_instead_of_the_button(house: House, manager: PageClient) -> None:
    ines = colleague(house)
    swap = accepted(house, shift_of(house, house.therese), ines)
    evening(house, ines, 0)
    manager.get("/v/lutetia/absences/?lang=en")
    assert "Inès works from 14:00 to 20:00." in manager.page.text
    assert not manager.page.all(f".//form[@action='/v/lutetia/exchanges/{swap.uuid}/approve']")


def test_the_schema_has_the_last_word(house: House, visit: Visit, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the guard may have overlooked."""
    ines, booking = colleague(house), visit("10:00")
    swap = accepted(house, shift_of(house, house.therese), ines)
    _take_by_force(house, ines, booking)
    monkeypatch.setattr("portal.absences.swaps.service.exchange_obstacles", lambda *_given, **_words: [])
    with pytest.raises(Impossible):
        approve_swap(house.lutetia, swap=swap, by=maud(house))
    db.session.expire_all()
    assert (swap.status, booking.therapist) == ("accepted", house.therese)


def test_without_the_schemas_guard_the_same_would_overlap(
    house: House, visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control of the test above: it is the schema that refuses, not something else."""
    ines, booking = colleague(house), visit("10:00")
    swap = accepted(house, shift_of(house, house.therese), ines)
    _take_by_force(house, ines, booking)
    monkeypatch.setattr("portal.absences.swaps.service.exchange_obstacles", lambda *_given, **_words: [])
    with _without_guards():
        approve_swap(house.lutetia, swap=swap, by=maud(house))
        assert _overlaps() == 1
        db.session.execute(text("UPDATE claim SET active = false"))
        db.session.commit()


@pytest.mark.race
def test_an_approval_and_the_desk_want_the_same_colleague(app: Flask, house: House, visit: Visit) -> None:
    for number in range(5):
        ines = colleague(house, f"Inès{number}")
        mine = make_shift(house.lutetia, house.therese, house.day + timedelta(days=20 + number))
        theirs = make_shift(house.lutetia, house.marc, house.day + timedelta(days=20 + number))
        start = house.at("10:00", days=20 + number)
        booking, rival = visit(starts_at=start), visit(None, house.marc, starts_at=start)
        swap = accepted(house, mine, ines)
        assert theirs
        told = _at_once(app, house, swap, rival, ines)
        assert "done" in told, told
        db.session.expire_all()
        assert booking.therapist in {house.therese, ines}
    assert _overlaps() == 0


def _take_by_force(house: House, member: StaffMember, booking: Booking) -> None:
    """Her time at that moment is taken by a claim that no guard has seen."""
    other = Claim(
        organisation_id=house.organisation.id, venue_id=house.lutetia.id, resource_id=person(member).id,
        item_id=booking.item.id, starts_at=house.at("10:30"), ends_at=house.at("11:30"),
    )  # fmt: skip
    save(other)


def _overlaps() -> int:
    db.session.commit()
    with db.engine.connect() as connection:
        return int(connection.scalar(text(OVERLAPS)) or 0)


@contextmanager
def _without_guards() -> Iterator[None]:
    db.session.commit()
    with db.engine.execution_options(thermes_write=True).begin() as connection:
        guards.remove(connection)
    try:
        yield
    finally:
        db.session.rollback()
        with db.engine.execution_options(thermes_write=True).begin() as connection:
            guards.install(connection)


def _at_once(app: Flask, house: House, swap: ShiftSwap, rival: Booking, taker: StaffMember) -> list[str]:
    """The manager approves while the desk gives the colleague somebody else's guest of the same moment."""
    ids = house.lutetia.id, house.maud.id, house.camille.id, swap.id, rival.id, taker.id
    db.session.commit()
    told, barrier = ["nothing"] * 2, threading.Barrier(2)

    def approve() -> None:
        by = Actor.of_member(db.session.get_one(StaffMember, ids[1]), door="agenda")
        approve_swap(db.session.get_one(Venue, ids[0]), swap=db.session.get_one(ShiftSwap, ids[3]), by=by)

    def move() -> None:
        by = Actor.of_member(db.session.get_one(StaffMember, ids[2]), door="agenda")
        wanted = Move(therapist=db.session.get_one(StaffMember, ids[5]))
        move_booking(db.session.get_one(Venue, ids[0]), booking=db.session.get_one(Booking, ids[4]), move=wanted, by=by)

    def play(number: int, work: Callable[[], None]) -> None:
        with app.app_context():
            barrier.wait(timeout=30)
            try:
                work()
                told[number] = "done"
            except PortalError as refused:
                told[number] = refused.code
            finally:
                db.session.remove()

    threads = [threading.Thread(target=play, args=pair) for pair in enumerate((approve, move))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return told
