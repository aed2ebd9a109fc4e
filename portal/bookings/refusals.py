"""From a refusal of the slot rules to what people are told: the interval, who or what it is, and what instead."""

from __future__ import annotations

from datetime import datetime, timedelta

from flask_babel import gettext as _

from portal.bookings.availability import Refusal, alternatives, instant
from portal.bookings.errors import SlotUnavailable
from portal.bookings.queries import name_of_resource
from portal.bookings.slots.causes import Cause, Kind, person_cause
from portal.bookings.slots.facts import Need, Work
from portal.bookings.slots.intervals import epoch
from portal.bookings.slots.queries import load_snapshot
from portal.bookings.slots.request import Reason
from portal.bookings.slots.snapshot import Snapshot
from portal.clock import local_date
from portal.i18n import clock_time
from portal.models import Venue

# How far around the wish the nearest alternatives are looked for.
ALTERNATIVE_DAYS = 14


def unavailable(
    venue: Venue,
    need: Need,
    starts_at: datetime,
    refusal: Refusal,
    *,
    at: datetime,
    snapshot: Snapshot,
    desk: bool = False,
    without: tuple[int, ...] = (),
    but: datetime | None = None,
) -> SlotUnavailable:
    """Why not, with the interval responsible, and the nearest alternatives within two weeks.

    `but` is no alternative: what is moved stands there already.
    """
    day, reach = local_date(starts_at, venue.timezone), timedelta(days=ALTERNATIVE_DAYS)
    around = load_snapshot(venue, first=day - reach, last=day + reach, without=without)
    interval, cause = (refusal.starts_at, refusal.ends_at), cause_of(snapshot, need, starts_at, refusal)
    if cause is not None:
        interval = (instant(cause.span.start), instant(cause.span.end))
    return SlotUnavailable(
        refusal.reason,
        interval=interval,
        alternatives=[one for one in alternatives(around, need, starts_at, at, 4, desk=desk) if one != but][:3],
        cause=cause.kind if cause else None,
        subject=refusal.subject if cause is None else cause.resource_id,
    )


def cause_of(snapshot: Snapshot, need: Need, starts_at: datetime, refusal: Refusal) -> Cause | None:
    """What is in the way of the therapists that the desk has chosen, for a refusal that is about them."""
    if refusal.reason is not Reason.NO_THERAPIST or not need.therapists:
        return None
    start = epoch(starts_at)
    work = Work(snapshot.venue_id, start, start + need.duration * 60, need.treatment_id, need.gender)
    for person in sorted(need.therapists):
        if cause := person_cause(snapshot, person, work):
            return cause
    return Cause(Kind.PROMISED, snapshot.staffing.obstacle(work)[0], min(need.therapists))


def sentence(venue: Venue, refused: SlotUnavailable) -> str:
    """The refusal as the desk reads it: what is in the way, and until when."""
    who = name_of_resource(venue, refused.subject) if refused.subject is not None else None
    return phrase(refused.reason, refused.interval, cause=refused.cause, who=who, zone=venue.timezone)


def phrase(
    reason: str, interval: tuple[datetime, datetime], *, cause: str | None = None, who: str | None = None, zone: str
) -> str:
    """A reason in words; `who` is the name of the room or the person in the way."""
    start, end = (clock_time(moment, zone) for moment in interval)
    told = {"name": who, "start": start, "end": end}
    if cause is not None and who:
        return _about_person(cause, told)
    match reason:
        case Reason.NO_ROOM if who:
            return _("No suitable room is free: %(name)s is taken from %(start)s to %(end)s.", **told)
        case Reason.NO_THERAPIST if who:
            return _("No qualified therapist is free: %(name)s is busy from %(start)s to %(end)s.", **told)
    return _about_venue(str(reason), told)


def _about_person(cause: str, told: dict[str, str | None]) -> str:
    match cause:
        case Kind.NOT_QUALIFIED:
            return _("%(name)s does not do this treatment.", **told)
        case Kind.NOT_HERE:
            return _("%(name)s does not treat guests at this venue.", **told)
        case Kind.OFF_SHIFT if told["start"] != told["end"]:
            return _("%(name)s is not on shift then (nearest: %(start)s to %(end)s).", **told)
        case Kind.BLOCKED:
            return _("%(name)s is blocked from %(start)s to %(end)s.", **told)
        case Kind.ELSEWHERE:
            return _("%(name)s is at another venue from %(start)s to %(end)s.", **told)
        case Kind.PROMISED:
            return _("%(name)s is needed for a booking that still waits for a therapist.", **told)
    return _("%(name)s is with another guest from %(start)s to %(end)s.", **told)


def _about_venue(reason: str, told: dict[str, str | None]) -> str:
    words = {
        Reason.VENUE_CLOSED: _("The venue is closed on this day."),
        Reason.OUTSIDE_HOURS: _("This is outside the opening hours (closed from %(start)s to %(end)s).", **told),
        Reason.LEAD_TIME: _("This time is over, or too soon to be booked."),
        Reason.BLOCKED: _("The venue takes no bookings from %(start)s to %(end)s.", **told),
        Reason.NO_ROOM: _("There is no room for this treatment at that time."),
        Reason.NO_THERAPIST: _("Nobody who does this treatment is on shift then."),
        Reason.DAY_NOT_OFFERED: _("This treatment is not offered on that day of the week."),
        Reason.OFF_GRID: _("Please choose a time in steps of five minutes."),
        Reason.QUOTA_EXHAUSTED: _("All places are taken."),
    }
    return words.get(Reason(reason), _("This time is no longer free."))
