"""Blocked time: the form that makes it, its panel, and what the desk does with it."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Response, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

import portal.web as web
from portal.access import Permission, requires
from portal.audit import Actor
from portal.blocks import words
from portal.blocks.forms import BlockForm, ChangeForm, RemoveForm
from portal.blocks.page import REFUSALS, asking, day_of, panel, prefilled
from portal.blocks.queries import get_block, people_and_rooms
from portal.blocks.service import block_time, change_block, remove_block
from portal.changes.queries import last_change
from portal.models import Block, Venue
from portal.tenancy import current_member

blocks = Blueprint("blocks", __name__)


@blocks.get("/new")
@requires(Permission.BLOCK_MANAGE)
def new(venue: Venue) -> Response:
    """The form for a block, filled with the time and the column that the address names."""
    places = people_and_rooms(venue)
    form, is_quick = prefilled(venue, places, request.args)
    return web.render("blocks/new.html#panel", **asking(venue, form, places=places, quick=is_quick))


@blocks.post("/new")
@requires(Permission.BLOCK_MANAGE)
def create(venue: Venue) -> Response:
    """Block the time; bookings underneath are listed first."""
    form = BlockForm()
    if not form.validate():
        return web.render("blocks/new.html#panel", 422, **asking(venue, form))
    try:
        made = block_time(venue, **form.wish(venue, people_and_rooms(venue)), by=_desk())
    except REFUSALS as refused:
        return web.render("blocks/new.html#panel", 422, **asking(venue, form, error=refused))
    return _done(venue, made[0], words.made_sentence(made, venue.timezone))


@blocks.get("/<uuid:block>")
@requires(Permission.BLOCK_MANAGE)
def show(venue: Venue, block: UUID) -> Response:
    """The block: a page of its own, or the agenda's side panel."""
    return web.render("blocks/show.html#panel", **panel(venue, get_block(venue, block)))


@blocks.post("/<uuid:block>/change")
@requires(Permission.BLOCK_MANAGE)
def change(venue: Venue, block: UUID) -> Response:
    """Give this one block another time, kind or reason."""
    found, form = get_block(venue, block), ChangeForm()
    if not form.validate():
        return web.render("blocks/show.html#panel", 422, **panel(venue, found, form=form))
    try:
        changed = change_block(venue, block=found, **form.wish_for_one(venue), by=_desk())
    except REFUSALS as refused:
        return web.render("blocks/show.html#panel", 422, **panel(venue, found, form=form, error=refused))
    return _done(venue, changed, _("The block is changed."))


@blocks.post("/<uuid:block>/remove")
@requires(Permission.BLOCK_MANAGE)
def remove(venue: Venue, block: UUID) -> Response:
    """Give the time back: of this one, of this and the following, or of all made with it."""
    found, form = get_block(venue, block), RemoveForm()
    if not form.validate():
        return web.render("blocks/show.html#panel", 422, **panel(venue, found))
    gone = remove_block(venue, block=found, scope=form.scope.data, by=_desk())
    message = ngettext("The block is removed.", "%(num)d blocks are removed.", len(gone) or 1)
    return _done(venue, found, message, fragment="blocks/gone.html")


def _done(venue: Venue, block: Block, message: str, *, fragment: str = "blocks/show.html#panel") -> Response:
    day = day_of(venue, block)
    to = url_for("agenda.day", venue=venue.slug, day=day, by=request.args.get("by"))
    undo = last_change(venue, current_member())
    return web.done(
        to, message=message, fragment=fragment, announce=f"changed:agenda:{day}", undo=undo, **panel(venue, block)
    )


def _desk() -> Actor:
    return Actor.of_member(current_member(), door="agenda")
