"""Reading and writing a guest's health notes: sealed at rest, each look noted."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy.exc import IntegrityError

import portal.audit as audit
from portal.access import Permission, can
from portal.audit import Actor
from portal.care import queries
from portal.care.errors import NewerNotes, NotYours
from portal.care.notes import LONGEST, TEXTS, CareNotes
from portal.care.seal import seal, unseal
from portal.clock import now
from portal.database import atomic, db
from portal.errors import Invalid
from portal.models import Customer, HealthNote, Organisation

# For so long after a visit its therapist may still read, to write down what she has learnt.
AFTER = timedelta(hours=24)


@atomic
def read_notes(organisation: Organisation, *, customer: Customer, by: Actor) -> tuple[CareNotes, int]:
    """The notes and their version, 0 when there are none; that they were looked at is noted.

    For managers, and for therapists who serve a booking of the guest that is to come or ended less than 24 hours ago.
    Raises NotYours, CannotBeRead.
    """
    _check(organisation, customer, by)
    audit.record(by, "care:read", customer)
    note = queries.find_note(organisation, customer)
    if note is None:
        return CareNotes(), 0
    text = unseal(note.sealed, key=note.key_id, place=place_of(organisation, customer))
    return CareNotes.read(text), note.version


@atomic
def write_notes(
    organisation: Organisation, *, customer: Customer, notes: CareNotes, version: int, by: Actor
) -> HealthNote | None:
    """Replace what is noted, over the `version` that was read; without any text the note is removed.

    Raises NotYours, NewerNotes, NoKey, Invalid for a text that is too long.
    """
    _check(organisation, customer, by)
    too_long = next((name for name in TEXTS if len(getattr(notes, name)) > LONGEST), None)
    if too_long:
        raise Invalid(field=too_long)
    note = queries.find_note(organisation, customer, lock=True)
    if (note.version if note else 0) != version:
        raise NewerNotes()
    audit.record(by, "care:written", customer)
    if notes.is_empty:
        if note is not None:
            db.session.delete(note)
        return None
    if note is None:
        note = HealthNote(organisation_id=organisation.id, customer_id=customer.id)
        db.session.add(note)
    note.key_id, note.sealed = seal(notes.written(), place=place_of(organisation, customer))
    note.written_at, note.written_by_id = now(), by.member.id if by.member else None
    try:
        db.session.flush()
    except IntegrityError:
        raise NewerNotes() from None  # two wrote the first note at the same moment
    return note


def place_of(organisation: Organisation, customer: Customer) -> str:
    """Where the sealed bytes belong: tenant, table, row and column."""
    return f"{organisation.uuid}:health_note:{customer.uuid}:sealed"


def _check(organisation: Organisation, customer: Customer, by: Actor) -> None:
    if by.member is None or by.member.organisation_id != organisation.id or customer.organisation_id != organisation.id:
        raise NotYours()
    if can(by.member, Permission.CARE_READ):
        return
    if not queries.treats(organisation, by.member, customer, since=now() - AFTER):
        raise NotYours()
