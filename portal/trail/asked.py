"""What is asked of the trail, as it stands in the address: read without ever failing, written again for links."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from portal.clock import start_of_day, today
from portal.models import Venue
from portal.trail.queries import Wanted
from portal.trail.words import KINDS
from portal.uuids import as_uuid

# Without other dates so many days are shown, the trail of years is never read through by mistake; what concerns one
# person or thing is short and shown from its beginning.
DAYS = 30
ITSELF = "thermes"
_FIRST, _LAST = date(2000, 1, 2), date(2100, 12, 30)
_NAMES = ("who", "venue", "kind", "since", "until", "about")


@dataclass(frozen=True, slots=True)
class Asked:
    """The fields of the form as they were filled in, and what they mean."""

    fields: Mapping[str, str]
    wanted: Wanted
    since: date
    until: date


def read(words: Mapping[str, str], *, venues: Sequence[Venue], zone: str) -> Asked:
    """What is none is left out; an end before the beginning is the day of the beginning."""
    now = today(zone)
    until = _date(words.get("until", "")) or now
    about = as_uuid(words.get("about", ""))
    since = _date(words.get("since", "")) or (_FIRST if about else until - timedelta(days=DAYS))
    until = max(since, until)
    wanted = Wanted(
        since=start_of_day(since, zone),
        until=start_of_day(until + timedelta(days=1), zone),
        who=as_uuid(words.get("who", "")),
        by_itself=words.get("who") == ITSELF,
        venue=next((one for one in venues if one.slug == words.get("venue")), None),
        kind=words.get("kind", "") if words.get("kind") in KINDS else "",
        about=about,
        before=_place(words.get("before", "")),
    )
    told = {
        "who": ITSELF if wanted.by_itself else str(wanted.who or ""),
        "venue": wanted.venue.slug if wanted.venue else "",
        "kind": wanted.kind,
        "since": since.isoformat() if words.get("since") else "",
        "until": until.isoformat() if words.get("until") else "",
        "about": str(wanted.about or ""),
    }
    return Asked({name: told[name] for name in _NAMES if told[name]}, wanted, since, until)


def write_place(at: datetime, key: int) -> str:
    """The place of a line, for `before`."""
    return f"{at.isoformat()}~{key}"


def _place(text: str) -> tuple[datetime, int] | None:
    instant, _, key = text.partition("~")
    try:
        at = datetime.fromisoformat(instant)
    except ValueError:
        return None
    is_key = key.isascii() and key.isdigit() and len(key) < 16
    return (at, int(key)) if at.tzinfo is not None and is_key and 2000 <= at.year <= 2100 else None


def _date(text: str) -> date | None:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if _FIRST <= found <= _LAST else None
