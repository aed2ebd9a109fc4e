"""The form of a guest's health notes."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField, TextAreaField
from wtforms.validators import Length, ValidationError

from portal.bookings.forms import readable
from portal.care.notes import LONGEST, TEXTS, CareNotes

_LENGTH = Length(max=LONGEST, message=_l("Please use at most 1,000 characters."))


class CareForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types
    """`version` is that of the notes as they were shown; a form that does not say it comes too late."""

    allergies = TextAreaField(_l("Allergies"), filters=[readable], validators=[_LENGTH])
    contraindications = TextAreaField(
        _l("Contraindications"),
        description=_l("Pregnancy, implants, recent operations, what must not be done."),
        filters=[readable],
        validators=[_LENGTH],
    )
    remarks = TextAreaField(_l("Areas to avoid, remarks"), filters=[readable], validators=[_LENGTH])
    consent = BooleanField(_l("The guest agrees that this is kept and read for her treatments"))
    version = HiddenField()

    @classmethod
    def of(cls, notes: CareNotes, version: int) -> CareForm:
        """The form as it is shown with notes that were just read."""
        return cls(formdata=None, obj=notes, data={"version": version})

    def validate_consent(self, field: BooleanField) -> None:
        """Nothing about somebody's health is kept unless she agrees (GDPR, article 9.2a)."""
        if not field.data and any(getattr(self, name).data for name in TEXTS):
            raise ValidationError(_l("Without the guest's agreement nothing can be kept."))

    def notes(self) -> CareNotes:
        """What was typed."""
        return CareNotes(**{name: getattr(self, name).data or "" for name in TEXTS}, consent=bool(self.consent.data))

    def known(self) -> int:
        """The version that was read, −1 for what is none."""
        text = str(self.version.data or "")
        return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else -1
