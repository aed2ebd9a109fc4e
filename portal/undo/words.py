"""What an undo is told as."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from portal.models import Change

_UNDONE = {
    "booking:requested": _l("The booking is taken back."),
    "booking:moved": _l("The booking is back where it was."),
    "booking:resized": _l("The booking is as long as it was."),
    "booking:cancelled": _l("The booking stands again."),
    "booking:edited": _l("The details are as they were."),
    "booking:put_back": _l("The booking is as it was."),
    "block:made": _l("The time is free again."),
    "block:removed": _l("The time is blocked again."),
}


def undone_sentence(change: Change) -> str:
    """What is true again after the undo."""
    return str(_UNDONE.get(change.verb, _l("The last step is undone.")))
