"""Refusals about the second factor."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from portal.errors import Conflict, Invalid


class WrongCode(Invalid):
    """Not the code of this moment, used before, or no recovery code of hers."""

    code = "wrong_code"
    message = _l("This code is not right, or was used before. Please wait for the next one and try again.")
    field = "code"


class AlreadyOn(Conflict):
    """It is set up: it is turned off before it is set up anew."""

    code = "factor_on"
    message = _l("The second step is set up already.")


class NotOn(Conflict):
    """There is nothing to turn off or to confirm."""

    code = "factor_off"
    message = _l("The second step is not set up.")


class Required(Conflict):
    """Managers and admins cannot do without."""

    code = "factor_required"
    message = _l("In your role the second step cannot be turned off.")
