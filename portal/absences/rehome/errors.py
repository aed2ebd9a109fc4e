"""Why a plan could not be carried out."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from portal.errors import Conflict, PortalError


class Overturned(Conflict):
    """Something is not as it was shown: nothing of the plan was done. `whose` visit it is about, and the reason."""

    code = "overturned"
    message = _l("Something has changed in the meantime: nothing was done.")

    def __init__(self, whose: str, reason: PortalError) -> None:
        super().__init__()
        self.whose, self.reason = whose, reason


class OthersTreat(Conflict):
    """The guest was given to somebody else in the meantime."""

    code = "others_treat"
    message = _l("Somebody else treats this guest by now.")
