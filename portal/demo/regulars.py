"""What the team of the demo knows of some guests: notes, consents, flags, and who books for whom."""

from __future__ import annotations

from datetime import datetime, timedelta

from portal.database import db
from portal.demo.cast import Cast
from portal.models import Customer, CustomerConsent, CustomerLink, CustomerNote
from portal.models.customer import BLOCKED, DEPOSIT

NOTES = (
    ("Vient toujours dix minutes en avance : un thé au jasmin l’attend.", True),
    ("Préfère être appelée plutôt qu’un e-mail.", False),
    ("Fête son anniversaire de mariage en juin, à deux.", False),
)
AUTHORS = ("Camille", "Maud")
EVERY = 7


def make_regulars(cast: Cast, at: datetime) -> None:
    """Every seventh has a note, some agree to marketing, one is blocked, two leave a deposit, two are linked."""
    for number, guest in enumerate(cast.guests[::EVERY]):
        text, pinned = NOTES[number % len(NOTES)]
        noted = at - timedelta(days=3 * number + 2)
        db.session.add(
            CustomerNote(
                organisation_id=guest.organisation_id, customer_id=guest.id, text=text, pinned=pinned,
                author_name=AUTHORS[number % 2], created_at=noted, updated_at=noted,
            )
        )  # fmt: skip
        if guest.email:
            _agree(guest, noted)
    if len(cast.guests) > EVERY * 10:
        _flag(cast.guests[EVERY * 8 + 1], BLOCKED, "Trois absences sans prévenir", at)
        for number in (3, 5):
            _flag(cast.guests[EVERY * number + 1], DEPOSIT, "Deux absences cette année", at)
        _link(cast.guests[EVERY], cast.guests[EVERY + 1], at)


def _agree(guest: Customer, at: datetime) -> None:
    guest.agree("email", True)
    db.session.add(
        CustomerConsent(
            organisation_id=guest.organisation_id, customer_id=guest.id, channel="email", given=True, way="form", at=at,
            actor_name=AUTHORS[0],
        )
    )  # fmt: skip


def _flag(guest: Customer, flag: str, reason: str, at: datetime) -> None:
    guest.raise_flag(flag, reason=reason, by_name=AUTHORS[1], at=at - timedelta(days=4))


def _link(guest: Customer, other: Customer, at: datetime) -> None:
    db.session.add(
        CustomerLink(
            organisation_id=guest.organisation_id, customer=guest, other=other, relation="partner", created_at=at,
            created_by_name=AUTHORS[0],
        )
    )  # fmt: skip
