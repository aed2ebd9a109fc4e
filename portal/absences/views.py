"""The therapist's own time: her week, time off, shifts that change hands."""

from __future__ import annotations

from flask import Blueprint, Response

import portal.web as web
from portal.absences.calendar import read_day
from portal.absences.week import week_page
from portal.access import Permission, requires
from portal.clock import now
from portal.tenancy import current_member

absences = Blueprint("absences", __name__)


@absences.get("/week", defaults={"day": None})
@absences.get("/week/<day>")
@requires(Permission.ABSENCE_ASK)
def week(day: str | None) -> Response:
    """Her shifts of a week at all venues, this week's without a date."""
    shown = week_page(current_member(), read_day(day) if day else None, at=now())
    return web.render("absences/week.html#week", week=shown)
