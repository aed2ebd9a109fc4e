"""Refusals about files of guests."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from portal.errors import Conflict, Invalid


class WrongFile(Invalid):
    """It is no table of guests: the message says why."""

    code = "wrong_file"
    message = _l("This is not a table of guests as CSV.")


class WrongColumns(Invalid):
    """The columns as they were chosen make no guests."""

    code = "wrong_columns"
    message = _l("Please say which column holds the name.")


class NotNow(Conflict):
    """It has gone on since the page was drawn."""

    code = "not_now"
    message = _l("This import has gone on in the meantime.")
