"""What a spreadsheet makes of a cell: text that begins like a formula is not one."""

from __future__ import annotations

_BEGINS = ("=", "+", "-", "@", "\t", "\r", "\n", "\0")


def guarded(text: str) -> str:
    """A cell that no spreadsheet runs: with an apostrophe before what could be a formula (OWASP, CSV injection)."""
    return f"'{text}" if text.startswith(_BEGINS) else text


def unguarded(text: str) -> str:
    """The cell again, as it was before it was guarded."""
    return text[1:] if text[:1] == "'" and text[1:].startswith(_BEGINS) else text
