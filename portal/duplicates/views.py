"""Guests who are there twice: listed, told apart, merged, and two again."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Response, request, url_for
from flask_babel import gettext as _

import portal.web as web
from portal.access import Permission, requires
from portal.audit import Actor
from portal.customers.forms import one_line
from portal.customers.names import name_key
from portal.customers.phones import parse_phone
from portal.customers.twins import Typed, twins_of
from portal.duplicates.forms import ApartForm, MergeForm, taken
from portal.duplicates.merging.service import merge_guests
from portal.duplicates.merging.undoing import undo_merge
from portal.duplicates.page import merge_page, pairs_page
from portal.duplicates.queries import get_pair
from portal.duplicates.service import keep_apart
from portal.models import Venue
from portal.tenancy import current_member

duplicates = Blueprint("duplicates", __name__)


@duplicates.get("/duplicates")
@requires(Permission.CUSTOMER_MERGE)
def index(venue: Venue) -> Response:
    """Pairs that may be one person, by what they share."""
    return web.render("duplicates/index.html#pairs", **pairs_page(venue, by=request.args.get("by", ""), page=_page()))


@duplicates.get("/twins")
@requires(Permission.CUSTOMER_READ)
def twins(venue: Venue) -> Response:
    """Who looks like the guest being typed."""
    words = {name: one_line(request.args.get(name, "")[:300]) for name in ("first_name", "last_name", "phone", "email")}
    typed = Typed(
        name_key(words["first_name"], words["last_name"]),
        words["email"].casefold() or None,
        parse_phone(words["phone"], venue.country) if words["phone"] else None,
    )
    return web.render("duplicates/_twins.html", venue=venue, twins=twins_of(venue.organisation, typed))


@duplicates.post("/apart")
@requires(Permission.CUSTOMER_MERGE)
def apart(venue: Venue) -> Response:
    """These are two people."""
    form = ApartForm()
    one, other = form.pair()
    keep_apart(venue.organisation, one=one, other=other, by=_desk())
    page = pairs_page(venue, by=form.by.data or "", page=1)
    to, message = url_for("duplicates.index", venue=venue.slug, by=page["by"]), _("Noted: these are two people.")
    return web.done(to, message=message, fragment="duplicates/index.html#pairs", **page)


@duplicates.get("/<uuid:customer>/merge/<uuid:other>")
@requires(Permission.CUSTOMER_MERGE)
def preview(venue: Venue, customer: UUID, other: UUID) -> Response:
    """What stays and what moves when the other becomes this one."""
    return web.render("duplicates/merge.html", **merge_page(venue, *get_pair(venue.organisation, customer, other)))


@duplicates.post("/<uuid:customer>/merge/<uuid:other>")
@requires(Permission.CUSTOMER_MERGE)
def merge(venue: Venue, customer: UUID, other: UUID) -> Response:
    """The other becomes this one."""
    versions, take = MergeForm().versions(), taken(request.form)
    merge_guests(venue.organisation, keep=customer, lose=other, versions=versions, take=take, by=_desk())
    message = _("Merged. For 30 days this can be undone on the page of duplicates.")
    return web.done(url_for("profile.show", venue=venue.slug, customer=customer), message=message)


@duplicates.post("/merges/<uuid:merge>/undo")
@requires(Permission.CUSTOMER_MERGE)
def unmerge(venue: Venue, merge: UUID) -> Response:
    """They are two again."""
    lost = undo_merge(venue.organisation, merge=merge, by=_desk())
    to = url_for("profile.show", venue=venue.slug, customer=lost.uuid)
    return web.done(to, message=_("Undone: both guests are there again."))


def _page() -> int:
    asked = request.args.get("page", "")
    return max(1, int(asked)) if asked.isascii() and asked.isdigit() and len(asked) < 6 else 1


def _desk() -> Actor:
    return Actor.of_member(current_member(), door="agenda")
