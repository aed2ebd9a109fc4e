"""A test client that behaves like a browser and looks at every page it gets."""

from __future__ import annotations

import contextvars
from collections.abc import Callable, Mapping
from typing import Any
from xml.etree.ElementTree import Element

from flask import globals as flask_globals
from flask import has_app_context
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from portal.database import db
from tests.support.inspection import inspect
from tests.support.page import Page


class PageClient(FlaskClient):
    """Every answer is inspected (see inspection.py); `client.page` is the last HTML page or fragment.

    A request sees what the test has built, and the test then sees what the request has changed: the test's session is
    committed before and its objects expire after. Nothing else is shared: the request gets a context of its own.
    """

    page: Page

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        """Send a request; raises AssertionError with all faults of the page that came back."""
        _commit()
        response = _on_its_own(lambda: super(PageClient, self).open(*args, **kwargs))
        _expire()
        if response.mimetype == "text/html" and response.data and not 300 <= response.status_code < 400:
            self.look(response)
        return response

    def look(self, response: TestResponse) -> None:
        """Keep the answer as `page`; raises AssertionError with all its faults."""
        self.page = Page(response.get_data(as_text=True))
        inspect(response, self.page, self.application)

    def submit(self, form: str = ".//form", values: Mapping[str, str] | None = None, **words: Any) -> TestResponse:
        """Send the one form of `client.page` at the path `form`, its hidden fields included, filled with `values`."""
        element = self.page.one(form)
        return self.send(element, values, **words)

    def send(self, form: Element, values: Mapping[str, str] | None = None, **words: Any) -> TestResponse:
        """Send a form element as a browser would, filled with `values`."""
        unknown = set(values or {}) - {field.get("name") for field in form.iter()}
        assert not unknown, f"The form has no field named {sorted(unknown)}"
        data = {**Page.values_of(form), **(values or {})}
        method = (form.get("method") or "get").upper()
        place = "query_string" if method == "GET" else "data"
        return self.open(form.get("action"), method=method, **{place: data}, **words)

    def hx(self, url: str, *, method: str = "GET", **words: Any) -> TestResponse:
        """Ask as htmx does, for a fragment; a POST carries the CSRF token of the last page."""
        headers = {"HX-Request": "true", **words.pop("headers", {})}
        if method != "GET" and "X-CSRFToken" not in headers:
            headers["X-CSRFToken"] = self.page.csrf_token
        return self.open(url, method=method, headers=headers, **words)


def _commit() -> None:
    if has_app_context():
        db.session.commit()


def _expire() -> None:
    if has_app_context():
        db.session.expire_all()


def _on_its_own(request: Callable[[], TestResponse]) -> TestResponse:
    """Flask lends a pushed app context to a request; then `g`, the member and the session would leak between them."""

    def run() -> TestResponse:
        flask_globals._cv_app.set(None)  # type: ignore[arg-type]  # no context, as in a server's thread
        return request()

    return contextvars.copy_context().run(run)
