"""Refusals about a guest's health notes."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from portal.errors import Conflict, NotAllowed


class NoKey(Conflict):
    """The installation has no encryption key: what cannot be sealed is not stored."""

    code = "no_encryption_key"
    message = _l("Health notes cannot be kept here: the portal has no encryption key yet. Please tell your manager.")


class CannotBeRead(Conflict):
    """The key that sealed it is gone, or the bytes were tampered with."""

    code = "cannot_be_read"
    message = _l("These health notes cannot be opened any more. Please ask the guest again and tell your manager.")


class NotYours(NotAllowed):
    """Only managers and the therapists who treat the guest read or write about her health."""

    code = "not_treating"
    message = _l("Only the therapists who treat this guest can read this.")


class NewerNotes(Conflict):
    """A colleague wrote meanwhile."""

    code = "stale"
    message = _l("A colleague has changed these notes in the meantime. Please read them again.")
