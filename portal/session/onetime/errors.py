"""Refusals about links in letters."""

from __future__ import annotations

import math
from datetime import timedelta

from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from portal.errors import Conflict, NotFound, TooMany


class DeadLink(NotFound):
    """Unknown, used, too old, or overtaken by a newer one: the answer is the same."""

    code = "dead_link"
    message = _l("This link is not good any more.")


class AddressTaken(Conflict):
    """Somebody signs in with this address already."""

    code = "address_taken"
    message = _l("There is an account with this address already. Please ask for an invitation to another address.")


class TooManyLetters(TooMany):
    """So many letters were asked for that no more leave for a while."""

    def __init__(self, wait: timedelta) -> None:
        self.seconds = math.ceil(wait.total_seconds())
        sentence = ngettext(
            "Several letters were asked for already. Please look into your mail, or try again in one minute.",
            "Several letters were asked for already. Please look into your mail, or try again in %(num)d minutes.",
            math.ceil(self.seconds / 60),
        )
        super().__init__(str(sentence), retry_after=self.seconds)
