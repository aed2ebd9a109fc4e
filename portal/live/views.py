"""Who listens: one stream of server-sent events per open page."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from flask import Blueprint, Response, current_app, request

from portal.access import Permission, requires
from portal.database import db
from portal.live.hub import Full, hub_of
from portal.live.stream import Listener
from portal.models import Venue
from portal.tenancy import current_login, current_member, venues_of

live = Blueprint("live", __name__)

BUSY_SECONDS = 15


@live.get("/me")
@requires(Permission.LIVE_LISTEN)
def mine() -> Response:
    """What changes at all venues that the member may see."""
    return _listen(venues_of(current_member()))


@live.get("/<venue>")
@requires(Permission.LIVE_LISTEN)
def venue(venue: Venue) -> Response:
    """What changes at one venue."""
    return _listen([venue])


def _listen(venues: Iterable[Venue]) -> Response:
    # A server without threads would answer nobody else: its pages poll instead.
    if request.method == "HEAD" or not request.environ.get("wsgi.multithread"):
        return _busy()
    listener = Listener(current_login().id, current_member().role, frozenset(venue.id for venue in venues))
    # The stream outlives the request, and on SQLite a thread that reads on two connections at once might wait for a
    # writer that waits for it.
    db.session.remove()
    hub = hub_of(current_app._get_current_object(), db.engine)  # type: ignore[attr-defined]  # werkzeug's proxy
    try:
        peer = request.environ.get("gunicorn.socket")
        stream = hub.open(listener, after=_last_id(), since=_drawn_at(), peer=peer)
    except Full:
        return _busy()
    response = Response(stream.messages(), mimetype="text/event-stream")
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Accel-Buffering"] = "no"
    response.call_on_close(lambda: hub.leave(stream))
    return response


def _busy() -> Response:
    return Response(status=503, headers={"Retry-After": str(BUSY_SECONDS)}, mimetype="text/plain")


def _last_id() -> int | None:
    """Where the page was when its stream was cut: browsers say it in the header, our script in the address."""
    given = request.headers.get("Last-Event-ID") or request.args.get("last_event_id", "")
    return int(given) if given.isascii() and given.isdigit() and len(given) <= 18 else None


def _drawn_at() -> datetime | None:
    """When the page was drawn: what changed between that and its first stream is told."""
    try:
        given = datetime.fromisoformat(request.args.get("since", ""))
    except ValueError:
        return None
    return given if given.tzinfo is not None else None
