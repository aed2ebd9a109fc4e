"""Why a plan could not be carried out."""

from __future__ import annotations

from flask_babel import gettext as _

from portal.errors import Conflict


class Overturned(Conflict):
    """Something has changed since the plan was drawn: nothing of it was done. `why` is the reason in a sentence."""

    code = "overturned"

    def __init__(self, whose: str, why: str) -> None:
        super().__init__(_("Nothing was changed. %(whose)s: %(why)s Here is a fresh proposal.", whose=whose, why=why))
