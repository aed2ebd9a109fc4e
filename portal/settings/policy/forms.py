"""The editor of the cancellation tiers, and the example that it is tried with."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import StringField

from portal.bookings.payment_form import amount_minor
from portal.customers.forms import one_line
from portal.models import Venue
from portal.settings.forms import Figure, SettingsForm, choice, number
from portal.settings.policy.tiers import YEAR, Step, steps_of, tiers_of
from portal.settings.words import DEPOSIT

# As many steps as the editor has besides the last one.
STEPS = 4


class PolicyForm(SettingsForm):
    """Steps with their hours and percents; an empty pair is none. `rest` is what goes back later than all of them."""

    deposit_wording = choice(_l("How a deposit is called"), DEPOSIT)
    hours_1 = number(_l("Hours, step 1"), 1, YEAR - 1, optional=True)
    percent_1 = number(_l("Percent back, step 1"), 0, 100, optional=True)
    hours_2 = number(_l("Hours, step 2"), 1, YEAR - 1, optional=True)
    percent_2 = number(_l("Percent back, step 2"), 0, 100, optional=True)
    hours_3 = number(_l("Hours, step 3"), 1, YEAR - 1, optional=True)
    percent_3 = number(_l("Percent back, step 3"), 0, 100, optional=True)
    hours_4 = number(_l("Hours, step 4"), 1, YEAR - 1, optional=True)
    percent_4 = number(_l("Percent back, step 4"), 0, 100, optional=True)
    rest = number(_l("Percent back later than that"), 0, 100)

    @property
    def pairs(self) -> list[tuple[Figure, Figure]]:
        return [(self[f"hours_{n}"], self[f"percent_{n}"]) for n in range(1, STEPS + 1)]

    def validate(self, extra_validators: Any = None) -> bool:
        fine = bool(super().validate(extra_validators))
        seen: set[int | None] = set()
        for hours, percent in self.pairs:
            if (hours.data is None) != (percent.data is None) and not hours.errors and not percent.errors:
                missing = hours if hours.data is None else percent
                missing.errors = [_("Please fill in both, or neither.")]
                fine = False
            elif hours.data is not None and hours.data in seen:
                hours.errors = [_("This number of hours stands there twice.")]
                fine = False
            seen |= {hours.data} - {None}
        return fine

    def steps(self) -> list[Step]:
        """The staircase as far as it can be read: also of a form that is still being filled in."""
        written = [(hours.data, percent.data) for hours, percent in self.pairs]
        known = {hours: percent for hours, percent in written if hours is not None and percent is not None}
        sane = {hours: percent for hours, percent in known.items() if 0 < hours < YEAR and 0 <= percent <= 100}
        rest = self.rest.data
        last = [Step(0, rest)] if rest is not None and 0 <= rest <= 100 else []
        return sorted([*(Step(*one) for one in sane.items()), *last], reverse=True)

    def values(self) -> dict[str, Any]:
        return {"deposit_wording": self.deposit_wording.data, "cancellation_tiers": tiers_of(self.steps())}


class ExampleForm(SettingsForm):
    """What the example asks: so many hours before, such a deposit."""

    class Meta:
        csrf = False

    example_hours = Figure(_l("Cancelled … hours before"), default=30)
    example_deposit = StringField(_l("Deposit paid"), filters=[one_line])

    def asked(self, currency: str) -> tuple[int, int]:
        """Hours and minor units; what cannot be read is as at first."""
        hours, amount = self.example_hours.data, amount_minor(self.example_deposit.data or "", currency)
        return hours if hours is not None and 0 <= hours < YEAR else 30, 4000 if amount is None else amount


def policy_values(venue: Venue) -> Mapping[str, Any]:
    """The fields as they stand in the form."""
    steps = steps_of(venue.cancellation_tiers)
    values: dict[str, Any] = {"deposit_wording": venue.deposit_wording, "rest": steps[-1].percent}
    for n, step in enumerate(steps[:-1][:STEPS], start=1):
        values |= {f"hours_{n}": step.hours, f"percent_{n}": step.percent}
    return values


def policy_form(venue: Venue) -> PolicyForm:
    """The form as the venue stands."""
    return PolicyForm.of(venue.version, policy_values(venue))
