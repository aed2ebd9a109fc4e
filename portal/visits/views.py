"""A therapist and her visits: start, finish, go on, seen, and what she must know of the guest."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from flask import Blueprint, Response, request, url_for
from flask_babel import gettext as _

from portal.access import Permission, requires
from portal.audit import Actor
from portal.bookings.errors import SlotUnavailable
from portal.bookings.refusals import sentence
from portal.bookings.visit import finish, start
from portal.care.form import CareForm
from portal.care.service import read_notes, write_notes
from portal.errors import Conflict
from portal.i18n import clock_time
from portal.models import Booking, BookingItem, Venue
from portal.tenancy import current_member
from portal.visits.queries import get_guest, get_visit
from portal.visits.service import go_on, note_gone, note_look
from portal.web import done, render, too_late

treating = Blueprint("treating", __name__)

DOOR = "phone"


@treating.post("/v/<venue>/my/visits/<uuid:item>/start")
@requires(Permission.VISIT_TREAT)
def begin(venue: Venue, item: UUID) -> Response:
    """The treatment begins."""
    start(venue, booking=_hers(venue, item).booking, by=_me())
    return _done(_("Started."))


@treating.post("/v/<venue>/my/visits/<uuid:item>/finish")
@requires(Permission.VISIT_TREAT)
def end(venue: Venue, item: UUID) -> Response:
    """The treatment is over."""
    finish(venue, booking=_hers(venue, item).booking, by=_me())
    return _done(_("Finished. Thank you."))


@treating.post("/v/<venue>/my/visits/<uuid:item>/longer")
@requires(Permission.VISIT_TREAT)
def longer(venue: Venue, item: UUID) -> Response:
    """A quarter of an hour more, or why not."""
    visit = _hers(venue, item)
    try:
        booking = go_on(venue, item=visit, by=_me())
    except SlotUnavailable as refused:
        raise Conflict(_("Not possible: %(why)s", why=sentence(venue, refused))) from refused
    return _done(_("Yes, until %(time)s.", time=clock_time(_end_of(booking, visit), venue.timezone)))


@treating.post("/v/<venue>/my/visits/<uuid:item>/seen")
@requires(Permission.VISIT_TREAT)
def got_it(venue: Venue, item: UUID) -> Response:
    """She has read what changed about a visit that begins soon."""
    note_look(current_member(), [_hers(venue, item).uuid])
    return _done(_("Thank you, the desk knows."))


@treating.post("/my/visits/<uuid:item>/gone")
@requires(Permission.VISIT_TREAT)
def gone(item: UUID) -> Response:
    """She has read that a visit is no longer hers."""
    note_gone(current_member(), item)
    return _done(_("Noted."))


@treating.post("/my/visits/looked")
@requires(Permission.VISIT_TREAT)
def looked() -> tuple[str, int]:
    """The page has shown these visits to her as they stand now."""
    note_look(current_member(), request.form.getlist("item", type=UUID), but_close=True)
    return "", 204


@treating.post("/v/<venue>/my/visits/<uuid:item>/care")
@requires(Permission.VISIT_TREAT)
def care(venue: Venue, item: UUID) -> Response:
    """The guest's health notes: a look that is noted, so it is asked for."""
    visit = _hers(venue, item)
    notes, version = read_notes(venue.organisation, customer=get_guest(venue, visit), by=_me())
    return render("visits/care.html#care", visit=visit, notes=notes, form=CareForm.of(notes, version))


@treating.post("/v/<venue>/my/visits/<uuid:item>/care/write")
@requires(Permission.VISIT_TREAT)
def write(venue: Venue, item: UUID) -> Response:
    """What she has learnt of the guest's health."""
    visit, form = _hers(venue, item), CareForm()
    if not form.validate_on_submit():
        return render("visits/care.html#care", 422, visit=visit, notes=form.notes(), form=form)
    try:
        guest = get_guest(venue, visit)
        write_notes(venue.organisation, customer=guest, notes=form.notes(), version=form.known(), by=_me())
    except Conflict as refused:
        shown = {"visit": visit, "notes": form.notes(), "form": form}
        return too_late(_day(), message=str(refused.message), fragment="visits/care.html#care", **shown)
    closed = "visits/care.html#closed"
    return done(_day(), message=_("Kept, sealed."), fragment=closed, announce="changed:offers", visit=visit)


def _hers(venue: Venue, item: UUID) -> BookingItem:
    return get_visit(venue, current_member(), item)


def _me() -> Actor:
    return Actor.of_member(current_member(), door=DOOR)


def _done(message: str) -> Response:
    return done(_day(), message=message, announce="changed:offers")


def _day() -> str:
    return url_for("offers.day")


def _end_of(booking: Booking, visit: BookingItem) -> datetime:
    return next(one.ends_at for one in booking.items if one.id == visit.id)
