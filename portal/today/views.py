"""The Today board: who is expected, here, in treatment, done, and what is left to settle. One click for each step."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, request, url_for
from flask_babel import gettext as _

import portal.web as web
from portal.access import Permission, can, requires
from portal.agenda.days import beside, read_day
from portal.audit import Actor
from portal.bookings import words
from portal.bookings.following import ARRIVE, FINISH, NO_SHOW, SETTLE, START, guest_named
from portal.bookings.forms import read_version
from portal.bookings.payment import settle
from portal.bookings.queries import get_booking
from portal.bookings.step_words import step_sentence
from portal.bookings.visit import check_in, finish, mark_no_show, start
from portal.changes.queries import last_change
from portal.classes.couples import miss_guest
from portal.clock import now
from portal.models import Venue
from portal.tenancy import current_member
from portal.today.board import assemble
from portal.today.queries import load_board

today = Blueprint("today", __name__)


@today.get("")
@requires(Permission.AGENDA_READ)
def board(venue: Venue) -> Response:
    """The board of the venue's today, or of `?day=`."""
    return web.render("today/board.html#board", **_shown(venue))


@today.post("/<uuid:booking>/arrived")
@requires(Permission.BOOKING_FOLLOW)
def arrived(venue: Venue, booking: UUID) -> Response:
    """The guest is here, or the one of several whom the form names."""
    found = get_booking(venue, booking)
    who = guest_named(found, request.form.get("participant", ""))
    check_in(venue, booking=found, by=_me(), participant=who)
    return _done(venue, step_sentence(ARRIVE, found, who))


@today.post("/<uuid:booking>/start")
@requires(Permission.BOOKING_FOLLOW)
def begun(venue: Venue, booking: UUID) -> Response:
    """The treatment begins."""
    return _done(venue, step_sentence(START, start(venue, booking=get_booking(venue, booking), by=_me())))


@today.post("/<uuid:booking>/finish")
@requires(Permission.BOOKING_FOLLOW)
def finished(venue: Venue, booking: UUID) -> Response:
    """The treatment is over."""
    return _done(venue, step_sentence(FINISH, finish(venue, booking=get_booking(venue, booking), by=_me())))


@today.post("/<uuid:booking>/no-show")
@requires(Permission.BOOKING_FOLLOW)
def no_show(venue: Venue, booking: UUID) -> Response:
    """The guest did not come, or the one of two whom the form names."""
    found = get_booking(venue, booking)
    who = guest_named(found, request.form.get("participant", ""))
    if who is not None:
        miss_guest(venue, booking=found, participant=who, by=_me())
        return _done(venue, _("Noted as a no-show."))
    return _done(venue, step_sentence(NO_SHOW, mark_no_show(venue, booking=found, by=_me())))


@today.post("/<uuid:booking>/settle")
@requires(Permission.PAYMENT_RECORD)
def settled(venue: Venue, booking: UUID) -> Response:
    """All that is left is paid in one way: by the guest, or by the one of a class whom the form names."""
    sent, found = request.form, get_booking(venue, booking)
    who, version = guest_named(found, sent.get("participant", "")), read_version(sent.get("version"))
    method = sent.get("method", "")
    shown = settle(venue, booking=found, method=method, by=_me(), participant=who, version=version)
    return _done(venue, step_sentence(SETTLE, shown, who))


def _me() -> Actor:
    return Actor.of_member(current_member(), door="agenda")


def _day(venue: Venue) -> date:
    asked = request.args.get("day")
    return read_day(asked) if asked else venue.today()


def _shown(venue: Venue) -> dict[str, Any]:
    day, at, member = _day(venue), now(), current_member()
    return {
        "board": assemble(venue, day, *load_board(venue, day), at=at),
        "before": beside(day, -1),
        "after": beside(day, 1),
        "may_follow": can(member, Permission.BOOKING_FOLLOW),
        "may_settle": can(member, Permission.PAYMENT_RECORD),
        "venue": venue,
        "words": words,
    }


def _done(venue: Venue, message: str) -> Response:
    to = url_for("today.board", venue=venue.slug, day=request.args.get("day"))
    undo = last_change(venue, current_member())
    return web.done(to, message=message, fragment="today/board.html#board", undo=undo, **_shown(venue))
