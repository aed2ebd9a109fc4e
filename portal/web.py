"""How it is answered: a page for a browser, a fragment for htmx. Nothing else knows that htmx exists."""

from __future__ import annotations

import json
from typing import Any

from flask import Response, flash, make_response, redirect, render_template, request
from jinja2_fragments.flask import render_block


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


def render(target: str, status: int = 200, **context: Any) -> Response:
    """End a reading view with `room/page.html#block`: the page for a browser, only the block for htmx.

    A `target` without block is always the whole template.
    """
    template, _, block = target.partition("#")
    if block and is_fragment_request():
        return answer(render_block(template, block, **context), status)
    return answer(render_template(template, **context), status)


def done(to: str, *, message: str, fragment: str, announce: str | None = None, **context: Any) -> Response:
    """End a write. Without htmx: flash and 303 to `to`. With it: the fresh fragment, and the message as a toast.

    `announce` names a client event to which other parts of the screen may listen.
    """
    if not is_fragment_request():
        flash(message, "success")
        return redirect(to, 303)  # type: ignore[return-value]  # werkzeug's response is Flask's at run time
    response = answer(_rendered(fragment, context), 200)
    response.headers["HX-Trigger"] = _events(message, "success", announce)
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


def _events(message: str, kind: str, announce: str | None) -> str:
    # Header values are Latin-1: JSON with escapes carries every language.
    events: dict[str, Any] = {"toast": {"message": message, "kind": kind}}
    if announce:
        events[announce] = {}
    return json.dumps(events)
