"""The form of the time zone."""

from __future__ import annotations

from typing import Any
from zoneinfo import available_timezones

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired

from portal.models import Venue
from portal.settings.forms import SettingsForm, choice, line
from portal.settings.zone.service import REASON_LENGTH

# Names of the database that are no places.
_ASIDE = ("Etc/", "SystemV/", "US/", "posix", "right", "Factory", "localtime")


class ZoneForm(SettingsForm):
    """`seen` is the fingerprint of the plan that was shown."""

    timezone = choice(_l("Time zone"), {})
    seen = HiddenField()
    reason = line(_l("Why bookings are overbooked"), most=REASON_LENGTH)
    confirm = BooleanField(
        _l("I have looked at the bookings: change the time zone."),
        validators=[DataRequired(_l("Please look at the bookings first, and tick the box."))],
    )

    def __init__(self, *given: Any, venue: Venue, **words: Any) -> None:
        super().__init__(*given, **words)
        names = {name for name in available_timezones() if "/" in name and not name.startswith(_ASIDE)}
        self.timezone.choices = [
            SelectChoice(name, name.replace("_", " ")) for name in sorted(names | {venue.timezone})
        ]


def zone_form(venue: Venue, timezone: str | None = None) -> ZoneForm:
    """The form as the venue stands, with a zone to look at."""
    return ZoneForm.of(venue.version, {"timezone": timezone or venue.timezone}, venue=venue)
