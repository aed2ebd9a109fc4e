"""Where to go: each member's own first page, and a wanted page if it is one of ours."""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit, urlunsplit

from flask import url_for
from werkzeug.urls import iri_to_uri

from portal.models import StaffMember
from portal.tenancy import venues_of

LONGEST = 2000
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")


def inside(url: str | None) -> str | None:
    """The address as a path of this portal, ready for a header; None for every other address.

    A path starts with a single slash. Whatever a browser might read as another host is refused, also when it shows
    only after decoding or in another form of the same characters.
    """
    if not url or len(url) > LONGEST:
        return None
    decoded = unquote(url)
    if not all(_is_path(form) for form in (url, decoded, unicodedata.normalize("NFKC", decoded))):
        return None
    return iri_to_uri(url)


def without_language(url: str) -> str:
    """The same path without `lang`, which would undo a choice of language."""
    parts = urlsplit(url)
    kept = [(name, value) for name, value in parse_qsl(parts.query, keep_blank_values=True) if name != "lang"]
    return urlunsplit(parts._replace(query=urlencode(kept)))


def first_page(member: StaffMember) -> str | None:
    """A therapist's offers and day; for everyone else today's agenda of the first venue. None without any venue."""
    venues = venues_of(member)
    if not venues:
        return None
    if member.is_therapist:
        return url_for("offers.day")
    return url_for("agenda.day", venue=venues[0].slug, day=venues[0].today().isoformat())


def _is_path(url: str) -> bool:
    path = url.split("?", 1)[0].split("#", 1)[0]
    if not path.startswith("/") or "//" in path or "\\" in path or _CONTROL.search(url):
        return False
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return not parts.scheme and not parts.netloc
