"""Who may be there twice: guests who share something with somebody, and what."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from portal.customers.likeness import AGAINST, Known, Likeness, Reason, likeness
from portal.customers.queries import alike
from portal.models import Customer, Organisation

FEW = 3
REASONS: dict[Reason, LazyString] = {
    Reason.PHONE: _l("same phone number"),
    Reason.EMAIL: _l("same e-mail address"),
    Reason.TAIL: _l("same number after another country code"),
    Reason.NAME: _l("same name"),
    Reason.SWAPPED: _l("first and last name swapped"),
    Reason.NEAR: _l("names that sound alike"),
    Reason.OTHER_PHONE: _l("another phone number"),
    Reason.OTHER_EMAIL: _l("another e-mail address"),
}


@dataclass(frozen=True, slots=True)
class Typed:
    """Somebody who is not a guest yet."""

    name_key: str = ""
    email_key: str | None = None
    phone: str | None = None


def twins_of(organisation: Organisation, guest: Known, *, but: int | None = None) -> list[tuple[Customer, str]]:
    """Guests who may be the same person, with the reasons in words, the likeliest first: one statement.

    Of a guest who is there already (`but`) those are left out from whom she was told apart.
    """
    found = [(one, likeness(guest, one)) for one in alike(organisation, guest, but=but)]
    best = sorted(((one, how) for one, how in found if how.is_worth_a_look), key=lambda pair: -pair[1].score)
    return [(one, ", ".join(reasons_for(how))) for one, how in best[:FEW]]


def reasons_for(how: Likeness) -> list[str]:
    """What speaks for one person, in words."""
    return [str(REASONS[reason]) for reason in how.reasons if reason not in AGAINST]


def doubts_about(how: Likeness) -> list[str]:
    """What speaks for two, in words."""
    return [str(REASONS[reason]) for reason in how.reasons if reason in AGAINST]
