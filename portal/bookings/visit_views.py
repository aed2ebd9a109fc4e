"""The guest's visit and the till, from a booking's panel: one address for each step."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Response, request, url_for
from flask_babel import gettext as _

import portal.web as web
from portal.access import Permission, requires
from portal.audit import Actor
from portal.bookings.following import ARRIVE, FINISH, NO_SHOW, SETTLE, START, guest_named
from portal.bookings.forms import read_version
from portal.bookings.panel import panel
from portal.bookings.payment import record_payment, settle, void_payment
from portal.bookings.payment_form import payment_form
from portal.bookings.queries import get_booking
from portal.bookings.step_words import step_sentence
from portal.bookings.visit import check_in, finish, mark_no_show, start
from portal.changes.queries import last_change
from portal.errors import Invalid
from portal.models import Booking, Venue
from portal.payments.queries import get_line
from portal.tenancy import current_member

visits = Blueprint("visits", __name__)


@visits.post("/<uuid:booking>/arrived")
@requires(Permission.BOOKING_FOLLOW)
def arrived(venue: Venue, booking: UUID) -> Response:
    """The guest is here, or the one of several whom the form names."""
    found = get_booking(venue, booking)
    who = guest_named(found, request.form.get("participant", ""))
    return _done(venue, check_in(venue, booking=found, by=_me(), participant=who), step_sentence(ARRIVE, found, who))


@visits.post("/<uuid:booking>/start")
@requires(Permission.BOOKING_FOLLOW)
def begun(venue: Venue, booking: UUID) -> Response:
    """The treatment begins."""
    shown = start(venue, booking=get_booking(venue, booking), by=_me())
    return _done(venue, shown, step_sentence(START, shown))


@visits.post("/<uuid:booking>/finish")
@requires(Permission.BOOKING_FOLLOW)
def finished(venue: Venue, booking: UUID) -> Response:
    """The treatment is over."""
    shown = finish(venue, booking=get_booking(venue, booking), by=_me())
    return _done(venue, shown, step_sentence(FINISH, shown))


@visits.post("/<uuid:booking>/no-show")
@requires(Permission.BOOKING_FOLLOW)
def no_show(venue: Venue, booking: UUID) -> Response:
    """The guest did not come."""
    shown = mark_no_show(venue, booking=get_booking(venue, booking), by=_me())
    return _done(venue, shown, step_sentence(NO_SHOW, shown))


@visits.post("/<uuid:booking>/settle")
@requires(Permission.PAYMENT_RECORD)
def settled(venue: Venue, booking: UUID) -> Response:
    """All that is left is paid in one way: by the guest, or by the one of a class whom the form names."""
    sent, found = request.form, get_booking(venue, booking)
    who, version = guest_named(found, sent.get("participant", "")), read_version(sent.get("version"))
    method = sent.get("method", "")
    shown = settle(venue, booking=found, method=method, by=_me(), participant=who, version=version)
    return _done(venue, shown, step_sentence(SETTLE, shown, who))


@visits.post("/<uuid:booking>/payments")
@requires(Permission.PAYMENT_RECORD)
def paid(venue: Venue, booking: UUID) -> Response:
    """A line of the ledger as it was typed."""
    found = get_booking(venue, booking)
    form = payment_form(venue, found)
    wish = form.wish(found.currency) if form.validate() else None
    try:
        if wish:
            return _done(venue, record_payment(venue, booking=found, by=_me(), **wish), _("It is entered."))
    except Invalid as refusal:
        form.refuse(refusal)
    shown = panel(venue, found, reader=current_member(), payment=form)
    return web.render("bookings/show.html#panel", 422, **shown)


@visits.post("/<uuid:booking>/payments/<uuid:payment>/void")
@requires(Permission.PAYMENT_RECORD)
def voided(venue: Venue, booking: UUID, payment: UUID) -> Response:
    """A line was a mistake."""
    found = get_booking(venue, booking)
    shown = void_payment(venue, booking=found, line=get_line(venue, found, payment), by=_me())
    return _done(venue, shown, _("The line is voided and counts no more."))


def _me() -> Actor:
    return Actor.of_member(current_member(), door="agenda")


def _done(venue: Venue, booking: Booking, message: str) -> Response:
    shown = panel(venue, booking, reader=current_member())
    to = url_for("agenda.day", venue=venue.slug, day=shown["day"], by=request.args.get("by"), booking=booking.uuid)
    return web.done(
        to,
        message=message,
        fragment="bookings/show.html#panel",
        announce=f"changed:agenda:{shown['day']}",
        undo=last_change(venue, current_member()),
        **shown,
    )
