"""Refusals of the exchange verbs, in the words of the trade."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import lazy_gettext as _l

from portal.errors import Conflict, NotAllowed


class Impossible(Conflict):
    """The shift cannot change hands as things stand; `obstacles` say why, one sentence each."""

    code = "swap_impossible"
    message = _l("This shift cannot change hands.")

    def __init__(self, obstacles: Sequence[str]) -> None:
        self.obstacles = list(obstacles)
        super().__init__(" ".join([str(self.message), *self.obstacles]))


class Gone(Conflict):
    """It was answered, taken back or overtaken, or its shift has begun."""

    code = "swap_gone"
    message = _l("This exchange is no longer open.")


class NotAccepted(Conflict):
    """The colleague has not said yes."""

    code = "swap_not_accepted"
    message = _l("A colleague must accept the exchange first.")


class AlreadyUp(Conflict):
    """The shift is up for another exchange."""

    code = "swap_already_up"
    message = _l("This shift is up for an exchange already.")


class NotYours(NotAllowed):
    """It is for somebody else to answer."""

    code = "swap_not_yours"
    message = _l("This exchange is not for you to answer.")
