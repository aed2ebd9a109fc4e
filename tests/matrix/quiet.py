"""A browser for nonsense: it looks at what comes back, but does not read the nonsense that a page repeats."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from flask import Flask
from werkzeug.test import TestResponse

from tests.matrix.bad_values import LURE, MARKUP
from tests.support.client import PageClient
from tests.support.inspect_document import document_faults
from tests.support.inspect_forms import form_faults
from tests.support.inspect_headers import header_faults
from tests.support.inspect_links import link_faults
from tests.support.page import Page

# What no browser draws as a page.
FILES = {"text/event-stream", "text/calendar", "text/csv", "application/zip", "image/png", "image/jpeg", "image/webp"}
INSIDES = ("Traceback (most recent call last)", "werkzeug.", "sqlalchemy", "psycopg", "sqlite3.")
# What one request may take of the processor, however strange it is.
SECONDS = 2.0


class QuietClient(PageClient):
    """Each answer is readable, below 500, carries no foreign markup and tells nothing of our insides."""

    token = ""
    seen: set[str]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.seen = set()

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        """Send a request; raises AssertionError when its answer is none that a person could be shown."""
        kwargs.setdefault("buffered", False)
        began = time.process_time()
        response = super().open(*args, **kwargs)
        spent = time.process_time() - began
        judge(response)
        assert spent < SECONDS, f"{_asked(response)}: {spent:.1f} s of the processor"
        response.close()
        return response

    def look(self, response: TestResponse) -> None:
        """Everything but the wording, which may repeat what was sent; the same page is looked at once."""
        kind = f"{response.status} {response.request.path[:12]}"
        if kind in self.seen:
            return
        self.seen.add(kind)
        self.page = Page(response.get_data(as_text=True))
        faults = [*document_faults(self.page), *form_faults(self.page), *header_faults(response, self.page)]
        faults += link_faults(self.page, self.application)
        assert not faults, f"{_asked(response)} ({response.status}): {faults}"


def quiet(app: Flask) -> Callable[[], QuietClient]:
    """Further browsers of this kind."""
    return lambda: QuietClient(app, app.response_class, use_cookies=True)


def judge(response: TestResponse) -> None:
    """Raise AssertionError for an answer of 500 and more, for one without words, and for one with foreign markup."""
    asked = _asked(response)
    if response.mimetype in FILES and response.status_code < 400:
        return
    text = response.get_data(as_text=True)
    assert response.status_code < 500, f"{asked}: {response.status}\n{text[:2000]}"
    if response.status_code >= 400 and response.request.method != "HEAD":
        is_readable = response.mimetype in {"text/html", "text/plain", "application/json"} and text.strip()
        assert is_readable or "HX-Trigger" in response.headers, f"{asked}: {response.status} without a word"
    assert not any(markup in text for markup in (MARKUP, LURE)), f"{asked}: markup came back as markup"
    assert not any(name in text for name in INSIDES), f"{asked}: tells of our insides\n{text[:2000]}"
    assert "evil=" not in str(response.headers), f"{asked}: a header was smuggled in"
    led_to = urlsplit(response.location or "")
    is_ours = led_to.netloc in {"", response.request.host} and not led_to.path.startswith(("//", "/\\"))
    assert is_ours, f"{asked}: leads to {response.location}"


def _asked(response: TestResponse) -> str:
    return f"{response.request.method} {response.request.path[:200]}?{response.request.query_string.decode()[:200]}"
