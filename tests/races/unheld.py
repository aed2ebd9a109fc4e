"""The portal whose partners do not wait for each other before their quota is counted: the control of test_quota.py."""

from __future__ import annotations

import time
from datetime import date
from typing import Any

import portal.bookings.quotas.rules as rules
from portal import create_app
from portal.bookings.quotas.queries import booked_at
from portal.models import Partner, Venue


def _count_slowly(venue: Venue, partner: Partner, **words: Any) -> list[tuple[date, int]]:
    found = booked_at(venue, partner, **words)
    time.sleep(0.05)
    return found


rules.booked_at = _count_slowly  # type: ignore[attr-defined]  # what the rules have imported
app = create_app()
