"""Sealing what nobody but the right eyes may read: AES-256-GCM (NIST SP 800-38D), a random 96-bit nonce in front.

What is sealed is bound to its place: moved to another row or tenant it cannot be opened. The first of
PORTAL_ENCRYPTION_KEYS seals, all of them open, so that a new key can be put in front.
"""

from __future__ import annotations

import base64
import hashlib
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from flask import current_app
from flask_babel import lazy_gettext as _l

from portal.errors import Conflict

NONCE = 12


class NoKey(Conflict):
    """The installation has no encryption key: what cannot be sealed is not stored."""

    code = "no_encryption_key"
    message = _l("This cannot be kept here: the portal has no encryption key yet. Please tell whoever runs it.")


class CannotBeRead(Conflict):
    """The key that sealed it is gone, or the bytes were tampered with."""

    code = "cannot_be_read"
    message = _l("This cannot be opened any more: its encryption key is gone. Please tell whoever runs the portal.")


def can_seal() -> bool:
    """Whether there is a key to seal with."""
    return bool(current_app.config["ENCRYPTION_KEYS"])


def seal(text: str, *, place: str) -> tuple[str, bytes]:
    """The name of the key, and the text sealed with it for its place. Raises NoKey."""
    keys = _keys()
    if not keys:
        raise NoKey()
    name, key = next(iter(keys.items()))
    nonce = os.urandom(NONCE)
    return name, nonce + AESGCM(key).encrypt(nonce, text.encode(), _bound(place, name))


def unseal(sealed: bytes, *, key: str, place: str) -> str:
    """The text again. Raises CannotBeRead when the key is gone, or the bytes are not those sealed for this place."""
    found = _keys().get(key)
    if found is None:
        raise CannotBeRead()
    try:
        return AESGCM(found).decrypt(sealed[:NONCE], sealed[NONCE:], _bound(place, key)).decode()
    except InvalidTag:
        raise CannotBeRead() from None


def _keys() -> dict[str, bytes]:
    """By name, which tells nothing of the key; the one that seals first."""
    keys = [base64.urlsafe_b64decode(word + "=" * (-len(word) % 4)) for word in current_app.config["ENCRYPTION_KEYS"]]
    return {hashlib.sha256(key).hexdigest()[:16]: key for key in keys}


def _bound(place: str, key: str) -> bytes:
    return f"{place}:{key}".encode()
