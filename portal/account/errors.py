"""Refusals about one's own account."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from portal.errors import Conflict, Invalid


class NoAddress(Invalid):
    """What was typed is no e-mail address."""

    code = "no_address"
    message = _l("This is not an e-mail address.")
    field = "address"


class SameAddress(Invalid):
    """It is hers already."""

    code = "same_address"
    message = _l("This is your address already.")
    field = "address"


class AddressGone(Conflict):
    """Somebody else signs in with it meanwhile."""

    code = "address_gone"
    message = _l("This address cannot be used any more. Please sign in and choose another one.")
