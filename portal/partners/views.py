"""Partners of the organisation: listed, made, read, renamed."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Response, url_for
from flask_babel import gettext as _

import portal.web as web
from portal.access import Permission, requires
from portal.models import Organisation
from portal.partners.forms import PartnerForm
from portal.partners.page import listing, page_of, partner_form
from portal.partners.queries import get_partner
from portal.partners.service import create_partner, rename_partner
from portal.settings.answering import attempt, desk, show

partners = Blueprint("partners", __name__)
PAGE, NEW = "partners/show.html", "partners/new.html"


@partners.get("/")
@requires(Permission.ORGANISATION_MANAGE)
def index(organisation: Organisation) -> Response:
    """All partners."""
    return web.render("partners/index.html#settings", **listing(organisation))


@partners.get("/new")
@requires(Permission.ORGANISATION_MANAGE)
def new(organisation: Organisation) -> Response:
    """The form of a new partner."""
    return show(NEW, organisation, PartnerForm(formdata=None))


@partners.post("/new")
@requires(Permission.ORGANISATION_MANAGE)
def create(organisation: Organisation) -> Response:
    """Make it."""
    form = PartnerForm()
    return attempt(
        NEW, organisation, form, lambda: create_partner(organisation, name=form.name.data, by=desk()),
        again=lambda: form, to=url_for("partners.index", organisation=organisation.slug),
        message=_("The partner is there: now give it a key."),
    )  # fmt: skip


@partners.get("/<uuid:partner>")
@requires(Permission.ORGANISATION_MANAGE)
def show_partner(organisation: Organisation, partner: UUID) -> Response:
    """One partner with its keys."""
    found = get_partner(organisation, partner)
    return show(PAGE, organisation, partner_form(organisation, found), **page_of(organisation, found))


@partners.post("/<uuid:partner>")
@requires(Permission.ORGANISATION_MANAGE)
def rename(organisation: Organisation, partner: UUID) -> Response:
    """Another name."""
    found, form = get_partner(organisation, partner), PartnerForm()
    return attempt(
        PAGE, organisation, form,
        lambda: rename_partner(
            organisation, partner=found, name=form.name.data, version=form.known_version, by=desk()
        ),
        again=lambda: partner_form(organisation, found),
        to=url_for("partners.show_partner", organisation=organisation.slug, partner=partner),
        message=_("The name is saved."), **page_of(organisation, found),
    )  # fmt: skip
