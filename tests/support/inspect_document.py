"""The frame of a page: language, title, one heading, unique ids, nothing that the CSP would refuse."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from tests.support.page import Page

REFERENCES = ("aria-labelledby", "aria-describedby", "aria-owns", "aria-activedescendant")


def document_faults(page: Page) -> Iterator[str]:
    """Faults of the document as a whole and of its attributes."""
    yield from (f"HTML: {error}" for error in page.parse_errors)
    if not page.is_fragment:
        yield from _frame_faults(page)
    yield from _id_faults(page)
    yield from _policy_faults(page)
    yield from _alternative_faults(page)


def _frame_faults(page: Page) -> Iterator[str]:
    if page.root.get("lang") not in {"fr", "en"}:
        yield "<html> needs lang=fr or lang=en"
    title = page.root.findtext(".//head/title") or ""
    if not title.strip():
        yield "the page has no <title>"
    for tag in ("h1", "main"):
        if (found := len(page.all(f".//{tag}"))) != 1:
            yield f"a page has exactly one <{tag}>, this one has {found}"


def _id_faults(page: Page) -> Iterator[str]:
    ids = Counter(element.get("id") for element in page.root.iter() if element.get("id") is not None)
    yield from (f"id “{name}” stands {times} times" for name, times in ids.items() if times > 1)
    if page.is_fragment:
        return  # may point at what stands on the page already
    for element in page.root.iter():
        for attribute in REFERENCES:
            for name in (element.get(attribute) or "").split():
                if name not in ids:
                    yield f"{attribute} points at “{name}”, which is not on the page"


def _policy_faults(page: Page) -> Iterator[str]:
    for element in page.root.iter():
        for name, value in element.attrib.items():
            if name == "style":
                yield f"<{element.tag} style=…>: the CSP refuses it; use a class"
            if name.startswith(("on", "hx-on")):
                yield f"<{element.tag} {name}=…>: the CSP refuses it; use a module in static/js"
            if value.strip().lower().startswith("javascript:"):
                yield f"<{element.tag} {name}=“javascript:…”>"
    for script in page.all(".//script"):
        data = script.get("type") in {"application/json", "application/ld+json"}
        if not (script.get("src") or script.get("nonce") or data):
            yield "an inline <script> needs the nonce"
    if page.all(".//style") and not all(style.get("nonce") for style in page.all(".//style")):
        yield "an inline <style> needs the nonce"


def _alternative_faults(page: Page) -> Iterator[str]:
    for image in page.all(".//img"):
        if image.get("alt") is None:
            yield f"<img src=“{image.get('src')}”> needs alt"
    for link in page.all(".//a[@target='_blank']"):
        if "noopener" not in (link.get("rel") or ""):
            yield f"the link to {link.get('href')} opens a tab and needs rel=noopener"
