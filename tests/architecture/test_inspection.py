"""The inspector finds what it looks for: a check that cannot fail would prove nothing."""

from __future__ import annotations

import pytest
from flask import Flask, Response
from werkzeug.test import Client, TestResponse

from tests.support.inspection import inspect
from tests.support.page import Page
from tests.support.portal_app import make_app

GOOD = """<!doctype html><html lang="fr"><head><title>Agenda</title></head><body><main><h1>Agenda</h1>
<p>Êtes-vous prête\N{NO-BREAK SPACE}? À 10:30 chez <span translate="no">Spa: Lutèce</span></p>
<form action="/login" method="post"><input type="hidden" name="csrf_token" value="x">
<label for="email">Adresse</label><input id="email" name="email"></form></main></body></html>"""

FAULTS = {
    ("<title>Agenda</title>", ""): "no <title>",
    ('lang="fr"', ""): "lang=fr or lang=en",
    ("<h1>Agenda</h1>", ""): "exactly one <h1>",
    ("<h1>", '<h1 id="email">'): "stands 2 times",
    ("<h1>", '<h1 style="color: red">'): "the CSP refuses it; use a class",
    ("<h1>", '<h1 onclick="x()">'): "use a module in static/js",
    ("</main>", "<script>x()</script></main>"): "needs the nonce",
    ('<label for="email">Adresse</label>', ""): "needs a label",
    ('<input type="hidden" name="csrf_token" value="x">', ""): "needs a csrf_token field",
    (' action="/login"', ""): "needs an action",
    ("<h1>", "<h1>{{ title }}"): "unrendered",
    ("<h1>Agenda", "<h1>Thérèse &amp;amp; Marc"): "unrendered or escaped twice",
    ("prête\N{NO-BREAK SPACE}?", "prête ?"): "not a plain one",
    ("prête\N{NO-BREAK SPACE}?", "prête?"): "a no-break space before",
    ("<h1>", '<a href="/nowhere">x</a><h1>'): "dead link: <a> → GET /nowhere",
    ("<h1>", '<a href="#nowhere">x</a><h1>'): "nothing on the page is called",
    ("<h1>", '<button type="button"></button><h1>'): "has no text",
    ("</main>", "</div></main>"): "HTML: ",
}


@pytest.fixture
def good(portal: Flask) -> TestResponse:
    """An answer with all headers that a page needs."""
    portal_client = Client(_answer(portal))
    return portal_client.get("/login")


def test_a_good_page_passes(good: TestResponse, portal: Flask) -> None:
    inspect(good, Page(GOOD), portal)


@pytest.mark.parametrize("change", FAULTS, ids=lambda change: FAULTS[change][:30])
def test_a_fault_is_found(good: TestResponse, portal: Flask, change: tuple[str, str]) -> None:
    assert change[0] in GOOD
    with pytest.raises(AssertionError) as told:
        inspect(good, Page(GOOD.replace(*change, 1)), portal)
    assert FAULTS[change] in str(told.value)


def test_the_client_inspects_what_it_gets() -> None:
    app = make_app("sqlite:////there/is/no/database")
    app.add_url_rule("/bad", view_func=lambda: "<!doctype html><h1>Bad</h1>")
    with pytest.raises(AssertionError, match="the page has no <title>"):
        app.test_client().get("/bad")


@pytest.mark.parametrize("name", ["X-Frame-Options", "Content-Security-Policy", "Vary", "Cache-Control"])
def test_a_missing_header_is_found(good: TestResponse, portal: Flask, name: str) -> None:
    del good.headers[name]
    with pytest.raises(AssertionError, match=name):
        inspect(good, Page(GOOD), portal)


def _answer(portal: Flask) -> Response:
    with portal.test_request_context("/login"):
        response = portal.process_response(Response(GOOD, mimetype="text/html"))
    response.vary.add("HX-Request")
    return response
