"""Refusals of the settings verbs, in the words of the trade."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from flask_babel import lazy_gettext as _l

from portal.errors import Conflict, Invalid
from portal.settings.hits import Hit


class Stale(Conflict):
    """The form was drawn before somebody else's change."""

    code: ClassVar[str] = "stale"
    message = _l("Somebody has changed this in the meantime. Please look at it again.")


class BookingsHit(Conflict):
    """Bookings stand where they could not be made any more; `hits` are those that were not agreed to."""

    code: ClassVar[str] = "bookings_hit"
    message = _l("There are bookings at this time. They stay as they are if you go on.")

    def __init__(self, hits: Sequence[Hit]) -> None:
        super().__init__()
        self.hits = list(hits)


class InUse(Invalid):
    """Bookings ahead still need it; `hits` are the first of them."""

    code: ClassVar[str] = "in_use"
    message = _l("Bookings still need this: please move or cancel them first.")

    def __init__(self, hits: Sequence[Hit]) -> None:
        super().__init__()
        self.hits = list(hits)
