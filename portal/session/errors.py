"""Why a sign-in is refused."""

from __future__ import annotations

import math
from datetime import timedelta

from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from portal.errors import Invalid, PortalError, TooMany


class WrongCredentials(PortalError):
    """Unknown address, wrong password, no password yet, or no longer active: the answer is the same."""

    code = "wrong_credentials"
    status = 422
    message = _l("This e-mail address and password do not belong together. Please check both and try again.")


class WrongPassword(Invalid):
    """Asked for once more, it was not hers."""

    code = "wrong_password"
    message = _l("This is not your password.")
    field = "current"


class TooManyTries(TooMany):
    """Too many failed sign-ins to this account, from this network or in the whole house."""

    def __init__(self, wait: timedelta) -> None:
        self.seconds = math.ceil(wait.total_seconds())
        super().__init__(_sentence(self.seconds), retry_after=self.seconds)


def _sentence(seconds: int) -> str:
    if seconds <= 60:
        sentence = ngettext(
            "Too many attempts to sign in. Please try again in one second.",
            "Too many attempts to sign in. Please try again in %(num)d seconds.",
            seconds,
        )
    else:
        sentence = ngettext(
            "Too many attempts to sign in. Please try again in one minute.",
            "Too many attempts to sign in. Please try again in %(num)d minutes.",
            math.ceil(seconds / 60),
        )
    return str(sentence)
