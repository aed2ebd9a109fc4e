"""One line of a file as a guest: what its cells say, and why they cannot."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from portal.customers.emails import MAX_EMAIL, is_email
from portal.customers.names import MAX_NAME, is_name
from portal.customers.phones import parse_phone
from portal.database import is_storable
from portal.i18n import LANGUAGES

MOST_NOTE = 2000
_YES = frozenset({"1", "oui", "o", "yes", "y", "true", "vrai", "x", "ja"})
_NO = frozenset({"", "0", "non", "n", "no", "false", "faux", "nein"})
_SPOKEN = {"francais": "fr", "french": "fr", "fr": "fr", "anglais": "en", "english": "en", "en": "en"}
_DAYS = ("%Y-%m-%d", "%d/%m/%Y", "%d.%m.%Y", "%d-%m-%Y", "%d/%m/%y")
_NOT_BEFORE = date(2000, 1, 1)


@dataclass(slots=True)
class Line:
    """`values` are those of a guest, `faults` why it is none: a field and a code that `words.py` speaks."""

    number: int
    values: dict[str, Any] = field(default_factory=dict)
    faults: list[dict[str, str]] = field(default_factory=list)

    def fault(self, name: str, code: str, **details: str) -> None:
        self.faults.append({"field": name, "code": code, **details})


def read_line(
    number: int, row: Sequence[str], columns: Mapping[str, int], *, country: str | None, language: str, today: date
) -> Line:
    """What a line says. National phone numbers are those of `country`; without a language it is the given one."""
    line = Line(number)
    cells = {name: row[place] if place < len(row) else "" for name, place in columns.items()}
    for name, cell in cells.items():
        if not is_storable(cell):
            line.fault(name, "unreadable")
            cells[name] = ""
    _name(line, cells)
    _phone(line, cells.get("phone", ""), country)
    _email(line, cells.get("email", ""))
    line.values["language"] = _language(line, cells.get("language", ""), language)
    _note(line, cells.get("note", ""))
    _consents(line, cells, today)
    return line


def _name(line: Line, cells: Mapping[str, str]) -> None:
    first, last = (_one_line(cells.get(name, "")) for name in ("first_name", "last_name"))
    if whole := _one_line(cells.get("full_name", "")):
        head, _space, tail = whole.partition(" ")
        first, last = (first, last or whole) if first else ((head, last or tail) if tail else ("", last or whole))
    for name, text in (("first_name", first), ("last_name", last)):
        if text and not is_name(text):
            line.fault(name, "too_long" if len(text) > MAX_NAME else "no_name", text=text[:60])
        elif text:
            line.values[name] = text
    if not first and not last:
        line.fault("last_name", "missing")


def _phone(line: Line, text: str, country: str | None) -> None:
    if not text.strip():
        return
    number = parse_phone(_as_typed(text), country)
    if number is None:
        line.fault("phone", "no_phone", text=text[:60])
    else:
        line.values["phone"] = number


def _as_typed(text: str) -> str:
    """Spreadsheets drop the zero of a number in front, and write long ones with a comma or as `3.36E+10`."""
    plain = text.strip().removesuffix(".0")
    return f"0{plain}" if plain.isdigit() and len(plain) == 9 and plain[0] in "1234567" else plain


def _email(line: Line, text: str) -> None:
    address = _one_line(text)
    if not address:
        return
    if len(address) > MAX_EMAIL or not is_email(address):
        line.fault("email", "no_email", text=address[:60])
    else:
        line.values["email"] = address


def _language(line: Line, text: str, otherwise: str) -> str:
    word = "".join(sign for sign in _one_line(text).casefold().replace("ç", "c") if sign.isalpha() or sign == "-")
    if not word:
        return otherwise
    found = _SPOKEN.get(word) or _SPOKEN.get(word.split("-")[0])
    if found is None:
        line.fault("language", "no_language", text=text[:60])
    return found or LANGUAGES[0]


def _note(line: Line, text: str) -> None:
    note = text.strip()
    if len(note) > MOST_NOTE:
        line.fault("note", "too_long", text=note[:60])
    elif note:
        line.values["note"] = note


def _consents(line: Line, cells: Mapping[str, str], today: date) -> None:
    for name in ("email_consent", "sms_consent"):
        if name not in cells:
            continue
        word = _one_line(cells[name]).casefold()
        if word in _YES:
            line.values[name] = True
        elif word not in _NO:
            line.fault(name, "no_yes", text=word[:60])
    written = _one_line(cells.get("consent_date", ""))
    if not written:
        return
    day = _day(written)
    if day is None or not _NOT_BEFORE <= day <= today:
        line.fault("consent_date", "no_date", text=written[:60])
    else:
        line.values["consent_date"] = day.isoformat()


def _day(text: str) -> date | None:
    for form in _DAYS:
        try:
            return datetime.strptime(text, form).date()  # noqa: DTZ007  (a date has no zone)
        except ValueError:
            continue
    return None


def _one_line(text: str) -> str:
    return " ".join(text.split())
