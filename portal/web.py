"""How it is answered: a page for a browser, a fragment for htmx. Nothing else knows that htmx exists."""

from __future__ import annotations

import json
from typing import Any, Protocol
from urllib.parse import urlsplit

from flask import Response, flash, g, make_response, redirect, render_template, request, url_for
from jinja2.utils import htmlsafe_json_dumps
from jinja2_fragments.flask import render_block


class Undoable(Protocol):
    """A change that can be taken back, known by its public identifier."""

    @property
    def uuid(self) -> Any: ...


def is_fragment_request() -> bool:
    """Whether htmx asks for a piece of the page (neither a boosted link nor a restored history entry)."""
    headers = request.headers
    return (
        headers.get("HX-Request") == "true"
        and headers.get("HX-Boosted") != "true"
        and headers.get("HX-History-Restore-Request") != "true"
    )


def page_around() -> str:
    """The address of the page that a fragment is asked for."""
    return request.headers.get("HX-Current-URL", "")


def page_before() -> str:
    """Where a form without htmx came from, if that is ours: the fresh page tells what has changed."""
    return ours(request.referrer or "")


def ours(address: str) -> str:
    """The path of an address on this host, else nothing."""
    parts = urlsplit(address)
    is_ours = parts.netloc == request.host and parts.path and not parts.path.startswith("//")
    return parts._replace(scheme="", netloc="").geturl() if is_ours else ""


def render(target: str, status: int = 200, **context: Any) -> Response:
    """End a reading view with `room/page.html#block`: the page for a browser, only the block for htmx.

    A `target` without block is always the whole template.
    """
    template, _, block = target.partition("#")
    if block and is_fragment_request():
        return answer(render_block(template, block, **context), status)
    return answer(render_template(template, **context), status)


def done(
    to: str,
    *,
    message: str,
    fragment: str | None = None,
    announce: str | None = None,
    undo: Undoable | None = None,
    **context: Any,
) -> Response:
    """End a write. Without htmx: flash and 303 to `to`. With it: the fresh fragment, and the message as a toast.

    Without a `fragment` nothing is swapped: the parts of the screen that changed hear of it and fetch themselves.
    `announce` names a client event to which other parts may listen. With `undo`, a change of the venue in the URL,
    the message offers to take it back.
    """
    way_back = url_for("undo.change", venue=g.venue.slug, change=undo.uuid) if undo else None
    if not is_fragment_request():
        flash(message, f"undo {way_back}" if way_back else "success")
        return redirect(to, 303)  # type: ignore[return-value]  # werkzeug's response is Flask's at run time
    response = answer(_rendered(fragment, context) if fragment else "", 200)
    if not fragment:
        response.headers["HX-Reswap"] = "none"
    response.headers["HX-Trigger"] = _events(message, "success", announce, undo=way_back)
    return response


def too_late(to: str, *, message: str, fragment: str, **context: Any) -> Response:
    """End a write that met a newer state. Without htmx: flash and 303 to `to`, which shows that state.

    With it: 409, the fresh fragment, and the message as a toast.
    """
    if not is_fragment_request():
        flash(message, "info")
        return redirect(to, 303)  # type: ignore[return-value]  # see done()
    response = answer(_rendered(fragment, context), 409)
    response.headers["HX-Trigger"] = _events(message, "info", None)
    return response


def refuse(message: str, status: int, *, reload: bool = False) -> Response:
    """Answer htmx with a toast alone: nothing is swapped; with `reload` stale parts of the page fetch themselves."""
    response = answer("", status)
    response.headers["HX-Reswap"] = "none"
    response.headers["HX-Trigger"] = _events(message, "error", "stale" if reload else None)
    return response


def data(found: Any) -> Response:
    """Answer a script of ours with JSON in which no name can pass for markup."""
    return make_response(str(htmlsafe_json_dumps(found)), {"Content-Type": "application/json"})


def announce(event: str) -> Response:
    """Answer htmx with a client event alone: nothing is swapped, other parts of the screen may listen."""
    response = answer("", 200)
    response.headers["HX-Reswap"] = "none"
    response.headers["HX-Trigger"] = json.dumps({event: {}})
    return response


def go(to: str) -> Response:
    """Send the browser to another page, whoever asks."""
    if not is_fragment_request():
        return redirect(to, 303)  # type: ignore[return-value]  # see done()
    response = answer("", 200)
    response.headers["HX-Redirect"] = to
    return response


def _rendered(fragment: str, context: dict[str, Any]) -> str:
    template, _, block = fragment.partition("#")
    return render_block(template, block, **context) if block else render_template(template, **context)


def answer(body: str, status: int) -> Response:
    """A body that is different for htmx."""
    response = make_response(body, status)
    response.vary.add("HX-Request")
    return response


def _events(message: str, kind: str, announce: str | None, *, undo: str | None = None) -> str:
    # Header values are Latin-1: JSON with escapes carries every language.
    events: dict[str, Any] = {"toast": {"message": message, "kind": kind} | ({"undo": undo} if undo else {})}
    if announce:
        events[announce] = {}
    return json.dumps(events)
