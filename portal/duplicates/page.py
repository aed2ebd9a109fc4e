"""What the pages about guests who are there twice show."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from portal.clock import now
from portal.customers.likeness import Likeness, likeness
from portal.customers.twins import doubts_about, reasons_for
from portal.duplicates import words
from portal.duplicates.forms import MergeForm
from portal.duplicates.merging.preview import preview_merge
from portal.duplicates.merging.undoing import KEPT_FOR
from portal.duplicates.queries import (
    BY_NAME,
    WAYS,
    count_pairs,
    latest_merges,
    pairs_by,
    visits_of,
)
from portal.models import Customer, Venue

PAGE = 30
MOST = 100


@dataclass(frozen=True, slots=True)
class Pair:
    """Two guests, the one who has come more often first."""

    one: Customer
    other: Customer
    likeness: Likeness
    visits: tuple[tuple[int, datetime | None], tuple[int, datetime | None]]

    @property
    def reasons(self) -> list[str]:
        return reasons_for(self.likeness)

    @property
    def doubts(self) -> list[str]:
        return doubts_about(self.likeness)


def pairs_page(venue: Venue, *, by: str, page: int) -> dict[str, Any]:
    """The context of `duplicates/index.html`: eight statements, however many guests there are."""
    organisation, way = venue.organisation, by if by in WAYS else BY_NAME
    found = pairs_by(organisation, way, limit=PAGE + 1, offset=PAGE * (page - 1))
    visits = visits_of(organisation, {guest.id for pair in found for guest in pair})
    pairs = [_pair(one, other, visits) for one, other in found[:PAGE]]
    return {
        "venue": venue,
        "by": way,
        "page": page,
        "pairs": sorted(filter(_is_worth_a_look, pairs), key=lambda pair: -pair.likeness.score),
        "more": len(found) > PAGE,
        "ways": [(one, count_pairs(organisation, one, most=MOST)) for one in WAYS],
        "most": MOST,
        "merges": latest_merges(organisation, since=now() - KEPT_FOR),
        "likelihood": words.likelihood,
    }


def merge_page(venue: Venue, keep: Customer, lose: Customer) -> dict[str, Any]:
    """The context of `duplicates/merge.html`."""
    form = MergeForm(formdata=None)
    form.keep_version.data, form.lose_version.data = keep.version, lose.version
    visits = visits_of(venue.organisation, {keep.id, lose.id})
    return {
        "venue": venue,
        "keep": keep,
        "lose": lose,
        "form": form,
        "preview": preview_merge(venue.organisation, keep, lose),
        "visits": {guest.id: visits.get(guest.id, (0, None)) for guest in (keep, lose)},
        "days": KEPT_FOR.days,
    }


def _pair(one: Customer, other: Customer, visits: dict[int, tuple[int, datetime]]) -> Pair:
    first, second = sorted((one, other), key=lambda guest: (-visits.get(guest.id, (0,))[0], guest.id))
    counted = visits.get(first.id, (0, None)), visits.get(second.id, (0, None))
    return Pair(first, second, likeness(one, other), counted)


def _is_worth_a_look(pair: Pair) -> bool:
    return pair.likeness.is_worth_a_look
