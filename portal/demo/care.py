"""What the demo's guests have told about their health: invented, and sealed like the real thing."""

from __future__ import annotations

from portal.care.notes import CareNotes
from portal.care.seal import seal
from portal.care.service import place_of
from portal.database import db
from portal.demo.cast import Cast
from portal.models import HealthNote

NOTES = (
    CareNotes(allergies="Huile d’amande douce", consent=True),
    CareNotes(contraindications="Enceinte de cinq mois", remarks="Allongée sur le côté", consent=True),
    CareNotes(remarks="Hernie discale ancienne : doucement dans le bas du dos", consent=True),
)
EVERY = 5


def make_notes(cast: Cast) -> None:
    """Every fifth guest has told something."""
    for number, guest in enumerate(cast.guests[::EVERY]):
        notes = NOTES[number % len(NOTES)]
        key, sealed = seal(notes.written(), place=place_of(cast.organisation, guest))
        db.session.add(
            HealthNote(organisation_id=cast.organisation.id, customer_id=guest.id, key_id=key, sealed=sealed)
        )
