"""From a sent form to what is asked of the service. What cannot be is told beside its field."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from uuid import UUID, uuid4

from flask_babel import gettext as _

from portal.bookings.desk.booking import NewGuest
from portal.bookings.desk.choices import Choices
from portal.bookings.desk.form import MOST_IN_A_ROW, ComposeForm, refuse
from portal.bookings.desk.moments import NoSuchTime, read_moment
from portal.bookings.desk.pricing import is_out_of_hours, menu_price
from portal.bookings.payment_form import WANTED, amount_minor
from portal.bookings.request import Request
from portal.customers.queries import find_customer, find_guests
from portal.customers.reading import TypedGuest, read_guest
from portal.models import Customer, StaffMember, Variant, Venue
from portal.uuids import as_uuid

GENDERS = ("female", "male")
# Before the name of a therapist who is asked before all others, and not reserved.
ASK = "ask:"
_HIGHEST_PRICE = 9_999_999_999
_LONGEST_VISIT = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class Sent:
    """A form that could be read: what is asked, who comes, and what follows the booking."""

    booking_id: UUID
    wish: Request
    guest: Customer | NewGuest
    paid_by: str | None
    tell: bool


@dataclass(frozen=True, slots=True)
class Matches:
    """Whom the text of the guest box may mean, where nobody was chosen from its list."""

    guests: list[Customer]
    typed: TypedGuest | None


def read_place(venue: Venue, choices: Choices, form: ComposeForm) -> Request | None:
    """What is asked for, when, of whom and where; None when a field holds what cannot be."""
    variant = choices.variant(form.variant.data)
    if variant is None:
        refuse(form.variant, _("Please choose a treatment."))
        return None
    then = _following(choices, form, variant)
    starts_at = None
    try:
        starts_at = read_moment(venue, form.date.data or "", form.time.data or "", form.offset.data or "")
    except NoSuchTime:
        refuse(form.time, _("This time does not exist on that day: the clock is put forward."))
    else:
        if starts_at is None:
            refuse(form.time, _("Please enter a date and a time."))
    therapists, gender = _therapists(choices, form, variant)
    requested = _requested(choices, form, therapists)
    room = choices.room(form.room.data)
    if form.room.data and room is None:
        refuse(form.room, _("This room is not among those of the venue."))
    errors = (form.time.errors, form.therapist.errors, form.second.errors, form.room.errors, form.then.errors)
    if starts_at is None or any(errors):
        return None
    return Request(
        variant=variant, starts_at=starts_at, customer=None, price_minor=0, channel="desk", desk=True,
        guest_count=variant.guest_count, then=then, therapists=therapists, gender_preference=gender, room=room,
        requested=requested,
    )  # fmt: skip


def read_form(venue: Venue, choices: Choices, form: ComposeForm) -> tuple[Sent | None, Matches | None]:
    """What is asked of the service, else None; and, where the guest box could not tell, whom it may mean."""
    is_shaped = form.validate()
    wish = read_place(venue, choices, form)
    guest, matches = read_guest_box(venue, form)
    price = _price(venue, form, wish) if wish else None
    paid_by = form.payment_method.data or None
    if paid_by not in {None, *dict(form.payment_method.choices)}:
        refuse(form.payment_method, _("Please choose one of these."))
    if form.paid.data and paid_by is None:
        refuse(form.payment_method, _("Please say how it was paid."))
    if form.client_type.data not in dict(form.client_type.choices):
        refuse(form.client_type, _("Please choose one of these."))
    if form.overbook.data and not form.overbook_reason.data:
        refuse(form.overbook_reason, _("Please say why it is booked all the same."))
    if form.despite.data and not form.despite_reason.data:
        refuse(form.despite_reason, _("Please say why this guest is booked all the same."))
    if not is_shaped or wish is None or guest is None or price is None or _has_errors(form):
        return None, matches
    language = guest.language if isinstance(guest, Customer) else venue.organisation.default_language
    wish = replace(
        wish, price_minor=price, guest_language=language, notes=form.notes.data or None,
        client_type=form.client_type.data, payment_method=paid_by,
        room_number=(form.room_number.data or None) if venue.venue_type == "hotel" else None,
        overbook_reason=(form.overbook_reason.data or None) if form.overbook.data else None,
        despite=(form.despite_reason.data or None) if form.despite.data else None,
    )  # fmt: skip
    booking_id = as_uuid(form.id.data) or uuid4()
    return Sent(booking_id, wish, guest, paid_by if form.paid.data else None, bool(form.tell.data)), None


def _following(choices: Choices, form: ComposeForm, first: Variant) -> tuple[Variant, ...]:
    asked = [text for text in form.then.data or [] if text]
    found = [choices.variant(text) for text in asked]
    known = [one for one in found if one is not None]
    if len(known) != len(found) or len(found) > MOST_IN_A_ROW:
        refuse(form.then, _("Please choose a treatment."))
    elif any(one.guest_count != first.guest_count for one in known):
        refuse(form.then, _("Treatments in a row are for the same number of guests."))
    elif timedelta(minutes=sum(one.duration for one in (first, *known))) > _LONGEST_VISIT:
        refuse(form.then, _("This is too long for one visit."))
    return tuple(known)


def _therapists(choices: Choices, form: ComposeForm, variant: Variant) -> tuple[tuple[StaffMember, ...], str | None]:
    """Those who are chosen, or the gender that is wished for."""
    fields = [form.therapist, form.second] if variant.guest_count > 1 else [form.therapist]
    found: list[StaffMember] = []
    for field in fields:
        if not field.data or field.data in GENDERS or (field is form.therapist and field.data.startswith(ASK)):
            continue
        member = choices.therapist(field.data)
        if member is None:
            refuse(field, _("This therapist does not treat guests here."))
        elif member in found:
            refuse(field, _("Please choose two different therapists."))
        else:
            found.append(member)
    gender = form.therapist.data if form.therapist.data in GENDERS and not found else None
    return tuple(found), gender


def _requested(choices: Choices, form: ComposeForm, reserved: tuple[StaffMember, ...]) -> StaffMember | None:
    """Whom the guest asked for: she is to be asked first, or is reserved already."""
    wish = form.therapist.data or ""
    if wish.startswith(ASK):
        member = choices.therapist(wish.removeprefix(ASK))
        if member is None:
            refuse(form.therapist, _("This therapist does not treat guests here."))
        return member
    return reserved[0] if reserved and form.asked_for.data else None


def _price(venue: Venue, form: ComposeForm, wish: Request) -> int | None:
    """The price typed, else that of the menu; None when there is neither."""
    typed = form.price.data or ""
    if not typed or typed == (form.priced.data or ""):
        known = menu_price(venue, wish, out_of_hours=is_out_of_hours(venue, wish.starts_at, wish.ends_at))
        if known is None:
            refuse(form.price, _("This treatment is priced on request: please enter its price."))
        return known
    price = amount_minor(typed, venue.currency)
    if price is None or price > _HIGHEST_PRICE:
        refuse(form.price, WANTED)
        return None
    return price


def read_guest_box(venue: Venue, form: ComposeForm) -> tuple[Customer | NewGuest | None, Matches | None]:
    """Who is meant: chosen, or new as typed; else None, and whom the text may mean."""
    text, pick = form.guest.data or "", form.pick.data or ""
    chosen = form.customer.data or (pick if pick != "new" else "")
    if chosen:
        asked = as_uuid(chosen)
        known = find_customer(venue, asked) if asked else None
        if known is None:
            refuse(form.guest, _("Please choose the guest again."))
        return known, None
    typed = read_guest(text, venue.country)
    found = [] if form.create.data or pick == "new" else find_guests(venue.organisation, text)
    if found:
        refuse(form.guest, _("Please choose who it is."))
        return None, Matches(found, typed if typed.is_somebody else None)
    if typed.digits:
        refuse(form.guest, _("“%(text)s” is not a phone number.", text=typed.digits))
        return None, None
    if not typed.is_somebody:
        refuse(form.guest, _("Who is it? Please enter a name, a phone number or an e-mail address."))
        return None, None
    return NewGuest.typed(typed, shared_email=form.shared_email.data == "yes"), None


def _has_errors(form: ComposeForm) -> bool:
    return any(field.errors for field in form)
