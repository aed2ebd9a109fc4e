"""The portal as an app on the home screen: its manifest, its service worker, the page without network."""

from __future__ import annotations

import json
from pathlib import Path

from flask import Blueprint, Response, current_app, make_response, url_for
from flask_babel import force_locale
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound

import portal.web as web
from portal.assets import asset, squeeze_js
from portal.i18n import LANGUAGES
from portal.installed.shell import files, version

installed = Blueprint("installed", __name__)


@installed.get("/manifest-<language>.webmanifest")
def manifest(language: str) -> Response:
    """What the home screen shows, in one language."""
    _check(language)
    with force_locale(language):
        body = json.dumps(_manifest(language), ensure_ascii=False)
    return make_response(body, {"Content-Type": "application/manifest+json; charset=utf-8"})


@installed.get("/service-worker.js")
def service_worker() -> Response:
    """At the root, so that it may serve every page; it begins with what it is to keep."""
    script = Path(current_app.static_folder or "", "js", "service-worker.js").read_text("utf-8")
    pages = {language: url_for("installed.offline", language=language) for language in LANGUAGES}
    shell = {"version": version(), "files": files(), "pages": pages}
    body = f"self.shell = {json.dumps(shell)};\n{squeeze_js(script)}"
    return make_response(body, {"Content-Type": "text/javascript; charset=utf-8", "Cache-Control": "no-cache"})


@installed.get("/offline/<language>")
def offline(language: str) -> Response:
    """What is shown without network when no day is kept."""
    _check(language)
    with force_locale(language):
        template = current_app.jinja_env.get_template("installed/offline.html")
        return web.answer(template.render(current_locale=language), 200)


def _check(language: str) -> None:
    if language not in LANGUAGES:
        raise NotFound()


def _manifest(language: str) -> dict[str, object]:
    def icon(name: str, size: int, purpose: str = "any") -> dict[str, str]:
        return {"src": asset(f"icons/{name}.png"), "sizes": f"{size}x{size}", "type": "image/png", "purpose": purpose}

    return {
        "id": "/", "name": "Thermes", "short_name": "Thermes", "lang": language, "dir": "ltr",
        "description": _("Offers, my day and my week, on my phone"),
        "start_url": "/", "scope": "/", "display": "standalone", "orientation": "any",
        "background_color": "#f6f3ec", "theme_color": "#11513a",
        "icons": [icon("app-192", 192), icon("app-512", 512), icon("app-maskable-512", 512, "maskable")],
        "shortcuts": [
            {"name": _("My day"), "url": "/my/day#my-day"},
            {"name": _("Offers"), "url": "/my/day#offers"},
        ],
    }  # fmt: skip
