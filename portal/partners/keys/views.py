"""The keys of a partner: made and shown once, read, changed, revoked."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, flash, url_for
from flask_babel import gettext as _

import portal.web as web
from portal.access import Permission, requires
from portal.models import ApiKey, Organisation, Partner
from portal.partners.errors import KeyEnded, KeyMade
from portal.partners.keys.forms import NewKeyForm, ScopesForm, key_form
from portal.partners.keys.service import change_key, create_key, revoke_key
from portal.partners.page import key_row, zone_of
from portal.partners.queries import get_key, get_partner, venues_of
from portal.settings.answering import attempt, desk, saved, show
from portal.settings.page import around

partner_keys = Blueprint("partner_keys", __name__)
NEW, PAGE = "partners/new_key.html", "partners/key.html"


@partner_keys.get("/new")
@requires(Permission.ORGANISATION_MANAGE)
def new(organisation: Organisation, partner: UUID) -> Response:
    """The form of a new key."""
    found = get_partner(organisation, partner)
    return show(NEW, organisation, NewKeyForm.blank(venues_of(organisation)), partner=found)


@partner_keys.post("/new")
@requires(Permission.ORGANISATION_MANAGE)
def create(organisation: Organisation, partner: UUID) -> Response:
    """Make it, and show it: in this answer alone, which no redirect, cookie or history keeps."""
    found, form = get_partner(organisation, partner), NewKeyForm(venues=venues_of(organisation))
    if not form.validate():
        return show(NEW, organisation, form, status=422, partner=found)
    try:
        text, key = create_key(organisation, partner=found, by=desk(), **form.wish())
    except KeyMade as made:
        flash(str(made.message), "info")
        return web.go(_home(organisation, found))
    return web.render("partners/secret.html", 201, partner=found, text=text, key=key, **around(organisation))


@partner_keys.get("/<uuid:key>")
@requires(Permission.ORGANISATION_MANAGE)
def edit(organisation: Organisation, partner: UUID, key: UUID) -> Response:
    """One key."""
    found = get_partner(organisation, partner)
    row = get_key(organisation, found, key)
    return show(PAGE, organisation, key_form(row), **_beside(organisation, found, row))


@partner_keys.post("/<uuid:key>")
@requires(Permission.ORGANISATION_MANAGE)
def save(organisation: Organisation, partner: UUID, key: UUID) -> Response:
    """Another name, other scopes, another rate."""
    found = get_partner(organisation, partner)
    row = get_key(organisation, found, key)
    form = ScopesForm(surface=row.surface)
    try:
        return attempt(
            PAGE, organisation, form,
            lambda: change_key(organisation, key=row, version=form.known_version, by=desk(), **form.wish()),
            again=lambda: key_form(get_key(organisation, found, key)), to=_home(organisation, found),
            message=_("The key is saved."), **_beside(organisation, found, row),
        )  # fmt: skip
    except KeyEnded as ended:
        return show(PAGE, organisation, key_form(row), status=ended.status, **_beside(organisation, found, row))


@partner_keys.post("/<uuid:key>/revoke")
@requires(Permission.ORGANISATION_MANAGE)
def revoke(organisation: Organisation, partner: UUID, key: UUID) -> Response:
    """End it at once."""
    found = get_partner(organisation, partner)
    revoke_key(get_key(organisation, found, key).prefix, by=desk())
    return saved(_home(organisation, found), _("The key is revoked: whoever uses it is turned away."))


def _beside(organisation: Organisation, partner: Partner, key: ApiKey) -> dict[str, Any]:
    told = key_row(organisation, partner, key)
    return {"partner": partner, "key": told, "zone": zone_of(organisation)}


def _home(organisation: Organisation, partner: Partner) -> str:
    return url_for("partners.show_partner", organisation=organisation.slug, partner=partner.uuid)
