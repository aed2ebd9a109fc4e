"""Bookings that a change of the settings would hit."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Hit:
    """One treatment of a booking ahead; `where` are the rooms, `who` the therapists that it has."""

    booking: UUID
    number: int
    status: str
    starts_at: datetime
    ends_at: datetime
    guest: str
    name: str
    name_en: str | None
    item_id: int = 0
