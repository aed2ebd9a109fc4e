"""Forms of the profile: the shape of what is sent; the rules are the service's."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField, RadioField, SelectChoice, SelectField, StringField, TextAreaField
from wtforms.validators import Length

from portal.bookings.forms import VersionField, read_version, readable
from portal.customers.editing import MAX_PREFERENCE
from portal.customers.forms import one_line
from portal.customers.wanted import LONGEST
from portal.errors import PortalError
from portal.models import Customer, StaffMember
from portal.models.customer import BLOCKED, DEPOSIT
from portal.profile.words import CHANNEL_WORDS, RELATION_WORDS, WAY_WORDS
from portal.visits.preferences import NAMES, VALUES
from portal.wording import by_deposit

_LONG = _l("Please use at most %(max)d characters.")
_CHOICES = {"pressure": ("light", "medium", "firm"), "music": ("none", "soft"), "talk": ("quiet", "welcome")}


def _choices(words: Mapping[str, str | LazyString]) -> list[SelectChoice]:
    return [SelectChoice(key, word) for key, word in words.items()]


class FactForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types
    """A form of the profile, whose fields are called by its own name among those of its neighbours."""

    name = ""

    def __init__(self, *given: Any, **words: Any) -> None:
        super().__init__(*given, **words)
        for field in self:
            field.id = f"{self.name}-{field.short_name}"

    def refuse(self, error: PortalError) -> None:
        """Put the sentence of a refusal beside its field."""
        field = self[error.field] if error.field in self else next(iter(self))
        field.errors = [*field.errors, str(error.message)]


class NoteForm(FactForm):
    """`version` is that of the note as it was shown, empty for a new one."""

    name = "note"
    text = TextAreaField(_l("Note"), filters=[readable])
    pinned = BooleanField(_l("Keep on top"))
    version = VersionField()

    @property
    def known_version(self) -> int | None:
        return read_version(self.version.data)


class PreferencesForm(FactForm):
    """What she likes. Nothing about her health stands here."""

    name = "likes"
    pressure = SelectField(NAMES["pressure"], choices=[], validate_choice=False)
    avoid = StringField(NAMES["avoid"], filters=[one_line], validators=[Length(max=MAX_PREFERENCE, message=_LONG)])
    oil = StringField(NAMES["oil"], filters=[one_line], validators=[Length(max=MAX_PREFERENCE, message=_LONG)])
    music = SelectField(NAMES["music"], choices=[], validate_choice=False)
    talk = SelectField(NAMES["talk"], choices=[], validate_choice=False)
    other = StringField(NAMES["other"], filters=[one_line], validators=[Length(max=MAX_PREFERENCE, message=_LONG)])
    therapist = SelectField(_l("Preferred therapist"), choices=[], validate_choice=False)
    version = VersionField()
    team: Mapping[str, StaffMember] = MappingProxyType({})

    @classmethod
    def about(cls, guest: Customer, team: list[StaffMember], *, sent: bool = False) -> PreferencesForm:
        """The form as it is shown, or as it was sent."""
        preferred = guest.preferred_therapist
        known = {name: text for name, text in (guest.preferences or {}).items() if name in NAMES}
        values = {**known, "therapist": str(preferred.uuid) if preferred else "", "version": guest.version}
        form = cls(**values) if sent else cls(formdata=None, **values)
        for name, words in _CHOICES.items():
            form[name].choices = [("", _l("Not known")), *((word, VALUES[word]) for word in words)]
        form.team = {str(one.uuid): one for one in (*team, preferred) if one is not None}
        form.therapist.choices = [
            ("", _l("Nobody in particular")),
            *((key, one.name) for key, one in form.team.items()),
        ]
        return form

    def validate(self, *given: Any, **words: Any) -> bool:
        """Also: a choice is one of those that were offered."""
        fine = bool(super().validate(*given, **words))
        for name in (*_CHOICES, "therapist"):
            if (self[name].data or "") not in {key for key, _word in self[name].choices}:
                self[name].errors = [_l("Please choose one of these.")]
                fine = False
        return fine

    def meet(self, guest: Customer, message: str) -> None:
        """After somebody else's change: what was typed stays, and saving again is a decision."""
        self.version.data = str(guest.version)
        self.other.errors = [message + " " + str(_l("Please compare, then save again."))]

    def wish(self) -> dict[str, Any]:
        """What is asked of the service."""
        return {
            "preferences": {name: self[name].data or "" for name in NAMES},
            "therapist": self.team.get(self.therapist.data or ""),
            "version": read_version(self.version.data),
        }


class ConsentForm(FactForm):
    """A line of the ledger."""

    name = "consent"
    channel = SelectField(_l("Channel"), choices=_choices(CHANNEL_WORDS), validate_choice=False)
    given = RadioField(
        _l("Answer"),
        choices=_choices({"yes": _l("Agrees"), "no": _l("Does not agree")}),
        default="yes",
        validate_choice=False,
    )
    way = SelectField(_l("How it was told"), choices=_choices(WAY_WORDS), validate_choice=False)
    note = StringField(_l("Remark"), filters=[one_line], validators=[Length(max=300, message=_LONG)])

    def wish(self) -> dict[str, Any]:
        """What is asked of the service."""
        return {
            "channel": self.channel.data or "",
            "given": self.given.data == "yes",
            "way": self.way.data or "",
            "note": self.note.data or None,
        }


class PersonForm(FactForm):
    """Whom she books for: found by what is typed, chosen (`pick`) where several can be meant."""

    name = "person"
    who = StringField(
        _l("Books for"), filters=[one_line], validators=[Length(max=LONGEST, message=_LONG)],
        description=_l("Name, phone or e-mail of a guest."),
    )  # fmt: skip
    pick = HiddenField(filters=[one_line])
    relation = SelectField(_l("Relation"), choices=_choices(RELATION_WORDS), validate_choice=False)


class FlagForm(FactForm):
    """Why she is refused, or asked for a deposit."""

    name = "flag"
    flag = RadioField(
        _l("From now on"), default=DEPOSIT, validate_choice=False,
        choices=_choices({DEPOSIT: by_deposit(_l("Only with a deposit"), _l("Only with a down payment")),
                          BLOCKED: _l("Blocked: no new bookings")}),
    )  # fmt: skip
    reason = StringField(_l("Reason"), filters=[one_line], description=_l("The desk reads it."))
