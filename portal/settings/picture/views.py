"""The picture of a venue."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, url_for
from flask_babel import gettext as _

import portal.pictures as drawing
import portal.web as web
from portal.access import Permission, requires
from portal.errors import Invalid, known
from portal.models import Venue
from portal.settings.answering import desk, saved
from portal.settings.page import around
from portal.settings.picture.queries import picture_of
from portal.settings.picture.service import remove_picture, set_picture

pictures = Blueprint("pictures", __name__)
_PAGE = "settings/picture.html#settings"


@pictures.url_value_preprocessor
def let_pictures_in(endpoint: str | None, _values: dict[str, Any] | None) -> None:
    """A photo is larger than any other form."""
    if endpoint == "pictures.save":
        drawing.let_in()


@pictures.get("/")
@requires(Permission.SETTINGS_MANAGE)
def edit(venue: Venue) -> Response:
    """The picture, and the form of another."""
    return web.render(_PAGE, **around(venue), form=drawing.PhotoForm(formdata=None))


@pictures.post("/")
@requires(Permission.SETTINGS_MANAGE)
def save(venue: Venue) -> Response:
    """Draw it anew and show it from now on."""
    form = drawing.PhotoForm()
    try:
        set_picture(venue, form.content(), by=desk())
    except Invalid as refusal:
        form.refuse(refusal)
        return web.render(_PAGE, refusal.status, **around(venue), form=form)
    return saved(url_for("pictures.edit", venue=venue.slug), _("The picture is saved."))


@pictures.post("/remove")
@requires(Permission.SETTINGS_MANAGE)
def remove(venue: Venue) -> Response:
    """Take it away."""
    remove_picture(venue, by=desk())
    return saved(url_for("pictures.edit", venue=venue.slug), _("The picture is removed."))


@pictures.get("/shown")
@requires(Permission.AGENDA_READ)
def show(venue: Venue) -> Response:
    """The picture itself, for whoever works at the desk."""
    return drawing.answer(known(picture_of(venue)).content)
