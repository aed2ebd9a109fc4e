"""What is asked for a shift."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import StringField
from wtforms.validators import Length

from portal.absences.service import NOTE_LENGTH
from portal.absences.swaps.queries import find_shift
from portal.bookings.forms import readable
from portal.errors import Invalid, NotFound
from portal.models import Venue
from portal.team.queries import get_therapist


class SwapForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types
    """To whom (`to`, nothing for whoever can), or for which shift (`other`)."""

    to = StringField()
    other = StringField()
    note = StringField(
        _l("Note"),
        filters=[readable],
        validators=[Length(max=NOTE_LENGTH, message=_l("Please use at most 300 characters."))],
    )

    def wish(self, venue: Venue) -> dict[str, Any]:
        """What is asked of the service. Raises Invalid for a colleague or a shift that is none of the list."""
        note = self.note.data or None
        if self.other.data:
            other = find_shift(venue, _uuid(self.other.data))
            if other is None:
                raise _not_listed()
            return {"colleague": other.member, "other": other, "note": note}
        return {"colleague": _colleague(venue, self.to.data) if self.to.data else None, "note": note}


def _colleague(venue: Venue, text: str) -> Any:
    try:
        return get_therapist(venue, _uuid(text))
    except NotFound:
        raise _not_listed() from None


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise _not_listed() from None


def _not_listed() -> Invalid:
    return Invalid(_("Please choose from the list."), field="to")
