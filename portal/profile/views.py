"""A guest's profile, all of her bookings and all that happened, and her contact data."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, request, url_for
from flask_babel import gettext as _

import portal.clock as clock
import portal.web as web
from portal.access import Permission, can, requires
from portal.audit import Actor
from portal.customers.editing import edit_customer, put_aside, take_back
from portal.customers.errors import CustomerExists, NewerGuest
from portal.customers.queries import get_customer
from portal.errors import Invalid, PortalError
from portal.models import Customer, Venue
from portal.profile.edit_form import EditForm
from portal.profile.page import PAGE, profile, state_of
from portal.profile.queries import bookings_of, list_past
from portal.profile.timeline import timeline
from portal.tenancy import current_member, venues_of

profiles = Blueprint("profile", __name__)


@profiles.get("/<uuid:customer>")
@requires(Permission.CUSTOMER_READ)
def show(venue: Venue, customer: UUID) -> Response:
    """All that is known of a guest."""
    found = get_customer(venue, customer)
    return web.render("profile/show.html#profile", **profile(venue, found, reader=current_member()))


@profiles.get("/<uuid:customer>/bookings")
@requires(Permission.CUSTOMER_READ)
def bookings(venue: Venue, customer: UUID) -> Response:
    """Her past bookings, a page at a time."""
    found, page, venues = get_customer(venue, customer), _page(), venues_of(current_member())
    hers = bookings_of(venues, found)
    past = list_past(venues, hers, at=clock.now(), limit=PAGE + 1, offset=PAGE * (page - 1))
    shown: dict[str, Any] = {"past": past[:PAGE], "more": len(past) > PAGE, "page": page, "state_of": state_of}
    return web.render("profile/bookings.html", venue=venue, guest=found, several_venues=len(venues) > 1, **shown)


@profiles.get("/<uuid:customer>/activity")
@requires(Permission.CUSTOMER_READ)
def activity(venue: Venue, customer: UUID) -> Response:
    """All that happened with her, a page at a time."""
    found, member = get_customer(venue, customer), current_member()
    health, venues = can(member, Permission.CARE_READ), venues_of(member)
    hers = bookings_of(venues, found)
    moments, older = timeline(venue.organisation, venues, found, hers, health=health, limit=PAGE, before=_before())
    shown: dict[str, Any] = {"moments": moments, "older": older, "several_venues": len(venues) > 1}
    return web.render("profile/activity.html", venue=venue, guest=found, **shown)


@profiles.get("/<uuid:customer>/edit")
@requires(Permission.CUSTOMER_EDIT)
def edit(venue: Venue, customer: UUID) -> Response:
    """Her contact data as a form."""
    found = get_customer(venue, customer)
    return web.render("profile/edit.html#form", venue=venue, guest=found, form=EditForm.about(found))


@profiles.post("/<uuid:customer>/edit")
@requires(Permission.CUSTOMER_EDIT)
def save(venue: Venue, customer: UUID) -> Response:
    """Take the contact data over; after somebody else's change both are shown, and saving again decides."""
    found = get_customer(venue, customer)
    form = EditForm.about(found)
    if not form.validate():
        return _again(venue, found, form, 422)
    try:
        edit_customer(venue.organisation, customer=found, by=_me(), **form.asked(venue))
    except (Invalid, CustomerExists, NewerGuest) as refused:
        return _refused(venue, get_customer(venue, customer), form, refused)
    return web.done(_to(venue, found), message=_("The guest’s data is saved."))


@profiles.post("/<uuid:customer>/aside")
@requires(Permission.CUSTOMER_EDIT)
def aside(venue: Venue, customer: UUID) -> Response:
    """She is offered no more where guests are chosen."""
    found = put_aside(venue.organisation, customer=get_customer(venue, customer), by=_me())
    return _done(venue, found, _("Put aside: this guest is not offered any more."))


@profiles.post("/<uuid:customer>/back")
@requires(Permission.CUSTOMER_EDIT)
def back(venue: Venue, customer: UUID) -> Response:
    """She is a guest like any other again."""
    found = take_back(venue.organisation, customer=get_customer(venue, customer), by=_me())
    return _done(venue, found, _("This guest is active again."))


def _refused(venue: Venue, guest: Customer, form: EditForm, refused: PortalError) -> Response:
    if isinstance(refused, CustomerExists):
        return _again(venue, guest, form, 409, known=refused)
    if isinstance(refused, NewerGuest):
        return _again(venue, guest, form, 409, clashes=form.meet(guest))
    form[refused.field or "last_name"].errors = [str(refused.message)]
    return _again(venue, guest, form, 422)


def _again(venue: Venue, guest: Customer, form: EditForm, status: int, **told: Any) -> Response:
    return web.render("profile/edit.html#form", status, venue=venue, guest=guest, form=form, **told)


def _done(venue: Venue, guest: Customer, message: str) -> Response:
    fresh = get_customer(venue, guest.uuid)
    shown = profile(venue, fresh, reader=current_member())
    return web.done(_to(venue, guest), message=message, fragment="profile/show.html#profile", **shown)


def _to(venue: Venue, guest: Customer) -> str:
    return url_for("profile.show", venue=venue.slug, customer=guest.uuid)


def _me() -> Actor:
    return Actor.of_member(current_member(), door="agenda")


def _page() -> int:
    text = request.args.get("page", "")
    return max(int(text), 1) if text.isascii() and text.isdigit() and len(text) < 5 else 1


def _before() -> datetime | None:
    """From the address; what is no instant with its zone is none."""
    try:
        found = datetime.fromisoformat(request.args.get("before", ""))
    except ValueError:
        return None
    return found if found.tzinfo and 1 < found.year < 9999 else None
