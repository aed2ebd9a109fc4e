"""Text as people read it: nothing left unrendered, and French typography on French pages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element

from tests.support.page import Page

SPOKEN = ("aria-label", "title", "placeholder", "alt", "data-confirm", "hx-confirm")
SILENT = {"script", "style", "template", "code", "pre", "kbd", "samp"}
UNRENDERED = re.compile(r"\{\{|\}\}|\{%|%\(\w+\)[sd]|&(?:amp|lt|gt|quot|#\d+);|<built-in|<bound method|Undefined")
BREAKABLE = re.compile(r"\w* [:;!?»]|« ")
MISSING = re.compile(r"\w{2,}[!?;](?:\s|$)|[^\W\d_]{2,}:(?:\s|$)")


def text_faults(page: Page) -> Iterator[str]:
    """Faults of visible and spoken text."""
    for text, translatable in _texts(page.root, translatable=True):
        if UNRENDERED.search(text) or text.strip() == "None":
            yield f"unrendered or escaped twice: “{text.strip()[:80]}”"
        if translatable and _is_french(page):
            yield from _typography_faults(text)


def _is_french(page: Page) -> bool:
    return (page.root.get("lang") or "").startswith("fr")


def _typography_faults(text: str) -> Iterator[str]:
    if BREAKABLE.search(text):
        yield f"French wants a no-break space, not a plain one: “{text.strip()[:80]}”"
    if MISSING.search(text):
        yield f"French wants a no-break space before : ; ! ?: “{text.strip()[:80]}”"


def _texts(element: Element, *, translatable: bool) -> Iterator[tuple[str, bool]]:
    """Every piece of text with whether it is ours (True) or written by people and not to be judged (False)."""
    if element.tag in SILENT:
        return
    ours = translatable and element.get("translate") != "no" and element.get("lang") in {None, "fr"}
    yield from ((element.attrib[name], ours) for name in SPOKEN if name in element.attrib)
    yield element.text or "", ours
    for child in element:
        if isinstance(child.tag, str):
            yield from _texts(child, translatable=ours)
        yield child.tail or "", ours
