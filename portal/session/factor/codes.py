"""Codes of the second factor: those of this moment (RFC 6238), and those for the drawer. No database is touched."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from datetime import datetime
from urllib.parse import urlsplit

import pyotp

from portal.models import StaffMember

STEP = 30
# A telephone's clock may be half a minute off.
TOLERANCE = (-1, 0, 1)
RECOVERY_CODES = 10
_RECOVERY_BYTES = 10
_GROUP = 4


def new_secret() -> str:
    """160 random bits, as authenticator apps take them."""
    return pyotp.random_base32()


def step_of(secret: str, code: str, at: datetime) -> int | None:
    """The time step whose code this is, near `at`; None when it is no code of this time."""
    current, totp = int(at.timestamp()) // STEP, pyotp.TOTP(secret)
    known = [(current + off, totp.generate_otp(current + off)) for off in TOLERANCE]
    typed = digits_of(code).encode()
    return next((step for step, right in known if hmac.compare_digest(right.encode(), typed)), None)


def address_of(secret: str, member: StaffMember, base_url: str) -> str:
    """What the QR code says: the secret, whose it is, and of which portal."""
    host = urlsplit(base_url).hostname or "Thermes"
    return pyotp.TOTP(secret).provisioning_uri(name=member.email, issuer_name=f"Thermes {host}")


def new_recovery_codes() -> list[str]:
    """Ten codes of 80 random bits each, in groups of four signs."""
    made = (base64.b32encode(secrets.token_bytes(_RECOVERY_BYTES)).decode() for _number in range(RECOVERY_CODES))
    return [grouped(code) for code in made]


def hash_recovery(member: StaffMember, code: str) -> str:
    """What is stored of a recovery code: 80 random bits need no slow hash."""
    return hashlib.sha256(f"{member.uuid}:{_plain(code)}".encode("utf-8", "replace")).hexdigest()


def is_recovery_like(code: str) -> bool:
    """Whether it is as long as a recovery code."""
    return len(_plain(code)) == _RECOVERY_BYTES * 8 // 5


def digits_of(code: str) -> str:
    """A code as it is typed, without the space that apps show in its middle."""
    return "".join(code.split())[:10]


def grouped(secret: str) -> str:
    """Easier to read and to type."""
    return "-".join(secret[start : start + _GROUP] for start in range(0, len(secret), _GROUP))


def _plain(code: str) -> str:
    """As it was made: whoever copies by hand writes small letters, and forgets the lines between."""
    return "".join(sign for sign in code.upper() if sign.isalnum())[:40]
