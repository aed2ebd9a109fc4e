"""The headers that every HTML answer carries."""

from __future__ import annotations

import re
from collections.abc import Iterator

from werkzeug.test import TestResponse

from tests.support.page import Page

EXACT = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
PRESENT = ("Referrer-Policy", "Permissions-Policy")
POLICY = {
    "default-src": "'none'",
    "style-src": "'self'",
    "connect-src": "'self'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
    "base-uri": "'none'",
}
SCRIPT = re.compile(r"""<script\b[^>]*\bnonce=["']?([^"'\s>]*)""", re.IGNORECASE)
FORBIDDEN = ("unsafe-inline", "unsafe-eval", "*", "http:", "https:")


def header_faults(response: TestResponse, page: Page) -> Iterator[str]:
    """Missing or weak headers of one HTML answer."""
    for name, value in EXACT.items():
        if response.headers.get(name) != value:
            yield f"header {name}: {value} is missing"
    yield from (f"header {name} is missing" for name in PRESENT if not response.headers.get(name))
    if "HX-Request" not in response.vary:
        yield "header Vary: HX-Request is missing: end the view with web.render or web.done"
    if response.content_type.lower() != "text/html; charset=utf-8":
        yield f"content type {response.content_type}"
    if "no-store" not in (response.headers.get("Cache-Control") or ""):
        yield "header Cache-Control: no-store is missing"
    yield from _policy_faults(response.headers.get("Content-Security-Policy", ""), page)


def _policy_faults(policy: str, page: Page) -> Iterator[str]:
    directives = {words[0]: words[1:] for part in policy.split(";") if (words := part.split())}
    for name, value in POLICY.items():
        if directives.get(name) != [value]:
            yield f"Content-Security-Policy needs {name} {value}"
    for name, words in directives.items():
        yield from (f"Content-Security-Policy: {name} {word}" for word in words if word.strip("'") in FORBIDDEN)
    nonces = re.findall(r"'nonce-([^']+)'", policy)
    if set(SCRIPT.findall(page.html)) - set(nonces):
        yield "a script's nonce is not that of the Content-Security-Policy"
