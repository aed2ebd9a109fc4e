"""A file as a table: which letters, which sign between cells, which names its columns have. Nothing is stored."""

from __future__ import annotations

import codecs
import csv
import io
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from flask_babel import gettext as _

from portal.imports.cells import unguarded
from portal.imports.errors import WrongFile

MOST_BYTES = 8 * 1024 * 1024
MOST_LINES = 20_000
MOST_COLUMNS = 60
LONGEST_CELL = 4000
SAMPLE = 3
_DELIMITERS = (";", ",", "\t", "|")


@dataclass(frozen=True, slots=True)
class Shape:
    """How a file is read; `sample` are its first lines."""

    encoding: str
    delimiter: str
    header: list[str]
    sample: list[list[str]]
    total: int


def shape_of(content: bytes) -> Shape:
    """The shape of a file with a line of names above its lines. Raises WrongFile, in words that help to mend it."""
    if not content.strip():
        raise WrongFile(_("The file is empty."), field="file")
    if len(content) > MOST_BYTES:
        raise WrongFile(_("The file is too large: at most 8 MB."), field="file")
    encoding = _encoding_of(content)
    text = content.decode(encoding)
    if "\0" in text or text.startswith(("PK\x03\x04", "%PDF")):
        raise WrongFile(_("This is not a text file. In the spreadsheet, choose «Save as» and then CSV."), field="file")
    delimiter = _delimiter_of(text)
    header: list[str] = []
    sample: list[list[str]] = []
    total = 0
    for number, row in lines_of(content, encoding=encoding, delimiter=delimiter, with_header=True):
        if number == 1:
            header = [" ".join(cell.split())[:100] for cell in row]
            continue
        total += 1
        if total > MOST_LINES:
            raise WrongFile(_("The file has more than 20,000 lines. Please split it into several files."), field="file")
        if len(sample) < SAMPLE:
            sample.append([cell[:60] for cell in row])
    if not total or not header or len(header) > MOST_COLUMNS:
        raise WrongFile(
            _("The first line must hold the names of the columns, the lines below it the guests."), field="file"
        )
    return Shape(encoding, delimiter, header, sample, total)


def lines_of(
    content: bytes, *, encoding: str, delimiter: str, with_header: bool = False
) -> Iterator[tuple[int, list[str]]]:
    """Number and cells of each line that holds anything; the names of the columns are line 1. Raises WrongFile."""
    reader = csv.reader(io.StringIO(content.decode(encoding), newline=""), delimiter=delimiter, strict=True)
    try:
        for number, row in enumerate(reader, 1):
            if (number > 1 or with_header) and any(cell.strip() for cell in row):
                yield number, [unguarded(cell.strip()) for cell in row]
    except csv.Error:
        where = reader.line_num
        raise WrongFile(
            _("Line %(line)s cannot be read: a quotation mark may be missing.", line=where), field="file"
        ) from None


def _encoding_of(content: bytes) -> str:
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return _readable(content, "utf-16")
    if content.startswith(codecs.BOM_UTF8):
        return _readable(content, "utf-8-sig")
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return _readable(content, "cp1252")
    return "utf-8"


def _readable(content: bytes, encoding: str) -> str:
    try:
        content.decode(encoding)
    except UnicodeError:
        raise WrongFile(
            _("The letters of this file cannot be read. Please save it as CSV in UTF-8."), field="file"
        ) from None
    return encoding


def _delimiter_of(text: str) -> str:
    """The sign that cuts the first lines into the same number of cells, and into most of them."""
    lines = [line for line in text.splitlines()[:20] if line.strip()]
    best, found = (0, 0), ";"
    for sign in _DELIMITERS:
        counts = Counter(_cut(line, sign) for line in lines)
        cells, times = max(counts.items(), key=lambda one: (one[1], one[0]))
        if cells > 1 and (times, cells) > best:
            best, found = (times, cells), sign
    return found


def _cut(line: str, sign: str) -> int:
    try:
        return len(next(csv.reader([line], delimiter=sign)))
    except csv.Error:
        return 1
