"""Refusals of the rota, in the words of the trade."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from flask_babel import lazy_gettext as _l

from portal.errors import Conflict
from portal.shifts.facts import Concern


class ShiftOverlaps(Conflict):
    """She has a shift at that time already, here or at another venue: never saved."""

    code: ClassVar[str] = "shift_overlaps"
    message = _l("There is a shift of the same person at this time already. Please look again.")

    def __init__(self, message: str | None = None) -> None:
        super().__init__(message, field="start")


class NotWithoutAsking(Conflict):
    """What should be known before it is saved, and was not named: `concerns`. It may be saved all the same."""

    code: ClassVar[str] = "not_without_asking"
    message = _l("Please look at this first: it can be saved all the same.")

    def __init__(self, concerns: Sequence[Concern]) -> None:
        super().__init__(field="confirm")
        self.concerns = list(concerns)


class Stale(Conflict):
    """The form was drawn before somebody else's change."""

    code: ClassVar[str] = "stale"
    message = _l("Somebody has changed this in the meantime. Please look at it again.")


class ShiftGone(Conflict):
    """Somebody has removed it."""

    code: ClassVar[str] = "shift_gone"
    message = _l("Somebody has removed this shift in the meantime.")
