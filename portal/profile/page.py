"""What a guest's profile shows."""

from __future__ import annotations

from typing import Any

import portal.clock as clock
from portal.access import Permission, can, may_change_note
from portal.care.queries import customers_with_notes, list_looks
from portal.customers.twins import twins_of
from portal.messages.log import line_of
from portal.models import Customer, StaffMember, Venue
from portal.profile import words
from portal.profile.forms import ConsentForm, FlagForm, NoteForm, PersonForm, PreferencesForm
from portal.profile.queries import (
    bookings_of,
    count_noshows,
    list_consents,
    list_links,
    list_messages,
    list_notes,
    list_past,
    list_upcoming,
    totals_of,
)
from portal.profile.timeline import timeline
from portal.team.queries import therapists_of
from portal.tenancy import venues_of
from portal.visits.preferences import preferences_of

_FEW, _LINES = 5, 12
PAGE = 30


def profile(venue: Venue, guest: Customer, *, reader: StaffMember, **forms: Any) -> dict[str, Any]:
    """The context of `profile/show.html`: bookings are those of the venues that the reader may see.

    `forms` are those that were sent and could not be taken over.
    """
    organisation, venues, at = venue.organisation, venues_of(reader), clock.now()
    hers = bookings_of(venues, guest)
    may_read_care = can(reader, Permission.CARE_READ)
    notes, links = list_notes(organisation, guest), list_links(organisation, guest)
    moments, _more = timeline(organisation, venues, guest, hers, health=may_read_care, limit=_LINES)
    blank: dict[str, Any] = {
        "note_form": NoteForm(formdata=None),
        "wrong_note": None,
        "likes_form": PreferencesForm.about(guest, therapists_of(venue)),
        "consent_form": ConsentForm(formdata=None),
        "person_form": PersonForm(formdata=None),
        "matches": [],
        "flag_form": FlagForm(formdata=None, flag=guest.flag, reason=guest.flag_reason),
    }
    return {
        **blank,
        **forms,
        "venue": venue,
        "guest": guest,
        "upcoming": list_upcoming(venues, hers, at=at, limit=20),
        "past": list_past(venues, hers, at=at, limit=_FEW + 1),
        "few": _FEW,
        "totals": totals_of(venues, guest),
        "noshows": count_noshows(venues, guest),
        "notes": [(note, may_change_note(reader, note)) for note in notes],
        "likes": preferences_of(guest),
        "consents": list_consents(organisation, guest),
        "books_for": [link for link in links if link.customer_id == guest.id],
        "booked_by": [link for link in links if link.other_id == guest.id],
        "messages": [line_of(one) for one in list_messages(venues, hers, guest, limit=10)],
        "moments": moments,
        "has_care": guest.id in customers_with_notes(organisation, {guest.id}),
        "may_read_care": may_read_care,
        "looks": list_looks(organisation, guest.uuid, limit=20) if may_read_care else [],
        "may_edit": can(reader, Permission.CUSTOMER_EDIT),
        "may_hand_out": can(reader, Permission.CUSTOMER_EXPORT),
        "twins": twins_of(organisation, guest, but=guest.id),
        "may_flag": can(reader, Permission.CUSTOMER_FLAG),
        "several_venues": len(venues) > 1,
        "words": words,
        "state_of": state_of,
    }


def state_of(booking: Any) -> str:
    """The state as the desk sees it: an arrival shows before the treatment begins."""
    return "arrived" if booking.arrived_at and booking.is_open else str(booking.status)
