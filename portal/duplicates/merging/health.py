"""The health notes of two guests as those of one: sealed before, sealed after, shown to nobody."""

from __future__ import annotations

from portal.care.notes import LONGEST, TEXTS, CareNotes
from portal.care.queries import find_note
from portal.care.seal import seal, unseal
from portal.care.service import place_of
from portal.clock import now
from portal.database import db
from portal.duplicates.merging.memento import Row, remembered
from portal.models import Customer, HealthNote, Organisation


def join_notes(organisation: Organisation, keep: Customer, lose: Customer) -> tuple[list[Row], int | None]:
    """Both notes in one, under who stays; the rows as they were, and the key of the note that now holds both.

    A sealed note can be opened only where it was sealed, so it cannot just be moved. Texts are set one below the other.
    Raises CannotBeRead when a key is gone.
    """
    theirs = find_note(organisation, lose, lock=True)
    if theirs is None:
        return [], None
    ours = find_note(organisation, keep, lock=True)
    before = [_row(note) for note in (theirs, ours) if note is not None]
    joined = _joined(_read(organisation, keep, ours), _read(organisation, lose, theirs))
    key, sealed = seal(joined.written(), place=place_of(organisation, keep))
    if ours is None:
        ours = HealthNote(organisation_id=organisation.id, customer_id=keep.id, written_by_id=theirs.written_by_id)
        db.session.add(ours)
    ours.key_id, ours.sealed, ours.written_at = key, sealed, now()
    db.session.delete(theirs)
    db.session.flush()
    return before, ours.version


def _read(organisation: Organisation, customer: Customer, note: HealthNote | None) -> CareNotes:
    if note is None:
        return CareNotes()
    return CareNotes.read(unseal(note.sealed, key=note.key_id, place=place_of(organisation, customer)))


def _joined(one: CareNotes, other: CareNotes) -> CareNotes:
    texts = {name: "\n".join(_both(getattr(one, name), getattr(other, name)))[:LONGEST] for name in TEXTS}
    return CareNotes(**texts, consent=one.consent or other.consent)


def _both(one: str, other: str) -> list[str]:
    return [text for text in dict.fromkeys((one, other)) if text]


def _row(note: HealthNote) -> Row:
    return remembered({column.name: getattr(note, column.name) for column in HealthNote.__table__.columns})
