"""Late from the start on, waiting from the arrival on: whole minutes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from portal.bookings.following import minutes_late, minutes_waiting

TEN = datetime(2027, 3, 1, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("status", "arrived", "seconds", "late"),
    [
        ("confirmed", False, -1, None),
        ("confirmed", False, 0, 0),
        ("confirmed", False, 59, 0),
        ("pending", False, 60, 1),
        ("confirmed", False, 754, 12),
        ("confirmed", True, 754, None),
        ("ongoing", False, 754, None),
        ("noshow", False, 754, None),
        ("cancelled", False, 754, None),
    ],
)
def test_late(status: str, arrived: bool, seconds: int, late: int | None) -> None:
    arrived_at = TEN if arrived else None
    assert minutes_late(status, TEN, arrived_at, at=TEN + timedelta(seconds=seconds)) == late


@pytest.mark.parametrize(
    ("status", "seconds", "waits"),
    [("confirmed", 0, 0), ("confirmed", 119, 1), ("pending", 600, 10), ("ongoing", 600, None), ("completed", 9, None)],
)
def test_waiting(status: str, seconds: int, waits: int | None) -> None:
    assert minutes_waiting(status, TEN, at=TEN + timedelta(seconds=seconds)) == waits
    assert minutes_waiting(status, None, at=TEN) is None
