"""Classes and couples: open a session, join, leave, mark who came; name the second guest, or go on with one."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, request, url_for
from flask_babel import gettext as _

import portal.web as web
from portal.access import Permission, requires
from portal.audit import Actor
from portal.bookings.cancel_form import CoupleForm, cancel_form
from portal.bookings.errors import SlotUnavailable, Stale
from portal.bookings.forms import CancelForm
from portal.bookings.panel import panel
from portal.bookings.queries import get_booking
from portal.bookings.refusals import sentence
from portal.changes.queries import last_change
from portal.classes.couples import cancel_guests, miss_guest, name_participant
from portal.classes.errors import CapacityReached
from portal.classes.forms import JoinForm, NameForm, SessionForm
from portal.classes.joining import Joining, read_joining
from portal.classes.queries import get_participant
from portal.classes.service import join_session, leave_session, mark_attended, open_session
from portal.live.service import agenda_topic
from portal.models import Booking, Venue
from portal.models.booking_states import CANCELLED
from portal.tenancy import current_member

classes = Blueprint("classes", __name__)


@classes.get("/new")
@requires(Permission.CLASS_MANAGE)
def new(venue: Venue) -> Response:
    """The form of a session, with the day and time of the place it was asked at."""
    form = SessionForm(venue, formdata=request.args or None, meta={"csrf": False})
    return web.render("classes/new.html#form", venue=venue, form=form, error="")


@classes.post("/")
@requires(Permission.CLASS_MANAGE)
def create(venue: Venue) -> Response:
    """Open it."""
    form = SessionForm(venue)
    if not form.validate():
        return web.render("classes/new.html#form", 422, venue=venue, form=form, error="")
    try:
        opened = open_session(venue, by=_me(), **form.wish())
    except SlotUnavailable as refused:
        return web.render("classes/new.html#form", 409, venue=venue, form=form, error=sentence(venue, refused))
    to = url_for("bookings.show", venue=venue.slug, booking=opened.uuid)
    return web.done(to, message=_("The class is open."), undo=last_change(venue, current_member()))


@classes.post("/<uuid:booking>/join")
@requires(Permission.CLASS_MANAGE)
def join(venue: Venue, booking: UUID) -> Response:
    """The guest who was chosen, or the only one whom the text can mean; of several the desk chooses."""
    found = get_booking(venue, booking)
    wanted = read_joining(venue, JoinForm())
    if wanted.customer is None:
        return _panel(venue, found, 422, joining=wanted)
    try:
        joined = join_session(venue, booking=found, customer=wanted.customer, by=_me())
    except CapacityReached as full:
        return _panel(venue, get_booking(venue, booking), 409, joining=Joining(wanted.text, error=str(full.message)))
    return _done(venue, joined, _("%(name)s takes part.", name=wanted.customer.name))


@classes.post("/<uuid:booking>/guests/<uuid:guest>/leave")
@requires(Permission.CLASS_MANAGE)
def leave(venue: Venue, booking: UUID, guest: UUID) -> Response:
    """The place is free again, and what was paid goes back or is kept as the desk says."""
    found = get_booking(venue, booking)
    leaving, money = get_participant(venue, found, guest), request.form.get("money", "")
    give_back = {"back": True, "kept": False}.get(money)
    left = leave_session(venue, booking=found, participant=leaving, by=_me(), give_back=give_back)
    return _done(venue, left, _("%(name)s no longer takes part.", name=leaving.label))


@classes.post("/<uuid:booking>/guests/<uuid:guest>/attended")
@requires(Permission.CLASS_MANAGE)
def attended(venue: Venue, booking: UUID, guest: UUID) -> Response:
    """He came."""
    return _marked(venue, booking, guest, came=True)


@classes.post("/<uuid:booking>/guests/<uuid:guest>/missed")
@requires(Permission.CLASS_MANAGE)
def missed(venue: Venue, booking: UUID, guest: UUID) -> Response:
    """He did not."""
    return _marked(venue, booking, guest, came=False)


@classes.post("/<uuid:booking>/guests/<uuid:guest>/expected")
@requires(Permission.CLASS_MANAGE)
def expected(venue: Venue, booking: UUID, guest: UUID) -> Response:
    """Neither is known."""
    return _marked(venue, booking, guest, came=None)


@classes.post("/<uuid:booking>/guests/<uuid:guest>/name")
@requires(Permission.BOOKING_EDIT)
def name(venue: Venue, booking: UUID, guest: UUID) -> Response:
    """Who the second guest is."""
    found, form = get_booking(venue, booking), NameForm()
    participant = get_participant(venue, found, guest)
    if not form.validate():
        return _panel(venue, found, 422, trouble={"guest": guest, "name": form.name})
    named = name_participant(venue, booking=found, participant=participant, name=form.name.data or "", by=_me())
    return _done(venue, named, _("The name is noted."))


@classes.post("/<uuid:booking>/cancel")
@requires(Permission.BOOKING_CANCEL)
def cancel(venue: Venue, booking: UUID) -> Response:
    """A couple does not come, or one of the two."""
    found = get_booking(venue, booking)
    form = cancel_form(found)
    if not isinstance(form, CoupleForm):
        raise Stale()
    wish = form.wish_of(found) if form.validate() else None
    if wish is None:
        return _panel(venue, found, 422, form=form)
    cancelled = cancel_guests(venue, booking=found, by=_me(), **wish)
    return _done(venue, cancelled, _cancelled_sentence(cancelled))


@classes.post("/<uuid:booking>/guests/<uuid:guest>/absent")
@requires(Permission.BOOKING_FOLLOW)
def absent(venue: Venue, booking: UUID, guest: UUID) -> Response:
    """One of the two did not come."""
    found = get_booking(venue, booking)
    missed = miss_guest(venue, booking=found, participant=get_participant(venue, found, guest), by=_me())
    return _done(venue, missed, _("Noted as a no-show."))


def _me() -> Actor:
    return Actor.of_member(current_member(), door="agenda")


def _marked(venue: Venue, booking: UUID, guest: UUID, *, came: bool | None) -> Response:
    found = get_booking(venue, booking)
    participant = get_participant(venue, found, guest)
    marked = mark_attended(venue, booking=found, participant=participant, attended=came, by=_me())
    message = _("Noted.")
    if came is not None:
        message = _("%(name)s took part.", name=participant.label) if came else _("Noted as a no-show.")
    return _done(venue, marked, message)


def _cancelled_sentence(booking: Booking) -> str:
    if booking.status == CANCELLED:
        return _("Booking no. %(number)s is cancelled.", number=booking.number)
    return _("The booking is for one guest from now on.")


def _panel(venue: Venue, booking: Booking, status: int, form: CancelForm | None = None, **told: Any) -> Response:
    shown = panel(venue, booking, reader=current_member(), form=form)
    return web.render("bookings/show.html#panel", status, **shown, **told)


def _done(venue: Venue, booking: Booking, message: str) -> Response:
    shown = panel(venue, get_booking(venue, booking.uuid), reader=current_member())
    to = url_for("bookings.show", venue=venue.slug, booking=booking.uuid)
    topic = agenda_topic(venue, booking.starts_at)
    undo = last_change(venue, current_member())
    fragment = "bookings/show.html#panel"
    return web.done(to, message=message, fragment=fragment, announce=f"changed:{topic}", undo=undo, **shown)
