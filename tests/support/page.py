"""A parsed HTML answer, asked by the short paths of ElementTree: `page.one(".//form[@action='/login']")`."""

from __future__ import annotations

import re
from functools import cached_property
from xml.etree.ElementTree import Element

import html5lib

TABLE_PARTS = {"tr": "tbody", "td": "tr", "th": "tr", "tbody": "table", "thead": "table", "col": "colgroup"}


class Page:
    """A whole page or a fragment, and what a strict parser says about it; it is parsed when somebody asks."""

    def __init__(self, html: str) -> None:
        self.html = html
        self.is_fragment = not re.match(r"\s*<!doctype html>", html, re.IGNORECASE)

    @property
    def root(self) -> Element:
        return self._parsed[0]

    @property
    def parse_errors(self) -> list[str]:
        return self._parsed[1]

    @cached_property
    def parents(self) -> dict[Element, Element]:
        """The parent of each element."""
        return {child: parent for parent in self.root.iter() for child in parent}

    def all(self, path: str) -> list[Element]:
        """Every element on the path."""
        return self.root.findall(path)

    def one(self, path: str) -> Element:
        """The only element on the path; AssertionError when there is none or more than one."""
        found = self.all(path)
        assert len(found) == 1, f"{len(found)} elements match {path} on:\n{self.html[:3000]}"
        return found[0]

    @property
    def text(self) -> str:
        """All visible text, white space collapsed (no-break spaces stay)."""
        return self.text_of(self.root)

    @staticmethod
    def text_of(element: Element) -> str:
        """The text of one element, white space collapsed (no-break spaces stay)."""
        return re.sub(r"[ \t\n]+", " ", "".join(element.itertext())).strip(" ")

    @staticmethod
    def values_of(form: Element) -> dict[str, str]:
        """What a browser would send of an untouched form."""
        values: dict[str, str] = {}
        for field in form.iter():
            name, kind = field.get("name"), field.get("type", "text")
            if not name or kind in {"submit", "button", "image", "reset", "file"} or field.get("disabled") is not None:
                continue
            if field.tag == "input" and (kind not in {"checkbox", "radio"} or field.get("checked") is not None):
                values[name] = field.get("value", "on" if kind == "checkbox" else "")
            elif field.tag == "textarea":
                values[name] = field.text or ""
            elif field.tag == "select":
                values[name] = _chosen(field)
        return values

    @property
    def csrf_token(self) -> str:
        """The token that this page would send; AssertionError when it has none."""
        hidden = [field.get("value", "") for field in self.all(".//input[@name='csrf_token']")]
        meta = [tag.get("content", "") for tag in self.all(".//meta[@name='csrf-token']")]
        assert hidden or meta, f"No CSRF token on:\n{self.html[:2000]}"
        return (hidden + meta)[0]

    def ancestors(self, element: Element) -> list[Element]:
        """From the parent up to the root."""
        found = []
        while element in self.parents:
            element = self.parents[element]
            found.append(element)
        return found

    @cached_property
    def _parsed(self) -> tuple[Element, list[str]]:
        parser = html5lib.HTMLParser(tree=html5lib.getTreeBuilder("etree"), namespaceHTMLElements=False)
        if self.is_fragment:
            root: Element = parser.parseFragment(self.html, container=_container(self.html))
        else:
            root = parser.parse(self.html)
        return root, [f"{code} at line {place[0]}" for place, code, _details in parser.errors]


def _chosen(select: Element) -> str:
    options = list(select.iter("option"))
    chosen = [option for option in options if option.get("selected") is not None] or options[:1]
    return next((option.get("value", option.text or "") for option in chosen), "")


def _container(html: str) -> str:
    first = re.search(r"<([a-z]+)", html)
    return TABLE_PARTS.get(first.group(1), "div") if first else "div"
