"""The contact data of a guest as a form that knows what it was drawn from: two editors do not overwrite each other."""

from __future__ import annotations

import json
from typing import Any

from wtforms import HiddenField

from portal.bookings.forms import VersionField, read_version, readable
from portal.customers.forms import GuestForm
from portal.models import Customer, Venue

NAMES = ("first_name", "last_name", "phone", "email", "language")


class EditForm(GuestForm):
    """`version` is that of the guest as she was shown, `drawn` what the fields said then."""

    version = VersionField()
    drawn = HiddenField(filters=[readable])

    @classmethod
    def about(cls, guest: Customer) -> EditForm:
        """The form filled with the guest, or with what was sent."""
        current = values_of(guest)
        return cls(version=guest.version, drawn=json.dumps(current), **current)

    def asked(self, venue: Venue) -> dict[str, Any]:
        """What is asked of the service."""
        return self.wish() | {"country": venue.country, "version": read_version(self.version.data)}

    def meet(self, guest: Customer) -> dict[str, str]:
        """After somebody else's change: what I left alone becomes hers; by name, what both of us changed and says now.

        From then on the form stands on the guest as she is, so that saving again is a decision.
        """
        drawn, current = self._drawn(), values_of(guest)
        clashes: dict[str, str] = {}
        for name, now in current.items():
            if (self[name].data or "") == drawn.get(name, ""):
                self[name].data = now
            elif now not in {drawn.get(name, ""), self[name].data or ""}:
                clashes[name] = dict(self[name].choices).get(now, now) if name == "language" else now
        self.version.data, self.drawn.data = str(guest.version), json.dumps(current)
        return clashes

    def _drawn(self) -> dict[str, Any]:
        try:
            found = json.loads(self.drawn.data or "{}")
        except (ValueError, RecursionError):
            return {}
        return found if isinstance(found, dict) else {}


def values_of(guest: Customer) -> dict[str, str]:
    """The fields as they stand in the form."""
    return {name: getattr(guest, name) or "" for name in NAMES}
