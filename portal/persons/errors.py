"""Refusals about one person's data."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from portal.errors import Conflict, Invalid
from portal.models import Booking


class StillExpected(Conflict):
    """She is expected: what is to come is cancelled, moved to somebody else or done with first (`bookings`)."""

    code = "still_expected"
    message = _l("This guest is still expected. Please cancel what is to come first.")

    def __init__(self, bookings: list[Booking]) -> None:
        super().__init__()
        self.bookings = bookings


class ChangedMeanwhile(Conflict):
    """Somebody has worked on the guest since the page was drawn."""

    code = "stale"
    message = _l("A colleague has changed this guest in the meantime. Please look again.")


class NotConfirmed(Invalid):
    """The name that was typed is not hers."""

    code = "not_confirmed"
    message = _l("Please type the name exactly as it stands above.")
