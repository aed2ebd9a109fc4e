"""Exchanging and giving away shifts: the therapist's phone asks and answers, the desk approves."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Response, url_for
from flask_babel import gettext as _

import portal.web as web
from portal.absences.desk.forms import RefuseForm
from portal.absences.desk.page import listing
from portal.absences.page import week_context
from portal.absences.swaps.errors import Impossible
from portal.absences.swaps.exchange import approve_swap
from portal.absences.swaps.form import SwapForm
from portal.absences.swaps.page import asking
from portal.absences.swaps.queries import get_own_shift, get_swap, get_swap_at
from portal.absences.swaps.service import accept_swap, ask_swap, cancel_swap, decline_swap, refuse_swap
from portal.access import Permission, requires
from portal.audit import Actor
from portal.changes.queries import last_change
from portal.errors import Invalid
from portal.models import Shift, Venue
from portal.tenancy import current_member

swaps = Blueprint("swaps", __name__)
exchanges = Blueprint("exchanges", __name__)


@swaps.get("/shifts/<uuid:shift>/swap")
@requires(Permission.ABSENCE_ASK)
def ask(shift: UUID) -> Response:
    """To whom a shift of hers could go, or for which."""
    mine = get_own_shift(current_member(), shift)
    return web.render("absences/swap.html#swap", **asking(mine.venue, mine))


@swaps.post("/shifts/<uuid:shift>/swap")
@requires(Permission.ABSENCE_ASK)
def send(shift: UUID) -> Response:
    """Put it up."""
    mine, form = get_own_shift(current_member(), shift), SwapForm()
    if not form.validate():
        return _wrong(mine, _("Please use at most 300 characters."))
    try:
        ask_swap(mine.venue, shift=mine, **form.wish(mine.venue), by=_me())
    except (Invalid, Impossible) as refused:
        return _wrong(mine, str(refused.message))
    return _week(_("Asked. Your shift stays yours until a manager approves."))


@swaps.post("/swaps/<uuid:swap>/accept")
@requires(Permission.ABSENCE_ASK)
def accept(swap: UUID) -> Response:
    """She takes it, if a manager approves."""
    found = get_swap(current_member(), swap)
    accept_swap(found.venue, swap=found, by=_me())
    return _week(_("Accepted. A manager approves now."))


@swaps.post("/swaps/<uuid:swap>/decline")
@requires(Permission.ABSENCE_ASK)
def decline(swap: UUID) -> Response:
    """She would rather not."""
    found = get_swap(current_member(), swap)
    decline_swap(found.venue, swap=found, by=_me())
    return _week(_("Declined."))


@swaps.post("/swaps/<uuid:swap>/cancel")
@requires(Permission.ABSENCE_ASK)
def cancel(swap: UUID) -> Response:
    """She keeps her shift after all."""
    found = get_swap(current_member(), swap)
    cancel_swap(found.venue, swap=found, by=_me())
    return _week(_("Taken back: you keep your shift."))


@exchanges.post("/<uuid:swap>/approve")
@requires(Permission.ABSENCE_DECIDE)
def approve(venue: Venue, swap: UUID) -> Response:
    """The shifts change hands."""
    approve_swap(venue, swap=get_swap_at(venue, swap), by=_desk())
    return _list(venue, _("Approved: the shifts and their visits have changed hands."), undo=True)


@exchanges.post("/<uuid:swap>/refuse")
@requires(Permission.ABSENCE_DECIDE)
def refuse(venue: Venue, swap: UUID) -> Response:
    """They do not, for a reason."""
    found, form = get_swap_at(venue, swap), RefuseForm()
    try:
        refuse_swap(venue, swap=found, reason=form.reason.data or "", by=_desk())
    except Invalid as refused:
        form.refuse(refused)
        return web.render("absences/desk/index.html#absences", 422, **listing(venue, refused=found.uuid, form=form))
    return _list(venue, _("Refused, with your reason."))


def _wrong(shift: Shift, told: str) -> Response:
    return web.render("absences/swap.html#swap", 422, **asking(shift.venue, shift, wrong=told))


def _week(message: str) -> Response:
    to, context = url_for("absences.week"), week_context(current_member(), None)
    return web.done(to, message=message, fragment="absences/week.html#week", **context)


def _list(venue: Venue, message: str, *, undo: bool = False) -> Response:
    change = last_change(venue, current_member()) if undo else None
    to = url_for("away.index", venue=venue.slug)
    return web.done(to, message=message, fragment="absences/desk/index.html#absences", undo=change, **listing(venue))


def _me() -> Actor:
    return Actor.of_member(current_member(), door="phone")


def _desk() -> Actor:
    return Actor.of_member(current_member(), door="agenda")
