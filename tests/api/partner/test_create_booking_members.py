"""POST /v1/venues/{venue_id}/bookings: each row of the contract's table, and the order of the checks."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from portal.database import db
from portal.models import Booking, Customer
from tests.api.client import PartnerClient
from tests.api.conftest import MakeWish
from tests.api.partner.test_create_booking import count_rows
from tests.api.wishes import ABSENT
from tests.factories import House, make_key

URL = "/venues/lutetia/bookings"

VARIANT_ID = "`variant_id` must be a valid UUID"
START_MISSING = "`start_at` is required"
START_INVALID = "`start_at` must be an ISO 8601 datetime"
START_PAST = "`start_at` must be in the future"
GUEST_COUNT = "`guest_count` must be an integer between 1 and 20"
GUEST = "`guest` is required"
FIRST_NAME = "`guest.first_name` is required and must contain only letters"
LAST_NAME = "`guest.last_name` is required and must contain only letters"
PHONE = "`guest.phone` is required (E.164, e.g. +33612345678)"
EMAIL = "`guest.email` is invalid"
NOTES = "`notes` must be at most 500 characters"
REFERENCE = "`external_reference` must be at most 255 characters"
EXTERNAL_ID = "`external_id` must be at most 255 characters"
PRICE = "`price_paid` is required"
AMOUNT = "`price_paid.amount` must be a positive number (major units, e.g. 120.00)"
CURRENCY = "`price_paid.currency` must be a 3-letter ISO code"

UUID = "3fa85f64-5717-4562-b3fc-2c963f66afa6"
SURROGATE = "\ud800"
NOT_TEXT: tuple[Any, ...] = (5, 1.5, True, ["x"], {"x": 1})

# member → text → values that are refused with it
REFUSED: dict[str, dict[str, tuple[Any, ...]]] = {
    "variant_id": {
        VARIANT_ID: (
            ABSENT, None, "", "x", 5, True, [], {}, UUID[:-1], UUID + "0", f"{{{UUID}}}", f"urn:uuid:{UUID}",
            UUID.replace("-", ""), UUID.replace("3", "٣"), "\0", SURROGATE, UUID + "\n",
        ),
    },
    "start_at": {
        START_MISSING: (ABSENT, None, ""),
        START_INVALID: (
            5, True, [], {}, "soon", "2030-05-12", "2030-05-12T12:00:00", "2030-02-30T12:00:00Z",
            "2030-05-12T24:00:00Z", "2030-05-12T23:60:00Z", "2030-05-12T12:00:61Z", "2030-05-12T12:00:00+99:99",
            "2030-W19-7T12:00:00Z", "20300512T120000Z", "12/05/2030 12:00Z", "٢٠٣٠-05-12T12:00:00Z",
            "9999-12-31T23:59:59Z", "9999-12-31T23:59:59-23:59", "0001-01-01T00:00:00+05:00", "2101-01-01T12:00:00Z",
            "2030-05-12T12:00:00Z\0", SURROGATE, "2030-05-12T12:00:00Z[Europe/Paris]", " 2030-05-12T12:00:00Z",
        ),
        START_PAST: ("2020-05-12T12:00:00Z", "2001-01-01T00:00:00+01:00", "1970-01-01T00:00:00Z"),
    },
    "guest_count": {
        GUEST_COUNT: (
            0, 21, -1, 1.5, "2", "", True, False, [], {}, 2**31, 2**63, 10**400, float("nan"), float("inf"), 1e300,
        ),
    },
    "guest": {GUEST: (ABSENT, None, "", "x", 5, [], [{}], True)},
    "guest.first_name": {
        FIRST_NAME: (
            ABSENT, None, "", " ", "-", "'", "J3an", "a_b", "a@b", "<b>", "A.", "x" * 101, "\0", "A\0", SURROGATE,
            "\u200b", "A\u202eB", "👩🏽", "A\nB", "A\tB", "{{7*7}}", "\u0301", *NOT_TEXT,
        ),
    },
    "guest.last_name": {LAST_NAME: (ABSENT, None, "", "\u00a0", "O2", "x" * 101, "Du;pont", *NOT_TEXT)},
    "guest.phone": {
        PHONE: (
            ABSENT, None, "", " ", "x", "12", "+", "+999123456789", "+33", "06123456", "+3361234567890", "1" * 300,
            "06\x0012345678", SURROGATE, "call 0612345678", *NOT_TEXT,
        ),
    },
    "guest.email": {
        EMAIL: (
            " ", "x", "a@", "@b.fr", "a@b", "a b@c.fr", "a@b..fr", "a@b.fr\n", "a@b.fr\0", "A <a@b.fr>",
            f"{'a' * 250}@b.fr", f"a{SURROGATE}@b.fr", *NOT_TEXT,
        ),
    },
    "notes": {NOTES: ("x" * 501, "\0", SURROGATE, *NOT_TEXT)},
    "external_reference": {REFERENCE: ("x" * 256, "a\0", SURROGATE, *NOT_TEXT)},
    "external_id": {EXTERNAL_ID: ("x" * 256, "a\0", SURROGATE, *NOT_TEXT)},
    "price_paid": {PRICE: (ABSENT, None, 120, "120", [], True)},
    "price_paid.amount": {
        AMOUNT: (
            ABSENT, None, "120.00", True, False, [], {}, -1, -0.01, 1.005, 0.001, 1e300, float("nan"), float("inf"),
            100_000_000, 99_999_999.991, 2**63, 10**400,
        ),
    },
    "price_paid.currency": {CURRENCY: (ABSENT, None, "", "EU", "EURO", "E R", "€€€", "ÉUR", "12A", 978, True, [])},
}  # fmt: skip

ACCEPTED: dict[str, tuple[Any, ...]] = {
    "guest_count": (1, 2, 2.0, None, ABSENT),
    "guest.first_name": (
        "É", "Anne-Lise", "d'Arc", "D’Arc", "Zoe\u0308", "李", "Мария", "محمد", "שרה", "Ñ", "x" * 100, "José María",
        "𠮷",
    ),
    "guest.phone": (
        "+33612345678", "06 12 34 56 78", "06.12.34.56.78", "0033612345678", "+33 (0)6 12 34 56 78", "tel:+33612345678",
        "+1 202-555-0123", "٠٦١٢٣٤٥٦٧٨",
    ),
    "guest.email": ("", None, ABSENT, "A.B+c@Example.co.uk", "é@exemple.fr", "guest@partner.test"),
    "guest.language": ("fr", "en", "de", "EN", "", None, 5, True, [], {}, ABSENT),
    "notes": ("x" * 500, "", None, ABSENT, "<b>& \u202e 👩🏽‍🦰\n\x85"),
    "external_reference": ("x" * 255, "", None, "é 👍 / ?#%"),
    "external_id": ("x" * 255, "", None, "é 👍 / ?#%"),
    "price_paid.amount": (0, -0.0, 0.01, 120, 120.5, 99_999_999.99, 1e2),
    "price_paid.currency": ("EUR", "eur", "Eur"),
    "start_at": (
        "2030-05-13T10:00:00Z", "2030-05-13t10:00:00z", "2030-05-13 10:00Z", "2030-05-13T12:00:00+02:00",
        "2030-05-13T12:00:00.000+0200", "2030-05-13T10:00:00,000000000Z", "2030-05-13T05:30:00-04:30",
    ),
}  # fmt: skip


def changed(body: dict[str, Any], member: str, value: Any) -> dict[str, Any]:
    """The body with one member, perhaps of an object inside it, replaced or taken away."""
    outer, _, inner = member.partition(".")
    new = changed(body[outer], inner, value) if inner else value
    return {name: one for name, one in {**body, outer: new}.items() if one is not ABSENT}


@pytest.mark.parametrize("member", REFUSED)
def test_a_wrong_member_is_refused_with_its_text(partner: PartnerClient, wish: MakeWish, member: str) -> None:
    partner.get("/venues")
    before = count_rows()
    for text, values in REFUSED[member].items():
        for value in values:
            response = partner.post(URL, json=changed(wish(), member, value))
            assert (response.status_code, response.json) == (400, {"error": text}), repr(value)
    assert count_rows() == before


@pytest.mark.parametrize("member", [member for member in ACCEPTED if member != "start_at"])
def test_a_good_member_is_accepted(partner: PartnerClient, wish: MakeWish, member: str) -> None:
    for value in ACCEPTED[member]:
        made = partner.book(changed(wish(), member, value))
        response = partner.post(f"/bookings/{made['id']}/cancel", json={"reason": "to make room"})
        assert response.status_code == 200, repr(value)


def test_all_ways_to_write_an_instant(partner: PartnerClient, wish: MakeWish) -> None:
    for value in ACCEPTED["start_at"]:
        response = partner.post(URL, json=wish(start_at=value))
        assert (response.status_code, (response.json or {}).get("reason")) == (409, "no_therapist"), value


def test_members_are_checked_in_the_order_of_the_table(partner: PartnerClient, wish: MakeWish) -> None:
    """All wrong at first; mended one by one from above, each next text appears."""
    body = wish(
        variant_id="x", start_at=ABSENT, guest_count=0, notes=5, external_reference=5, external_id=5,
        guest={"first_name": "", "last_name": "", "phone": "", "email": "x"},
        price_paid={"amount": -1, "currency": "x"},
    )  # fmt: skip
    good = wish(external_id="E", external_reference="R", notes="N", guest_count=1)
    good["guest"]["email"] = "a@example.com"
    steps = {
        "variant_id": VARIANT_ID, "start_at": START_MISSING, "guest_count": GUEST_COUNT, "guest.first_name": FIRST_NAME,
        "guest.last_name": LAST_NAME, "guest.phone": PHONE, "guest.email": EMAIL, "notes": NOTES,
        "external_reference": REFERENCE, "external_id": EXTERNAL_ID, "price_paid.amount": AMOUNT,
        "price_paid.currency": CURRENCY,
    }  # fmt: skip
    for member, text in steps.items():
        partner.refused(400, text, URL, json=body)
        outer, _, inner = member.partition(".")
        body = changed(body, member, good[outer][inner] if inner else good[outer])
    partner.book(body)


def test_checks_go_from_the_key_to_the_slot(partner: PartnerClient, house: House, wish: MakeWish) -> None:
    """Each step mends one thing, so the next check speaks."""
    price = {"amount": 120, "currency": "USD"}
    reader, _row = make_key(house.organisation, scopes=["bookings:read"])
    partner.with_key(None).refused(401, "Missing API key", "/venues/nowhere/bookings", data="x")
    assert partner.with_key(reader).post("/venues/nowhere/bookings", data="x").status_code == 403
    partner.refused(404, "Venue not found", "/venues/nowhere/bookings", data="x")
    partner.refused(403, "Forbidden", "/venues/chamonix/bookings", data="x")
    partner.refused(400, "Invalid JSON body", URL, data="x")
    partner.refused(400, VARIANT_ID, URL, json=wish(variant_id="x", price_paid=price))
    partner.refused(400, CURRENCY, URL, json=wish(variant_id=UUID, price_paid={**price, "currency": "x"}))
    other = "price_paid.currency must match the venue currency (EUR)"
    partner.refused(422, other, URL, json=wish("03:00", variant_id=UUID, price_paid=price))
    partner.refused(404, "Variant not found", URL, json=wish("03:00", variant_id=UUID))
    assert partner.post(URL, json=wish("03:00")).status_code == 409
    partner.book(wish())


def test_what_was_sent_is_what_is_kept(partner: PartnerClient, wish: MakeWish) -> None:
    guest = {"first_name": " Zoe\u0308 ", "last_name": "李", "phone": "0612345678", "email": "Z@Example.com",
             "language": "en"}  # fmt: skip
    notes = "<b>&amp; \u202e 👩🏽‍🦰\n\x85 {{7*7}}"
    made = partner.book(wish(guest=guest, notes=notes, external_id="é 👍/", external_reference="x.y z"))
    booking = db.session.scalars(select(Booking)).one()
    customer = db.session.scalars(select(Customer)).one()
    assert (made["external_id"], booking.notes) == ("é 👍/", notes)
    assert (customer.first_name, customer.last_name, customer.email) == ("Zoe\u0308", "李", "Z@Example.com")
    assert (booking.guest_language, customer.language) == ("en", "en")
