"""The desk's tests book as the partner does."""

from __future__ import annotations

from tests.bookings.conftest import book

__all__ = ["book"]
