"""What the pages of the rota show, and how their forms begin."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, timedelta
from typing import Any

from flask import url_for
from flask_login import current_user
from werkzeug.datastructures import MultiDict

from portal.absences.calendar import read_day, week_of, weeks_beside
from portal.access import Permission, can
from portal.errors import Invalid, NotFound, PortalError
from portal.models import Shift, StaffMember, Venue
from portal.models.shift import REMOVED
from portal.shifts import words
from portal.shifts.errors import NotWithoutAsking, ShiftOverlaps
from portal.shifts.forms import Asking, CopyShiftForm, RemoveForm, ShiftForm
from portal.shifts.publishing import state_of
from portal.shifts.queries import facts_of_days, names_of_drafts, people_of, standing_between, team_of
from portal.shifts.week import Week
from portal.shifts.week import week_of as board_of
from portal.tenancy import current_member, venues_of
from portal.uuids import as_uuid

# What a person can mend in the form; anything else is answered as everywhere.
REFUSALS = (Invalid, NotWithoutAsking, ShiftOverlaps)
_WEEK = timedelta(days=7)


def monday_in(text: str) -> date:
    """The Monday of the week of the date in an address. Raises NotFound."""
    return week_of(read_day(text))[0]


def may_plan() -> bool:
    """Whether whoever reads this page plans the rota."""
    return current_user.is_authenticated and can(current_member(), Permission.ROTA_MANAGE)


def asked_day(venue: Venue, text: str | None) -> date:
    """A date in the address, today where there is none."""
    try:
        return read_day(text or "")
    except NotFound:
        return venue.today()


def board(venue: Venue, monday: date) -> dict[str, Any]:
    """The context of `shifts/week.html` and of the sheet: seven statements whatever the number of people."""
    week = read_week(venue, monday, known={one.id for one in venues_of(current_member())})
    before, after = weeks_beside(monday)
    return {
        "venue": venue,
        "week": week,
        "before": before,
        "after": after,
        "this_monday": week_of(venue.today())[0],
        "may_manage": may_plan(),
        "words": words,
    }


def read_week(venue: Venue, monday: date, *, known: Collection[int] = ()) -> Week:
    """The week; other venues are named to whoever may enter them: `known` are their keys."""
    days = week_of(monday)
    people = people_of(venue, days[0], days[-1])
    facts = facts_of_days(venue, {one.id for one in people}, days[0], days[-1], with_visits=True)
    drafts = names_of_drafts(venue, days[0], days[-1])
    return board_of(venue, monday, people, facts, drafts=len(drafts), state=state_of(drafts), known=known)


def prefilled(venue: Venue, team: Sequence[StaffMember], asked: MultiDict[str, str]) -> ShiftForm:
    """The form for a new shift with the person and the day that the address names, and hours that are likely."""
    day = asked_day(venue, asked.get("day"))
    form = ShiftForm(formdata=None, day=day, member=asked.get("member"))
    chosen = next((one for one in team if str(one.uuid) == form.member.data), None)
    form.start.data, form.end.data = venue.opening_time, venue.closing_time
    if chosen is not None:
        for one in standing_between(venue, day - _WEEK, day - _WEEK):
            if one.member_id == chosen.id:
                form.start.data, form.end.data = one.start_time, one.end_time
                break
    return form


def planning(
    venue: Venue, form: ShiftForm, team: Sequence[StaffMember], *, error: PortalError | None = None
) -> dict[str, Any]:
    """The context of `shifts/new.html`; with the error beside its field, and what should be known first."""
    form.offer(team)
    return {
        **_around(venue, form.day.data or venue.today()),
        "form": form,
        "draft": f"{as_uuid(form.member.data)} {form.day.data}",
        "found": shown(form, error),
        "is_past": bool(form.day.data and form.day.data < venue.today()),
    }


def panel(
    venue: Venue,
    shift: Shift,
    *,
    form: ShiftForm | None = None,
    copy: CopyShiftForm | None = None,
    removal: RemoveForm | None = None,
    error: PortalError | None = None,
) -> dict[str, Any]:
    """The context of `shifts/show.html`: the form that was refused keeps what stood in it."""
    team = team_of(venue)
    if all(one.id != shift.member_id for one in team):
        team = [shift.member, *team]
    sent: Asking | None = form or copy or removal
    form = form or ShiftForm(
        formdata=None, member=str(shift.member.uuid), day=shift.day, start=shift.start_time, end=shift.end_time
    )
    copy = copy or CopyShiftForm(formdata=None, member=str(shift.member.uuid), day=shift.day + timedelta(days=1))
    removal = removal or RemoveForm(formdata=None)
    if error is None:
        form.version.data = removal.version.data = str(shift.version)
    form.offer(team)
    copy.offer(team)
    return {
        **_around(venue, shift.day),
        "shift": shift,
        "is_gone": shift.status == REMOVED,
        "form": form,
        "copy": copy,
        "removal": removal,
        "sent": sent,
        "found": shown(sent, error) if sent is not None else [],
        "is_past": shift.day < venue.today(),
    }


def shown(form: Asking, error: PortalError | None) -> list[Any]:
    """The concerns that a refusal names; the form remembers that they were shown."""
    if error is None:
        return []
    if not isinstance(error, NotWithoutAsking):
        form.refuse(error)
        return []
    form.seen.data, form.confirm.data = words.keys_of(error.concerns), False
    return error.concerns


def _around(venue: Venue, day: date) -> dict[str, Any]:
    monday = week_of(day)[0]
    back = url_for("rota.week", venue=venue.slug, day=monday)
    return {"venue": venue, "day": day, "monday": monday, "back": back, "words": words}
