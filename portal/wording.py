"""Words that a venue chooses: massages may be called modelages, and a deposit is arrhes or an acompte."""

from __future__ import annotations

import re
from typing import Protocol

from flask import g
from flask_babel import LazyString


class Worded(Protocol):
    """A venue, as far as its words go."""

    @property
    def massage_wording(self) -> str: ...

    @property
    def deposit_wording(self) -> str: ...


# The word alone: an automassage is none.
_MASSAGE = re.compile(r"\b(massage)(s?)\b", re.IGNORECASE)
_INSTEAD = {"massage": "modelage", "Massage": "Modelage", "MASSAGE": "MODELAGE"}


def called(text: str, venue: Worded | None = None) -> str:
    """The text as the venue says it, in either language, or the venue of the page: where it says modelage, the other
    word is kept for physiotherapists by law."""
    at = venue or of_page()
    if at is None or at.massage_wording != "modelage":
        return text
    return _MASSAGE.sub(lambda met: _INSTEAD.get(met[1], "modelage") + met[2], text)


def by_deposit(arrhes: object, acompte: object) -> LazyString:
    """Of two sentences the one for what a deposit is at the venue of the page; they differ in law."""
    return LazyString(_chosen, arrhes, acompte)


def of_page() -> Worded | None:
    """The venue that stands in the address, if any."""
    venue: Worded | None = g.get("venue") if g else None
    return venue


def _chosen(arrhes: object, acompte: object) -> str:
    venue = of_page()
    return str(acompte if venue is not None and venue.deposit_wording == "acompte" else arrhes)
