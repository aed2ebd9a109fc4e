"""The week of a venue, assembled from what was read: who is planned when, what lies beside it, hours. No SQL here."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from flask_babel import gettext as _

from portal.blocks.facts import Span
from portal.clock import start_of_day
from portal.i18n import name_of
from portal.models import StaffMember, Venue
from portal.shifts import words
from portal.shifts.facts import About, Away, Blocked, Facts, Work, joined
from portal.shifts.judging import concerns

_DAY = timedelta(days=1)
NOTHING = timedelta()
# A day is drawn as a bar from here on, in quarters of an hour; what lies before and after is cut off.
QUARTERS = 96


@dataclass(frozen=True, slots=True)
class Card:
    """A shift in the grid. `at` and `long` are quarters of an hour; `elsewhere` names another venue: not ours to move.

    `remarks` are what speaks against it, and `alone` the visits in it that nobody else covers.
    """

    id: UUID
    day: date
    hours: str
    length: str
    is_draft: bool
    version: int
    at: int
    long: int
    elsewhere: str = ""
    next_day: bool = False
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Beside:
    """Time off or blocked time on a day: `off` and `block` say whose page it has; `when` is empty for the whole day."""

    when: str
    word: str
    icon: str
    status: str = ""
    off: UUID | None = None
    block: UUID | None = None


@dataclass(frozen=True, slots=True)
class Cell:
    """A person's day; `alone` is how many visits she has on it outside her published shifts."""

    day: date
    cards: list[Card]
    beside: list[Beside]
    alone: int


@dataclass(frozen=True, slots=True)
class Sums:
    """Real hours in a week: all, and of these drafts, at other venues, off."""

    planned: timedelta = NOTHING
    drafts: timedelta = NOTHING
    elsewhere: timedelta = NOTHING
    off: timedelta = NOTHING


@dataclass(frozen=True, slots=True)
class Row:
    person: StaffMember
    cells: list[Cell]
    sums: Sums


@dataclass(frozen=True, slots=True)
class Day:
    """`people` are planned here, drafts too; `change` are the hours that the clock gains (1) or loses (-1)."""

    date: date
    is_today: bool
    is_past: bool
    people: int
    hours: timedelta
    change: int = 0


@dataclass(frozen=True, slots=True)
class Week:
    """`drafts` are those of the week, `state` tells whether they are still the same."""

    monday: date
    days: list[Day]
    rows: list[Row]
    total: timedelta
    drafts: int
    state: str

    @property
    def is_empty(self) -> bool:
        """Whether nobody has a shift here."""
        return all(day.people == 0 for day in self.days)

    @property
    def dates(self) -> list[date]:
        return [day.date for day in self.days]


def week_of(
    venue: Venue,
    monday: date,
    people: Sequence[StaffMember],
    facts: Facts,
    *,
    drafts: int,
    state: str,
    known: Collection[int] = (),
) -> Week:
    """The board of a week; other venues than those `known` to the reader, by their keys, are not named."""
    days = [monday + n * _DAY for n in range(7)]
    today, read = venue.today(), _Read(venue, facts, known)
    rows = [_row(read, person, days) for person in people]
    here = [one for one in facts.shifts if one.venue_id == venue.id and days[0] <= one.day <= days[-1]]
    each = Counter({(one.day, one.member_id) for one in here})
    hours: dict[date, timedelta] = defaultdict(timedelta)
    for one in here:
        hours[one.day] += one.length
    return Week(
        monday=monday,
        days=[
            Day(one, one == today, one < today, sum(day == one for day, _who in each), hours[one], _change(venue, one))
            for one in days
        ],
        rows=rows,
        total=sum((one.length for one in here), NOTHING),
        drafts=drafts,
        state=state,
    )


def sums_of(shifts: Iterable[Work], off: Iterable[Span], venue_id: int) -> Sums:
    """How long the shifts of one person are together; shifts of one person do not overlap, her time off may."""
    listed, away = list(shifts), joined(off)
    missing = NOTHING
    for one in listed:
        for start, end in away:
            missing += max(NOTHING, min(one.ends_at, end) - max(one.starts_at, start))
    return Sums(
        planned=sum((one.length for one in listed), NOTHING),
        drafts=sum((one.length for one in listed if not one.counts), NOTHING),
        elsewhere=sum((one.length for one in listed if one.venue_id != venue_id), NOTHING),
        off=missing,
    )


class _Read:
    """The facts, by person and day."""

    def __init__(self, venue: Venue, facts: Facts, known: Collection[int]) -> None:
        self.venue, self.facts, self.zone, self.known = venue, facts, ZoneInfo(venue.timezone), known
        self.shifts: dict[int, list[Work]] = defaultdict(list)
        self.away: dict[int, list[Away]] = defaultdict(list)
        self.blocked: dict[int, list[Blocked]] = defaultdict(list)
        self.alone: Counter[tuple[int, date]] = Counter()
        for shift in facts.shifts:
            self.shifts[shift.member_id].append(shift)
        for off in facts.away:
            self.away[off.member_id].append(off)
        for block in facts.blocked:
            self.blocked[block.member_id].append(block)
        for visit in facts.alone():
            self.alone[visit.member_id, visit.span.starts_at.astimezone(self.zone).date()] += 1

    def of(self, person: StaffMember) -> Facts:
        """What concerns one person alone: few enough to be looked through again and again."""
        facts, who = self.facts, person.id
        return Facts(facts.venue_id, facts.zone, facts.between, self.shifts[who], self.away[who], self.blocked[who])


def _row(read: _Read, person: StaffMember, days: Sequence[date]) -> Row:
    mine = read.of(person)
    in_week = [one for one in mine.shifts if days[0] <= one.day <= days[-1]]
    off = [one.span for one in mine.away if one.counts]
    return Row(person, [_cell(read, mine, person, day) for day in days], sums_of(in_week, off, read.venue.id))


def _cell(read: _Read, mine: Facts, person: StaffMember, day: date) -> Cell:
    zone = read.venue.timezone
    start, end = start_of_day(day, zone), start_of_day(day + _DAY, zone)
    whole = Span(start, end)
    beside = [
        Beside(_when(off.span, whole, zone), words.off_word(off.kind), "calendar-off",
               "approved" if off.counts else "requested", off=off.uuid)
        for off in mine.away if off.span.overlaps(whole)
    ] + [
        Beside(_when(block.span, whole, zone), words.block_word(block.kind), words.block_icon(block.kind),
               block=block.uuid if block.venue_id == read.venue.id else None)
        for block in mine.blocked if block.span.overlaps(whole)
    ]  # fmt: skip
    cards = [_card(read, mine, one) for one in mine.shifts if one.day == day]
    return Cell(day, cards, beside, read.alone[person.id, day])


def _card(read: _Read, mine: Facts, work: Work) -> Card:
    here = work.venue_id == read.venue.id
    start, end = (moment.astimezone(ZoneInfo(work.zone)) for moment in work.span)
    at = start.hour * 4 + start.minute // 15
    wall = end.replace(tzinfo=None) - start.replace(tzinfo=None)
    return Card(
        id=work.uuid, day=work.day, hours=words.work_hours(work), length=words.length(work.length),
        is_draft=not work.counts, version=work.version, at=at,
        long=max(1, min(QUARTERS - at, round(wall / timedelta(minutes=15)))),
        elsewhere="" if here else _place(read, work), next_day=end.date() > start.date(),
        remarks=_remarks(mine, work, read.venue.timezone) if here else (),
    )  # fmt: skip


def _place(read: _Read, work: Work) -> str:
    return name_of(work.venue) if work.venue_id in read.known else _("Another venue")


def _remarks(mine: Facts, work: Work, zone: str) -> tuple[str, ...]:
    rest = Facts(mine.venue_id, mine.zone, mine.between, [one for one in mine.shifts if one is not work], mine.away,
                 mine.blocked)  # fmt: skip
    found = concerns(rest, member_id=work.member_id, span=work.span)
    return tuple(words.concern_sentence(one, zone) for one in found if one.about is not About.ASKED)


def _when(span: Span, whole: Span, zone: str) -> str:
    return words.day_hours(span.starts_at, span.ends_at, whole.starts_at, whole.ends_at, zone)


def _change(venue: Venue, day: date) -> int:
    """1 when the clock is put back on that date, -1 when it is put forward."""
    start, end = (start_of_day(one, venue.timezone) for one in (day, day + _DAY))
    return round((end - start - _DAY) / timedelta(hours=1))
