"""Guests as CSV, a line at a time: for a spreadsheet that runs nothing of it."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from datetime import datetime

from flask import Flask
from flask_babel import gettext as _

from portal.customers.listing.filters import Filters
from portal.imports.cells import guarded
from portal.imports.queries import all_lines, guests_after
from portal.imports.words import fault_in_words
from portal.models import Customer, GuestImport, Venue
from portal.models.guest_import import ERROR

PIECE = 1000
BOM = "\ufeff"


def guests_as_csv(app: Flask, venue: Venue, filters: Filters, *, at: datetime) -> Iterator[str]:
    """All guests of a list, in the columns that an import knows. Each piece is read on its own: a slow reader holds
    nothing of the database.
    """
    yes, no = _("yes"), _("no")
    head = [
        _("Last name"), _("First name"), _("Phone"), _("E-mail"), _("Language"), _("Agreed to e-mails"),
        _("Agreed to text messages"), _("Guest since"),
    ]  # fmt: skip
    return _pieces(app, venue, filters, at, BOM + _row(head), (yes, no))


def _pieces(
    app: Flask, venue: Venue, filters: Filters, at: datetime, head: str, words: tuple[str, str]
) -> Iterator[str]:
    yield head
    after = 0
    while True:
        with app.app_context():
            guests = guests_after(venue, filters, at=at, after=after, limit=PIECE)
            text = "".join(_row(_cells(guest, *words)) for guest in guests)
        if not guests:
            return
        after = guests[-1].id
        yield text


def faults_as_csv(venue: Venue, batch: GuestImport) -> str:
    """The lines that were left out, with the reasons: to be mended and brought again."""
    lines = all_lines(venue, batch, action=ERROR)
    rows = [[str(line.number), "; ".join(map(fault_in_words, line.faults)), *_values(line.cells)] for line in lines]
    head = [_("Line"), _("Error"), _("Last name"), _("First name"), _("Phone"), _("E-mail")]
    return BOM + "".join(map(_row, [head, *rows]))


def _cells(guest: Customer, yes: str, no: str) -> list[str]:
    return [
        guest.last_name or "", guest.first_name or "", guest.phone or "", guest.email or "", guest.language,
        yes if guest.email_consent else no, yes if guest.sms_consent else no, guest.created_at.date().isoformat(),
    ]  # fmt: skip


def _values(values: dict[str, str]) -> list[str]:
    return [str(values.get(name, "")) for name in ("last_name", "first_name", "phone", "email")]


def _row(cells: Iterable[str]) -> str:
    text = io.StringIO()
    csv.writer(text, delimiter=";", lineterminator="\r\n").writerow([guarded(cell) for cell in cells])
    return text.getvalue()
