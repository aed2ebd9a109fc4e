"""Refusals of undo."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from portal.errors import Conflict


class NothingToUndo(Conflict):
    """The member has done nothing here that is not undone."""

    code = "nothing_to_undo"
    message = _l("There is nothing to undo.")


class AlreadyUndone(Conflict):
    """A second click."""

    code = "already_undone"
    message = _l("This has been undone already.")


class ChangedSince(Conflict):
    """Somebody has worked on it since."""

    code = "changed_since"
    message = _l("Somebody has changed this in the meantime, so it cannot be undone.")


class PlaceTaken(Conflict):
    """The room or the therapist is somebody else's by now."""

    code = "place_taken"
    message = _l("The former place has been taken in the meantime, so it cannot be put back.")


class TooOld(Conflict):
    """It would put a booking that has yet to come into the past."""

    code = "too_old"
    message = _l("The former time is over, so it cannot be put back.")
