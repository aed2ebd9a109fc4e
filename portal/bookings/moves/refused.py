"""What the desk can do about a refusal: another time in one click, or, for managers, booking anyway."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from portal.access import Permission, can
from portal.bookings.errors import SlotUnavailable
from portal.bookings.overbooking import BENDABLE
from portal.bookings.refusals import sentence
from portal.bookings.slots.request import Reason
from portal.models import StaffMember, Venue


@dataclass(frozen=True, slots=True)
class Refused:
    """The sentence, the nearest other starts, and the form that tries again: its address and what it sends."""

    sentence: str
    action: str
    fields: Mapping[str, str]
    alternatives: list[datetime] = field(default_factory=list)
    bendable: bool = False
    may_overbook: bool = False


def refused(
    venue: Venue, error: SlotUnavailable, *, reader: StaffMember, action: str, fields: Mapping[str, str],
    starts: list[datetime],
) -> Refused:  # fmt: skip
    """The refusal for this reader, with the starts that could be had instead."""
    return Refused(
        sentence=sentence(venue, error),
        action=action,
        fields=fields,
        alternatives=starts,
        bendable=Reason(error.reason) in BENDABLE,
        may_overbook=can(reader, Permission.BOOKING_OVERBOOK),
    )
