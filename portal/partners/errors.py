"""Refusals of the partners' verbs, in the words of the trade."""

from __future__ import annotations

from typing import ClassVar

from flask_babel import lazy_gettext as _l

from portal.errors import Conflict, Invalid


class NameTaken(Invalid):
    """Another partner of the organisation has this name."""

    code: ClassVar[str] = "name_taken"
    message = _l("Another partner has this name already.")
    field = "name"


class KeyEnded(Conflict):
    """The key is revoked: nothing about it can be changed any more."""

    code: ClassVar[str] = "key_ended"
    message = _l("This key is revoked. Please make a new one.")


class KeyMade(Conflict):
    """The form was sent before: the key is there, and its secret was shown then."""

    code: ClassVar[str] = "key_made"
    message = _l("This key is there already. Its secret was shown once and cannot be shown again.")
