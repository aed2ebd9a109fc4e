"""Who did what: the actor of a change, and the line that every change leaves in its own transaction."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any, Protocol

from portal.clock import now
from portal.database import append
from portal.models.api_key import ApiKey
from portal.models.audit_entry import AuditEntry
from portal.models.member import StaffMember


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts, and through which door: `agenda`, `phone`, `partner`, `worker` …"""

    kind: str
    name: str
    door: str
    uuid: uuid.UUID | None = None
    member: StaffMember | None = None
    api_key: ApiKey | None = None

    @classmethod
    def of_member(cls, member: StaffMember, *, door: str) -> Actor:
        return cls("member", member.name, door, member.uuid, member=member)

    @classmethod
    def of_key(cls, key: ApiKey, *, door: str) -> Actor:
        return cls("api_key", key.name, door, key.uuid, api_key=key)


SYSTEM = Actor("system", "Thermes", "worker")


class Subject(Protocol):
    """Anything with a public identifier that belongs to an organisation."""

    uuid: Any
    organisation_id: Any


def record(actor: Actor, verb: str, subject: Subject, **details: Any) -> None:
    """Add a line `thing:verb` to the trail; it is saved with the change itself."""
    append(
        AuditEntry(
            organisation_id=subject.organisation_id,
            venue_id=getattr(subject, "venue_id", None),
            at=now(),
            actor_kind=actor.kind,
            actor=actor.uuid,
            actor_name=actor.name,
            door=actor.door,
            verb=verb,
            subject=subject.uuid,
            details=details,
        )
    )
