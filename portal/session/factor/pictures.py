"""The secret as it is taken into a telephone: a QR code, and the same to be typed."""

from __future__ import annotations

from dataclasses import dataclass

import segno

from portal.models import StaffMember
from portal.session.factor import codes
from portal.session.factor.service import secret_of


@dataclass(frozen=True, slots=True)
class Picture:
    """A QR code as the path of an SVG of `size` × `size` modules, and the secret in groups."""

    path: str
    size: int
    secret: str


def picture_of(member: StaffMember, base_url: str) -> Picture | None:
    """What is being set up; None when nothing is. Raises CannotBeRead."""
    secret = secret_of(member)
    if secret is None:
        return None
    code = segno.make(codes.address_of(secret, member, base_url), error="m", micro=False)
    return Picture(_path(code), len(code.matrix) + 2 * _QUIET, codes.grouped(secret))


_QUIET = 4


def _path(code: segno.QRCode) -> str:
    """Each row of dark modules as one stroke a module high."""
    parts = []
    for y, row in enumerate(code.matrix):
        x = 0
        while x < len(row):
            end = x
            while end < len(row) and row[end]:
                end += 1
            if end > x:
                parts.append(f"M{x + _QUIET} {y + _QUIET}h{end - x}v1h-{end - x}z")
            x = max(end, x + 1)
    return "".join(parts)
