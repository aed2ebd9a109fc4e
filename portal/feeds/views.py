"""The therapist's calendar in her own calendar program."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, make_response, request, url_for
from flask_babel import gettext as _

from portal.access import Permission, requires
from portal.audit import Actor
from portal.feeds.queries import feed_of
from portal.feeds.service import end_feed, read_feed, renew_feed
from portal.i18n import date_and_time
from portal.models import CalendarFeed
from portal.tenancy import current_member, venues_of
from portal.web import done, render

feeds = Blueprint("feeds", __name__)

PAGE = "feeds/calendar.html#feed"
PATIENCE = 60  # seconds for which a program need not ask again


@feeds.get("/my/calendar")
@requires(Permission.OFFER_READ)
def page() -> Response:
    """Whether there is an address, and when it was last read."""
    return render(PAGE, **_shown(feed_of(current_member())))


@feeds.post("/my/calendar")
@requires(Permission.OFFER_ANSWER)
def renew() -> Response:
    """A new address, which this answer alone shows."""
    surname = request.form.get("surname") == "yes"
    feed, token = renew_feed(current_member(), with_surname=surname, by=_me())
    return render(PAGE, **_shown(feed, url_for("feeds.read", token=token, _external=True)))


@feeds.post("/my/calendar/end")
@requires(Permission.OFFER_ANSWER)
def end() -> Response:
    """The address answers no more."""
    end_feed(current_member(), by=_me())
    told = _("Your calendar can no longer be read from outside.")
    return done(url_for("feeds.page"), message=told, fragment=PAGE, **_shown(None))


@feeds.get("/calendar/<token>.ics")
def read(token: str) -> Response:
    """What a calendar program reads; 304 when nothing has changed."""
    response = make_response(read_feed(token))
    response.mimetype = "text/calendar"
    response.headers["Content-Disposition"] = 'inline; filename="thermes.ics"'
    response.headers["Cache-Control"] = f"private, max-age={PATIENCE}"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.add_etag()
    response.make_conditional(request)
    return response


def _shown(feed: CalendarFeed | None, address: str = "") -> dict[str, Any]:
    zone = next((venue.timezone for venue in venues_of(current_member())), "UTC")
    made, read = (feed.created_at, feed.read_at) if feed else (None, None)
    told = {name: date_and_time(at, zone) if at else "" for name, at in (("made", made), ("last_read", read))}
    return {"feed": feed, "address": address, **told}


def _me() -> Actor:
    return Actor.of_member(current_member(), door="phone")
