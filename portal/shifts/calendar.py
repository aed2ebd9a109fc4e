"""One person's shifts as a file for a calendar program."""

from __future__ import annotations

from flask import Response, make_response

from portal.clock import now
from portal.feeds.calendar import calendar_of
from portal.feeds.queries import list_shifts
from portal.feeds.service import AHEAD, BEHIND
from portal.i18n import language
from portal.models import StaffMember


def calendar_file(member: StaffMember) -> Response:
    """What she works by at all venues, from a month ago on; guests are none of its business."""
    at = now()
    shifts = list_shifts(member, start=at - BEHIND, end=at + AHEAD)
    body = calendar_of(member, [], shifts, language=language(), with_surname=False, since=at)
    response = make_response(body)
    response.mimetype = "text/calendar"
    response.headers["Content-Disposition"] = f'attachment; filename="rota-{member.uuid}.ics"'
    response.headers["Cache-Control"] = "no-store"
    return response
