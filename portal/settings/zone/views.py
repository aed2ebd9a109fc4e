"""The venue's time zone: every booking ahead is shown with its old and its new instant before it changes."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, request, url_for
from flask_babel import gettext as _

from portal.access import Permission, requires
from portal.clock import now
from portal.errors import Invalid
from portal.models import Venue
from portal.settings.answering import desk, saved, show
from portal.settings.errors import Stale
from portal.settings.queries import get_venue
from portal.settings.zone.forms import ZoneForm, zone_form
from portal.settings.zone.plan import fingerprint
from portal.settings.zone.queries import count_blocks, count_shifts
from portal.settings.zone.service import Unseen, change_zone, preview

zone = Blueprint("zone", __name__)
_PAGE = "settings/zone.html"


@zone.get("/")
@requires(Permission.SETTINGS_MANAGE)
def edit(venue: Venue) -> Response:
    """The zone; with `timezone` in the address what a change to it would do."""
    wanted = request.args.get("timezone") or venue.timezone
    form = zone_form(venue, wanted)
    try:
        return show(_PAGE, venue, form, **_planned(venue, form, wanted))
    except Invalid as refused:
        form = zone_form(venue)
        form.refuse(refused)
        return show(_PAGE, venue, form, status=422, plan=None)


@zone.post("/")
@requires(Permission.SETTINGS_MANAGE)
def save(venue: Venue) -> Response:
    """Change it, once what it does was looked at."""
    form = ZoneForm(venue=venue)
    words: dict[str, Any] = {"timezone": form.timezone.data, "reason": form.reason.data, "version": form.known_version}
    if not form.validate():
        return _again(venue, form)
    try:
        change_zone(venue, seen=form.seen.data or "", by=desk(), **words)
    except (Unseen, Stale, Invalid) as refused:
        form.refuse(refused)
        return _again(venue, form, status=refused.status)
    return saved(url_for("zone.edit", venue=venue.slug), _("The time zone is changed; every time on the clock stays."))


def _again(venue: Venue, form: ZoneForm, *, status: int = 422) -> Response:
    fresh = get_venue(venue)
    form.stand_on(fresh.version)
    form.confirm.data = False
    planned = {"plan": None} if form.timezone.errors else _planned(fresh, form, form.timezone.data)
    if planned["plan"] is None:  # there is nothing to agree to, and nothing on the page to do it with
        form.confirm.errors = []
    return show(_PAGE, fresh, form, status=status, **planned)


def _planned(venue: Venue, form: ZoneForm, timezone: str) -> dict[str, Any]:
    at = now()
    if timezone == venue.timezone:
        return {"plan": None}
    plan = preview(venue, timezone=timezone, at=at)
    form.seen.data = fingerprint(plan)
    return {"plan": plan, "shifts": count_shifts(venue, at=at), "blocks": count_blocks(venue, at=at)}
