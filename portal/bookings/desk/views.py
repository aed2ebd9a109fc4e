"""Making bookings at the desk: the form, its live answer, finding a time, walk-ins, and who is typing where."""

from __future__ import annotations

from functools import partial
from typing import Any
from uuid import UUID, uuid4

from flask import Blueprint, Response, request, url_for
from flask_babel import gettext as _

import portal.clock as clock
import portal.web as web
from portal.access import Permission, can, requires
from portal.audit import Actor
from portal.bookings.desk.booking import book_at_desk, name_guest
from portal.bookings.desk.check import refused_verdict
from portal.bookings.desk.choices import Choices, words_of
from portal.bookings.desk.find import find_form, found_slots, query_of
from portal.bookings.desk.form import ComposeForm, asked_form, draft_of, fresh_form, sent_form
from portal.bookings.desk.holds import hold_place, let_go
from portal.bookings.desk.moments import local_iso, next_step, read_at
from portal.bookings.desk.queries import find_twin
from portal.bookings.desk.reading import Sent, read_form, read_guest_box
from portal.bookings.desk.screen import check as checked
from portal.bookings.desk.screen import compose, opened, set_moment, tell_field, typed_place
from portal.bookings.desk.walk_in import NoLonger, book_walk_in, walk_ins
from portal.bookings.desk.why import why as reason_of
from portal.bookings.elsewhere import also_sentence
from portal.bookings.errors import GuestBlocked, SlotUnavailable
from portal.bookings.queries import get_booking
from portal.changes.queries import last_change
from portal.customers.errors import CustomerExists
from portal.errors import Invalid, NotAllowed, NotFound
from portal.i18n import inner_day_and_time
from portal.models import Booking, Venue
from portal.models.booking_states import PENDING, NotNow
from portal.tenancy import current_member
from portal.uuids import as_uuid

desk = Blueprint("desk", __name__)


@desk.get("/new")
@requires(Permission.BOOKING_CREATE)
def new(venue: Venue) -> Response:
    """The form of a booking, filled with the place that was chosen."""
    choices, member = Choices.of(venue), current_member()
    form = opened(venue, choices, member, request.args)
    return web.render("bookings/new.html#compose", **compose(venue, choices, form, reader=member))


@desk.get("/check")
@requires(Permission.BOOKING_CREATE)
def check(venue: Venue) -> Response:
    """Whether what is being typed can be booked."""
    form = asked_form(venue, request.args)
    return web.render("bookings/_check.html", **checked(venue, Choices.of(venue), form, reader=current_member()))


@desk.post("")
@requires(Permission.BOOKING_CREATE)
def create(venue: Venue) -> Response:
    """Book what was typed; what cannot be is told in place, and nothing that was typed is lost."""
    form, choices = sent_form(venue), Choices.of(venue)
    if taken := read_at(venue, request.form.get("take", "")):
        set_moment(venue, form, taken)
    if booked := find_twin(venue, as_uuid(form.id.data)):
        return _booked(venue, booked, _sentence(venue, booked))
    sent, matches = read_form(venue, choices, form)
    if sent is None:
        return _again(venue, form, 422, matches=matches)
    return _book(venue, form, sent)


@desk.get("/find")
@requires(Permission.BOOKING_CREATE)
def find(venue: Venue) -> Response:
    """The five best times for a treatment."""
    choices = Choices.of(venue)
    form = find_form(venue, request.args, None if "variant" in request.args else choices.usual(venue, None))
    found = found_slots(venue, choices, form)
    status = 422 if form.errors else 200
    is_part = request.args.get("part") == "slots"
    target = "bookings/find.html#slots" if is_part else "bookings/find.html#finder"
    return web.render(target, status, **found, query_of=query_of, iso=partial(local_iso, venue))


@desk.get("/why")
@requires(Permission.BOOKING_CREATE)
def why(venue: Venue) -> Response:
    """Why a place cannot be had for a treatment, and what can be had instead. Raises NotFound for no place at all."""
    choices, at = Choices.of(venue), request.args.get("at", "")
    starts_at = read_at(venue, at) if at else next_step(clock.now())
    variant = choices.variant(request.args.get("variant")) or choices.usual(venue, None)
    if starts_at is None or variant is None:
        raise NotFound()
    answer = reason_of(venue, choices, variant, starts_at, request.args.get("column", ""))
    column = answer.therapist or answer.room
    shown: dict[str, Any] = {"why": answer, "column": column, "choices": choices, "iso": partial(local_iso, venue)}
    return web.render("bookings/why.html#why", venue=venue, **shown)


@desk.get("/walk-in")
@requires(Permission.BOOKING_CREATE)
def walk_in(venue: Venue) -> Response:
    """The treatments that can begin soon."""
    return _walk_ins(venue)


@desk.post("/walk-in")
@requires(Permission.BOOKING_CREATE)
def book_now(venue: Venue) -> Response:
    """Book one of them for whoever stands at the desk, and check him in."""
    choices, sent = Choices.of(venue), request.form
    variant, starts_at = choices.variant(sent.get("variant")), read_at(venue, sent.get("at", ""))
    if variant is None or starts_at is None:
        return _walk_ins(venue, _("Please choose a treatment."), status=422)
    try:
        booking = book_walk_in(
            venue, choices, variant, starts_at=starts_at, booking_id=as_uuid(sent.get("id")) or uuid4(), by=_me()
        )
    except NoLonger as refused:
        return _walk_ins(venue, str(refused.message), status=409)
    return _booked(venue, booking, _("Walk-in booked and checked in: %(what)s.", what=_what(venue, booking)))


@desk.get("/<uuid:booking>/guest")
@requires(Permission.BOOKING_EDIT)
def who(venue: Venue, booking: UUID) -> Response:
    """Who a walk-in is. Raises NotNow when that is known already."""
    found = get_booking(venue, booking)
    if found.customer_id is not None:
        raise NotNow()
    return web.render("bookings/who.html#who", venue=venue, booking=found, form=fresh_form(venue, {}))


@desk.post("/<uuid:booking>/guest")
@requires(Permission.BOOKING_EDIT)
def name(venue: Venue, booking: UUID) -> Response:
    """Take the guest over into the booking."""
    found, form = get_booking(venue, booking), sent_form(venue)
    guest, matches = read_guest_box(venue, form) if form.validate() else (None, None)
    if guest is None:
        return _asked_again(venue, found, form, 422, matches=matches)
    try:
        named = name_guest(venue, booking=found, guest=guest, by=_me())
    except CustomerExists as known:
        return _asked_again(venue, found, form, 409, known=known)
    return _booked(venue, named, _("The guest is %(name)s.", name=named.guest_name))


@desk.post("/hold")
@requires(Permission.BOOKING_CREATE)
def hold(venue: Venue) -> Response:
    """She is typing a booking; with `closed` she has closed the form, and what she typed is kept for a while."""
    form, choices = sent_form(venue), Choices.of(venue)
    typed = typed_place(venue, choices, form, is_open=not request.form.get("closed"))
    if typed:
        hold_place(venue, current_member(), typed, draft=draft_of(form) if form.is_begun else None)
    return web.answer("", 204)


@desk.post("/hold/drop")
@requires(Permission.BOOKING_CREATE)
def drop(venue: Venue) -> Response:
    """She types no more: the place is shown as free again."""
    let_go(venue, current_member())
    to = url_for("agenda.day", venue=venue.slug, day=venue.today())
    return web.answer("", 204) if web.is_fragment_request() else web.go(to)


def _book(venue: Venue, form: ComposeForm, sent: Sent) -> Response:
    member = current_member()
    if sent.wish.despite and not can(member, Permission.CUSTOMER_FLAG):
        raise NotAllowed(_("Only a manager may book a blocked guest."))
    if sent.wish.overbook_reason and not can(member, Permission.BOOKING_OVERBOOK):
        raise NotAllowed(_("Only a manager may overbook."))
    try:
        booking = book_at_desk(
            venue, sent.wish, booking_id=sent.booking_id, guest=sent.guest, by=_me(), paid_by=sent.paid_by,
            tell=sent.tell,
        )  # fmt: skip
    except SlotUnavailable as refused:
        return _again(venue, form, 409, verdict=refused_verdict(venue, sent.wish, refused))
    except GuestBlocked:
        return _again(venue, form, 409)
    except CustomerExists as known:
        return _again(venue, form, 409, known=known)
    except Invalid as wrong:
        tell_field(form, wrong)
        return _again(venue, form, 422)
    return _booked(venue, booking, _sentence(venue, booking))


def _again(venue: Venue, form: ComposeForm, status: int, **told: Any) -> Response:
    shown = compose(venue, Choices.of(venue), form, reader=current_member(), **told)
    return web.render("bookings/new.html#compose", status, **shown)


def _asked_again(venue: Venue, booking: Booking, form: ComposeForm, status: int, **told: Any) -> Response:
    return web.render("bookings/who.html#who", status, venue=venue, booking=booking, form=form, **told)


def _walk_ins(venue: Venue, refusal: str | None = None, *, status: int = 200) -> Response:
    found = walk_ins(venue, Choices.of(venue), at=clock.now())
    shown = {"venue": venue, "found": found, "refusal": refusal, "new_id": uuid4, "iso": partial(local_iso, venue)}
    return web.render("bookings/walk_in.html#walk_ins", status, **shown)


def _booked(venue: Venue, booking: Booking, message: str) -> Response:
    day = clock.local_date(booking.starts_at, venue.timezone)
    to = url_for("agenda.day", venue=venue.slug, day=day, by=request.args.get("by"), booking=booking.uuid)
    return web.done(
        to,
        message=" ".join(filter(None, (message, also_sentence(venue, booking)))),
        fragment="bookings/_booked.html",
        announce=f"changed:agenda:{day}",
        undo=last_change(venue, current_member()),
        venue=venue,
        booking=booking,
        day=day,
    )


def _sentence(venue: Venue, booking: Booking) -> str:
    if booking.status == PENDING:
        return _("Booked: %(what)s. The therapists are being asked.", what=_what(venue, booking))
    return _("Booked: %(what)s.", what=_what(venue, booking))


def _what(venue: Venue, booking: Booking) -> str:
    when, first, more = inner_day_and_time(booking.starts_at, venue.timezone), booking.items[0], len(booking.items) - 1
    treatments = f"{words_of(first.variant)} +{more}" if more else words_of(first.variant)
    return ", ".join(part for part in (booking.guest_name, treatments, when) if part)


def _me() -> Actor:
    return Actor.of_member(current_member(), door="agenda")
