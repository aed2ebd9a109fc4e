"""What an installed app keeps on the phone: files of ours that are the same for everybody."""

from __future__ import annotations

import hashlib

from flask import url_for

from portal.assets import asset

# What the pages of the phone load, as they name it; each address changes with its content.
_ASSETS = (
    "css/app.css", "css/phone.css", "css/print.css", "favicon.svg", "icons.svg", "js/app.js", "js/clock.js",
    "js/installed.js", "js/live.js", "js/offline.js", "js/phone.js", "vendor/htmx-4.0.1/htmx.min.js",
)  # fmt: skip
# What style sheets and the manifest name: their own names change instead.
_PLAIN = (
    "fonts/figtree-5.3.0-latin.woff2", "fonts/fraunces-5.3.0-latin.woff2", "icons/app-192.png", "icons/badge-96.png",
)  # fmt: skip


def files() -> list[str]:
    """The addresses of the files to keep."""
    return [*map(asset, _ASSETS), *(url_for("static", filename=name) for name in _PLAIN)]


def version() -> str:
    """Another one whenever one of the files is another one."""
    return hashlib.sha256("\n".join(files()).encode()).hexdigest()[:12]
