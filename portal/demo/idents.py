"""Identifiers and secrets of the demo: the same each time it is loaded, the secrets only on the same installation."""

from __future__ import annotations

import hashlib
import hmac
import uuid

from flask import current_app

NAMESPACE = uuid.UUID("7b0c5a52-2f0e-5f5f-9a3e-0d5d0a3c6e11")
# Without 0, O, 1 and I, which people confuse.
LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"


def ident(*words: object) -> uuid.UUID:
    """The public identifier of what these words name."""
    return uuid.uuid5(NAMESPACE, "/".join(str(word) for word in words))


def secret(*words: object) -> str:
    """64 hex digits that follow from this installation's secret key, so that nobody else knows them."""
    key = str(current_app.config["SECRET_KEY"]).encode()
    return hmac.new(key, "/".join(["demo", *(str(word) for word in words)]).encode(), hashlib.sha256).hexdigest()


def readable_code(digits: str) -> str:
    """A short code for people, made of hex digits."""
    return "".join(LETTERS[int(digits[place : place + 2], 16) % len(LETTERS)] for place in range(0, 16, 2))
