"""Refusals around the other times that therapists suggest."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from portal.bookings.errors import OfferRefused
from portal.errors import Conflict


class TimeGone(OfferRefused):
    """She cannot serve it then, or there is no room any more."""

    code = "time_gone"
    message = _l("This time is no longer free.")


class ProposalClosed(Conflict):
    """It was answered, taken back or overtaken, or nobody answered in time."""

    code = "proposal_closed"
    message = _l("This suggestion has been answered already.")
