"""The details of a booking: what was before stays in the history, an older form changes nothing."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from portal.bookings.editing import edit_booking
from portal.bookings.errors import Stale
from portal.database import db
from portal.models import Change
from tests.bookings.conftest import Book, accept
from tests.bookings.test_move_booking import desk
from tests.factories import House


def test_what_was_before_stays_in_the_history(house: House, book: Book) -> None:
    booking = book("10:00", notes="Dos fragile")
    edit_booking(house.lutetia, booking=booking, by=desk(house), price_minor=8000, notes="Dos et nuque")
    assert (booking.price_minor, booking.notes) == (8000, "Dos et nuque")
    assert booking.events[-1].details["before"] == {"price_minor": 9500, "notes": "Dos fragile"}


def test_nothing_new_leaves_no_trace(house: House, book: Book) -> None:
    booking = book("10:00")
    lines, version = len(booking.events), booking.version
    edit_booking(house.lutetia, booking=booking, by=desk(house), price_minor=9500)
    assert (len(booking.events), booking.version) == (lines, version)
    assert not db.session.scalars(select(Change)).all()


def test_an_older_form_changes_nothing(house: House, book: Book) -> None:
    booking = book("10:00")
    version = booking.version
    accept(house, booking, house.therese)
    with pytest.raises(Stale):
        edit_booking(house.lutetia, booking=booking, by=desk(house), version=version, price_minor=1)
    db.session.expire_all()
    assert booking.price_minor == 9500
