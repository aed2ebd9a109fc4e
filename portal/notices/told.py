"""The words of a notice, whatever carries them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

MY_DAY = "/my/day"
MY_WEEK = "/my/week"


@dataclass(frozen=True, slots=True)
class Words:
    """A short title and a few lines in the reader's language, the page that they lead to, and when they are stale.

    `tag` is the same for notices of which the later one takes the place of the earlier one. An `offer` can be answered
    from the message itself.
    """

    title: str
    lines: tuple[str, ...]
    path: str
    until: datetime
    tag: str = ""
    offer: bool = False
