"""Fills the days of the demo with visits that keep all the rules: shifts, skills, rooms, turnover, breaks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from random import Random

from portal.clock import local_date, local_instant
from portal.demo.cast import Cast, Therapist
from portal.demo.diary import Diary, Visit
from portal.demo.rota import DAYS_BACK, is_star
from portal.models import Room, Shift, Treatment, Variant, Venue

# Visits wanted on the current day, and on each other day from a week ago to a week ahead.
TODAY = {"lutetia": 56, "marais": 25, "chamonix": 8, "saint-denis": 6}
OTHER_DAYS = {"lutetia": 16, "marais": 9, "chamonix": 4, "saint-denis": 3}
# Of those of today, how many guests have cancelled, and how many still wait for a therapist.
CANCELLED = {"lutetia": 4, "marais": 2, "chamonix": 1}
WAITING = {"lutetia": 3, "marais": 1}
TRIES = 400


@dataclass
class DayPlan:
    """One venue's day: what holds its rooms and people, and what was called off again."""

    venue: Venue
    day: date
    offset: int
    visits: list[Visit]
    cancelled: list[Visit]


class Planner:
    """Plans the days of one venue. The stars, who come first, stay free for those who try the demo."""

    def __init__(self, cast: Cast, venue: Venue, diary: Diary) -> None:
        self.venue = venue
        self.diary = diary
        self.promised = Diary()
        self.rooms = cast.rooms[venue.id]
        self.variants = [
            variant for dish in cast.menus[venue.id] if is_for_one_visit(dish) for variant in dish.variants
        ]
        self.therapists = [
            one for one in cast.therapists if any(link.venue is venue for link in one.member.venue_links)
        ]
        self.shifts = {(s.member_id, s.day): s for s in cast.shifts if s.venue is venue}

    def plan_days(self, at: datetime) -> Iterator[DayPlan]:
        """From a week ago to a week ahead."""
        for offset in range(-DAYS_BACK, DAYS_BACK + 1):
            yield self._plan_day(self.venue.today() + timedelta(days=offset), offset, at)

    def could_take(self, therapist: Therapist, visit: Visit) -> bool:
        """Whether she is qualified, on shift and free for a visit that waits."""
        return self._is_able(therapist, visit.variant, visit.starts_at) and self.diary.is_free(
            therapist.member.resource_id, visit.starts_at, visit.ends_at
        )

    def _plan_day(self, day: date, offset: int, at: datetime) -> DayPlan:
        chance = Random(f"{self.venue.slug} {offset}")  # noqa: S311  (demo data)
        plan = DayPlan(self.venue, day, offset, [], [])
        wanted = OTHER_DAYS[self.venue.slug] + chance.randint(-2, 3) if offset else TODAY[self.venue.slug]
        plan.visits += self._for_stars(day, offset)
        if offset == 0:
            plan.visits += self._waiting(day, at)
            wanted -= CANCELLED.get(self.venue.slug, 0)
        plan.visits += self._for_couples(day, chance)
        crew = [one for one in self.therapists if self._shift(one, day) and not (is_star(one.place) and offset >= 0)]
        for _ in range(TRIES):
            if len(plan.visits) >= wanted or not crew:
                break
            crew.sort(key=lambda one: self._load(plan.visits, one))
            therapist = next((one for one in crew if chance.random() < 0.7), crew[-1])
            plan.visits += self._some_visit(therapist, day, chance)
        if offset == 0:
            plan.cancelled = self._called_off(crew, day, chance)
        return plan

    def _waiting(self, day: date, at: datetime) -> list[Visit]:
        """Visits that nobody has accepted, later today and 90 minutes apart, each kept possible for one therapist."""
        variants = [one for one in self.variants if one.guest_count == 1 and one.duration <= 60]
        stars = [one for one in self.therapists if is_star(one.place) and self._shift(one, day)]
        first_asked = stars or [one for one in self.therapists if self._shift(one, day)][:1]
        found: list[Visit] = []
        soonest = at + timedelta(minutes=45)
        for start in self._grid(day):
            if start < soonest or len(found) == WAITING.get(self.venue.slug, 0):
                continue
            turned = variants[len(found) * 2 :] + variants[: len(found) * 2]
            entered = next((one for variant in turned if (one := self._wait(variant, start, first_asked))), None)
            if entered:
                found.append(entered)
                soonest = start + timedelta(minutes=90)
        return found

    def _wait(self, variant: Variant, start: datetime, asked: list[Therapist]) -> Visit | None:
        """A visit that all who are asked first could take, if there is a room."""
        if not asked or not all(self._can(one, variant, start) for one in asked):
            return None
        for visit in self._enter(variant, start, []):
            self._promise(asked[0], visit)
            return visit
        return None

    def _for_stars(self, day: date, offset: int) -> list[Visit]:
        """First and last today, last on other days; at the same time for all of them. Tomorrow a couple waits."""
        stars = [one for one in self.therapists if is_star(one.place) and self._shift(one, day)]
        if offset < 0 or not stars:
            return []
        grid = list(self._grid(day))
        late = grid[-1] - timedelta(minutes=30)
        if offset == 1:
            return self._half_accepted(late, stars)
        hour = next(one for one in self.variants if one.guest_count == 1 and one.duration in {50, 60})
        times = [grid[0], late] if offset == 0 else [late]
        return [visit for start in times for star in stars for visit in self._enter(hour, start, [star])]

    def _half_accepted(self, start: datetime, stars: list[Therapist]) -> list[Visit]:
        """A couple's visit that one star has accepted and the other may still."""
        couples = [one for one in self.variants if one.guest_count == 2 and one.duration == 60]
        entered = [visit for variant in couples[:1] for visit in self._enter(variant, start, stars[-1:])]
        for visit in entered:
            self._promise(stars[0], visit)
        return entered

    def _promise(self, therapist: Therapist, visit: Visit) -> None:
        """Keep her free for it, or the venue could not honour what it has promised."""
        self.promised.take(therapist.member.resource_id, visit.starts_at, visit.ends_at)

    def _for_couples(self, day: date, chance: Random) -> list[Visit]:
        """One visit for two, side by side."""
        couples = [one for one in self.variants if one.guest_count == 2]
        able = [one for one in self.therapists if not is_star(one.place) and self._shift(one, day)]
        starts = list(self._grid(day))
        chance.shuffle(starts)
        for variant in couples[:1]:
            for start in starts:
                free = [one for one in able if self._can(one, variant, start)]
                for pair in pairwise(free):
                    if entered := self._enter(variant, start, list(pair)):
                        return entered
        return []

    def _some_visit(self, therapist: Therapist, day: date, chance: Random) -> list[Visit]:
        variants = [one for one in self.variants if one.guest_count == 1 and therapist.is_qualified(one.treatment)]
        (variant,) = chance.choices(variants, weights=[130 - one.duration for one in variants])
        starts = [start for start in self._grid(day) if self._can(therapist, variant, start)]
        if chance.random() < 0.4:  # the others follow one upon the other
            chance.shuffle(starts)
        return next((entered for start in starts if (entered := self._enter(variant, start, [therapist]))), [])

    def _called_off(self, crew: list[Therapist], day: date, chance: Random) -> list[Visit]:
        """Visits that hold nothing any more."""
        found = []
        for _ in range(CANCELLED.get(self.venue.slug, 0) if crew else 0):
            variant = chance.choice([one for one in self.variants if one.guest_count == 1])
            able = [one for one in crew if one.is_qualified(variant.treatment)] or crew
            start = chance.choice([s for s in self._grid(day) if s + _length(variant) <= self._closing(day)])
            found.append(
                Visit(self.venue, variant, start, [chance.choice(self._suitable(variant))], [chance.choice(able)])
            )
        return found

    def _enter(self, variant: Variant, start: datetime, therapists: list[Therapist]) -> list[Visit]:
        """The visit in the smallest room that will do, written down; nothing when none is free."""
        if start + _length(variant) > self._closing(self._day_of(start)):
            return []
        for room in self._suitable(variant):
            visit = Visit(self.venue, variant, start, [room], therapists)
            if self.diary.fits(visit):
                return [self.diary.enter(visit)]
        return []

    def _suitable(self, variant: Variant) -> list[Room]:
        """Single rooms for one guest: the couple room stays free for two, and for whoever tries the demo."""
        return [room for room in self.rooms if room.capacity == variant.guest_count]

    def _can(self, therapist: Therapist, variant: Variant, start: datetime) -> bool:
        """Whether she could take it and it is not kept for something else."""
        person, ends = therapist.member.resource_id, start + _length(variant)
        free = self.diary.is_free(person, start, ends) and self.promised.is_free(person, start, ends)
        return free and self._is_able(therapist, variant, start)

    def _is_able(self, therapist: Therapist, variant: Variant, start: datetime) -> bool:
        shift = self._shift(therapist, self._day_of(start))
        on_shift = shift and shift.starts_at <= start and start + _length(variant) <= shift.ends_at
        return bool(on_shift) and therapist.is_qualified(variant.treatment)

    def _shift(self, therapist: Therapist, day: date) -> Shift | None:
        return self.shifts.get((therapist.member.id, day))

    def _grid(self, day: date) -> Iterator[datetime]:
        start, closing = self._instant(day, self.venue.opening_time), self._closing(day)
        while start < closing:
            yield start
            start += timedelta(minutes=self.venue.slot_interval)

    def _closing(self, day: date) -> datetime:
        return self._instant(day, self.venue.closing_time)

    def _day_of(self, instant: datetime) -> date:
        return local_date(instant, self.venue.timezone)

    def _instant(self, day: date, wall: time) -> datetime:
        return local_instant(datetime.combine(day, wall), self.venue.timezone)

    def _load(self, visits: list[Visit], therapist: Therapist) -> int:
        return sum(visit.variant.duration for visit in visits if therapist in visit.therapists)


def is_for_one_visit(dish: Treatment) -> bool:
    """Whether it is booked on its own, by the guest who has it: no extra and no class."""
    return not dish.is_addon and dish.kind == "appointment"


def _length(variant: Variant) -> timedelta:
    return timedelta(minutes=variant.duration)
