"""One member: invite, read, change, picture, invitation, second step."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, url_for
from flask_babel import gettext as _

import portal.pictures as pictures
import portal.web as web
from portal.access import Permission, requires
from portal.audit import Actor
from portal.errors import Conflict, Invalid, PortalError, TooMany, known
from portal.members import service
from portal.members.errors import NewerMember
from portal.members.forms import AddressForm, InviteForm, ProfileForm, ResetForm
from portal.members.page import check_reach, clashes_of, page_of
from portal.members.queries import get_member, photo_of, venues_in
from portal.models import Organisation, StaffMember
from portal.session.stepup.service import prove
from portal.tenancy import current_member

members = Blueprint("members", __name__)

PAGE, INVITE = "members/show.html", "members/invite.html"


@members.url_value_preprocessor
def let_pictures_in(endpoint: str | None, _values: dict[str, Any] | None) -> None:
    """A photo is larger than any other form."""
    if endpoint == "members.set_photo":
        pictures.let_in()


@members.get("/invite")
@requires(Permission.TEAM_MANAGE)
def invite(organisation: Organisation) -> Response:
    """Where somebody new is entered."""
    form = InviteForm.of(current_member(), venues_in(organisation), sent=False)
    return web.render(INVITE, organisation=organisation, form=form)


@members.post("/invite")
@requires(Permission.TEAM_MANAGE)
def send_invitation(organisation: Organisation) -> Response:
    """She stands in the team, and a letter leaves."""
    form = InviteForm.of(current_member(), venues_in(organisation), sent=True)
    profile = form.profile()
    if profile is None:
        return web.render(INVITE, 422, organisation=organisation, form=form)
    try:
        member = service.invite_member(organisation, form.email.data, profile, by=_by())
    except Invalid as refusal:
        form.refuse(refusal)
        return web.render(INVITE, refusal.status, organisation=organisation, form=form)
    return _done(organisation, member, _("%(name)s is invited: a letter is on its way.", name=member.name))


@members.get("/<uuid:member>")
@requires(Permission.TEAM_MANAGE)
def show(organisation: Organisation, member: UUID) -> Response:
    """One member, to be read and changed."""
    return web.render(PAGE, **page_of(organisation, get_member(organisation, member), by=current_member()))


@members.post("/<uuid:member>")
@requires(Permission.TEAM_MANAGE)
def change(organisation: Organisation, member: UUID) -> Response:
    """Take over what is new; after a colleague's change both are shown, and saving again decides."""
    found = _reached(organisation, member)
    form = ProfileForm.of(current_member(), venues_in(organisation), found, sent=True)
    profile = form.profile()
    if profile is None:
        return _page(organisation, found, 422, profile=form)
    try:
        service.change_member(organisation, found, profile, version=form.known_version, by=_by())
    except NewerMember:
        return _met(organisation, member, form)
    except (Invalid, Conflict) as refusal:
        return _refused(organisation, found, form, refusal, "profile")
    return _done(organisation, found, _("Saved."))


@members.get("/<uuid:member>/photo")
@requires(Permission.TEAM_READ)
def photo(organisation: Organisation, member: UUID) -> Response:
    """Her picture, for colleagues."""
    return pictures.answer(known(photo_of(get_member(organisation, member))).content)


@members.post("/<uuid:member>/photo")
@requires(Permission.TEAM_MANAGE)
def set_photo(organisation: Organisation, member: UUID) -> Response:
    """Her picture, drawn anew."""
    found, form = _reached(organisation, member), pictures.PhotoForm()
    try:
        service.set_photo(organisation, found, form.content(), by=_by())
    except Invalid as refusal:
        return _refused(organisation, found, form, refusal, "photo")
    return _done(organisation, found, _("The photo is saved."))


@members.post("/<uuid:member>/photo/remove")
@requires(Permission.TEAM_MANAGE)
def remove_photo(organisation: Organisation, member: UUID) -> Response:
    """No picture any more."""
    found = service.remove_photo(organisation, _reached(organisation, member), by=_by())
    return _done(organisation, found, _("The photo is removed."))


@members.post("/<uuid:member>/invitation")
@requires(Permission.TEAM_MANAGE)
def invite_again(organisation: Organisation, member: UUID) -> Response:
    """The letter leaves once more."""
    found, form = _reached(organisation, member), AddressForm()
    if not form.validate():
        return _page(organisation, found, 422, invitation=form)
    try:
        service.invite_again(organisation, found, form.email.data, by=_by())
    except Invalid as refusal:
        return _refused(organisation, found, form, refusal, "invitation")
    return _done(organisation, found, _("The invitation is on its way again."))


@members.post("/<uuid:member>/second-step/reset")
@requires(Permission.ORGANISATION_MANAGE)
def reset_factor(organisation: Organisation, member: UUID) -> Response:
    """Her telephone is lost: she sets the second step up again."""
    found, form = _reached(organisation, member), ResetForm(prefix="reset-")
    if not form.validate():
        return _page(organisation, found, 422, reset=form)
    try:
        prove(current_member(), form.current.data, by=_by())
    except (Invalid, TooMany) as refusal:
        return _refused(organisation, found, form, refusal, "reset")
    service.reset_factor(organisation, found, by=_by())
    return _done(organisation, found, _("The second step is reset; %(name)s is signed out.", name=found.name))


def _reached(organisation: Organisation, member_id: UUID) -> StaffMember:
    """Somebody whom she manages. Raises NotFound, NotAllowed."""
    found = get_member(organisation, member_id)
    check_reach(current_member(), found)
    return found


def _met(organisation: Organisation, member_id: UUID, form: ProfileForm) -> Response:
    found = get_member(organisation, member_id)
    form.version.data = str(found.version)
    return _page(organisation, found, 409, profile=form, clashes=clashes_of(form, found))


def _refused(organisation: Organisation, member: StaffMember, form: Any, refusal: PortalError, name: str) -> Response:
    form.refuse(refusal)
    response = _page(organisation, get_member(organisation, member.uuid), refusal.status, **{name: form})
    if isinstance(refusal, TooMany):
        response.headers["Retry-After"] = str(refusal.details["retry_after"])
    return response


def _page(organisation: Organisation, member: StaffMember, status: int, **forms: Any) -> Response:
    return web.render(PAGE, status, **page_of(organisation, member, by=current_member(), **forms))


def _done(organisation: Organisation, member: StaffMember, message: str) -> Response:
    return web.done(url_for("members.show", organisation=organisation.slug, member=member.uuid), message=message)


def _by() -> Actor:
    return Actor.of_member(current_member(), door="team")
