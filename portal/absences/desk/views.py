"""The desk: who is away, who asks to be, and what a manager answers."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, url_for
from flask_babel import gettext as _

import portal.web as web
from portal.absences.answering import approve_time_off, call_off, refuse_time_off
from portal.absences.desk.forms import ApproveForm, RefuseForm
from portal.absences.desk.page import absence_news, detail, listing
from portal.absences.desk.queries import get_absence, news_of
from portal.absences.words import sick_sentence
from portal.access import Permission, requires
from portal.audit import Actor
from portal.blocks.errors import BookingsUnderneath
from portal.changes.queries import last_change
from portal.clock import now
from portal.errors import Invalid
from portal.models import TimeOff, Venue
from portal.tenancy import current_member

away = Blueprint("away", __name__)


@away.app_context_processor
def _news() -> dict[str, Any]:
    return {"absence_news": absence_news, "sick_sentence": sick_sentence}


@away.get("/")
@requires(Permission.ABSENCE_READ)
def index(venue: Venue) -> Response:
    """Who asks to be off, and who is away."""
    return web.render("absences/desk/index.html#absences", **listing(venue))


@away.get("/alarm")
@requires(Permission.ABSENCE_READ)
def alarm(venue: Venue) -> Response:
    """What every page of the desk tells about absences, drawn again when something of it changes."""
    return web.render("absences/desk/_alarm.html", news=news_of(venue, at=now()), venue=venue)


@away.get("/<uuid:absence>")
@requires(Permission.ABSENCE_READ)
def show(venue: Venue, absence: UUID) -> Response:
    """One request with what it hits."""
    return web.render("absences/desk/show.html#absence", **detail(venue, get_absence(venue, absence)))


@away.post("/<uuid:absence>/approve")
@requires(Permission.ABSENCE_DECIDE)
def approve(venue: Venue, absence: UUID) -> Response:
    """She is off; bookings that stand there are rehomed first, or left on purpose."""
    off, form = get_absence(venue, absence), ApproveForm()
    try:
        approve_time_off(venue, off=off, over=form.over(), by=_desk())
    except BookingsUnderneath:
        wrong = _("There are visits at this time: find replacements first, or say below that they stay.")
        found = detail(venue, get_absence(venue, absence), approval=form, wrong=wrong)
        return web.render("absences/desk/show.html#absence", 422, **found)
    return _done(venue, off, _("Approved: the time is blocked."))


@away.post("/<uuid:absence>/refuse")
@requires(Permission.ABSENCE_DECIDE)
def refuse(venue: Venue, absence: UUID) -> Response:
    """She is not off, and is told why."""
    off, form = get_absence(venue, absence), RefuseForm()
    try:
        refuse_time_off(venue, off=off, reason=form.reason.data or "", by=_desk())
    except Invalid as refused:
        form.refuse(refused)
        return web.render("absences/desk/show.html#absence", 422, **detail(venue, off, refusal=form))
    return _done(venue, off, _("Refused, with your reason."))


@away.post("/<uuid:absence>/call-off")
@requires(Permission.ABSENCE_DECIDE)
def give_back(venue: Venue, absence: UUID) -> Response:
    """She works after all."""
    off = call_off(venue, off=get_absence(venue, absence), by=_desk())
    return _done(venue, off, _("Called off: the time is free again."))


def _done(venue: Venue, off: TimeOff, message: str) -> Response:
    to, change = url_for("away.show", venue=venue.slug, absence=off.uuid), last_change(venue, current_member())
    # What was done at another venue is undone there.
    undo = change if change and str(off.uuid) in change.after else None
    fragment = "absences/desk/show.html#absence"
    return web.done(to, message=message, fragment=fragment, undo=undo, **detail(venue, get_absence(venue, off.uuid)))


def _desk() -> Actor:
    return Actor.of_member(current_member(), door="agenda")
