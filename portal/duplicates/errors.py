"""Refusals of merging."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from portal.errors import Conflict, Invalid


class SameGuest(Invalid):
    """One cannot be merged with herself."""

    code = "same_guest"
    message = _l("These are one and the same guest.")


class MergedAlready(Conflict):
    """A colleague was faster."""

    code = "merged_already"
    message = _l("These two guests have been merged already.")


class ChangedMeanwhile(Conflict):
    """One of the two is not as the preview showed her."""

    code = "stale"
    message = _l("One of these guests has changed in the meantime. Please look at both again.")


class UndoneAlready(Conflict):
    """A second click."""

    code = "already_undone"
    message = _l("This merge has been undone already.")


class TooLate(Conflict):
    """What an undo needs is no longer kept."""

    code = "too_old"
    message = _l("A merge can be undone for 30 days. They are over.")


class MergedOn(Conflict):
    """Whoever stayed was merged into somebody else since."""

    code = "merged_on"
    message = _l("The guest who stayed has been merged again since: undo the later merge first.")
