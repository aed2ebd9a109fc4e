"""Security headers of every answer, the nonce of the content security policy, and where a write may come from."""

from __future__ import annotations

import secrets
from urllib.parse import urlsplit

from flask import Flask, Response, current_app, g, request
from flask_babel import lazy_gettext as _l

from portal.errors import NotAllowed

_ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
}


def csp_nonce() -> str:
    """The nonce that scripts of this answer carry: 128 random bits, new for each answer."""
    if "csp_nonce" not in g:
        g.csp_nonce = secrets.token_urlsafe(16)
    return str(g.csp_nonce)


def register_headers(app: Flask) -> None:
    """Put the headers on every answer, errors and static files included."""
    app.after_request(_protect)
    app.jinja_env.globals["csp_nonce"] = csp_nonce


def refuse_foreign_origin(*, apis: frozenset[str]) -> None:
    """Let a write in only from our own pages, as far as the browser tells; the blueprints `apis` take no cookies.

    Stands beside the CSRF token, not instead of it. Raises NotAllowed.
    """
    if request.method in {"GET", "HEAD", "OPTIONS"} or not request.endpoint or request.blueprint in apis:
        return
    site = request.headers.get("Sec-Fetch-Site", "")
    if site in {"cross-site", "same-site"} or not _is_own_origin(request.headers.get("Origin"), site):
        raise NotAllowed(_l("This was sent from another site. Nothing was changed. Please use the pages of Thermes."))


def _is_own_origin(origin: str | None, site: str) -> bool:
    if origin is None:
        return True
    if origin == "null":  # a browser that hides where it comes from, yet vouches for itself
        return site == "same-origin"
    own = urlsplit(current_app.config["SETTINGS"].base_url)
    return origin.lower() in {request.host_url.rstrip("/").lower(), f"{own.scheme}://{own.netloc}".lower()}


def _protect(response: Response) -> Response:
    for name, value in _ALWAYS.items():
        response.headers.setdefault(name, value)
    response.headers.setdefault("Content-Security-Policy", _policy())
    if current_app.config["SETTINGS"].https:
        response.headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
    if request.endpoint != "static" or response.status_code >= 400:
        response.headers.setdefault("Cache-Control", "no-store")
        response.vary.add("Cookie")
    return response


def _policy() -> str:
    script = f"'self' 'nonce-{g.csp_nonce}'" if "csp_nonce" in g else "'self'"
    return (
        f"default-src 'none'; script-src {script}; style-src 'self'; img-src 'self' data:; font-src 'self'; "
        "connect-src 'self'; manifest-src 'self'; worker-src 'self'; form-action 'self'; "
        "frame-ancestors 'none'; base-uri 'none'; object-src 'none'"
    )
