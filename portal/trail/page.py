"""The page of the trail: sentences with links to what still stands. Nothing of what a health note says is in it."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any
from uuid import UUID

from flask import url_for
from flask_babel import gettext as _

from portal.clock import local_date
from portal.i18n import date_and_time, name_of
from portal.imports.cells import guarded
from portal.models import AuditEntry, Organisation, Venue
from portal.partners.page import zone_of
from portal.partners.queries import venues_of
from portal.settings.page import around
from portal.trail.asked import ITSELF, Asked, read, write_place
from portal.trail.queries import PAGE, actors_of, lines_of, subjects_of
from portal.trail.words import DOORS, KINDS, sentence

# More lines are no file for a spreadsheet: a narrower time is.
MOST_IN_A_FILE = 10_000


@dataclass(frozen=True, slots=True)
class Line:
    """A line as it is read. `href` leads to what it is about, if that still stands; `changes` are short facts."""

    at: datetime
    who: str
    door: str
    what: str
    venue: str
    about: str
    href: str | None
    subject: UUID | None
    changes: list[str]


def page_of(organisation: Organisation, words: Mapping[str, str]) -> dict[str, Any]:
    """The context of `trail/index.html`."""
    venues, zone = venues_of(organisation), zone_of(organisation)
    asked = read(words, venues=venues, zone=zone)
    entries = lines_of(organisation, asked.wanted)
    here = entries[:PAGE]
    return around(organisation) | {
        "days": days(lines(organisation, here, venues), zone),
        "asked": asked,
        "older": write_place(here[-1].at, here[-1].id) if len(entries) > PAGE else None,
        "is_later": asked.wanted.before is not None,
        "venues": venues,
        "actors": actors_of(organisation),
        "kinds": {key: word for key, (word, _nouns) in KINDS.items()},
        "itself": ITSELF,
        "zone": zone,
    }


def lines(organisation: Organisation, entries: Sequence[AuditEntry], venues: Sequence[Venue]) -> list[Line]:
    """The lines with what they are about."""
    names = {venue.id: name_of(venue) for venue in venues}
    subjects = subjects_of(organisation, [entry.subject for entry in entries if entry.subject])
    home = venues[0].slug if venues else None
    return [_line(organisation, entry, names, subjects, home) for entry in entries]


def days(told: Sequence[Line], zone: str) -> list[tuple[date, list[Line]]]:
    """The lines under the days on which they were written, in the given zone."""
    by_day = groupby(told, key=lambda line: local_date(line.at, zone))
    return [(day, list(its)) for day, its in by_day]


def as_csv(organisation: Organisation, asked: Asked, venues: Sequence[Venue], zone: str) -> str:
    """The lines as a file: what could be a formula is guarded."""
    entries = lines_of(organisation, asked.wanted, limit=MOST_IN_A_FILE)
    out = io.StringIO()
    rows = csv.writer(out, delimiter=";", lineterminator="\r\n")
    rows.writerow([_("When"), _("Who"), _("What"), _("Where"), _("About")])
    for line in lines(organisation, entries, venues):
        cells = (date_and_time(line.at, zone), line.who, line.what, line.venue, line.about)
        rows.writerow([guarded(cell) for cell in cells])
    return "\ufeff" + out.getvalue()


def _line(
    organisation: Organisation,
    entry: AuditEntry,
    names: Mapping[int, str],
    subjects: Mapping[UUID, tuple[str, Any]],
    home: str | None,
) -> Line:
    found = subjects.get(entry.subject) if entry.subject else None
    about, href = _about(organisation, found, home) if found else ("", None)
    return Line(
        at=entry.at,
        who=_("Thermes itself") if entry.actor_kind == "system" else _visitor(entry),
        door=str(DOORS.get(entry.door, "")),
        what=sentence(entry.verb),
        venue=names.get(entry.venue_id or 0, ""),
        about=about,
        href=href,
        subject=entry.subject if found else None,
        changes=_changes(entry),
    )


def _visitor(entry: AuditEntry) -> str:
    """Where a sign-in was refused nobody is known: the network is no name."""
    return _("somebody without an account") if entry.actor_kind == "visitor" else entry.actor_name


def _about(organisation: Organisation, found: tuple[str, Any], home: str | None) -> tuple[str, str | None]:
    kind, row = found
    house = organisation.slug
    match kind:
        case "booking":
            href = url_for("bookings.show", venue=row[2], booking=row[0])
            return _("Booking %(number)s", number=row[1]), href
        case "customer":
            name = f"{row[1] or ''} {row[2] or ''}".strip()
            return name, url_for("profile.show", venue=home, customer=row[0]) if home else None
        case "member":
            name = f"{row[1]} {row[2]}".strip()
            return name, url_for("members.show", organisation=house, member=row[0])
        case "room":
            return row[1], url_for("rooms.edit", venue=row[2], room=row[0])
        case "treatment":
            return row[1], url_for("menu.edit", venue=row[2], treatment=row[0])
        case "partner":
            return row[1], url_for("partners.show_partner", organisation=house, partner=row[0])
    return row[1], url_for("partner_keys.edit", organisation=house, partner=row[2], key=row[0])


def _changes(entry: AuditEntry) -> list[str]:
    """Names, from → to, of what is no guest's; everything else stands behind the link."""
    if entry.verb.partition(":")[0] not in {"room", "room_type", "treatment", "venue", "venue_block", "key", "partner"}:
        return []
    changes = entry.details.get("changes")
    pair = changes.get("name") if isinstance(changes, dict) else None
    return [f"{pair[0]} → {pair[1]}"] if isinstance(pair, list) and len(pair) == 2 else []
