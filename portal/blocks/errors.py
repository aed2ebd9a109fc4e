"""Refusals of the block verbs, in the words of the trade."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from flask_babel import lazy_gettext as _l

from portal.blocks.facts import Underneath
from portal.errors import Conflict


class BookingsUnderneath(Conflict):
    """Bookings stand where the block would lie, which were not named: `bookings`. They stay if it is made anyway."""

    code = "bookings_underneath"
    message = _l("There are bookings at this time. Please look at them before you block it.")

    def __init__(self, bookings: Sequence[Underneath]) -> None:
        super().__init__(field="confirm")
        self.bookings = list(bookings)


class JustTaken(Conflict):
    """The schema refused an overlap: somebody booked in the same moment."""

    code = "just_taken"
    message = _l("Somebody was faster: a booking was made at this time just now. Please look again.")


class Stale(Conflict):
    """The form was drawn before somebody else's change."""

    code: ClassVar[str] = "stale"
    message = _l("Somebody has changed this block in the meantime. Please look at it again.")
