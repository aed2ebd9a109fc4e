"""Signed names of notices, for whoever has no session: a receipt from a device, a link in a message.

Each purpose has its own signature. After a change of the secret key the old ones are good as long as that key is among
the fallbacks.
"""

from __future__ import annotations

import base64
import hashlib
from uuid import UUID

from flask import current_app
from itsdangerous import BadSignature, Signer

RECEIPT, LINK = "notice-receipt", "notice-link"
LONGEST = 200


def token_of(notice_id: UUID, purpose: str) -> str:
    """The notice's name with a signature, fit for an address: some 65 characters."""
    return _signer(purpose).sign(base64.urlsafe_b64encode(notice_id.bytes).rstrip(b"=")).decode()


def notice_of(token: str, purpose: str) -> UUID | None:
    """The notice that a token for this purpose names; None when nobody here has signed it."""
    if len(token) > LONGEST:
        return None
    try:
        name = _signer(purpose).unsign(token.encode())
        return UUID(bytes=base64.urlsafe_b64decode(name + b"=="))
    except (BadSignature, ValueError):
        return None


def _signer(purpose: str) -> Signer:
    keys = [*reversed(current_app.config["SECRET_KEY_FALLBACKS"]), current_app.config["SECRET_KEY"]]
    return Signer(keys, salt=purpose, digest_method=hashlib.sha256)
