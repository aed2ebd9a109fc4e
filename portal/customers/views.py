"""The guest box of the booking popover, and the form that does without it."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Blueprint, Response, request, url_for
from flask_babel import gettext as _

import portal.web as web
from portal.access import Permission, requires
from portal.audit import Actor
from portal.customers.box import guest_box
from portal.customers.errors import CustomerExists
from portal.customers.forms import GuestForm, one_line
from portal.customers.service import create_customer
from portal.customers.wanted import LONGEST
from portal.errors import Invalid
from portal.models import Customer, Venue
from portal.session.places import inside
from portal.tenancy import current_member

guests = Blueprint("guests", __name__)


@guests.get("/options")
@requires(Permission.CUSTOMER_READ)
def options(venue: Venue) -> Response:
    """A list box of the guests that can be meant; its last row creates the one that was typed."""
    return web.render("customers/_options.html", **guest_box(venue, _typed()))


@guests.get("/new")
@requires(Permission.CUSTOMER_CREATE)
def new(venue: Venue) -> Response:
    """The form of a new guest, filled with what was typed."""
    form = GuestForm.typed(venue, _typed(), back=inside(request.args.get("next")) or "")
    return web.render("customers/new.html#form", venue=venue, form=form)


@guests.post("")
@requires(Permission.CUSTOMER_CREATE)
def create(venue: Venue) -> Response:
    """Add the guest; somebody who has the phone or the e-mail already is offered in her place."""
    form, by = GuestForm(), Actor.of_member(current_member(), door="agenda")
    try:
        if not form.validate():
            return web.render("customers/new.html#form", 422, venue=venue, form=form)
        made = create_customer(venue.organisation, country=venue.country, by=by, **form.wish())
    except Invalid as wrong:
        form[wrong.field or "last_name"].errors = [str(wrong.message)]
        return web.render("customers/new.html#form", 422, venue=venue, form=form)
    except CustomerExists as known:
        return _offer(venue, form, known)
    return _done(venue, form, made)


def _offer(venue: Venue, form: GuestForm, known: CustomerExists) -> Response:
    to = _page_of(venue, form, known.customer)
    return web.render("customers/new.html#form", 409, venue=venue, form=form, known=known, known_url=to)


def _done(venue: Venue, form: GuestForm, made: Customer) -> Response:
    message = _("%(name)s is now among the guests.", name=made.name)
    box = guest_box(venue, "") | {"guests": [made], "too_short": False}
    return web.done(_page_of(venue, form, made), message=message, fragment="customers/_options.html", **box)


def _page_of(venue: Venue, form: GuestForm, customer: Customer) -> str:
    """Back to the page that asked, which is told who it is; else to the search, which shows her."""
    back = inside(form.next.data)
    if not back:
        return url_for("search.find", venue=venue.slug, q=customer.phone or customer.email or customer.name)
    parts = urlsplit(back)
    told = "&".join(filter(None, (parts.query, f"customer={customer.uuid}")))
    return parts._replace(query=told).geturl()


def _typed() -> str:
    return one_line(request.args.get("q", "")[: 2 * LONGEST])
