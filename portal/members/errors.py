"""Refusals about the team."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from portal.errors import Conflict, Invalid, NotAllowed


class NotOverYou(NotAllowed):
    """A manager does not decide about whom she does not manage."""

    code = "not_over_you"
    message = _l("Only an administrator can change this.")


class LastAdmin(Conflict):
    """Without her nobody could let anybody in any more."""

    code = "last_admin"
    message = _l("The house needs an administrator: please make somebody else one first.")


class StillTreats(Conflict):
    """Guests are booked with her."""

    code = "still_treats"
    message = _l("Guests are still booked with this person: find replacements first.")


class NewerMember(Conflict):
    """A colleague has changed her meanwhile."""

    code = "stale"
    message = _l("A colleague has changed this in the meantime.")


class AlreadyInTeam(Invalid):
    """Somebody of this house has the address."""

    code = "already_in_team"
    message = _l("Somebody of your house has this address already.")
    field = "email"


class NotYourself(Conflict):
    """It takes somebody else."""

    code = "not_yourself"
    message = _l("Somebody else has to do that.")
