"""Forms that work without JavaScript, with a token, and whose every control has a name for those who cannot see it."""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree.ElementTree import Element

from tests.support.page import Page

UNLABELLED = {"hidden", "submit", "button", "reset", "image"}


def form_faults(page: Page) -> Iterator[str]:
    """Faults of forms and controls."""
    for form in page.all(".//form"):
        yield from _sending_faults(form)
    labelled = {label.get("for") for label in page.all(".//label")}
    for element in page.root.iter():
        if element.tag in {"input", "select", "textarea"} and element.get("type") not in UNLABELLED:
            if not _has_label(page, element, labelled):
                yield f"<{element.tag} name=“{element.get('name')}”> needs a label"
        elif element.tag in {"button", "a", "summary"} and not _has_name(element):
            yield f"<{element.tag} {_attributes(element)}> has no text and no aria-label"


def _sending_faults(form: Element) -> Iterator[str]:
    action, method = form.get("action"), (form.get("method") or "").lower()
    if not action:
        yield "a form needs an action: it must work without JavaScript"
    if method not in {"get", "post", "dialog"}:
        yield f"the form to {action} needs method=get or method=post"
    if method == "post" and form.find(".//input[@name='csrf_token']") is None:
        yield f"the form to {action} needs a csrf_token field"
    if method == "get" and form.find(".//input[@name='csrf_token']") is not None:
        yield f"the form to {action} would put the CSRF token into the URL"
    if form.get("hx-post") and method != "post":
        yield f"hx-post on a form that is not method=post ({action})"


def _has_label(page: Page, element: Element, labelled: set[str | None]) -> bool:
    if element.get("aria-label") or element.get("aria-labelledby") or element.get("title"):
        return True
    if element.get("id") is not None and element.get("id") in labelled:
        return True
    return any(ancestor.tag == "label" for ancestor in page.ancestors(element))


def _has_name(element: Element) -> bool:
    if element.get("aria-label") or element.get("aria-labelledby") or element.get("title"):
        return True
    named_inside = any(part.get("alt") or part.get("aria-label") for part in element.iter())
    return named_inside or bool(Page.text_of(element)) or element.get("aria-hidden") == "true"


def _attributes(element: Element) -> str:
    return " ".join(f"{name}=“{value}”" for name, value in list(element.attrib.items())[:4])
