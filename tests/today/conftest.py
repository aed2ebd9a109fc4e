"""The desk of the house on its working day, which the clock has been moved to."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from portal.clock import frozen
from portal.models import Booking
from tests.bookings.conftest import Book
from tests.bookings.conftest import book as book_now
from tests.bookings.visits import couple, visit
from tests.factories import House

__all__ = ["book_now", "couple", "visit"]


@pytest.fixture
def book(book_now: Book, house: House) -> Book:
    """`book("10:00")`, asked for at eight in the morning of the house's day."""

    def ask(clock: str = "10:00", **given: Any) -> Booking:
        with frozen(house.at("08:00")):
            return book_now(clock, **given)

    return ask


@pytest.fixture
def at_ten(house: House) -> Iterator[None]:
    """It is ten o'clock and five minutes, for the server too."""
    with frozen(house.at("10:00") + timedelta(minutes=5)):
        yield
