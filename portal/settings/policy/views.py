"""What goes back when a guest cancels, shown with an example while it is typed."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, request, url_for
from flask_babel import gettext as _

import portal.web as web
from portal.access import Permission, requires
from portal.i18n import typed_amount
from portal.models import Venue
from portal.settings.answering import attempt, desk, show
from portal.settings.policy.example import Example, example_of
from portal.settings.policy.forms import ExampleForm, PolicyForm, policy_form
from portal.settings.queries import get_venue
from portal.settings.venue.service import change_venue

policy = Blueprint("policy", __name__)
_PAGE = "settings/policy.html"


@policy.get("/")
@requires(Permission.SETTINGS_MANAGE)
def edit(venue: Venue) -> Response:
    """The tiers, with an example."""
    form = policy_form(venue)
    return show(_PAGE, venue, form, **_tried(venue, form))


@policy.get("/example")
@requires(Permission.SETTINGS_MANAGE)
def example(venue: Venue) -> Response:
    """The example alone, for a form that is being filled in."""
    form = PolicyForm(request.args)
    return web.render("settings/_example.html", venue=venue, **_tried(venue, form))


@policy.post("/example")
@requires(Permission.SETTINGS_MANAGE)
def work_out(venue: Venue) -> Response:
    """The same without JavaScript: the form as it was filled in, with its example; nothing is saved."""
    form = PolicyForm()
    return show(_PAGE, venue, form, **_tried(venue, form))


@policy.post("/")
@requires(Permission.SETTINGS_MANAGE)
def save(venue: Venue) -> Response:
    """Take the tiers over: for bookings that are made from now on."""
    form = PolicyForm()
    return attempt(
        _PAGE, venue, form,
        lambda: change_venue(venue, version=form.known_version, by=desk(), **form.values()),
        again=lambda: policy_form(get_venue(venue)),
        to=url_for("policy.edit", venue=venue.slug), message=_("Saved. Bookings made before keep their conditions."),
        **_tried(venue, form),
    )  # fmt: skip


def _tried(venue: Venue, form: PolicyForm) -> dict[str, Any]:
    asked = ExampleForm(request.values)
    hours, deposit = asked.asked(venue.currency)
    if asked.example_deposit.data is None or not asked.example_deposit.data:
        asked.example_deposit.data = typed_amount(deposit, venue.currency)
    found: Example = example_of(form.steps(), hours=hours, deposit=deposit)
    return {"asked": asked, "example": found}
