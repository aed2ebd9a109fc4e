"""The key by which push services know this installation (RFC 8292): a P-256 key, kept as its 32 bytes in base64url."""

from __future__ import annotations

import base64
import binascii

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

_FORM = "must be a key that `flask keys vapid` printed"
_BYTES = 32


def new_private_key() -> str:
    """A fresh one."""
    secret = ec.generate_private_key(ec.SECP256R1()).private_numbers().private_value
    return _text(secret.to_bytes(_BYTES, "big"))


def public_key_of(private_key: str) -> str:
    """What browsers are given when they subscribe. Raises ValueError, without a word of the key."""
    return _text(read_private_key(private_key).public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint))


def read_private_key(private_key: str) -> ec.EllipticCurvePrivateKey:
    """The key. Raises ValueError, without a word of it."""
    try:
        secret = base64.b64decode(private_key + "=" * (-len(private_key) % 4), altchars=b"-_", validate=True)
        key = ec.derive_private_key(int.from_bytes(secret, "big"), ec.SECP256R1())
    except (ValueError, binascii.Error) as error:
        raise ValueError(_FORM) from error
    if len(secret) != _BYTES:
        raise ValueError(_FORM)
    return key


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
