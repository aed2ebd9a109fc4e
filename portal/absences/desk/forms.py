"""What a manager answers with."""

from __future__ import annotations

from uuid import UUID

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField, TextAreaField

from portal.bookings.forms import readable
from portal.errors import PortalError
from portal.uuids import as_uuid


class ApproveForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types
    """`seen` are the bookings that were shown; they may stay once that is said."""

    leave = BooleanField(_l("Leave these visits as they are, on purpose: they are marked on the agenda."))
    seen = HiddenField()

    def over(self) -> set[UUID]:
        """The bookings that may stay where they are."""
        words = (self.seen.data or "").split(",") if self.leave.data else []
        return {known for word in words if (known := as_uuid(word))}


class RefuseForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types
    """Why not; she reads it."""

    reason = TextAreaField(_l("Reason"), description=_l("It is read by whoever asked."), filters=[readable])

    def refuse(self, error: PortalError) -> None:
        """Put the sentence of a refusal beside the field."""
        self.reason.errors = [*self.reason.errors, str(error.message)]
