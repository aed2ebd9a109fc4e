"""Bookings to look for."""

from __future__ import annotations

from tests.bookings.conftest import book

__all__ = ["book"]
