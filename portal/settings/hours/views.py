"""Opening hours, deployment and special days."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import Any

from flask import Blueprint, Response, url_for
from flask_babel import gettext as _

from portal.access import Permission, requires
from portal.blocks.forms import EARLIEST, LATEST
from portal.errors import NotFound
from portal.models import SpecialDay, Venue
from portal.settings.answering import attempt, desk, saved, show
from portal.settings.errors import BookingsHit
from portal.settings.hours.forms import PARTS, HoursForm, SpecialDayForm, hours_values
from portal.settings.hours.queries import special_days, weekly_hours
from portal.settings.hours.service import change_hours, remove_special_day, set_special_day
from portal.settings.queries import get_venue
from portal.settings.words import WEEKDAYS

hours = Blueprint("hours", __name__)
_PAGE, _SPECIAL = "settings/hours.html", "settings/special_day.html"


@hours.get("/")
@requires(Permission.SETTINGS_MANAGE)
def edit(venue: Venue) -> Response:
    """The week, the rule of deployment, and the special days ahead."""
    return show(_PAGE, venue, _form(venue), **_beside(venue))


@hours.post("/")
@requires(Permission.SETTINGS_MANAGE)
def save(venue: Venue) -> Response:
    """Take them over; bookings that would lie outside are listed first."""
    form = HoursForm()
    return attempt(
        _PAGE, venue, form,
        lambda: change_hours(
            venue, values=form.wish(), weekly=form.weekly(), over=form.over(), version=form.known_version, by=desk()
        ),
        again=lambda: _form(get_venue(venue)), to=_page(venue), message=_("The hours are saved."), **_beside(venue),
    )  # fmt: skip


@hours.get("/special")
@requires(Permission.SETTINGS_MANAGE)
def special(venue: Venue) -> Response:
    """The form of a closure or a special opening."""
    return show(_SPECIAL, venue, _new_day(venue))


@hours.post("/special")
@requires(Permission.SETTINGS_MANAGE)
def add_special(venue: Venue) -> Response:
    """Take it over; bookings that it hits are listed first."""
    form = SpecialDayForm()
    return attempt(
        _SPECIAL, venue, form,
        lambda: set_special_day(
            venue, day=form.day.data, windows=form.windows(), note=form.note.data or None, over=form.over(),
            version=form.known_version, by=desk(),
        ),
        again=lambda: _new_day(get_venue(venue)), to=_page(venue), message=_("The special day is saved."),
    )  # fmt: skip


@hours.post("/special/<day>/remove")
@requires(Permission.SETTINGS_MANAGE)
def drop_special(venue: Venue, day: str) -> Response:
    """The date is like any other again; bookings of a special opening are listed first."""
    form = SpecialDayForm()
    try:
        remove_special_day(venue, day=_read(day), over=form.over(), by=desk())
    except BookingsHit as hit:
        return show(_PAGE, venue, _form(venue), status=409, hits=hit.hits, dropping=day, **_beside(venue))
    return saved(_page(venue), _("The special day is removed."))


def _form(venue: Venue) -> HoursForm:
    return HoursForm.of(venue.version, hours_values(venue, weekly_hours(venue)))


def _new_day(venue: Venue) -> SpecialDayForm:
    return SpecialDayForm.of(venue.version, {})


def _beside(venue: Venue) -> dict[str, Any]:
    found: dict[date, list[SpecialDay]] = defaultdict(list)
    for row in special_days(venue, since=venue.today()):
        found[row.day].append(row)
    return {"days": sorted(found.items()), "weekdays": WEEKDAYS, "parts": PARTS}


def _read(text: str) -> date:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        raise NotFound() from None
    if str(found) != text or not EARLIEST <= found <= LATEST:
        raise NotFound()
    return found


def _page(venue: Venue) -> str:
    return url_for("hours.edit", venue=venue.slug)
