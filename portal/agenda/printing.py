"""What a printed day shows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

DESK = "desk"


@dataclass(frozen=True, slots=True)
class Printing:
    """`by` is therapist, room or desk: the whole desk in order of time."""

    by: str
    phones: bool = True
    notes: bool = True


def printing(asked: Mapping[str, str], axis: str) -> Printing:
    """As the address asks; phones and notes are printed unless it hides them."""
    by = DESK if asked.get("by") == DESK else axis
    return Printing(by, phones=asked.get("phones") != "0", notes=asked.get("notes") != "0")
