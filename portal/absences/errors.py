"""Refusals of the absence verbs, in the words of the trade."""

from __future__ import annotations

from typing import ClassVar

from flask_babel import lazy_gettext as _l

from portal.errors import Conflict, Invalid


class AlreadyOff(Invalid):
    """She has asked for some of this time before."""

    code: ClassVar[str] = "already_off"
    message = _l("You are off already at that time, or have asked for it.")


class Answered(Conflict):
    """The request was approved, refused or taken back in the meantime."""

    code: ClassVar[str] = "answered"
    message = _l("This request has been answered in the meantime.")


class TooLate(Conflict):
    """The time that was asked for is over."""

    code: ClassVar[str] = "too_late"
    message = _l("This time is over.")
