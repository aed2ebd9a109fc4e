"""What a therapist reads about a booking, asked or accepted: where, in which language, for whom it is."""

from __future__ import annotations

from flask_babel import gettext as _

from portal.clock import local_date
from portal.i18n import language, name_of, short_date
from portal.models import Booking, BookingItem, Offer, OfferWish, Room
from portal.models.offer import BECAUSE_REGULAR, BECAUSE_REQUESTED, BECAUSE_WISHED


def rooms_of(item: BookingItem) -> str:
    """The rooms that are reserved for the item."""
    rooms = (claim.resource for claim in item.claims if claim.active)
    return ", ".join(name_of(room) for room in rooms if isinstance(room, Room))


def language_note(booking: Booking) -> str:
    """Which language the guest speaks, where that is not the reader's."""
    if booking.guest_language == language():
        return ""
    return _("The guest speaks English") if booking.guest_language == "en" else _("The guest speaks French")


def gender_note(item: BookingItem) -> str:
    """Whom the guest would rather have."""
    wishes = {"female": _("The guest would rather have a woman"), "male": _("The guest would rather have a man")}
    return wishes.get(item.gender_preference or "", "")


def because_note(offer: Offer) -> str:
    """Why the offer is for her in particular; empty for one that is open to others alike."""
    reasons = {
        BECAUSE_REQUESTED: _("The guest asked for you"),
        BECAUSE_REGULAR: _("Your regular guest"),
        BECAUSE_WISHED: _("You wanted to be told first"),
    }
    return reasons.get(offer.because or "", "")


def wish_note(wish: OfferWish) -> str:
    """For what she is asked with the first next time, and until when."""
    told = {"treatment": name_of(wish.treatment), "until": short_date(local_date(wish.ends_at, wish.venue.timezone))}
    return _("Until %(until)s you are among the first to be asked: %(treatment)s.", **told)
