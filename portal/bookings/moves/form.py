"""The shape of a move and of a new length, from the plain form as from the grid."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, DateField, Field, Form, HiddenField, RadioField, SelectField, StringField, TimeField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length, NumberRange, Optional, ValidationError

from portal.bookings.errors import BadTime
from portal.bookings.forms import VersionField, WholeNumber, readable
from portal.bookings.pushing import MOST
from portal.clock import exists, local_instant
from portal.errors import known
from portal.models import Booking, BookingItem, StaffMember, Venue
from portal.uuids import as_uuid

T = TypeVar("T", BookingItem, StaffMember)
YEARS = range(2000, 2101)
_LONGEST = 40


class _Readable:
    """What was typed wrongly is shown again without what no page can hold."""

    def _value(self) -> str:
        return readable(super()._value())  # type: ignore[misc]  # the field that it is mixed into has one


class _Day(_Readable, DateField):  # type: ignore[misc]  # WTForms has no types
    pass


class _Time(_Readable, TimeField):  # type: ignore[misc]  # as above
    pass


class _Minutes(_Readable, WholeNumber):
    pass


def _uuid(_form: Form, field: Field) -> None:
    if field.data and as_uuid(field.data) is None:
        raise ValidationError(_("Please choose from the list."))


def _overbook_reason() -> StringField:
    return StringField(
        _l("Reason for booking anyway"),
        description=_l("It is kept in the booking's history."),
        filters=[readable],
        validators=[Length(max=300, message=_l("Please use at most 300 characters."))],
    )


class MoveForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types
    """Where a visit is put. `at` (an ISO time) stands for date and time; `version` is that of the booking shown."""

    day = _Day(_l("Date"), validators=[Optional()])
    time = _Time(_l("Time"), validators=[Optional()])
    at = HiddenField(filters=[readable], validators=[Length(max=_LONGEST)])
    column = SelectField(_l("Therapist"), choices=[], validate_choice=False, validators=[_uuid])
    instead_of = HiddenField(filters=[readable], validators=[_uuid])
    room = SelectField(_l("Room"), choices=[], validate_choice=False, validators=[_uuid])
    item = SelectField(_l("Treatment"), choices=[], validate_choice=False, validators=[_uuid])
    alone = BooleanField(_l("Only this treatment, the others of the visit stay"))
    tell = RadioField(
        _l("Tell the guest about a new time"),
        choices=[SelectChoice("yes", _l("Tell the guest")), SelectChoice("no", _l("Do not tell the guest"))],
        validators=[Optional()],
        validate_choice=False,
    )
    overbook_reason = _overbook_reason()
    version = VersionField()

    def starts_at(self, venue: Venue) -> datetime | None:
        """The instant asked for; None when it is none, which is then told beside the field."""
        wall = _read_iso(self.at.data)
        if not self.at.data and self.day.data and self.time.data:
            wall = datetime.combine(self.day.data, self.time.data)
        if wall is None or wall.year not in YEARS:
            wrong = self.time if self.day.data and not self.time.data else self.day
            _wrong(wrong, _("Please enter a date and a time."))
            return None
        if wall.tzinfo is not None:
            return wall.astimezone(ZoneInfo("UTC"))
        if not exists(wall, venue.timezone):
            _wrong(self.time, _("This time does not exist: the clocks are put forward that night."))
            return None
        return local_instant(wall, venue.timezone)

    @property
    def wishes_to_tell(self) -> bool | None:
        return {"yes": True, "no": False}.get(self.tell.data or "")


class ResizeForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types
    """Another length: `minutes`, or `delta` minutes more or less than now; `push` are visits that shall make way."""

    minutes = _Minutes(
        _l("Minutes"),
        validators=[
            Optional(),
            NumberRange(5, 720, message=_l("Please choose from 5 minutes to 12 hours, in steps of 5 minutes.")),
        ],
    )
    delta = WholeNumber(
        _l("Longer or shorter, in minutes"),
        validators=[
            Optional(),
            NumberRange(-720, 720, message=_l("Please choose from 5 minutes to 12 hours, in steps of 5 minutes.")),
        ],
    )
    item = HiddenField(filters=[readable], validators=[_uuid])
    push = HiddenField(filters=[readable])
    tell = BooleanField(_l("Tell the guest"))
    overbook_reason = _overbook_reason()
    version = VersionField()

    @property
    def agreed(self) -> dict[UUID, datetime] | None:
        """When which visits shall begin to make way, None when none shall. What cannot be read agrees to nothing."""
        pairs = [_agreed(pair) for pair in self.push.data.split(",")] if self.push.data else None
        return None if pairs is None else dict(pair for pair in pairs[: MOST + 1] if pair)

    def length(self, item: BookingItem) -> int:
        """The minutes asked for. Raises BadTime when there are none."""
        minutes: int | None = self.minutes.data
        delta: int | None = self.delta.data
        if minutes is None and delta is None:
            raise BadTime(field="minutes")
        return item.duration + (delta or 0) if minutes is None else minutes

    def told(self, error: BadTime) -> ResizeForm:
        """The form with the refusal beside its field, unless it says why itself."""
        if not self.errors:
            _wrong(self.minutes, str(error.message))
        return self


def instant_of(text: str | None) -> datetime | None:
    """An instant with its offset; None when it is none."""
    try:
        found = datetime.fromisoformat(text) if text else None
    except ValueError:
        return None
    return found if found and found.tzinfo and found.year in YEARS else None


def item_named(booking: Booking, text: str | None) -> BookingItem | None:
    """The treatment of the visit that a field names, None for the visit as a whole. Raises NotFound."""
    return _named(booking.items, text)


def serving_named(booking: Booking, text: str | None) -> StaffMember | None:
    """The therapist of the visit that a field names. Raises NotFound."""
    return _named([one.member for item in booking.items for one in item.current_assignments], text)


def _named(among: Iterable[T], text: str | None) -> T | None:
    wanted = as_uuid(text)
    if wanted is None:
        return None
    return known(next((one for one in among if one.uuid == wanted), None))


def _agreed(text: str) -> tuple[UUID, datetime] | None:
    """`<uuid>=<ISO instant>`."""
    name, _equals, at = text.partition("=")
    uuid, starts_at = as_uuid(name), instant_of(at)
    return (uuid, starts_at) if uuid and starts_at else None


def _read_iso(text: str | None) -> datetime | None:
    try:
        return datetime.fromisoformat(text) if text else None
    except ValueError:
        return None


def _wrong(field: Field, message: str) -> None:
    field.errors = [*field.errors, message]
