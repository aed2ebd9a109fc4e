"""The therapist's own time: her week, and time off."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Response, request, url_for
from flask_babel import gettext as _

import portal.web as web
from portal.absences.calendar import read_day
from portal.absences.forms import SickForm, TimeOffForm
from portal.absences.page import asking, judged, last_day_of, one_request, prefilled, span_asked, week_context
from portal.absences.queries import get_time_off
from portal.absences.service import request_time_off, take_back
from portal.absences.sickness import report_sick
from portal.access import Permission, requires
from portal.audit import Actor
from portal.errors import Invalid
from portal.tenancy import current_member

absences = Blueprint("absences", __name__)


@absences.get("/week", defaults={"day": None})
@absences.get("/week/<day>")
@requires(Permission.ABSENCE_ASK)
def week(day: str | None) -> Response:
    """Her shifts of a week at all venues, this week's without a date."""
    return web.render("absences/week.html#week", **week_context(current_member(), read_day(day) if day else None))


@absences.get("/time-off")
@requires(Permission.ABSENCE_ASK)
def ask() -> Response:
    """The form for time off, with what the time in the address would hit."""
    return web.render("absences/time_off.html#form", **asking(current_member(), prefilled(request.args)))


@absences.get("/time-off/check")
@requires(Permission.ABSENCE_ASK)
def check() -> Response:
    """What the time being typed would hit, and who could step in."""
    return web.render("absences/_impact.html", **judged(current_member(), prefilled(request.args)))


@absences.post("/time-off")
@requires(Permission.ABSENCE_ASK)
def send() -> Response:
    """Ask for time off."""
    member, form = current_member(), TimeOffForm()
    if not form.validate():
        return web.render("absences/time_off.html#form", 422, **asking(member, form))
    try:
        start, end = span_asked(member, form)
        words = {"kind": form.kind.data, "note": form.note.data, "request_id": form.request_id()}
        off = request_time_off(member, starts_at=start, ends_at=end, **words, by=_me())
    except Invalid as refused:
        return web.render("absences/time_off.html#form", 422, **asking(member, form, error=refused))
    return _shown(off.uuid, _("Asked for. You are told when it is answered."))


@absences.get("/time-off/<uuid:absence>")
@requires(Permission.ABSENCE_ASK)
def show(absence: UUID) -> Response:
    """One request and its answer."""
    member = current_member()
    return web.render("absences/request.html#request", **one_request(member, get_time_off(member, absence)))


@absences.post("/time-off/<uuid:absence>/cancel")
@requires(Permission.ABSENCE_ASK)
def cancel(absence: UUID) -> Response:
    """Take a request back that nobody has answered."""
    off = take_back(get_time_off(current_member(), absence), by=_me())
    return _shown(off.uuid, _("Taken back."))


@absences.post("/sick")
@requires(Permission.ABSENCE_ASK)
def sick() -> Response:
    """She is sick from now on: approved at once."""
    member, form = current_member(), SickForm()
    try:
        off = report_sick(member, until=last_day_of(member, form), by=_me())
    except Invalid as refused:
        return web.render("absences/week.html#week", 422, **week_context(member, None, wrong=str(refused.message)))
    return _shown(off.uuid, _("The desk has been told. Get well soon."))


def _shown(absence: UUID, message: str) -> Response:
    member = current_member()
    context = one_request(member, get_time_off(member, absence))
    to = url_for("absences.show", absence=absence)
    return web.done(to, message=message, fragment="absences/request.html#request", **context)


def _me() -> Actor:
    return Actor.of_member(current_member(), door="phone")
