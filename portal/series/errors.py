"""Refusals of the series verbs, in the words of the trade."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from flask_babel import lazy_gettext as _l

from portal.errors import Conflict, Invalid


class SeriesConflict(Conflict):
    """Some dates cannot be had and nobody said what to do about them: nothing was done. `dates` are local."""

    code = "series_conflict"
    message = _l("Some dates cannot be had. Please leave them out or choose another time for them.")

    def __init__(self, dates: Sequence[date]) -> None:
        super().__init__(field="choices", dates=[day.isoformat() for day in dates])
        self.dates = sorted(dates)


class NotRepeatable(Conflict):
    """Only a booking that is still to come, and stands alone, can become the first of a series."""

    code = "not_repeatable"
    message = _l("This booking cannot be repeated: it is over, or it belongs to a series already.")


class NothingLeft(Conflict):
    """All bookings of the series that this is about are over."""

    code = "nothing_left"
    message = _l("There is nothing left to change: these bookings have begun or are over.")


class WrongChoice(Invalid):
    """What was chosen for a date is neither to leave it out nor a time on that very day."""

    code = "wrong_choice"
    message = _l("Please choose a time on the same day.")

    def __init__(self) -> None:
        super().__init__(field="choices")
