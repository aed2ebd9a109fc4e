"""The ways to take a treatment: made, changed, archived, deleted."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, url_for
from flask_babel import gettext as _

from portal.access import Permission, requires
from portal.errors import Invalid
from portal.models import Treatment, Variant, Venue
from portal.settings.answering import attempt, desk, saved, show
from portal.settings.menu.forms import VariantForm
from portal.settings.menu.page import variant_form
from portal.settings.menu.queries import get_treatment, get_variant, is_variant_used
from portal.settings.menu.service import (
    add_variant,
    archive_variant,
    change_variant,
    delete_variant,
    restore_variant,
)

variants = Blueprint("variants", __name__)
_PAGE = "settings/menu/variant.html"


@variants.get("/<uuid:treatment>/variants/new")
@requires(Permission.SETTINGS_MANAGE)
def new(venue: Venue, treatment: UUID) -> Response:
    """The form of another way to take it."""
    form = VariantForm(formdata=None, currency=venue.currency, duration=60, guest_count="1")
    return show(_PAGE, venue, form, treatment=get_treatment(venue, treatment), variant=None)


@variants.post("/<uuid:treatment>/variants/new")
@requires(Permission.SETTINGS_MANAGE)
def create(venue: Venue, treatment: UUID) -> Response:
    """Make it."""
    found, form = get_treatment(venue, treatment), VariantForm(currency=venue.currency)
    return attempt(
        _PAGE, venue, form, lambda: add_variant(venue, treatment=found, values=form.wish(), by=desk()),
        again=lambda: form, to=_treatment(venue, found), message=_("It is on the menu."),
        treatment=found, variant=None,
    )  # fmt: skip


@variants.get("/<uuid:treatment>/variants/<uuid:variant>")
@requires(Permission.SETTINGS_MANAGE)
def edit(venue: Venue, treatment: UUID, variant: UUID) -> Response:
    """Length, guests, price, days."""
    found = get_treatment(venue, treatment)
    one = get_variant(venue, found, variant)
    return show(_PAGE, venue, variant_form(venue, found, one), **_beside(venue, found, one))


@variants.post("/<uuid:treatment>/variants/<uuid:variant>")
@requires(Permission.SETTINGS_MANAGE)
def save(venue: Venue, treatment: UUID, variant: UUID) -> Response:
    """Take them over, for bookings made from now on."""
    found, form = get_treatment(venue, treatment), VariantForm(currency=venue.currency)
    one = get_variant(venue, found, variant)
    return attempt(
        _PAGE, venue, form,
        lambda: change_variant(
            venue, treatment=found, variant=one, values=form.wish(), version=form.known_version, by=desk()
        ),
        again=lambda: variant_form(venue, found, one), to=_treatment(venue, found),
        message=_("Saved. Bookings made before keep their length and price."), **_beside(venue, found, one),
    )  # fmt: skip


@variants.post("/<uuid:treatment>/variants/<uuid:variant>/archive")
@requires(Permission.SETTINGS_MANAGE)
def archive(venue: Venue, treatment: UUID, variant: UUID) -> Response:
    """It is offered no more; its bookings stay."""
    return _do(venue, treatment, variant, archive_variant, _("Archived; its bookings stay."))


@variants.post("/<uuid:treatment>/variants/<uuid:variant>/restore")
@requires(Permission.SETTINGS_MANAGE)
def restore(venue: Venue, treatment: UUID, variant: UUID) -> Response:
    """It is offered again."""
    return _do(venue, treatment, variant, restore_variant, _("It is offered again."))


@variants.post("/<uuid:treatment>/variants/<uuid:variant>/delete")
@requires(Permission.SETTINGS_MANAGE)
def delete(venue: Venue, treatment: UUID, variant: UUID) -> Response:
    """It never was, unless it was booked."""
    return _do(venue, treatment, variant, delete_variant, _("It is deleted."))


def _do(venue: Venue, treatment: UUID, variant: UUID, verb: Callable[..., Any], message: str) -> Response:
    found = get_treatment(venue, treatment)
    one = get_variant(venue, found, variant)
    try:
        verb(venue, treatment=found, variant=one, by=desk())
    except Invalid as refused:
        form = variant_form(venue, found, one)
        form.refuse(refused)
        return show(_PAGE, venue, form, status=422, **_beside(venue, found, one))
    return saved(_treatment(venue, found), message)


def _beside(venue: Venue, treatment: Treatment, variant: Variant) -> dict[str, Any]:
    return {"treatment": treatment, "variant": variant, "can_delete": not is_variant_used(venue, variant)}


def _treatment(venue: Venue, treatment: Treatment) -> str:
    return url_for("menu.edit", venue=venue.slug, treatment=treatment.uuid)
