"""What the form of a booking shows around its fields, and how it is filled when it opens."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import portal.clock as clock
from portal.access import Permission, can
from portal.bookings.desk.booking import TELL
from portal.bookings.desk.check import Verdict, judge
from portal.bookings.desk.choices import Choices
from portal.bookings.desk.form import ComposeForm, fresh_form, refuse
from portal.bookings.desk.holds import Typed, kept_draft
from portal.bookings.desk.moments import local_iso, next_step, read_at, read_moment, typed
from portal.bookings.desk.reading import ASK, Matches, read_place
from portal.bookings.elsewhere import also_booked
from portal.customers.errors import CustomerExists
from portal.customers.queries import find_customer
from portal.errors import Invalid
from portal.i18n import phone, typed_amount
from portal.models import Customer, StaffMember, Venue
from portal.payments.deposits import deposit_in_all
from portal.uuids import as_uuid

# Where a refusal of the service is told, when that has another name for the field.
_FIELDS = {"method": "payment_method", "amount": "price"}


def opened(venue: Venue, choices: Choices, reader: StaffMember, asked: Mapping[str, str]) -> ComposeForm:
    """The form as it opens: filled with the place that was clicked, or with what was typed before and not sent."""
    if asked.get("draft") == "1" and (kept := kept_draft(venue, reader)):
        return fresh_form(venue, kept)
    starts_at = read_at(venue, asked.get("at", "")) or next_step(clock.now())
    customer_id = as_uuid(asked.get("customer"))
    customer = find_customer(venue, customer_id) if customer_id else None
    variant = choices.variant(asked.get("variant")) or choices.usual(venue, customer)
    column = asked.get("column")
    values: dict[str, Any] = typed(venue, starts_at) | {
        "guest": guest_line(customer) if customer else "",
        "customer": str(customer.uuid) if customer else "",
        "variant": str(variant.uuid) if variant else "",
        "therapist": _known(choices.therapist(asked.get("therapist") or column)) or _gender(asked.get("therapist")),
        "second": _known(choices.therapist(asked.get("second"))),
        "room": _known(choices.room(asked.get("room") or column)),
        "tell": reader.preferences.get(TELL, True),
    }
    return fresh_form(venue, values)


def compose(
    venue: Venue,
    choices: Choices,
    form: ComposeForm,
    *,
    reader: StaffMember,
    verdict: Verdict | None = None,
    matches: Matches | None = None,
    known: CustomerExists | None = None,
) -> dict[str, Any]:
    """The context of `bookings/_compose.html`."""
    shown = check(venue, choices, form, reader=reader, verdict=verdict)
    verdict = shown["verdict"]
    if verdict and verdict.price_minor is not None and (form.price.data or "") == (form.priced.data or ""):
        form.price.data = form.priced.data = typed_amount(verdict.price_minor, venue.currency)
    draft = {} if form.is_begun or form.errors else kept_draft(venue, reader)
    return {
        **shown,
        "choices": choices,
        "matches": matches,
        "known": known,
        "draft": draft if draft.get("guest") or draft.get("notes") else {},
        "at_hotel": venue.venue_type == "hotel",
    }


def check(
    venue: Venue, choices: Choices, form: ComposeForm, *, reader: StaffMember, verdict: Verdict | None = None
) -> dict[str, Any]:
    """The context of `bookings/_check.html`: whether what is typed can be booked, as far as it can be read."""
    wish = None if verdict else read_place(venue, choices, form)
    told = verdict or (judge(venue, wish) if wish else None)
    starts_at = told.starts_at if told else None
    guest_id = as_uuid(form.customer.data)
    guest = find_customer(venue, guest_id) if guest_id else None
    return {
        "flagged": guest if guest and guest.flag else None,
        "owed": _owed(choices, form, told) if guest and guest.owes_deposit else 0,
        "also": also_booked(venue, guest, told.starts_at, told.ends_at) if guest and told else [],
        "may_unblock": can(reader, Permission.CUSTOMER_FLAG),
        "venue": venue,
        "form": form,
        "verdict": told,
        "proposed": typed_amount(told.price_minor, venue.currency) if told and told.price_minor is not None else "",
        "day": clock.local_date(starts_at, venue.timezone) if starts_at else None,
        "column": (form.therapist.data or "").removeprefix(ASK) or form.room.data or "",
        "at": local_iso(venue, starts_at) if starts_at else "",
        "iso": partial(local_iso, venue),
        "may_overbook": can(reader, Permission.BOOKING_OVERBOOK),
    }


def _owed(choices: Choices, form: ComposeForm, told: Verdict | None) -> int:
    """The deposit of a guest who must leave one, for what is typed; 0 while its price is not known."""
    variants = [choices.variant(text) for text in (form.variant.data, *(form.then.data or [])) if text]
    parts = [(one.treatment, one.price_minor or 0) for one in variants if one is not None]
    return deposit_in_all(parts, told.price_minor or 0 if told else 0, owes=True)


def guest_line(customer: Customer) -> str:
    """The guest as she stands in the box once she is chosen."""
    return " · ".join(part for part in (customer.name, phone(customer.phone) or customer.email) if part)


def tell_field(form: ComposeForm, wrong: Invalid) -> None:
    """A refusal of the service beside the field that it is about."""
    name = _FIELDS.get(wrong.field or "", wrong.field or "")
    refuse(form[name] if name in form and name != "first_name" else form.guest, wrong.message)


def set_moment(venue: Venue, form: ComposeForm, starts_at: datetime) -> None:
    """Another time than the one that was typed."""
    for name, value in typed(venue, starts_at).items():
        form[name].data = value


def typed_place(venue: Venue, choices: Choices, form: ComposeForm, *, is_open: bool) -> Typed | None:
    """Where a booking is being typed: nowhere once the form is no longer `is_open`, None without a time."""
    try:
        starts_at = read_moment(venue, form.date.data or "", form.time.data or "", form.offset.data or "")
    except ValueError:
        return None
    variant = choices.variant(form.variant.data)
    if starts_at is None:
        return None
    person, room = choices.therapist(form.therapist.data), choices.room(form.room.data)
    place = person.resource_id if person else room.id if room else None
    length = variant.length if variant else timedelta(minutes=30)
    return Typed(starts_at, starts_at + length, place if is_open else None)


def _known(thing: Any) -> str:
    return str(thing.uuid) if thing else ""


def _gender(text: str | None) -> str:
    return text if text in {"female", "male"} else ""
