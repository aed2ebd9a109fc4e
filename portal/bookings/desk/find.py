"""Finding a time: what is looked for, and the best slots as the desk reads them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import HiddenField, SelectField

import portal.clock as clock
from portal.bookings.desk.choices import Choices
from portal.bookings.desk.finding import Found, Wanted, best_slots
from portal.bookings.desk.form import Day, Time, refuse
from portal.bookings.slots.assembly import need_of
from portal.bookings.slots.calendar import FIRST_DAY, LAST_DAY
from portal.bookings.slots.queries import load_snapshot
from portal.customers.forms import one_line
from portal.customers.queries import find_customer
from portal.models import StaffMember, Variant, Venue
from portal.uuids import as_uuid

# How many days are looked through.
DAYS = 14
WEEKDAYS = {
    "1": _l("Monday"), "2": _l("Tuesday"), "3": _l("Wednesday"), "4": _l("Thursday"), "5": _l("Friday"),
    "6": _l("Saturday"), "0": _l("Sunday"),
}  # fmt: skip


class FindForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types
    """What is looked for. `from` is a word of Python: the field is named so in the address only."""

    variant = SelectField(_l("Treatment"), choices=[], validate_choice=False)
    therapist = SelectField(_l("Therapist"), choices=[], validate_choice=False)
    day = Day(_l("Starting on"), longest=10, name="from")
    weekday = SelectField(_l("Day of the week"), choices=[], validate_choice=False)
    after = Time(_l("Not before"), longest=8)
    before = Time(_l("Not after"), longest=8)
    customer = HiddenField(filters=[one_line])


@dataclass(frozen=True, slots=True)
class Slot:
    """A time that can be had, with names."""

    starts_at: datetime
    ends_at: datetime
    therapists: tuple[StaffMember, ...]
    rooms: tuple[str, ...]
    out_of_hours: bool


def find_form(venue: Venue, asked: MultiDict[str, str], usual: Variant | None) -> FindForm:
    """The form as it stands in the address; what the address does not say is the usual treatment from today on."""
    given = asked.copy()
    today = venue.today().isoformat()
    given["from"] = max(given.get("from") or today, today) if "part" not in given else given.get("from", today)
    given.setdefault("variant", str(usual.uuid) if usual else "")
    form = FindForm(formdata=given, meta={"csrf": False})
    form.weekday.choices = [("", _("Any day")), *WEEKDAYS.items()]
    return form


def found_slots(venue: Venue, choices: Choices, form: FindForm) -> dict[str, Any]:
    """The context of `bookings/find.html`: the five best slots within two weeks; four statements."""
    form.validate()
    variant, wanted = choices.variant(form.variant.data), _wanted(venue, form)
    therapist = choices.therapist(form.therapist.data)
    gender = form.therapist.data if form.therapist.data in {"female", "male"} else None
    if form.therapist.data and not therapist and not gender:
        refuse(form.therapist, _("This therapist does not treat guests here."))
    if variant is None:
        refuse(form.variant, _("Please choose a treatment."))
    slots: list[Slot] = []
    if variant and wanted and not form.therapist.errors:
        need = need_of(venue, variant, guests=variant.guest_count, gender=gender)
        chosen = frozenset({therapist.resource_id} if therapist and therapist.resource_id else ())
        snapshot = load_snapshot(venue, first=wanted.first, last=wanted.last)
        found = best_slots(
            snapshot, replace(need, therapists=chosen), wanted, now=clock.now(), shortest=choices.shortest
        )
        slots = [_slot(choices, one) for one in found]
    customer_id = as_uuid(form.customer.data)
    customer = find_customer(venue, customer_id) if customer_id else None
    return {"venue": venue, "choices": choices, "form": form, "slots": slots, "variant": variant, "customer": customer}


def _slot(choices: Choices, found: Found) -> Slot:
    people, rooms = choices.people(found.people), choices.room_names(found.rooms)
    return Slot(found.starts_at, found.ends_at, people, rooms, found.out_of_hours)


def _wanted(venue: Venue, form: FindForm) -> Wanted | None:
    """When it should be; None when a field holds what cannot be, which is told beside it."""
    after, before = _clock(form.after), _clock(form.before)
    first = _date(form.day.data)
    if first is None:
        refuse(form.day, _("Please enter a date."))
    if form.weekday.data not in {"", None, *WEEKDAYS}:
        refuse(form.weekday, _("Please choose one of these."))
    if after and before and before <= after:
        refuse(form.before, _("This is before the earliest time."))
    if first is None or form.after.errors or form.before.errors or form.weekday.errors:
        return None
    first = max(first, venue.today())
    last = min(first + timedelta(days=DAYS - 1), LAST_DAY)
    weekday = int(form.weekday.data) if form.weekday.data else None
    return Wanted(first=min(first, last), last=last, after=after, before=before, weekday=weekday)


def _clock(field: Time) -> time | None:
    text = field.data or ""
    try:
        if not text or len(text) == 5:
            return time.fromisoformat(text) if text else None
    except ValueError:
        pass
    refuse(field, _("Please enter a time, for example 17:00."))
    return None


def _date(text: str | None) -> date | None:
    try:
        found = date.fromisoformat(text or "") if len(text or "") == 10 else None
    except ValueError:
        return None
    return found if found and FIRST_DAY <= found <= LAST_DAY else None


def query_of(found: Mapping[str, Any], slot: Slot) -> dict[str, str]:
    """What the form of a booking is opened with for a slot."""
    people = [str(one.uuid) for one in slot.therapists]
    customer = found["customer"]
    given = {
        "variant": str(found["variant"].uuid),
        "therapist": people[0] if people else "",
        "second": people[1] if len(people) > 1 else "",
        "customer": str(customer.uuid) if customer else "",
    }
    return {name: value for name, value in given.items() if value}
