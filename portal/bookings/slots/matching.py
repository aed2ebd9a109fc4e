"""Can everybody be served? Exact assignment of distinct helpers to demands that collide in time.

A demand wants a number of helpers out of a set of candidates (bits of an integer). Two demands that
collide cannot share a helper, two that do not may. Where all collide this is bipartite matching; where
they do not, a search decides, after everything that can always be served last has been set aside.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import count

# Choices the search may try before it gives up; giving up counts as "no", so nothing is promised in vain.
SEARCH_BUDGET = 2_000


@dataclass(frozen=True, slots=True)
class Crowd:
    """Demands by index: when each starts, the helpers it wants, its candidates, and the demands it collides with."""

    starts: list[int]
    seats: list[int]
    candidates: list[int]
    near: list[set[int]]


def can_join(crowd: Crowd, newcomer: int = 0) -> bool:
    """True when the newcomer can be served in full and as many seats of the others are served as without it."""
    try:
        return _joins(crowd, newcomer)
    except _BudgetSpentError:
        return False


def unserved_seats(seats: Collection[tuple[int, int]]) -> int:
    """Of (seats, candidates) pairs that all collide: how many seats cannot be given a helper of their own."""
    pairs = list(seats)
    matching = _Matching([candidates for _, candidates in pairs])
    return sum(not matching.seat(index) for index, (wanted, _) in enumerate(pairs) for _ in range(wanted))


def _joins(crowd: Crowd, newcomer: int) -> bool:
    left = dict(enumerate(crowd.seats))
    _set_aside(left, dict(enumerate(crowd.candidates)), crowd.near)
    if newcomer not in left:
        return True
    group = _connected(newcomer, left, crowd.near)
    if _fits(crowd, group, newcomer, 0):
        return True
    # Perhaps the others cannot all be served even among themselves; that must not close the venue.
    others = group - {newcomer}
    hopeless = next(unserved for unserved in count() if _fits(crowd, others, None, unserved))
    return hopeless > 0 and _fits(crowd, group, newcomer, hopeless)


def _set_aside(left: dict[int, int], candidates: dict[int, int], near: list[set[int]]) -> None:
    """Drop every demand that has candidates to spare even when all it collides with are served first."""
    waiting = set(left)
    while waiting:
        index = waiting.pop()
        mine = candidates[index]
        rivals = [other for other in near[index] if other in left]
        claimed = sum(min(left[other], (candidates[other] & mine).bit_count()) for other in rivals)
        if not left[index] or mine.bit_count() >= left[index] + claimed:
            del left[index]
            waiting.update(rivals)


def _connected(first: int, members: Collection[int], near: list[set[int]]) -> set[int]:
    found, edge = {first}, [first]
    while edge:
        for other in near[edge.pop()]:
            if other in members and other not in found:
                found.add(other)
                edge.append(other)
    return found


def _fits(crowd: Crowd, group: set[int], newcomer: int | None, unserved: int) -> bool:
    """True when all seats of the group but `unserved` can be served, the newcomer's among them."""
    for clique in _cliques(crowd, group):
        ordered = sorted(clique, key=lambda index: index != newcomer)  # first come, surely seated
        if unserved_seats([(crowd.seats[index], crowd.candidates[index]) for index in ordered]) > unserved:
            return False
        if len(clique) == len(group):
            return True
    left = {index: crowd.seats[index] for index in group}
    candidates = {index: crowd.candidates[index] for index in group}
    return _Search(crowd.near, newcomer).run(left, candidates, unserved)


def _cliques(crowd: Crowd, group: set[int]) -> Iterator[set[int]]:
    """The demands under way at each start, as far as they all collide with each other."""
    for index in group:
        clique = {other for other in crowd.near[index] & group if crowd.starts[other] <= crowd.starts[index]}
        clique.add(index)
        if all(len(crowd.near[member] & clique) == len(clique) - 1 for member in clique):
            yield clique


class _Matching:
    """Augmenting paths over bit sets; a seated demand stays seated, perhaps with another helper."""

    def __init__(self, candidates: list[int]) -> None:
        self._candidates = candidates
        self._owner: dict[int, int] = {}
        self._taken = 0
        self._tried = 0

    def seat(self, index: int) -> bool:
        """Give one more helper to a demand, true when that was possible."""
        self._tried = 0
        return self._augment(index)

    def _augment(self, index: int) -> bool:
        free = self._candidates[index] & ~self._taken
        if free:
            helper = free & -free
            self._taken |= helper
            self._owner[helper] = index
            return True
        while options := self._candidates[index] & ~self._tried:
            helper = options & -options
            self._tried |= helper
            if self._augment(self._owner[helper]):
                self._owner[helper] = index
                return True
        return False


class _BudgetSpentError(Exception):
    """The search has tried as much as it may."""


class _Search:
    """Depth-first, the demand with the fewest candidates to spare first."""

    def __init__(self, near: list[set[int]], newcomer: int | None) -> None:
        self._near = near
        self._newcomer = newcomer
        self._budget = SEARCH_BUDGET

    def run(self, left: dict[int, int], candidates: dict[int, int], unserved: int) -> bool:
        """Try to seat everybody in `left` but `unserved` seats; both dictionaries are used up."""
        while True:
            self._budget -= 1
            if self._budget < 0:
                raise _BudgetSpentError
            unserved = self._give_up(left, candidates, unserved)
            if unserved < 0:
                return False
            _set_aside(left, candidates, self._near)
            if not left:
                return True
            index = min(left, key=lambda index: (candidates[index].bit_count() - left[index], index))
            helper, rivals = self._helper_for(index, left, candidates)
            if rivals and self.run(*self._seated(index, helper, rivals, left, candidates), unserved):
                return True
            if rivals:
                candidates[index] &= ~self._alike(helper, index, left, candidates)
            else:
                left, candidates = self._seated(index, helper, rivals, left, candidates)

    def _give_up(self, left: dict[int, int], candidates: dict[int, int], unserved: int) -> int:
        """Write off the seats for which no candidate is left; how many more may be, below zero when too many."""
        for index, wanted in list(left.items()):
            short = wanted - candidates[index].bit_count()
            if short > 0:
                unserved -= short
                left[index] = wanted - short
                if unserved < 0 or index == self._newcomer:
                    return -1
        return unserved

    def _helper_for(self, index: int, left: dict[int, int], candidates: dict[int, int]) -> tuple[int, list[int]]:
        """The candidate whom the fewest others want, and those others."""
        colliding = [other for other in self._near[index] if other in left]
        wanted = [(bit, [other for other in colliding if candidates[other] & bit]) for bit in _bits(candidates[index])]
        return min(wanted, key=lambda pair: len(pair[1]))

    def _seated(
        self, index: int, helper: int, rivals: list[int], left: dict[int, int], candidates: dict[int, int]
    ) -> tuple[dict[int, int], dict[int, int]]:
        """The same question after `helper` was given to `index`."""
        left = {**left, index: left[index] - 1}
        candidates = {**candidates, **{other: candidates[other] & ~helper for other in rivals}}
        candidates[index] &= ~helper
        return left, candidates

    def _alike(self, helper: int, index: int, left: dict[int, int], candidates: dict[int, int]) -> int:
        """`helper` and every other candidate wanted by exactly the same demands: who fails for one fails for all."""
        alike = candidates[index]
        for other in left:
            mine = candidates[other]
            alike &= mine if mine & helper else ~mine
        return alike


def _bits(mask: int) -> Iterator[int]:
    while mask:
        bit = mask & -mask
        yield bit
        mask ^= bit
