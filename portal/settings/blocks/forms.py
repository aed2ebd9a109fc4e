"""The form of a block of the whole venue."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, RadioField, ValidationError
from wtforms.fields.choices import SelectChoice

from portal.blocks.forms import Clock, Day, Written
from portal.customers.forms import one_line
from portal.models import Venue, VenueBlock
from portal.settings.blocks.plan import MIDNIGHT, Wish
from portal.settings.blocks.service import REASON_LENGTH
from portal.settings.forms import days, line
from portal.settings.rooms.forms import Agreed
from portal.settings.words import WEEKDAYS
from portal.uuids import as_uuid

WEEKLY, ONCE = "weekly", "once"
_A_DAY, _A_TIME = Written(_l("Please enter a date.")), Written(_l("Please enter a time such as 12:30."))


class VenueBlockForm(Agreed):
    """When nobody can book, and why. `key` makes sending a new one twice harmless."""

    repeats = RadioField(_l("How often"), validate_choice=False, default=WEEKLY)
    weekdays = days(_l("On these days"), WEEKDAYS)
    first_day = Day(_l("First day"), validators=[_A_DAY])
    last_day = Day(_l("Last day"), validators=[_A_DAY])
    start = Clock(_l("From"), validators=[_A_TIME])
    end = Clock(_l("To"), validators=[_A_TIME], description=_l("Without times: whole days."))
    reason = line(_l("Reason"), most=REASON_LENGTH, description=_l("The team reads it in the agenda."))
    key = HiddenField(filters=[one_line], default=lambda: str(uuid.uuid4()))

    def __init__(self, *given: Any, **words: Any) -> None:
        super().__init__(*given, **words)
        self.repeats.choices = [SelectChoice(WEEKLY, _("Every week")), SelectChoice(ONCE, _("Once"))]

    def validate_repeats(self, field: Any) -> None:
        if field.data not in {WEEKLY, ONCE}:
            raise ValidationError(_("Please choose one of these."))

    def wish(self) -> Wish:
        """What is asked of the service."""
        is_weekly = self.repeats.data == WEEKLY
        return Wish(
            is_weekly=is_weekly,
            first_day=self.first_day.data,
            last_day=self.last_day.data,
            start=self.start.data,
            end=self.end.data,
            weekdays=tuple(int(day) for day in self.weekdays.data or ()) if is_weekly else (),
            reason=self.reason.data or None,
        )

    def known_key(self) -> uuid.UUID:
        """What tells this form from any other that was sent."""
        return as_uuid(self.key.data) or uuid.uuid4()


def block_values(venue: Venue, block: VenueBlock) -> Mapping[str, Any]:
    """The fields as they stand in the form."""
    if block.starts_at is None or block.ends_at is None:
        return {
            "repeats": WEEKLY,
            "weekdays": [str(day) for day in block.weekdays or range(7)],
            "first_day": block.first_day,
            "last_day": block.last_day,
            "reason": block.reason,
        } | _clocks(block.start_time or MIDNIGHT, block.end_time or MIDNIGHT)
    zone = ZoneInfo(venue.timezone)
    start, end = block.starts_at.astimezone(zone), block.ends_at.astimezone(zone)
    last = (end - timedelta(days=1)).date() if is_whole(start, end) else end.date()
    return {
        "repeats": ONCE,
        "first_day": start.date(),
        "last_day": None if last == start.date() else last,
        "reason": block.reason,
    } | _clocks(start.time(), end.time())


def is_whole(start: datetime, end: datetime) -> bool:
    """Whether these local times are whole days."""
    return start.time() == MIDNIGHT == end.time()


def _clocks(start: time, end: time) -> dict[str, time]:
    return {} if start == MIDNIGHT == end else {"start": start, "end": end}
