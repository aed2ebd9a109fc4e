"""No dead links: whatever a page points at exists on this server."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit
from xml.etree.ElementTree import Element

from flask import Flask
from werkzeug.exceptions import HTTPException
from werkzeug.routing import MapAdapter, RequestRedirect

from tests.support.page import Page

POINTERS = {
    "href": "GET",
    "src": "GET",
    "hx-get": "GET",
    "hx-post": "POST",
    "hx-put": "PUT",
    "hx-patch": "PATCH",
    "hx-delete": "DELETE",
    "hx-sse:connect": "GET",
    "formaction": "POST",
}
ELSEWHERE = {"mailto", "tel", "data", "blob", "http", "https", "sms"}


def link_faults(page: Page, app: Flask) -> Iterator[str]:
    """Faults of links, actions and assets; the addresses of other servers are not looked at."""
    routes = app.url_map.bind("localhost")
    for element, url, method in _pointers(page):
        parts = urlsplit(url)
        if parts.scheme in ELSEWHERE or parts.netloc:
            continue
        if not parts.path:
            yield from _anchor_faults(page, url, parts.fragment)
        elif not _exists(app, routes, parts.path, method):
            yield f"dead link: <{element.tag}> → {method} {url}"


def _pointers(page: Page) -> Iterator[tuple[Element, str, str]]:
    for element in page.root.iter():
        for attribute, method in POINTERS.items():
            if attribute in element.attrib:
                yield element, element.attrib[attribute], method
        if element.tag == "form" and element.get("action"):
            yield element, element.attrib["action"], (element.get("method") or "get").upper()


def _anchor_faults(page: Page, url: str, anchor: str) -> Iterator[str]:
    if page.is_fragment or url.startswith("?"):
        return
    if not anchor or page.root.find(f".//*[@id='{anchor}']") is None:
        yield f"dead link: nothing on the page is called “{url}”"


def _exists(app: Flask, routes: MapAdapter, path: str, method: str) -> bool:
    try:
        endpoint, values = routes.match(unquote(path), method=method)
    except RequestRedirect:
        return True
    except HTTPException:
        return False
    return endpoint != "static" or Path(app.static_folder or "", values["filename"]).is_file()
