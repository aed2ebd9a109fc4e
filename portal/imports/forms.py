"""Forms of the room: the shape of what is sent; the rules are the service's."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from werkzeug.datastructures import FileStorage, MultiDict

from portal.errors import PortalError
from portal.imports.columns import FIELDS
from portal.imports.errors import WrongFile


class UploadForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types
    """A file."""

    file = FileField(
        _l("CSV file"),
        description=_l("At most 8 MB and 20,000 lines, with the names of the columns in its first line."),
    )

    def content(self) -> tuple[bytes, str]:
        """What was sent, and what it is called. Raises WrongFile."""
        sent = self.file.data
        if not isinstance(sent, FileStorage) or not sent.filename:
            raise WrongFile(_("Please choose a file."), field="file")
        name = "".join(sign if sign.isprintable() else " " for sign in sent.filename)
        return sent.stream.read(), name

    def refuse(self, error: PortalError) -> None:
        """Put the sentence of a refusal beside its field."""
        self.file.errors = [*self.file.errors, str(error.message)]


def chosen(sent: MultiDict[str, str]) -> dict[str, int]:
    """By field, the column that was chosen for it; what is none is left out."""
    found = {name: sent.get(f"column-{name}", "") for name in FIELDS}
    return {name: int(text) for name, text in found.items() if text.isascii() and text.isdigit() and len(text) < 5}
