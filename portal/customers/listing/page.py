"""What the list of guests shows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from string import ascii_lowercase
from typing import Any

from flask import url_for

from portal.access import Permission, can
from portal.clock import now
from portal.customers.finding.queries import MOST
from portal.customers.listing.filters import CHOICES, LABELS, Filters
from portal.customers.listing.queries import PAGE, Visits, list_by_name, list_meant, visits_of
from portal.customers.wanted import read_wanted
from portal.models import Customer, Venue
from portal.tenancy import current_member
from portal.uuids import as_uuid

_LAST_PAGE = MOST // PAGE


def listing(venue: Venue, asked: Mapping[str, str]) -> dict[str, Any]:
    """The context of `customers/index.html`: three statements at most."""
    filters, at = Filters.read(asked), now()
    too_short = bool(filters.q) and read_wanted(filters.q).is_too_short
    searched = bool(filters.q) and not too_short
    is_last = searched and _page(asked.get("page", "")) == _LAST_PAGE
    guests, links = _found(venue, filters, asked) if searched else _by_name(venue, filters, asked)
    visits = visits_of(venue, guests, at=at, here=not filters.where)
    return {
        "venue": venue,
        "filters": filters,
        "choices": CHOICES,
        "labels": LABELS,
        "guests": [(guest, visits.get(guest.id, Visits())) for guest in guests],
        "links": links,
        "letters": [] if searched else [(letter, _to(venue, filters, {"from": letter})) for letter in ascii_lowercase],
        "letter": _letter(asked),
        "too_short": too_short,
        "searched": searched,
        "first": MOST if is_last and len(guests) == PAGE else None,
        "everywhere": _to(venue, replace(filters, where="all"), {}) if searched and not filters.where else None,
        "no_choice": _to(venue, Filters(q=filters.q), {}),
        "may_take_out": can(current_member(), Permission.CUSTOMER_EXPORT),
    }


def _found(venue: Venue, filters: Filters, asked: Mapping[str, str]) -> tuple[list[Customer], dict[str, str]]:
    page = _page(asked.get("page", ""))
    found, more = list_meant(venue, filters, at=now(), page=page)
    links = {"previous": page - 1} if page > 1 else {}
    links |= {"next": page + 1} if more and page < _LAST_PAGE else {}
    return found, {name: _to(venue, filters, {"page": str(number)}) for name, number in links.items()}


def _by_name(venue: Venue, filters: Filters, asked: Mapping[str, str]) -> tuple[list[Customer], dict[str, str]]:
    after, before, letter = as_uuid(asked.get("after")), as_uuid(asked.get("before")), _letter(asked)
    found, more = list_by_name(venue, filters, at=now(), after=after, before=before, letter=letter)
    links: dict[str, str] = {}
    if found and (more if before else (after or letter)):
        links["previous"] = _to(venue, filters, {"before": str(found[0].uuid)})
    if found and (before or more):
        links["next"] = _to(venue, filters, {"after": str(found[-1].uuid)})
    return found, links


def _to(venue: Venue, filters: Filters, place: dict[str, str]) -> str:
    words: dict[str, Any] = filters.words() | place
    return url_for("guest_list.index", venue=venue.slug, **words)


def _letter(asked: Mapping[str, str]) -> str:
    letter = asked.get("from", "")
    return letter if len(letter) == 1 and letter in ascii_lowercase else ""


def _page(text: str) -> int:
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 4 else 1
    return min(max(number, 1), _LAST_PAGE)
