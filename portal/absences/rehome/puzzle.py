"""Who and when for all of some visits together, as cheaply as can be: nobody and no room twice at the same moment.

Visits at the same time compete for people: that is an assignment, which is solved exactly. What it leaves out of
account (visits that overlap in part, or that are put at another time) is decided by branch and bound over it: as
long as two choices collide, the one or the other is forbidden and the assignment is solved again, the cheapest
attempt first. The first attempt without collision is the best there is.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from heapq import heappop, heappush
from itertools import combinations, count

from portal.absences.rehome.assignment import cheapest
from portal.bookings.slots.facts import Hold

# Attempts until the best answer found so far is taken.
ATTEMPTS = 300
_FORBIDDEN = 10**12

Ban = frozenset[tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Choice:
    """One way to serve a visit: who, when (epoch seconds), in which rooms if not its own; `breaks`: a lost wish."""

    cost: int
    person: int
    venue: int
    start: int
    end: int
    rooms: tuple[Hold, ...] = ()
    breaks: str = ""


@dataclass(frozen=True, slots=True)
class Wish:
    """What is wanted for one seat that stands at a time, and what it costs to leave it without anybody."""

    start: int
    end: int
    choices: tuple[Choice, ...]
    leave: int


def solve(wishes: Sequence[Wish], *, between_venues: int = 0) -> list[Choice | None]:
    """A choice for each wish, None where it is left: together as cheap as possible and without a collision.

    `between_venues` is the time in seconds from one venue to another.
    """
    return _Puzzle(wishes, between_venues).best()


def collide(one: Choice, other: Choice, *, between_venues: int = 0) -> bool:
    """Whether two choices cannot both be had: the same person, or a room, at overlapping times."""
    apart = 0 if one.venue == other.venue else between_venues
    if one.person == other.person and one.start < other.end + apart and other.start < one.end + apart:
        return True
    return any(
        mine.room_id == theirs.room_id and mine.start < theirs.end and theirs.start < mine.end
        for mine in one.rooms
        for theirs in other.rooms
    )


@dataclass(order=True, slots=True)
class _Attempt:
    bound: int
    number: int
    ban: Ban = field(compare=False)
    picks: list[int | None] = field(compare=False)


class _Puzzle:
    def __init__(self, wishes: Sequence[Wish], between_venues: int) -> None:
        self._wishes = wishes
        self._between = between_venues
        self._group = _groups(wishes)
        people = {(self._group[row], one.person) for row, wish in enumerate(wishes) for one in wish.choices}
        self._seats = {seat: column for column, seat in enumerate(sorted(people))}
        self._numbers = count()

    def best(self) -> list[Choice | None]:
        fallback = self._one_by_one()
        limit = self._cost(fallback)
        queue = [self._attempt(frozenset())]
        for _ in range(ATTEMPTS):
            attempt = heappop(queue)
            if attempt.bound >= limit:
                break
            collision = self._collision(attempt.picks)
            if collision is None:
                return [self._choice(row, pick) for row, pick in enumerate(attempt.picks)]
            for row, pick in collision:
                heappush(queue, self._attempt(attempt.ban | {(row, pick)}))
        return fallback

    def _attempt(self, ban: Ban) -> _Attempt:
        """The cheapest assignment without the forbidden choices: no answer can cost less."""
        rows = range(len(self._wishes))
        best = [self._cheapest_by_column(row, ban) for row in rows]
        width = len(self._seats) + len(self._wishes)
        costs = [[best[row].get(column, (_FORBIDDEN, None))[0] for column in range(width)] for row in rows]
        columns = cheapest(costs)
        bound = sum(costs[row][columns[row]] for row in rows)
        picks = [best[row][columns[row]][1] for row in rows]
        return _Attempt(bound, next(self._numbers), ban, picks)

    def _cheapest_by_column(self, row: int, ban: Ban) -> dict[int, tuple[int, int | None]]:
        """Of the row's choices the cheapest for each person at its own time; its own column is to leave or move it."""
        wish, own = self._wishes[row], len(self._seats) + row
        found: dict[int, tuple[int, int | None]] = {own: (wish.leave, None)}
        for pick, one in enumerate(wish.choices):
            if (row, pick) in ban:
                continue
            stays = one.start == wish.start
            column = self._seats[self._group[row], one.person] if stays else own
            if column not in found or one.cost < found[column][0]:
                found[column] = (one.cost, pick)
        return found

    def _collision(self, picks: Sequence[int | None]) -> tuple[tuple[int, int], tuple[int, int]] | None:
        chosen = [(row, pick) for row, pick in enumerate(picks) if pick is not None]
        for one, other in combinations(chosen, 2):
            if self._collide(self._wishes[one[0]].choices[one[1]], self._wishes[other[0]].choices[other[1]]):
                return one, other
        return None

    def _one_by_one(self) -> list[Choice | None]:
        """A plain answer to begin with: those who lose most by being left choose first."""
        order = sorted(range(len(self._wishes)), key=lambda row: self._gain(self._wishes[row]), reverse=True)
        taken: dict[int, Choice] = {}
        for row in order:
            wish = self._wishes[row]
            for one in sorted(wish.choices, key=lambda one: one.cost):
                if one.cost < wish.leave and not any(self._collide(one, other) for other in taken.values()):
                    taken[row] = one
                    break
        return [taken.get(row) for row in range(len(self._wishes))]

    def _gain(self, wish: Wish) -> int:
        return wish.leave - min((one.cost for one in wish.choices), default=wish.leave)

    def _cost(self, chosen: Iterable[Choice | None]) -> int:
        return sum(wish.leave if one is None else one.cost for wish, one in zip(self._wishes, chosen, strict=True))

    def _choice(self, row: int, pick: int | None) -> Choice | None:
        return None if pick is None else self._wishes[row].choices[pick]

    def _collide(self, one: Choice, other: Choice) -> bool:
        return collide(one, other, between_venues=self._between)


def _groups(wishes: Sequence[Wish]) -> list[int]:
    """A number for each wish: those with the same one all overlap at some moment, so that nobody can serve two."""
    groups, number, ends = [0] * len(wishes), 0, 0
    for row in sorted(range(len(wishes)), key=lambda row: (wishes[row].start, wishes[row].end)):
        if wishes[row].start >= ends:
            number, ends = number + 1, wishes[row].end
        ends = min(ends, wishes[row].end)
        groups[row] = number
    return groups
