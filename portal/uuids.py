"""Public identifiers as forms and addresses carry them."""

from __future__ import annotations

import re
from uuid import UUID

# What `UUID` itself takes beside it (braces, underscores, digits of any script) nobody was ever handed.
_USUAL = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.ASCII | re.IGNORECASE)


def as_uuid(text: object) -> UUID | None:
    """The uuid in its usual form, None for anything else."""
    return UUID(text) if isinstance(text, str) and _USUAL.fullmatch(text) else None
