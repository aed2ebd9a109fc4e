"""Guests of a venue, and the history of one of them there."""

from __future__ import annotations

from flask import Response

from portal.api.guard import requires_scope
from portal.api.partner.blueprint import partner
from portal.api.partner.errors import Unknown
from portal.api.partner.payloads import customer_row, history_row
from portal.api.schema import Page, answer_json, read_page
from portal.customers.queries import count_bookings, count_guests, find_guest, list_bookings, list_guests
from portal.models import Customer, Venue
from portal.partners.scopes import Scope
from portal.uuids import as_uuid

CUSTOMERS_A_PAGE = 50
BOOKINGS_A_PAGE = 20


@partner.get("/venues/<venue_id>/customers")
@requires_scope(Scope.CUSTOMERS_READ)
def list_customers(venue: Venue) -> Response:
    """Customers with at least one booking at the venue, the latest visit first."""
    page = read_page(default_limit=CUSTOMERS_A_PAGE)
    guests = list_guests(venue, limit=page.limit, offset=page.offset)
    rows = [customer_row(guest, venue.currency) for guest in guests]
    return answer_json({"data": rows, "meta": _meta(page, count_guests(venue))})


@partner.get("/venues/<venue_id>/customers/<customer_id>/bookings")
@requires_scope(Scope.BOOKINGS_READ)
def list_customer_bookings(venue: Venue, customer_id: str) -> Response:
    """A customer's bookings at the venue, newest first."""
    customer = _get_customer(venue, customer_id)
    page = read_page(default_limit=BOOKINGS_A_PAGE)
    bookings = list_bookings(venue, customer, limit=page.limit, offset=page.offset)
    rows = [history_row(booking, venue) for booking in bookings]
    return answer_json({"data": rows, "meta": _meta(page, count_bookings(venue, customer))})


def _get_customer(venue: Venue, identifier: str) -> Customer:
    uuid = as_uuid(identifier)
    if uuid is None:
        raise Unknown("Customer not found")
    customer = find_guest(venue, uuid)
    if customer is None:
        raise Unknown("Customer not found in this venue")
    return customer


def _meta(page: Page, total: int) -> dict[str, int]:
    return {"page": page.page, "limit": page.limit, "total": total}
