"""Sealing health notes: as everything is sealed, refused in the words of this room."""

from __future__ import annotations

import portal.seal as sealing
from portal.care.errors import CannotBeRead, NoKey


def seal(text: str, *, place: str) -> tuple[str, bytes]:
    """The name of the key, and the text sealed with it for its place. Raises NoKey."""
    try:
        return sealing.seal(text, place=place)
    except sealing.NoKey:
        raise NoKey() from None


def unseal(sealed: bytes, *, key: str, place: str) -> str:
    """The text again. Raises CannotBeRead when the key is gone, or the bytes are not those sealed for this place."""
    try:
        return sealing.unseal(sealed, key=key, place=place)
    except sealing.CannotBeRead:
        raise CannotBeRead() from None
