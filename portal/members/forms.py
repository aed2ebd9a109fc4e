"""Forms about a member. Which venues and roles can be chosen depends on who asks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, EmailField, PasswordField, SelectField, SelectMultipleField, StringField
from wtforms.validators import InputRequired, Length

from portal.access import ROLE_WORDS, Role, may_give_role, may_place_at
from portal.bookings.forms import VersionField, read_version, readable
from portal.customers.phones import parse_phone
from portal.errors import PortalError
from portal.i18n import name_of, phone
from portal.members.profile import BEST, LANGUAGES, LAST, Profile, language_name
from portal.models import StaffMember, Venue
from portal.session.passwords import LONGEST

_NAME = [InputRequired(_l("Please enter a name.")), Length(max=100, message=_l("Please use at most 100 characters."))]
GENDERS = (("", _l("Not told")), ("female", _l("Woman")), ("male", _l("Man")))


class ProfileForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types
    """Who somebody is and where she works. `rank-<venue>` beside each venue is read as it stands in the request."""

    first_name = StringField(_l("First name"), filters=[readable], validators=_NAME)
    last_name = StringField(_l("Last name"), filters=[readable], validators=_NAME)
    role = SelectField(_l("Role"), validate_choice=False)
    gender = SelectField(_l("Gender"), choices=[], validate_choice=False, description=_l("For guests who ask for one."))
    phone = StringField(
        _l("Telephone"), filters=[readable], description=_l("With it offers can come as text messages.")
    )
    languages = SelectMultipleField(_l("Languages"), validate_choice=False)
    venues = SelectMultipleField(_l("Venues"), validate_choice=False)
    version = VersionField()

    ranks: dict[str, str]
    places: Sequence[Venue]
    member: StaffMember | None
    roles: list[tuple[str, Any]]

    @classmethod
    def of(
        cls, actor: StaffMember, places: Sequence[Venue], member: StaffMember | None = None, *, sent: bool
    ) -> ProfileForm:
        """Filled with what was sent, else with the member; `places` are those that the actor may choose among."""
        places = [one for one in places if may_place_at(actor, one.id)]
        form = cls(**({} if sent else {"formdata": None, "data": _values(member, places)}))
        form.member, form.places = member, places
        roles = [role for role in Role if may_give_role(actor, role)]
        if member is not None and member.role not in roles:
            roles = [Role(member.role)]
        form.roles = [(str(role), ROLE_WORDS[role]) for role in roles]
        form.role.choices, form.gender.choices = form.roles, list(GENDERS)
        codes = dict.fromkeys([*LANGUAGES, *((member.languages or ()) if member else ())])
        form.languages.choices = [(code, language_name(code)) for code in codes]
        form.venues.choices = [(str(one.uuid), name_of(one)) for one in form.places]
        links = {link.venue_id: str(link.priority) for link in member.venue_links} if member else {}
        form.ranks = {
            str(one.uuid): request.form.get(f"rank-{one.uuid}", "") if sent else links.get(one.id, "1")
            for one in form.places
        }
        return form

    def profile(self) -> Profile | None:
        """What was chosen; None when a field holds what cannot be, which is told beside it."""
        if not self.validate():
            return None
        number = self._number()
        chosen = self._places()
        for field in (self.role, self.gender):
            if field.data not in dict(field.choices):
                field.errors = [*field.errors, _("Please choose from the list.")]
        if set(self.languages.data or ()) - dict(self.languages.choices).keys():
            self.languages.errors = [*self.languages.errors, _("Please choose from the list.")]
        if any(field.errors for field in self):
            return None
        return Profile(
            first_name=self.first_name.data, last_name=self.last_name.data, role=self.role.data,
            gender=self.gender.data or None, phone=number, languages=tuple(self.languages.data or ()),
            venues=chosen | self._elsewhere(),
        )  # fmt: skip

    @property
    def known_version(self) -> int | None:
        return read_version(self.version.data)

    def refuse(self, error: PortalError) -> None:
        """Put the sentence of a refusal beside its field."""
        field = self[error.field if error.field in self else "role"]
        field.errors = [*field.errors, str(error.message)]

    def _number(self) -> str | None:
        typed = self.phone.data or ""
        country = self.places[0].country if self.places else None
        number = parse_phone(typed, country) if typed else None
        if typed and (number is None or len(number) > 20):
            self.phone.errors = [*self.phone.errors, _("This is not a telephone number.")]
        return number

    def _places(self) -> dict[int, int]:
        """The chosen venues with their ranks."""
        known = {str(one.uuid): one for one in self.places}
        chosen: dict[int, int] = {}
        for key in self.venues.data or ():
            rank = self.ranks.get(key, "").strip() or "1"
            if key not in known:
                self.venues.errors = [*self.venues.errors, _("Please choose from the list.")]
            elif not (rank.isascii() and rank.isdigit() and len(rank) < 3 and BEST <= int(rank) <= LAST):
                self.venues.errors = [*self.venues.errors, _("Ranks are whole numbers from 1 to 99.")]
            else:
                chosen[known[key].id] = int(rank)
        return chosen

    def _elsewhere(self) -> dict[int, int]:
        """Where she works that is not the actor's to say."""
        own = {one.id for one in self.places}
        links = self.member.venue_links if self.member else ()
        return {link.venue_id: link.priority for link in links if link.venue_id not in own}


class InviteForm(ProfileForm):
    """Somebody new."""

    email = EmailField(
        _l("E-mail address"),
        [
            InputRequired(_l("Please enter the address.")),
            Length(max=255, message=_l("This address is too long.")),
        ],
        filters=[readable],
        description=_l("The invitation goes there; with it she signs in later."),
    )


class AddressForm(FlaskForm):  # type: ignore[misc]
    """Where the invitation goes this time."""

    email = EmailField(
        _l("E-mail address"),
        [InputRequired(_l("Please enter the address.")), Length(max=255, message=_l("This address is too long."))],
        filters=[readable],
    )

    def refuse(self, error: PortalError) -> None:
        """Put the sentence of a refusal beside the field."""
        self.email.errors = [*self.email.errors, str(error.message)]


class ResetForm(FlaskForm):  # type: ignore[misc]
    """The admin's own password, before somebody else's second step is reset."""

    current = PasswordField(
        _l("Your present password"),
        [
            InputRequired(_l("Please enter your password.")),
            Length(max=LONGEST, message=_l("This password is too long.")),
        ],
    )

    def refuse(self, error: PortalError) -> None:
        """Put the sentence of a refusal beside the field."""
        self.current.errors = [*self.current.errors, str(error.message)]


class LeaveForm(FlaskForm):  # type: ignore[misc]
    """What becomes of the visits that are left."""

    ask = BooleanField(_l("Ask everybody who can for the visits that are left"))

    @property
    def wants_to_ask(self) -> bool:
        """Whether it was ticked: nothing else that may be sent counts as a yes."""
        return bool(self.ask.raw_data == ["y"])


def _values(member: StaffMember | None, places: Sequence[Venue]) -> dict[str, Any]:
    if member is None:
        return {"role": "therapist", "gender": "", "venues": [str(places[0].uuid)] if len(places) == 1 else []}
    keys = {one.id: str(one.uuid) for one in places}
    return {
        "first_name": member.first_name,
        "last_name": member.last_name,
        "role": member.role,
        "gender": member.gender or "",
        "phone": phone(member.phone),
        "languages": list(member.languages or ()),
        "venues": [keys[link.venue_id] for link in member.venue_links if link.venue_id in keys],
        "version": str(member.version),
    }
