"""What lines do, and why they do nothing, in words."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.imports.columns import FIELDS
from portal.models.guest_import import CREATE, ERROR, SAME, UPDATE

ACTIONS: dict[str, LazyString] = {
    CREATE: _l("New guests"),
    UPDATE: _l("Known guests with news"),
    SAME: _l("Known, nothing new"),
    ERROR: _l("Errors"),
}
DONE: dict[str, LazyString] = {
    CREATE: _l("Created"),
    UPDATE: _l("Updated"),
    SAME: _l("Left as they were"),
    ERROR: _l("Left out"),
}
STATUSES: dict[str, LazyString] = {
    "mapping": _l("Columns to be chosen"),
    "checking": _l("Being looked at"),
    "checked": _l("Tried, not taken over yet"),
    "running": _l("Being taken over"),
    "done": _l("Taken over"),
    "failed": _l("Failed"),
    "cancelled": _l("Cancelled"),
}
_FAULTS: dict[str, LazyString] = {
    "missing": _l("there is no name"),
    "no_name": _l("is no name"),
    "too_long": _l("is too long"),
    "no_phone": _l("is no phone number"),
    "no_email": _l("is no e-mail address"),
    "no_language": _l("is no language: fr or en"),
    "no_yes": _l("is neither yes nor no"),
    "no_date": _l("is no date in the past, such as 31/12/2025"),
    "unreadable": _l("holds signs that cannot be stored"),
}


def fault_in_words(fault: Mapping[str, str]) -> str:
    """Why a line does nothing: the field, what stands there, what is wrong with it."""
    field = str(FIELDS.get(fault["field"], fault["field"]))
    if fault["code"] == "twice":
        return _("%(field)s: stands in line %(line)s already", field=field, line=fault["line"])
    if fault["code"] == "others":
        return _("%(field)s: is the address of %(name)s, who has another name", field=field, name=fault["text"])
    what = _FAULTS.get(fault["code"], fault["code"])
    if fault.get("text"):
        return _("%(field)s: “%(text)s” %(wrong)s", field=field, text=fault["text"], wrong=what)
    return _("%(field)s: %(wrong)s", field=field, wrong=what)
