"""Static files as browsers get them: each kept in memory, scripts and style sheets without what only we read.

Nothing is built: `static/` holds what we write, comments and all. What is vendored is sent as it came.
"""

from __future__ import annotations

import hashlib
import mimetypes
import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from pathlib import Path, PurePosixPath
from typing import NamedTuple

import rjsmin
import tinycss2
from flask import Flask, Response, current_app, request, url_for
from tinycss2.ast import Node
from werkzeug.security import safe_join

from portal.errors import NotFound
from portal.packing import can_unpack, pack_file

_YEAR = 31_536_000
_VERSIONED = re.compile(r"-\d+\.\d+\.\d+\b")
_VENDORED = "vendor"
# Beside these no space has a meaning; before a colon it has: `.table :is(td)` is another selector than `.table:is(td)`.
_NO_SPACE_AFTER = {",", ";", ":", ">", "{} block"}
_NO_SPACE_BEFORE = {",", ";", ">", "{} block", "whitespace"}


class Served(NamedTuple):
    """What is sent of a file, packed too where that helps, and the first twelve hexadecimal digits of its SHA-256."""

    content: bytes
    packed: bytes | None
    fingerprint: str


def register_assets(app: Flask) -> None:
    """Serve `static/` by ourselves and tell templates the addresses."""
    app.view_functions["static"] = _send
    app.jinja_env.globals["asset"] = asset


def asset(path: str) -> str:
    """The address of a static file, with its content's fingerprint so that browsers may keep it for a year."""
    return _address(current_app.static_folder or "", path, request.script_root)


def squeeze_css(text: str) -> str:
    """The same style sheet without its comments and without the spaces that mean nothing."""
    return str(tinycss2.serialize(_squeezed(tinycss2.parse_component_value_list(text, skip_comments=True))))


def squeeze_js(text: str) -> str:
    """The same script without its comments and without the spaces that mean nothing; no name is changed."""
    return str(rjsmin.jsmin(text))


_SQUEEZERS: Mapping[str, Callable[[str], str]] = {".css": squeeze_css, ".js": squeeze_js}


def _send(filename: str) -> Response:
    """A file to be kept for as long as its address can only mean this content, else to be asked for again (304)."""
    path = safe_join(current_app.static_folder or "", filename)
    try:
        content, packed, fingerprint = _served(path or "")
    except (OSError, ValueError):
        raise NotFound() from None
    response = Response(content, mimetype=mimetypes.guess_type(filename)[0] or "application/octet-stream")
    response.set_etag(fingerprint)
    if packed is not None:
        response.vary.add("Accept-Encoding")
        if can_unpack() and "Range" not in request.headers:
            content = packed
            response.set_data(packed)
            response.headers["Content-Encoding"] = "gzip"
            response.set_etag(f"{fingerprint}-gzip")
    if request.args.get("v") == fingerprint or _VERSIONED.search(filename):
        response.cache_control.public = response.cache_control.immutable = True
        response.cache_control.max_age = _YEAR
    else:
        response.cache_control.no_cache = True
    response.make_conditional(request, accept_ranges=True, complete_length=len(content))
    return response


@lru_cache(maxsize=256)
def _address(folder: str, path: str, _script_root: str) -> str:
    return url_for("static", filename=path, v=_served(str(Path(folder, path))).fingerprint)


@lru_cache(maxsize=256)
def _served(path: str) -> Served:
    content = Path(path).read_bytes()
    squeeze = _SQUEEZERS.get(PurePosixPath(path).suffix)
    if squeeze and _VENDORED not in PurePosixPath(path).parts:
        content = squeeze(content.decode()).encode()
    return Served(content, pack_file(content), hashlib.sha256(content).hexdigest()[:12])


def _squeezed(nodes: list[Node]) -> list[Node]:
    kept: list[Node] = []
    for node, after in zip(nodes, [*nodes[1:], None], strict=True):
        if node.type == "whitespace":
            if not kept or not after or _mark(kept[-1]) in _NO_SPACE_AFTER or _mark(after) in _NO_SPACE_BEFORE:
                continue
            node.value = " "
        for inside in ("content", "arguments"):
            if hasattr(node, inside):
                setattr(node, inside, _squeezed(getattr(node, inside)))
        kept.append(node)
    return kept


def _mark(node: Node) -> str:
    return str(node.value if node.type == "literal" else node.type)
