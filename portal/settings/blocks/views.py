"""Times at which the whole venue takes no bookings: listed, made, changed, ended."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, url_for
from flask_babel import gettext as _

import portal.web as web
from portal.access import Permission, requires
from portal.clock import now
from portal.models import Venue, VenueBlock
from portal.settings.answering import attempt, desk, saved, show
from portal.settings.blocks import words
from portal.settings.blocks.forms import VenueBlockForm, block_values
from portal.settings.blocks.queries import blocks_ahead, get_block
from portal.settings.blocks.service import block_venue, change_venue_block, end_venue_block
from portal.settings.page import around
from portal.settings.queries import get_venue

venue_blocks = Blueprint("venue_blocks", __name__)
_BLOCK = "settings/blocks/block.html"


@venue_blocks.get("/")
@requires(Permission.SETTINGS_MANAGE)
def index(venue: Venue) -> Response:
    """What is not over yet."""
    found = [(block, words.when(venue, block), words.bounds(venue, block)) for block in blocks_ahead(venue, at=now())]
    weekly = [one for one in found if one[0].starts_at is None]
    dated = [one for one in found if one[0].starts_at is not None]
    return web.render("settings/blocks/index.html#settings", **around(venue), weekly=weekly, dated=dated)


@venue_blocks.get("/new")
@requires(Permission.SETTINGS_MANAGE)
def new(venue: Venue) -> Response:
    """The form of another one."""
    return show(_BLOCK, venue, VenueBlockForm(formdata=None, first_day=venue.today()), block=None)


@venue_blocks.post("/new")
@requires(Permission.SETTINGS_MANAGE)
def create(venue: Venue) -> Response:
    """Make it; the bookings that stand there are listed first."""
    form = VenueBlockForm()
    return attempt(
        _BLOCK, venue, form,
        lambda: block_venue(venue, key=form.known_key(), wish=form.wish(), over=form.over(), by=desk()),
        again=lambda: form, to=_list(venue), message=_("The time is blocked."), block=None,
    )  # fmt: skip


@venue_blocks.get("/<uuid:venue_block>")
@requires(Permission.SETTINGS_MANAGE)
def edit(venue: Venue, venue_block: UUID) -> Response:
    """When it is, and why."""
    found = get_block(venue, venue_block)
    return show(_BLOCK, venue, _form(venue, found), **_beside(venue, found))


@venue_blocks.post("/<uuid:venue_block>")
@requires(Permission.SETTINGS_MANAGE)
def save(venue: Venue, venue_block: UUID) -> Response:
    """Take the changes over; the bookings that stand there now are listed first."""
    found, form = get_block(venue, venue_block), VenueBlockForm()
    return attempt(
        _BLOCK, venue, form,
        lambda: change_venue_block(
            venue, block=found, wish=form.wish(), over=form.over(), version=form.known_version, by=desk()
        ),
        again=lambda: _form(get_venue(venue), get_block(venue, venue_block)), to=_list(venue),
        message=_("The block is changed."), **_beside(venue, found),
    )  # fmt: skip


@venue_blocks.post("/<uuid:venue_block>/end")
@requires(Permission.SETTINGS_MANAGE)
def end(venue: Venue, venue_block: UUID) -> Response:
    """It covers nothing from now on."""
    end_venue_block(venue, block=venue_block, by=desk())
    return saved(_list(venue), _("The block is over."))


def _form(venue: Venue, block: VenueBlock) -> VenueBlockForm:
    return VenueBlockForm.of(block.version, block_values(venue, block))


def _beside(venue: Venue, block: VenueBlock) -> dict[str, Any]:
    return {"block": block, "when": words.when(venue, block)}


def _list(venue: Venue) -> str:
    return url_for("venue_blocks.index", venue=venue.slug)
