"""Forms of the room: the shape of what is sent; the rules are the service's."""

from __future__ import annotations

from uuid import UUID

from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import HiddenField

from portal.duplicates.merging.fields import CHOSEN, KEEP, LOSE
from portal.errors import NotFound
from portal.uuids import as_uuid


class ApartForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types
    """Two guests who are two; `by` is the list that they stood in."""

    one = HiddenField()
    other = HiddenField()
    by = HiddenField()

    def pair(self) -> tuple[UUID, UUID]:
        """Both. Raises NotFound for what names nobody."""
        one, other = as_uuid(self.one.data), as_uuid(self.other.data)
        if one is None or other is None:
            raise NotFound()
        return one, other


class MergeForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types
    """The versions of both as the preview showed them; what is taken stands beside."""

    keep_version = HiddenField()
    lose_version = HiddenField()

    def versions(self) -> tuple[int, int]:
        """Of who stays and who goes, −1 for what is none."""
        return _number(self.keep_version.data), _number(self.lose_version.data)


def taken(sent: MultiDict[str, str]) -> dict[str, str]:
    """By field, whose value stays; what is no choice is left out."""
    found = {name: sent.get(f"take-{name}", "") for name in CHOSEN}
    return {name: side for name, side in found.items() if side in {KEEP, LOSE}}


def _number(text: object) -> int:
    written = str(text or "")
    return int(written) if written.isascii() and written.isdigit() and len(written) < 10 else -1
