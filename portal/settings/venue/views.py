"""The venue itself: who it is, and by which rules it takes bookings."""

from __future__ import annotations

from flask import Blueprint, Response, url_for
from flask_babel import gettext as _

import portal.web as web
from portal.access import Permission, requires
from portal.models import Venue
from portal.settings.answering import attempt, desk, show
from portal.settings.page import around
from portal.settings.queries import get_venue
from portal.settings.venue.forms import ProfileForm, RulesForm, profile_form, rules_form
from portal.settings.venue.service import change_venue

settings = Blueprint("settings", __name__)


@settings.get("/")
@requires(Permission.SETTINGS_MANAGE)
def index(venue: Venue) -> Response:
    """All that can be set."""
    return web.render("settings/index.html#settings", **around(venue))


@settings.get("/venue")
@requires(Permission.SETTINGS_MANAGE)
def profile(venue: Venue) -> Response:
    """Names, texts, address, currency, VAT, wording."""
    return show("settings/profile.html", venue, profile_form(venue))


@settings.post("/venue")
@requires(Permission.SETTINGS_MANAGE)
def profile_save(venue: Venue) -> Response:
    """Take them over."""
    form = ProfileForm(venue=venue)
    return attempt(
        "settings/profile.html", venue, form,
        lambda: change_venue(venue, version=form.known_version, by=desk(), **form.values()),
        again=lambda: profile_form(get_venue(venue)),
        to=url_for("settings.profile", venue=venue.slug), message=_("The venue is saved."),
    )  # fmt: skip


@settings.get("/rules")
@requires(Permission.SETTINGS_MANAGE)
def rules(venue: Venue) -> Response:
    """Grid, buffers, notice, out of hours, holds, asking."""
    return show("settings/rules.html", venue, rules_form(venue))


@settings.post("/rules")
@requires(Permission.SETTINGS_MANAGE)
def rules_save(venue: Venue) -> Response:
    """Take them over; bookings made before keep theirs."""
    form = RulesForm()
    return attempt(
        "settings/rules.html", venue, form,
        lambda: change_venue(venue, version=form.known_version, by=desk(), **form.values()),
        again=lambda: rules_form(get_venue(venue)),
        to=url_for("settings.rules", venue=venue.slug), message=_("The rules are saved."),
    )  # fmt: skip
