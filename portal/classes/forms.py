"""Forms of the room: open a session, and what happens to a couple's booking when one of them does not come."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Length

from portal.bookings.forms import readable
from portal.classes.queries import class_variants
from portal.clock import exists, local_instant
from portal.i18n import label_of, name_of
from portal.models import Venue
from portal.series.forms import Clock, Day
from portal.team.queries import rooms_of, therapists_of


class SessionForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types
    """Which class, when, by whom and where."""

    variant = SelectField(_l("Class"), choices=[])
    day = Day(_l("Date"), validators=[DataRequired(_l("Please enter a date."))])
    at = Clock(_l("Time"), validators=[DataRequired(_l("Please enter a time."))])
    therapist = SelectField(_l("Therapist"), choices=[])
    room = SelectField(_l("Room"), choices=[])
    notes = TextAreaField(
        _l("Note"), filters=[readable], validators=[Length(max=500, message=_l("Please use at most 500 characters."))]
    )

    def __init__(self, venue: Venue, **given: Any) -> None:
        super().__init__(**given)
        self.venue = venue
        self.variants = {str(one.uuid): one for one in class_variants(venue)}
        self.therapists = {str(one.uuid): one for one in therapists_of(venue)}
        self.rooms = {str(one.uuid): one for one in rooms_of(venue)}
        self.variant.choices = [
            SelectChoice(key, f"{name_of(one.treatment)}, {label_of(one)}") for key, one in self.variants.items()
        ]
        people = [SelectChoice(key, one.name) for key, one in self.therapists.items()]
        self.therapist.choices = [SelectChoice("", _l("Ask those who can")), *people]
        places = [SelectChoice(key, name_of(one)) for key, one in self.rooms.items()]
        self.room.choices = [SelectChoice("", _l("Any free room")), *places]

    def validate(self, extra_validators: Any = None) -> bool:
        """The clock must show that time on that day."""
        valid = bool(super().validate(extra_validators))
        if valid and not exists(self._wall(), self.venue.timezone):
            self.at.errors = [_l("The clock skips this time on that day.")]
        return valid and not self.errors

    def wish(self) -> dict[str, Any]:
        """What is asked of `open_session`."""
        return {
            "variant": self.variants[self.variant.data],
            "starts_at": local_instant(self._wall(), self.venue.timezone),
            "therapist": self.therapists.get(self.therapist.data),
            "room": self.rooms.get(self.room.data),
            "notes": self.notes.data or None,
        }

    def _wall(self) -> datetime:
        day: Any = self.day.data
        clock: Any = self.at.data
        return datetime.combine(day, clock)


class JoinForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types
    """Who joins: a guest that was chosen, else whoever the text can mean."""

    q = StringField(
        _l("Guest"), filters=[readable], validators=[Length(max=120, message=_l("Please use at most 120 characters."))]
    )
    customer = HiddenField()


class NameForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types
    """Who the second guest is."""

    name = StringField(
        _l("Name"), filters=[readable], validators=[Length(max=200, message=_l("Please use at most 200 characters."))]
    )
