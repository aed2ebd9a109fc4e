"""Which column of a file holds which field of a guest: guessed from its name, in both languages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from portal.customers.names import fold
from portal.imports.errors import WrongColumns

FIELDS: dict[str, LazyString] = {
    "first_name": _l("First name"),
    "last_name": _l("Last name"),
    "full_name": _l("First and last name together"),
    "phone": _l("Phone"),
    "email": _l("E-mail"),
    "language": _l("Language"),
    "note": _l("Note"),
    "email_consent": _l("Agreed to e-mails"),
    "sms_consent": _l("Agreed to text messages"),
    "consent_date": _l("Agreed on"),
}
_NAMES = {
    "first_name": ("prenom", "first name", "firstname", "given name", "vorname"),
    "last_name": ("nom", "nom de famille", "last name", "lastname", "surname", "family name", "nachname"),
    "full_name": ("nom complet", "nom et prenom", "prenom et nom", "name", "full name", "client", "cliente", "guest"),
    "phone": (
        "telephone", "tel", "portable", "mobile", "telephone portable", "numero de telephone", "phone", "phone number",
        "mobile phone", "cell", "gsm",
    ),
    "email": (
        "email", "e mail", "mail", "courriel", "adresse email", "adresse e mail",
        "email address", "e mail address",
    ),
    "language": ("langue", "language", "lang", "locale"),
    "note": ("note", "notes", "remarque", "remarques", "commentaire", "commentaires", "comment", "comments"),
    "email_consent": ("newsletter", "opt in email", "email opt in", "accepte les emails", "marketing email"),
    "sms_consent": ("opt in sms", "sms opt in", "accepte les sms", "marketing sms", "optin sms"),
    "consent_date": ("date du consentement", "consent date", "opt in date", "date opt in"),
}  # fmt: skip


def guessed(header: Sequence[str]) -> dict[str, int]:
    """By field, the place of its column; each column is taken once, the first that is called so."""
    found: dict[str, int] = {}
    for place, name in enumerate(header):
        plain = " ".join("".join(sign if sign.isalnum() else " " for sign in fold(name)).split())
        field = next((field for field, names in _NAMES.items() if plain in names), None)
        if field and field not in found:
            found[field] = place
    return found


def checked(columns: Mapping[str, int], width: int) -> dict[str, int]:
    """The columns as they were chosen. Raises WrongColumns without a name, and for a column that stands for two."""
    if not {"first_name", "last_name", "full_name"} & set(columns):
        raise WrongColumns(field="last_name")
    if len(set(columns.values())) < len(columns):
        twice = next(field for field, place in columns.items() if list(columns.values()).count(place) > 1)
        raise WrongColumns(_l("Each column can be only one thing."), field=twice)
    if not all(field in FIELDS and 0 <= place < width for field, place in columns.items()):
        raise WrongColumns()
    return dict(columns)
