"""“Tell me first”: a therapist's wish to be among the first the next time, made from an offer that she missed."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Response, url_for
from flask_babel import gettext as _

from portal.access import Permission, requires
from portal.audit import Actor
from portal.bookings.wishes.queries import get_wish
from portal.bookings.wishes.service import end_wish, wish_for_next
from portal.clock import now
from portal.models import Venue
from portal.offers.cards import card_of
from portal.offers.queries import get_offer
from portal.offers.words import wish_note
from portal.tenancy import current_member
from portal.web import done

wishes = Blueprint("wishes", __name__)

DOOR = "phone"


@wishes.post("/v/<venue>/offers/<uuid:offer>/tell-first")
@requires(Permission.OFFER_ANSWER)
def make(venue: Venue, offer: UUID) -> Response:
    """She came too late and would like to be asked first of the next one."""
    missed = get_offer(venue, current_member(), offer)
    wish = wish_for_next(venue, offer=missed, by=_me())
    card = card_of(missed, at=now(), is_fresh=True, wish=wish)
    return done(
        url_for("offers.day"),
        message=wish_note(wish),
        fragment="offers/_offer.html",
        announce="changed:offers",
        card=card,
    )


@wishes.post("/v/<venue>/wishes/<uuid:wish>/end")
@requires(Permission.OFFER_ANSWER)
def end(venue: Venue, wish: UUID) -> Response:
    """She need not be asked first any more."""
    end_wish(get_wish(venue, current_member(), wish), by=_me())
    return done(url_for("offers.day"), message=_("You are asked in your turn again."), announce="changed:offers")


def _me() -> Actor:
    return Actor.of_member(current_member(), door=DOOR)
