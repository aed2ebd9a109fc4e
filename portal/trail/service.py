"""What is done with the trail: it is handed out, which it tells itself."""

from __future__ import annotations

import portal.audit as audit
from portal.audit import Actor
from portal.database import atomic
from portal.models import StaffMember


@atomic
def note_export(member: StaffMember, *, by: Actor) -> None:
    """Somebody took a copy with her."""
    audit.record(by, "trail:exported", member)
