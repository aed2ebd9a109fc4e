"""An offer as its therapist may see it: nothing of the guest before she has accepted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from flask_babel import LazyString
from flask_babel import gettext as _

from portal.bookings.errors import AlreadyTaken, NotFree, OfferCancelled, OfferExpired
from portal.bookings.words import DECLINE_WORDS
from portal.errors import PortalError
from portal.i18n import day_and_time, language, name_of, spoken_day_and_time, spoken_time
from portal.models import Booking, BookingItem, Offer, Room
from portal.models.offer import ACCEPTED, CANCELLED, DECLINED, OPEN, TAKEN, WITHDRAWN


@dataclass(frozen=True, slots=True)
class Card:
    """`state` is the offer's status, or `late` for one that cannot be had any more; `answer` is then the sentence.

    `is_fresh` marks the answer to a tap, which takes the focus.
    """

    id: UUID
    venue_slug: str
    venue: str
    starts_at: datetime
    when: str
    minutes: int
    treatment: str
    rooms: str
    guests: int
    gender_note: str
    language_note: str
    out_of_hours: bool
    partner: str | None
    is_test: bool
    state: str
    answer: str
    is_fresh: bool = False

    @property
    def is_open(self) -> bool:
        return self.state == OPEN

    @property
    def is_mine(self) -> bool:
        return self.state == ACCEPTED

    @property
    def reasons(self) -> Mapping[str, LazyString]:
        """Why she may say no, in words; no reason is as good as any."""
        return DECLINE_WORDS


def card_of(offer: Offer, *, is_fresh: bool = False) -> Card:
    """The offer as it stands."""
    return _card(offer, offer.status, _answer(offer), is_fresh=is_fresh)


def late_card(offer: Offer, refusal: PortalError) -> Card:
    """The offer that she could not have, with the reason in place of the buttons."""
    return _card(offer, "late", _too_late(offer, refusal), is_fresh=True)


def rooms_of(item: BookingItem) -> str:
    """The rooms that are reserved for the item."""
    rooms = (claim.resource for claim in item.claims if claim.active)
    return ", ".join(name_of(room) for room in rooms if isinstance(room, Room))


def language_note(booking: Booking) -> str:
    """Which language the guest speaks, where that is not the reader's."""
    if booking.guest_language == language():
        return ""
    return _("The guest speaks English") if booking.guest_language == "en" else _("The guest speaks French")


def _card(offer: Offer, state: str, answer: str, *, is_fresh: bool) -> Card:
    item, booking = offer.item, offer.item.booking
    return Card(
        id=offer.uuid,
        venue_slug=booking.venue.slug,
        venue=name_of(booking.venue),
        starts_at=item.starts_at,
        when=day_and_time(item.starts_at, booking.venue.timezone),
        minutes=item.duration,
        treatment=name_of(item.treatment),
        rooms=rooms_of(item),
        guests=item.guest_count,
        gender_note=_gender_note(item),
        language_note=language_note(booking),
        out_of_hours=item.out_of_hours,
        partner=booking.api_key.name if booking.api_key else None,
        is_test=booking.test,
        state=state,
        answer=answer,
        is_fresh=is_fresh,
    )


def _gender_note(item: BookingItem) -> str:
    wishes = {"female": _("The guest would rather have a woman"), "male": _("The guest would rather have a man")}
    return wishes.get(item.gender_preference or "", "")


def _answer(offer: Offer) -> str:
    if offer.status == ACCEPTED:
        return _won(offer.item)
    return {
        OPEN: "",
        DECLINED: _("You declined. There is nothing else to do."),
        WITHDRAWN: _("You gave it back. Your colleagues are asked now."),
        TAKEN: str(AlreadyTaken.message),
        CANCELLED: str(OfferCancelled.message),
    }[offer.status]


def _won(item: BookingItem) -> str:
    when, rooms = spoken_day_and_time(item.starts_at, item.booking.venue.timezone), rooms_of(item)
    if item.therapists_missing:
        return _("It's yours. %(when)s, %(room)s. One more therapist is needed.", when=when, room=rooms)
    return _("It's yours. %(when)s, %(room)s.", when=when, room=rooms)


def _too_late(offer: Offer, refusal: PortalError) -> str:
    zone = offer.item.booking.venue.timezone
    if isinstance(refusal, NotFree) and refusal.details.get("interval"):
        start, end = (spoken_time(instant, zone) for instant in refusal.details["interval"])
        return _("You are not free at that time (%(start)s–%(end)s).", start=start, end=end)
    if isinstance(refusal, OfferExpired):
        return _("Too late for this one (closed %(time)s).", time=spoken_time(offer.item.starts_at, zone))
    return str(refusal.message)
