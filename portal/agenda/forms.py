"""Forms of the room."""

from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField, StringField
from wtforms.validators import AnyOf

from portal.agenda.look import AXES, COLOURS, SAVED, ZOOMS


class LookForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types
    """How a member wants to see the agenda from now on, and from where she asked."""

    by = StringField(validators=[AnyOf(AXES)])
    zoom = StringField(validators=[AnyOf([str(minutes) for minutes in ZOOMS])])
    colour = StringField(validators=[AnyOf(COLOURS)])
    everyone = BooleanField()
    cancelled = BooleanField()
    view = HiddenField()
    day = HiddenField()
    of = HiddenField()
    of_axis = HiddenField()

    @property
    def whose(self) -> str | None:
        """Whose week she asked from, unless she has chosen the other axis."""
        return self.of.data if self.of_axis.data == self.by.data else None

    @property
    def look(self) -> dict[str, str]:
        """What was chosen, as an address would ask for it."""
        return {name: str(self[name].data) for name in SAVED}
