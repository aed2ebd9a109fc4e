"""All bookings of an organisation of the demo, numbered in the order in which they were made."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random

from portal.database import db
from portal.demo.cast import Cast, Therapist
from portal.demo.diary import Diary, Visit
from portal.demo.lives import Life, live
from portal.demo.plan import DayPlan, Planner
from portal.demo.rota import claim_of
from portal.models import Booking, Counter

FIRST_NUMBER = 4201
# Of ten bookings so many come from partners.
PARTNERS_IN_TEN = 3
# Whoever has not come by then is a no-show.
TOO_LATE = timedelta(minutes=20)


def make_bookings(cast: Cast, at: datetime) -> list[Booking]:
    """Plan and live three weeks at every venue, and save the bookings."""
    diary = Diary(claim_of(block) for block in cast.blocks)
    planners = [Planner(cast, venue, diary) for venue in cast.venues]
    plans = [(planner, plan) for planner in planners for plan in planner.plan_days(at)]
    bookings = [live(cast, life) for planner, plan in plans for life in _lives(cast, planner, plan, at)]
    bookings.sort(key=lambda booking: booking.created_at)
    for number, booking in enumerate(bookings, FIRST_NUMBER):
        booking.number = number
    db.session.add_all(bookings)
    last = FIRST_NUMBER + len(bookings) - 1
    db.session.add(Counter(organisation_id=cast.organisation.id, kind="booking", value=last))
    db.session.flush()
    return bookings


def _lives(cast: Cast, planner: Planner, plan: DayPlan, at: datetime) -> Iterator[Life]:
    """Everybody comes at most once a day; the guest without a phone comes today."""
    chance = Random(f"lives {plan.venue.slug} {plan.offset}")  # noqa: S311  (demo data)
    visits = sorted(plan.visits + plan.cancelled, key=lambda visit: visit.starts_at)
    guests = chance.sample(cast.guests[2:], len(visits))
    if plan.offset == 0 and plan.venue is cast.venues[0]:
        guests = [*cast.guests[:2], *guests][: len(visits)]
    fates = _fates(plan, visits, at, chance)
    trial = _trial(plan, visits, fates) if cast.sandbox else None
    for number, (visit, guest) in enumerate(zip(visits, guests, strict=True)):
        life = Life(visit, guest, at, chance, (plan.venue.slug, plan.offset, number), fates[number])
        if life.is_waiting:
            life.via, life.asked = cast.partner, _asked(planner, visit)
        elif life.fate == "usual" and chance.randrange(10) < PARTNERS_IN_TEN:
            life.via = cast.classpass if number % 3 == 0 else cast.partner
        if number == trial:
            life.via = cast.sandbox
        yield life


def _trial(plan: DayPlan, visits: list[Visit], fates: list[str]) -> int | None:
    """Which of today's visits was made with the sandbox key: the last staffed one."""
    staffed = [n for n, visit in enumerate(visits) if visit.therapists and fates[n] == "usual"]
    return staffed[-1] if plan.offset == 0 and staffed else None


def _fates(plan: DayPlan, visits: list[Visit], at: datetime, chance: Random) -> list[str]:
    """A no-show and a guest who left without paying, once enough visits are over; one guest who is here early."""
    fates = ["cancelled" if visit in plan.cancelled else "usual" for visit in visits]
    begun = [n for n, visit in enumerate(visits) if visit.starts_at + TOO_LATE <= at and fates[n] == "usual"]
    if len(begun) > 1:
        fates[chance.choice(begun)] = "noshow"
    over = [n for n in begun if visits[n].ends_at <= at and fates[n] == "usual"]
    if len(over) > 1:
        fates[chance.choice(over)] = "unsettled"
    soon = [n for n, visit in enumerate(visits) if visit.therapists and fates[n] == "usual" and visit.starts_at > at]
    if soon and plan.offset == 0:
        fates[soon[0]] = "early"
    return fates


def _asked(planner: Planner, visit: Visit) -> tuple[Therapist, ...]:
    """The best rank among those who could take it."""
    free = [one for one in planner.therapists if one not in visit.therapists and planner.could_take(one, visit)]
    best = min((one.rank_at(visit.venue) for one in free), default=0)
    return tuple(one for one in free if one.rank_at(visit.venue) == best)
