"""What makes an offer impossible, or possible again, comes while she answers it: one after the other, by their locks.

Each is stopped in the middle, when it has looked and not yet written, until the other has ended or waits. The control
takes the locks away and demands that an answer is then lost. SQLite has one writer at a time, whatever we lock.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

import portal.bookings.unable.service as unable
from portal.audit import Actor
from portal.blocks.service import block_time, remove_block
from portal.bookings.service import accept_booking
from portal.bookings.unable.service import settle_questions
from portal.database import db
from portal.errors import PortalError
from portal.models import Offer
from portal.offers.service import decline_offer
from portal.sqlite import is_unguarded
from tests.bookings.conftest import Book, book, offer_to, phone
from tests.factories import House
from tests.support.rivals import nobody_waits

__all__ = ["book"]

pytestmark = pytest.mark.race

# How long the rival may take: where there are locks he waits for one, and is left to it.
_MOMENT, _PATIENCE = 1.0, 30
DONE = "done"
Meanwhile = Callable[[str, Callable[[], object]], list[str]]


@pytest.fixture
def meanwhile(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Meanwhile:
    """`meanwhile("lock_offers", rival)`: once that has been read, the rival acts; what he is told."""
    told: list[str] = []

    def work(rival: Callable[[], object]) -> None:
        with app.app_context():
            try:
                rival()
            except PortalError as refused:
                told.append(refused.code)
            else:
                told.append(DONE)
            db.session.remove()

    def arm(name: str, rival: Callable[[], object]) -> list[str]:
        real, thread = getattr(unable, name), threading.Thread(target=work, args=(rival,))

        def read(*words: Any, **more: Any) -> Any:
            found = real(*words, **more)
            if thread.ident is None and (words or "booking_id" in more):  # of one booking, not of all
                thread.start()
                thread.join(_PATIENCE if is_unguarded(db.engine) else _MOMENT)
            return found

        monkeypatch.setattr(unable, name, read)
        return told

    return arm


def _ended() -> None:
    """Whoever waited has had his turn."""
    db.session.commit()
    for thread in threading.enumerate():
        if thread is not threading.current_thread() and thread.name.startswith("Thread-"):
            thread.join(_PATIENCE)
    db.session.expire_all()


def _accept(key: int) -> None:
    offer = db.session.get_one(Offer, key)
    accept_booking(offer.item.booking.venue, offer=offer, by=phone(offer.member))


def _decline(key: int) -> None:
    offer = db.session.get_one(Offer, key)
    decline_offer(offer.item.booking.venue, offer=offer, by=phone(offer.member))


def _race_no(house: House, book: Book, meanwhile: Meanwhile) -> tuple[list[str], str]:
    """With one phone she takes something of the same time, and with another she declines."""
    other, mine = (offer_to(book("10:00", starts_at=house.at(clock)), house.therese).id for clock in ("11:30", "12:00"))
    told = meanwhile("lock_offers", lambda: _decline(mine))
    _accept(other)
    _ended()
    return told, db.session.get_one(Offer, mine).status


def _race_yes(house: House, book: Book, meanwhile: Meanwhile) -> tuple[list[str], str]:
    """She accepts what she was not asked for a while, as the worker asks her again."""
    mine = offer_to(book("10:00", starts_at=house.at("12:00")), house.therese).id
    by, person = Actor.of_member(house.maud, door="agenda"), house.therese.resource
    assert person is not None
    [made] = block_time(
        house.lutetia, resources=[person], starts_at=house.at("12:30"), ends_at=house.at("13:00"), kind="meeting", by=by
    )
    remove_block(house.lutetia, block=made, scope="this", by=by)
    told = meanwhile("find_able_again", lambda: _accept(mine))
    assert settle_questions() == 1
    _ended()
    return told, db.session.get_one(Offer, mine).status


def test_her_no_waits_and_is_told_that_it_is_gone(house: House, book: Book, meanwhile: Meanwhile) -> None:
    assert _race_no(house, book, meanwhile) == (["not_free"], "cancelled")


def test_her_yes_waits_and_stays(house: House, book: Book, meanwhile: Meanwhile) -> None:
    assert _race_yes(house, book, meanwhile) == ([DONE], "accepted")


@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)  # SQLite writes one after the other, come what may
def test_without_the_locks_her_no_is_lost(house: House, book: Book, meanwhile: Meanwhile) -> None:
    with nobody_waits():
        told, status = _race_no(house, book, meanwhile)
    assert (told, status) == ([DONE], "cancelled"), "They do not race, so the test above proves nothing."
