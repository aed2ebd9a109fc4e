"""The guests of the demo: numbers from the ranges kept for fiction, addresses that reach nobody."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import islice, product
from random import Random

from portal.customers.emails import email_key
from portal.customers.names import fold, name_key
from portal.demo.idents import ident
from portal.models import Customer, Organisation

FIRST_NAMES = [
    "Hélène", "Chloé", "Margaux", "Jeanne", "Adèle", "Zoé", "Inès", "Noémie", "Élise", "Agathe", "Mathilde",
    "Anaïs", "Céline", "Béatrice", "Françoise", "Odile", "Yasmine", "Fatou", "Linh", "Mei", "Antoine", "Baptiste",
    "Étienne", "Gaël", "Loïc", "Rémi", "Théo", "Valentin", "Grégoire", "François", "Mehdi", "Kofi",
]  # fmt: skip
LAST_NAMES = [
    "Dupont", "Lefebvre", "Girard", "Bonnet", "Dubois", "Mercier", "Blanchard", "Guérin", "Faure", "Chevalier",
    "Aubert", "Lacroix", "Perrin", "Renault", "Barbier", "Caron", "Noël", "Masson", "Béranger", "d’Arcy", "Le Gall",
    "N’Diaye", "Nguyen", "Haddad", "Keita", "Castel",
]  # fmt: skip
VISITORS = [
    ("Olivia", "Bennett"), ("James", "Whitfield"), ("Emily", "O’Connor"), ("George", "Ashworth"), ("Ruby", "Clarke"),
    ("Harriet", "Sloane"), ("Arthur", "Penrose"), ("Isla", "MacKenzie"),
]  # fmt: skip
# Numbers that no operator gives out: +33 6 39 98 xx xx (Arcep) and +44 7700 900xxx (Ofcom).
FRENCH, BRITISH = "+3363998{:04d}", "+447700900{:03d}"
TASTES = (None, None, "massage", "facial", "ritual", "body")


def make_guests(organisation: Organisation, count: int, at: datetime) -> list[Customer]:
    """So many guests. The first has an e-mail and no phone, the second a phone and no e-mail."""
    chance = Random(f"guests of {organisation.slug}")  # noqa: S311  (demo data)
    names = list(product(FIRST_NAMES, LAST_NAMES))
    chance.shuffle(names)
    everyone = [*islice(names, count - len(VISITORS)), *VISITORS]
    return [_guest(organisation, number, *name, at, chance) for number, name in enumerate(everyone)]


def _guest(
    organisation: Organisation, number: int, first_name: str, last_name: str, at: datetime, chance: Random
) -> Customer:
    british = (first_name, last_name) in VISITORS
    email = None
    if number != 1 and (number == 0 or chance.random() < 0.8):
        email = f"{_word(first_name)}.{_word(last_name)}@courriel.example"
    phone = (BRITISH.format(number % 1000) if british else FRENCH.format(number)) if number != 0 else None
    known_since = at - timedelta(days=chance.randint(30, 900))
    return Customer(
        uuid=ident("customer", organisation.slug, number),
        organisation_id=organisation.id,
        first_name=first_name,
        last_name=last_name,
        name_key=name_key(first_name, last_name),
        email=email,
        email_key=email_key(email) if email else None,
        phone=phone,
        language="en" if british else "fr",
        preferred_treatment_type=chance.choice(TASTES),
        preferences=_likes(number),
        profile_completed=bool(email and phone),
        created_at=known_since,
        updated_at=known_since,
    )


def _likes(number: int) -> dict[str, str]:
    """Every third guest has told what she likes."""
    if number % 3:
        return {}
    pressure, music = ("light", "medium", "firm")[number % 9 // 3], ("none", "soft")[number % 2]
    return {"pressure": pressure, "music": music} | ({"avoid": "Épaule gauche"} if number % 6 == 0 else {})


def _word(name: str) -> str:
    return fold(name).replace(" ", "-").replace("’", "")
