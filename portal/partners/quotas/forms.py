"""Forms of quotas: those of the weekdays, and those of some dates."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms.validators import DataRequired

from portal.blocks.forms import Day, Written
from portal.errors import NotFound
from portal.models import PartnerQuota
from portal.settings.forms import NEEDED, Figure, SettingsForm, number
from portal.settings.words import WEEKDAYS

MOST = 999
_A_DAY = Written(_l("Please enter a date."))


def _weekly_fields() -> dict[str, Figure]:
    return {f"on_{day}": number(name, 0, MOST, optional=True) for day, name in WEEKDAYS}


class WeekForm(SettingsForm):
    """How many guests on each weekday; nothing written is no limit."""

    locals().update(_weekly_fields())

    def wish(self) -> dict[int, int | None]:
        """The places of each weekday, 0 = Sunday."""
        return {int(day): self[f"on_{day}"].data for day, _name in WEEKDAYS}

    @property
    def weekdays(self) -> list[Any]:
        """The fields from Monday to Sunday."""
        return [self[f"on_{day}"] for day, _name in WEEKDAYS]


class DaysForm(SettingsForm):
    """How many guests on some dates."""

    first = Day(_l("From"), validators=[_A_DAY, DataRequired(NEEDED)])
    last = Day(_l("To"), validators=[_A_DAY], description=_l("Left empty, it is one day."))
    places = number(
        _l("Guests a day"), 0, MOST, optional=True,
        description=_l("0 closes these days; left empty, there is no limit."),
    )  # fmt: skip

    def wish(self) -> dict[str, Any]:
        """What is asked of the service."""
        return {"first": self.first.data, "last": self.last.data or self.first.data, "places": self.places.data}


def date_in(text: str) -> date:
    """The date that an address names. Raises NotFound for what is none."""
    try:
        return date.fromisoformat(text)
    except ValueError as none:
        raise NotFound() from none


def week_values(quotas: Sequence[PartnerQuota]) -> dict[str, Any]:
    """The fields as they stand."""
    return {f"on_{quota.weekday}": quota.places for quota in quotas if quota.weekday is not None}
