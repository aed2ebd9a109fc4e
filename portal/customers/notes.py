"""Notes about a guest: written, pinned, changed and deleted."""

from __future__ import annotations

from uuid import UUID

import portal.audit as audit
from portal.access import may_change_note
from portal.audit import Actor
from portal.clock import now
from portal.customers.errors import NewerNote, WrongNote
from portal.customers.queries import lock_note
from portal.database import atomic, db
from portal.errors import NotAllowed
from portal.models import Customer, CustomerNote, Organisation

LONGEST = 2000


@atomic
def add_note(
    organisation: Organisation, *, customer: Customer, text: str, by: Actor, pinned: bool = False
) -> CustomerNote:
    """Note something for the team, of 1 to 2,000 characters. Raises WrongNote."""
    note = CustomerNote(
        organisation_id=organisation.id, customer_id=customer.id, text=_checked(text), pinned=pinned,
        author_id=by.member.id if by.member else None, author_name=by.name,
    )  # fmt: skip
    note.updated_at = note.created_at = now()
    db.session.add(note)
    audit.record(by, "customer:noted", customer)
    return note


@atomic
def edit_note(
    organisation: Organisation, *, customer: Customer, note: UUID, text: str, version: int | None, by: Actor
) -> CustomerNote:
    """Another text, over the `version` that was read; harmless when it is the same.

    Her own, and as a manager anybody's. Raises NotFound, NotAllowed, NewerNote, WrongNote.
    """
    found, text = _changeable(organisation, customer, note, by), _checked(text)
    if version is not None and found.version != version:
        raise NewerNote()
    if found.text != text:
        found.text, found.updated_at = text, now()
        audit.record(by, "customer:note_edited", customer)
    return found


@atomic
def pin_note(organisation: Organisation, *, customer: Customer, note: UUID, pinned: bool, by: Actor) -> CustomerNote:
    """Keep a note on top, or no longer: anybody of the desk may, and a repeat is harmless. Raises NotFound."""
    found = lock_note(organisation, customer, note)
    if found.pinned is not pinned:
        found.pinned = pinned
        audit.record(by, "customer:note_pinned" if pinned else "customer:note_unpinned", customer)
    return found


@atomic
def delete_note(organisation: Organisation, *, customer: Customer, note: UUID, by: Actor) -> None:
    """It is gone; that there was one stays in the trail. Her own, or a manager. Raises NotFound, NotAllowed."""
    db.session.delete(_changeable(organisation, customer, note, by))
    audit.record(by, "customer:note_deleted", customer)


def _changeable(organisation: Organisation, customer: Customer, note: UUID, by: Actor) -> CustomerNote:
    found = lock_note(organisation, customer, note)
    if by.member is None or not may_change_note(by.member, found):
        raise NotAllowed()
    return found


def _checked(text: str) -> str:
    text = text.strip()
    if not 0 < len(text) <= LONGEST:
        raise WrongNote(field="text")
    return text
