"""The form of a key."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid4

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, SelectMultipleField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired

from portal.i18n import name_of
from portal.models import ApiKey, Venue
from portal.partners.scopes import RESERVED, SURFACES
from portal.partners.words import scope_word
from portal.settings.forms import OneOf, SettingsForm, choice, line, number
from portal.uuids import as_uuid

# What a new key begins with.
RATE, MOST = 60, 100_000


class ScopesForm(SettingsForm):
    """What may be changed of a key, for its surface."""

    name = line(_l("Name of the key"), most=200, needed=True, description=_l("Where it is used: Production, Test…"))
    scopes = SelectMultipleField(
        _l("What it may do"), validate_choice=False,
        validators=[InputRequired(_l("Please tick at least one.")), OneOf()],
    )  # fmt: skip
    rate = number(_l("Requests per minute"), 1, MOST, optional=True, description=_l("Left empty, there is no limit."))

    def __init__(self, *given: Any, surface: str = "partner", **words: Any) -> None:
        super().__init__(*given, **words)
        reserved = RESERVED if surface == "partner" else ()
        self.scopes.choices = [SelectChoice(one, scope_word(one)) for one in (*SURFACES[surface], *reserved)]

    def wish(self) -> dict[str, Any]:
        """What is asked of the service."""
        return {"name": self.name.data, "scopes": self.scopes.data, "rate": self.rate.data}


class NewKeyForm(ScopesForm):
    """A key to be made: `uuid` is its own to be, so that sending the form twice makes one."""

    uuid = HiddenField()
    venue = choice(_l("Venue"), {})
    test = BooleanField(
        _l("Sandbox key"),
        description=_l("Its bookings are rehearsals: striped in the agenda, never billed, nobody is written to."),
    )

    def __init__(self, *given: Any, venues: Sequence[Venue], **words: Any) -> None:
        super().__init__(*given, **words)
        self.venues = {str(one.uuid): one for one in venues}
        named = (SelectChoice(key, name_of(one)) for key, one in self.venues.items())
        self.venue.choices = [SelectChoice("", _l("All venues")), *named]

    @classmethod
    def blank(cls, venues: Sequence[Venue]) -> NewKeyForm:
        """The form as it is shown first."""
        return cls(formdata=None, venues=venues, uuid=str(uuid4()), rate=RATE, scopes=list(SURFACES["partner"]))

    @property
    def key(self) -> UUID:
        """The identifier of the key to be."""
        return as_uuid(self.uuid.data) or uuid4()

    def wish(self) -> dict[str, Any]:
        """What is asked of the service."""
        more = {"venue": self.venues.get(self.venue.data), "test": self.test.data, "uuid": self.key}
        return super().wish() | more


def key_form(key: ApiKey) -> ScopesForm:
    """The form as the key stands."""
    values = {"name": key.name, "scopes": key.scopes, "rate": key.rate_limit_per_min}
    return ScopesForm.of(key.version, values, surface=key.surface)
