"""The menu: treatments made, changed, ordered, archived, deleted."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, url_for
from flask_babel import gettext as _

import portal.web as web
from portal.access import Permission, requires
from portal.errors import Invalid
from portal.models import Venue
from portal.settings.answering import attempt, desk, saved, show
from portal.settings.menu.forms import VariantForm
from portal.settings.menu.page import beside, listing, new_treatment, sent_treatment, treatment_form
from portal.settings.menu.queries import get_treatment
from portal.settings.menu.service import (
    archive_treatment,
    change_treatment,
    create_treatment,
    delete_treatment,
    restore_treatment,
    shift_treatment,
)
from portal.settings.menu.words import FAMILIES

menu = Blueprint("menu", __name__)
_PAGE, _NEW, _INDEX = "settings/menu/treatment.html", "settings/menu/new.html", "settings/menu/index.html#settings"


@menu.get("/")
@requires(Permission.SETTINGS_MANAGE)
def index(venue: Venue) -> Response:
    """All treatments in their order."""
    return web.render(_INDEX, **listing(venue))


@menu.get("/new")
@requires(Permission.SETTINGS_MANAGE)
def new(venue: Venue) -> Response:
    """The form of a new treatment, with the first way to take it."""
    first = VariantForm(formdata=None, currency=venue.currency, duration=60, guest_count="1", label="60 min")
    return show(_NEW, venue, new_treatment(venue), first=first, families=FAMILIES)


@menu.post("/new")
@requires(Permission.SETTINGS_MANAGE)
def create(venue: Venue) -> Response:
    """Make it."""
    form, first = sent_treatment(venue), VariantForm(currency=venue.currency)
    words: dict[str, Any] = {"first": first, "families": FAMILIES}
    if not first.validate():
        form.validate()
        return show(_NEW, venue, form, status=422, **words)
    return attempt(
        _NEW, venue, form,
        lambda: create_treatment(
            venue, values=form.wish(), variant=first.wish(), therapists=form.chosen(), by=desk()
        ),
        again=lambda: form, to=_list(venue), message=_("The treatment is on the menu."), **words,
    )  # fmt: skip


@menu.get("/<uuid:treatment>")
@requires(Permission.SETTINGS_MANAGE)
def edit(venue: Venue, treatment: UUID) -> Response:
    """The treatment with the ways to take it."""
    found = get_treatment(venue, treatment)
    return show(_PAGE, venue, treatment_form(venue, found), **beside(venue, found))


@menu.post("/<uuid:treatment>")
@requires(Permission.SETTINGS_MANAGE)
def save(venue: Venue, treatment: UUID) -> Response:
    """Take the changes over."""
    found = get_treatment(venue, treatment)
    form = sent_treatment(venue, found)
    return attempt(
        _PAGE, venue, form,
        lambda: change_treatment(
            venue, treatment=found, values=form.wish(), therapists=form.chosen(), version=form.known_version, by=desk()
        ),
        again=lambda: treatment_form(venue, found),
        to=url_for("menu.edit", venue=venue.slug, treatment=found.uuid),
        message=_("The treatment is saved."), **beside(venue, found),
    )  # fmt: skip


@menu.post("/<uuid:treatment>/archive")
@requires(Permission.SETTINGS_MANAGE)
def archive(venue: Venue, treatment: UUID) -> Response:
    """It is offered no more; its bookings stay."""
    archive_treatment(venue, treatment=get_treatment(venue, treatment), by=desk())
    return saved(_list(venue), _("The treatment is archived; its bookings stay."))


@menu.post("/<uuid:treatment>/restore")
@requires(Permission.SETTINGS_MANAGE)
def restore(venue: Venue, treatment: UUID) -> Response:
    """It is offered again."""
    restore_treatment(venue, treatment=get_treatment(venue, treatment), by=desk())
    return saved(_list(venue), _("The treatment is offered again."))


@menu.post("/<uuid:treatment>/delete")
@requires(Permission.SETTINGS_MANAGE)
def delete(venue: Venue, treatment: UUID) -> Response:
    """It never was, unless it was booked."""
    found = get_treatment(venue, treatment)
    try:
        delete_treatment(venue, treatment=found, by=desk())
    except Invalid as refused:
        form = treatment_form(venue, found)
        form.refuse(refused)
        return show(_PAGE, venue, form, status=422, **beside(venue, found))
    return saved(_list(venue), _("The treatment is deleted."))


@menu.post("/<uuid:treatment>/up")
@requires(Permission.SETTINGS_MANAGE)
def up(venue: Venue, treatment: UUID) -> Response:
    """One place up."""
    shift_treatment(venue, treatment=get_treatment(venue, treatment), up=True, by=desk())
    return web.done(_list(venue), message=_("The order is saved."), fragment=_INDEX, **listing(venue))


@menu.post("/<uuid:treatment>/down")
@requires(Permission.SETTINGS_MANAGE)
def down(venue: Venue, treatment: UUID) -> Response:
    """One place down."""
    shift_treatment(venue, treatment=get_treatment(venue, treatment), up=False, by=desk())
    return web.done(_list(venue), message=_("The order is saved."), fragment=_INDEX, **listing(venue))


def _list(venue: Venue) -> str:
    return url_for("menu.index", venue=venue.slug)
