"""The quotas of a partner at a venue: weekdays, dates."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, url_for
from flask_babel import gettext as _

from portal.access import Permission, requires
from portal.models import Organisation, Venue
from portal.partners.queries import get_partner
from portal.partners.quotas.forms import DaysForm, WeekForm, date_in
from portal.partners.quotas.page import beside, days_form, week_form
from portal.partners.quotas.service import clear_day, set_days, set_week
from portal.settings.answering import attempt, desk, saved, show

partner_quotas = Blueprint("partner_quotas", __name__)
PAGE = "partners/quotas.html"


@partner_quotas.get("/")
@requires(Permission.ORGANISATION_MANAGE)
def show_venue(organisation: Organisation, partner: UUID, venue: Venue) -> Response:
    """What is said for the weekdays, and for dates that are not over."""
    found = get_partner(organisation, partner)
    context = beside(organisation, found, venue)
    return show(PAGE, organisation, context["week"], **context)


@partner_quotas.post("/")
@requires(Permission.ORGANISATION_MANAGE)
def save_week(organisation: Organisation, partner: UUID, venue: Venue) -> Response:
    """Take the weekdays over."""
    found, form = get_partner(organisation, partner), WeekForm()
    return attempt(
        PAGE, organisation, form,
        lambda: set_week(
            organisation, partner=found, venue=venue, places=form.wish(), version=form.known_version, by=desk()
        ),
        again=lambda: week_form(organisation, found, venue), message=_("The quotas are saved."),
        **_around(organisation, found, venue, week=form),
    )  # fmt: skip


@partner_quotas.post("/dates")
@requires(Permission.ORGANISATION_MANAGE)
def save_days(organisation: Organisation, partner: UUID, venue: Venue) -> Response:
    """Other numbers for some dates."""
    found, form = get_partner(organisation, partner), DaysForm()
    return attempt(
        PAGE, organisation, form,
        lambda: set_days(
            organisation, partner=found, venue=venue, version=form.known_version, by=desk(), **form.wish()
        ),
        again=lambda: days_form(organisation, found), message=_("The quotas are saved."),
        **_around(organisation, found, venue, dates=form),
    )  # fmt: skip


@partner_quotas.post("/dates/<day>/remove")
@requires(Permission.ORGANISATION_MANAGE)
def remove_day(organisation: Organisation, partner: UUID, venue: Venue, day: str) -> Response:
    """A date like its weekday again."""
    found = get_partner(organisation, partner)
    clear_day(organisation, partner=found, venue=venue, day=date_in(day), by=desk())
    return saved(_here(organisation, found.uuid, venue), _("This date is like its weekday again."))


def _around(organisation: Organisation, partner: Any, venue: Venue, **forms: Any) -> dict[str, Any]:
    return beside(organisation, partner, venue, **forms) | {"to": _here(organisation, partner.uuid, venue)}


def _here(organisation: Organisation, partner: UUID, venue: Venue) -> str:
    return url_for("partner_quotas.show_venue", organisation=organisation.slug, partner=partner, venue=venue.slug)
