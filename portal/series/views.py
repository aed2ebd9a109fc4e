"""Repeat a booking, look at a series, and change or cancel one, the rest, or all of it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

import portal.web as web
from portal.access import Permission, requires
from portal.audit import Actor
from portal.bookings.errors import SlotUnavailable
from portal.bookings.forms import read_version
from portal.bookings.queries import get_booking
from portal.changes.queries import last_change
from portal.clock import local_date
from portal.errors import Conflict, Invalid
from portal.models import Booking, Venue
from portal.series.errors import SeriesConflict, WrongChoice
from portal.series.forms import CancelSeriesForm, PlaceForm, RuleForm, ScopeForm, SeriesForm, read_choices
from portal.series.making import create_series, place_date
from portal.series.pages import asked_rule, form_of, repeat_page, scope_page, series_page
from portal.series.queries import get_series
from portal.series.rules import Rule, read_rule
from portal.series.service import cancel_series, change_series, preview_change
from portal.series.template import local_wall, wish_like
from portal.series.words import date_list
from portal.tenancy import current_member

series = Blueprint("series", __name__)


@series.get("/of/<uuid:booking>/new")
@requires(Permission.BOOKING_CREATE)
def new(venue: Venue, booking: UUID) -> Response:
    """The rule, and once it was asked for, each of its dates: it can be had, or why not and what instead."""
    found = get_booking(venue, booking)
    form = RuleForm.asked(request.args, local_wall(found.starts_at, venue))
    rule = asked_rule(form, found, venue) if "frequency" in request.args else None
    page = repeat_page(venue, found, form, rule)
    return web.render("series/new.html#series", 422 if form.errors else 200, **page)


@series.post("/of/<uuid:booking>")
@requires(Permission.BOOKING_CREATE)
def create(venue: Venue, booking: UUID) -> Response:
    """Make the bookings, with what was chosen for single dates."""
    found, rule = get_booking(venue, booking), read_rule(SeriesForm().rule.data or "")
    try:
        told: dict[str, Any] = {
            "choices": read_choices(request.form, venue),
            "skip_conflicts": request.form.get("rest") == "skip",
        }
        made = create_series(venue, wish_like(found), rule=rule, by=_me(), origin=found, **told)
    except (SeriesConflict, WrongChoice) as refused:
        return _asked_again(venue, found, rule, refused)
    to = url_for("series.show", venue=venue.slug, series=made.uuid)
    return web.done(to, message=_("The booking is repeated."), undo=last_change(venue, current_member()))


@series.get("/<uuid:series>")
@requires(Permission.BOOKING_READ)
def show(venue: Venue, series: UUID) -> Response:
    """The bookings of a series, and the dates that wait to be placed."""
    return web.render("series/show.html#series", **series_page(venue, get_series(venue, series)))


@series.post("/<uuid:series>/place")
@requires(Permission.BOOKING_CREATE)
def place(venue: Venue, series: UUID) -> Response:
    """A date that was left out takes place after all."""
    found, form = get_series(venue, series), PlaceForm()
    try:
        booking = place_date(venue, series=found, by=_me(), **_placed(form, venue))
    except (Invalid, SlotUnavailable) as refused:
        page = series_page(venue, found, place=form, error=str(refused.message))
        return web.render("series/show.html#series", refused.status, **page)
    to = url_for("series.show", venue=venue.slug, series=found.uuid)
    message = _("Booking no. %(number)s is made.", number=booking.number)
    return web.done(to, message=message, undo=last_change(venue, current_member()))


@series.get("/of/<uuid:booking>/change")
@requires(Permission.BOOKING_EDIT)
def ask_change(venue: Venue, booking: UUID) -> Response:
    """Where to, and how many of the series with it."""
    found = get_booking(venue, booking)
    return web.render("series/change.html#series", **scope_page(venue, found, ScopeForm.of(venue, found)))


@series.post("/of/<uuid:booking>/change")
@requires(Permission.BOOKING_EDIT)
def change(venue: Venue, booking: UUID) -> Response:
    """Move them; when one of them cannot be had, none is moved and all such dates are told."""
    found, form = get_booking(venue, booking), ScopeForm()
    try:
        moved = change_series(venue, booking=found, by=_me(), **_move(form, venue))
    except (Invalid, SeriesConflict, SlotUnavailable) as refused:
        return _not_moved(venue, found, form, refused)
    message = ngettext("One booking is moved.", "%(num)d bookings are moved.", len(moved))
    return web.done(_agenda(venue, moved[0]), message=message, undo=last_change(venue, current_member()))


@series.get("/of/<uuid:booking>/cancel")
@requires(Permission.BOOKING_CANCEL)
def ask_cancel(venue: Venue, booking: UUID) -> Response:
    """Why, and how many of the series."""
    found = get_booking(venue, booking)
    form = CancelSeriesForm(version=found.version)
    return web.render("series/cancel.html#series", **scope_page(venue, found, form))


@series.post("/of/<uuid:booking>/cancel")
@requires(Permission.BOOKING_CANCEL)
def cancel(venue: Venue, booking: UUID) -> Response:
    """Cancel one, the rest, or all that are still to come."""
    found, form = get_booking(venue, booking), CancelSeriesForm()
    if not form.validate():
        return web.render("series/cancel.html#series", 422, **scope_page(venue, found, form))
    gone = cancel_series(venue, booking=found, scope=form.scope.data, by=_me(), **form.wish())
    message = ngettext("One booking is cancelled.", "%(num)d bookings are cancelled.", len(gone))
    return web.done(_agenda(venue, gone[0]), message=message, undo=last_change(venue, current_member()))


def _me() -> Actor:
    return Actor.of_member(current_member(), door="agenda")


def _asked_again(venue: Venue, booking: Booking, rule: Rule, refused: Conflict | Invalid) -> Response:
    """The preview as it is now, with what was chosen so far."""
    error = str(refused.message)
    if isinstance(refused, SeriesConflict):
        error = _("These dates cannot be had: %(days)s.", days=date_list(refused.dates))
    page = repeat_page(venue, booking, form_of(rule), rule, error=error, chosen=request.form)
    return web.render("series/new.html#series", refused.status, **page)


def _placed(form: PlaceForm, venue: Venue) -> dict[str, Any]:
    """What is asked of `place_date`. Raises Invalid."""
    if not form.validate():
        raise Invalid(_("Please enter a date and a time."))
    asked = ScopeForm(formdata=None, day=form.day.data, at=form.at.data).starts_at(venue)
    if asked is None:
        raise Invalid(_("The clock skips this time on that day."), field="at")
    return {"day": form.date.data, "starts_at": asked}


def _move(form: ScopeForm, venue: Venue) -> dict[str, Any]:
    """What is asked of `change_series`. Raises Invalid, which the fields tell."""
    if not form.validate():
        raise Invalid()
    starts_at = form.starts_at(venue)
    if starts_at is None:
        raise Invalid(_("The clock skips this time on that day."), field="at")
    return {"scope": form.scope.data, "starts_at": starts_at, "version": read_version(form.version.data)}


def _not_moved(venue: Venue, booking: Booking, form: ScopeForm, refused: Conflict | Invalid) -> Response:
    found, error = [], str(refused.message)
    if isinstance(refused, Conflict) and (starts_at := form.starts_at(venue)):
        found = preview_change(venue, booking=booking, scope=form.scope.data, starts_at=starts_at)
    if isinstance(refused, Invalid) and refused.field in form:
        form[refused.field].errors = [error]
    page = scope_page(venue, booking, form, found=found, error="" if form.errors else error)
    return web.render("series/change.html#series", refused.status, **page)


def _agenda(venue: Venue, booking: Booking) -> str:
    day = local_date(booking.starts_at, venue.timezone)
    return url_for("agenda.day", venue=venue.slug, day=day, booking=booking.uuid)
