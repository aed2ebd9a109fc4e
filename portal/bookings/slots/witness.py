"""A standing assignment of helpers to seats, repaired step by step rather than worked out anew.

As long as such an assignment exists, everybody in it can be served: it is the proof. A newcomer is tried by
letting somebody change helper for it, and somebody else for them, until nobody is left without.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

# Changes of helper that one newcomer may cause before the attempt is given up.
REPAIR_BUDGET = 200


class Witness:
    """Who could serve each seat. Seats that collide (`near`) never share a helper; helpers are bits of an integer."""

    def __init__(self) -> None:
        self._candidates: dict[int, int] = {}
        self._near: dict[int, Sequence[int]] = {}
        self._given: dict[int, int] = {}

    def seat(self, seat: int, candidates: int, near: Sequence[int]) -> bool:
        """Add a seat for good. False when no helper is found for it: it stays without, the others keep theirs."""
        self._candidates[seat], self._near[seat] = candidates, near
        changes = _Repair(self._candidates, self._near, self._given).run([seat])
        self._given.update(changes or {})
        return bool(changes)

    def is_served(self, seat: int) -> bool:
        return seat in self._given

    def admits(self, seats: int, candidates: int, near: Sequence[int]) -> bool | None:
        """Whether so many newcomers, who collide with each other, find helpers while everybody keeps one.

        None when that was neither found nor ruled out.
        """
        taken = 0
        for other in near:
            taken |= self._given.get(other, 0)
        if (candidates & ~taken).bit_count() >= seats:
            return True
        newcomers = range(-seats, 0)
        around = {other: [*self._near[other], *newcomers] for other in near if other in self._given}
        repair = _Repair(
            {**self._candidates, **dict.fromkeys(newcomers, candidates)},
            {
                **self._near,
                **around,
                **{one: [*near, *(other for other in newcomers if other != one)] for one in newcomers},
            },
            self._given,
        )
        return bool(repair.run(list(newcomers))) or (None if repair.gave_up else False)


class _Repair:
    """One attempt: seats that wait for a helper, seats that have a new one, and all others as they were."""

    def __init__(self, candidates: dict[int, int], near: dict[int, Sequence[int]], given: dict[int, int]) -> None:
        self._candidates = candidates
        self._near = near
        self._given = given
        self._budget = REPAIR_BUDGET

    @property
    def gave_up(self) -> bool:
        return self._budget < 0

    def run(self, waiting: list[int]) -> dict[int, int]:
        """The new helpers by seat; empty when there is no way, or none within the budget."""
        return self._place(waiting, {}) or {}

    def _place(self, waiting: list[int], placed: dict[int, int]) -> dict[int, int] | None:
        if not waiting:
            return placed
        choices = {seat: self._open_to(seat, placed) for seat in waiting}
        seat = min(waiting, key=lambda seat: choices[seat].bit_count())
        rest = [other for other in waiting if other != seat]
        for helper, displaced in self._gentlest_first(seat, choices[seat], rest, placed):
            self._budget -= 1
            if self._budget < 0:
                return None
            if found := self._place(rest + displaced, {**placed, seat: helper}):
                return found
        return None

    def _open_to(self, seat: int, placed: dict[int, int]) -> int:
        """The candidates whom no seat with a new helper holds."""
        held = 0
        for other in self._near[seat]:
            held |= placed.get(other, 0)
        return self._candidates[seat] & ~held

    def _gentlest_first(
        self, seat: int, options: int, waiting: list[int], placed: dict[int, int]
    ) -> Iterator[tuple[int, list[int]]]:
        """Each option with the seats that would lose their helper to it; those who displace the fewest first."""
        holders = [
            other
            for other in self._near[seat]
            if self._given.get(other, 0) & options and other not in placed and other not in waiting
        ]
        choices = []
        while options:
            helper = options & -options
            options ^= helper
            choices.append((helper, [other for other in holders if self._given[other] == helper]))
        return iter(sorted(choices, key=lambda choice: len(choice[1])))
