"""Which guests a list shows: read from its address, and written into the addresses of its links."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import datetime, timedelta

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, exists, or_

from portal.customers.queries import ACTIVE
from portal.customers.wanted import LONGEST
from portal.models import Booking, Customer, Venue
from portal.models.booking_states import CANCELLED, CONFIRMED, NOSHOW, PENDING
from portal.models.customer import BLOCKED, DEPOSIT

CHOICES: dict[str, dict[str, str | LazyString]] = {
    "where": {"": _l("This venue"), "all": _l("All venues")},
    "visits": {
        "": _l("With or without bookings"),
        "upcoming": _l("With a booking to come"),
        "unseen3": _l("Not seen for 3 months"),
        "unseen6": _l("Not seen for 6 months"),
        "unseen12": _l("Not seen for a year"),
        "never": _l("Never booked"),
    },
    "flag": {"": _l("With or without a flag"), BLOCKED: _l("Blocked"), DEPOSIT: _l("Deposit required")},
    "language": {"": _l("Any language"), "fr": "Français", "en": "English"},
    "consent": {"": _l("Any consent"), "email": _l("Agreed to e-mails"), "sms": _l("Agreed to text messages")},
    "state": {"": _l("Active guests"), "aside": _l("Set aside")},
}
LABELS = {
    "where": _l("Venue"), "visits": _l("Visits"), "flag": _l("Flag"), "language": _l("Language"),
    "consent": _l("Consent"), "state": _l("State"),
}  # fmt: skip
_MONTH = timedelta(days=30.44)


@dataclass(frozen=True, slots=True)
class Filters:
    """What was typed (`q`) and chosen; an empty word is no choice."""

    q: str = ""
    where: str = ""
    visits: str = ""
    flag: str = ""
    language: str = ""
    consent: str = ""
    state: str = ""

    @classmethod
    def read(cls, asked: Mapping[str, str]) -> Filters:
        """From an address; what is no choice is none."""
        typed = "".join(sign if sign.isprintable() else " " for sign in asked.get("q", "")[:LONGEST])
        chosen = {name: asked.get(name, "") for name in CHOICES}
        return cls(q=" ".join(typed.split()), **{name: word for name, word in chosen.items() if word in CHOICES[name]})

    def words(self) -> dict[str, str]:
        """For an address."""
        return {field.name: word for field in fields(self) if (word := getattr(self, field.name))}

    @property
    def is_choosy(self) -> bool:
        """Whether anything but the text narrows the list."""
        return bool(replace(self, q="").words())

    def conditions(self, venue: Venue, *, at: datetime) -> list[ColumnElement[bool]]:
        """On Customer. Guests of the venue are those who were booked there, and those who were booked nowhere yet."""
        here = [] if self.where else [Booking.venue_id == venue.id]
        found: list[ColumnElement[bool]] = [ACTIVE if not self.state else ~ACTIVE]
        if here and not self.visits:
            found.append(or_(_booked(*here), ~_booked()))
        if self.flag:
            found.append(Customer.flag == self.flag)
        if self.language:
            found.append(Customer.language == self.language)
        if self.consent:
            found.append((Customer.email_consent if self.consent == "email" else Customer.sms_consent).is_(True))
        return [*found, *self._visits(here, at)]

    def _visits(self, here: list[ColumnElement[bool]], at: datetime) -> list[ColumnElement[bool]]:
        if self.visits == "upcoming":
            return [_booked(Booking.starts_at >= at, Booking.status.in_((PENDING, CONFIRMED)), *here)]
        if self.visits == "never":
            return [~_booked()]
        if self.visits:
            came = Booking.status.not_in((CANCELLED, NOSHOW))
            since = at - int(self.visits.removeprefix("unseen")) * _MONTH
            return [_booked(came, *here), ~_booked(came, Booking.starts_at >= since, *here)]
        return []


def _booked(*conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists().where(Booking.customer_id == Customer.id, *conditions).correlate(Customer)
