"""What a link in a message opens: one offer, two buttons, in the language of whom it was sent to."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, Response, request, url_for
from flask_babel import force_locale

import portal.web as web
from portal.bookings.errors import OfferExpired
from portal.clock import now
from portal.errors import Conflict
from portal.i18n import language_of_letter
from portal.links import service
from portal.links.service import Asked, open_link
from portal.models import Offer
from portal.notices.tokens import LINK, notice_of
from portal.offers.answers import refusal_of
from portal.offers.cards import Card, card_of, late_card
from portal.session.throttle import network_of

links = Blueprint("links", __name__)


@links.get("/offer/<token>")
def show(token: str) -> Response:
    """The offer as it stands. Changes nothing: programs that look at links in mail come here too."""
    asked = _asked(token)
    with force_locale(language_of_letter(asked.member)):
        return _page(token, _card(asked.offer))


@links.post("/offer/<token>/accept")
def accept(token: str) -> Response:
    """She takes it."""
    return _answer(token, service.accept)


@links.post("/offer/<token>/decline")
def decline(token: str) -> Response:
    """She would rather not."""
    return _answer(token, service.decline)


@links.after_request
def keep_secret(response: Response) -> Response:
    """The address is a key: no other site is told where somebody came from, and nobody lists it."""
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


def _answer(token: str, verb: Callable[..., Offer]) -> Response:
    asked = _asked(token)
    with force_locale(language_of_letter(asked.member)):
        try:
            verb(asked, shown=request.form.get("shown", ""))
        except Conflict as refusal:
            return _page(token, service.refused_card(asked, refusal), refusal.status)
        return web.go(url_for("links.show", token=token))


def _asked(token: str) -> Asked:
    return open_link(notice_of(token, LINK), network=network_of(request.remote_addr))


def _card(offer: Offer) -> Card:
    at = now()
    is_over = offer.is_open and offer.item.starts_at <= at
    return late_card(offer, refusal_of(offer, OfferExpired()), at=at) if is_over else card_of(offer, at=at)


def _page(token: str, card: Card, status: int = 200) -> Response:
    return web.render("links/offer.html", status, card=card, token=token)
