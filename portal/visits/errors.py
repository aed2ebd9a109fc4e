"""Refusals about a visit that is going on."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from portal.errors import Conflict


class RoomNeeded(Conflict):
    """The treatment could go on, but only in another room."""

    code = "room_needed"
    message = _l("Your room is needed by the next guest. Please ask the desk.")
