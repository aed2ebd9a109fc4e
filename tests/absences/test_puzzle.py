"""All visits together: as cheap as trying everything finds it, and never anybody twice."""

from __future__ import annotations

from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from portal.absences.rehome import puzzle
from portal.absences.rehome.puzzle import Choice, Wish, collide, solve
from portal.bookings.slots.facts import Hold

HOUR = 3600
LEAVE = 1000


def choice(person: int, start: float, *, cost: int = 0, hours: float = 1, room: int = 0, venue: int = 1) -> Choice:
    begins, ends = int(start * HOUR), int((start + hours) * HOUR)
    return Choice(cost, person, venue, begins, ends, (Hold(room, begins, ends),) if room else ())


def wish(start: float, *choices: Choice, hours: float = 1, leave: int = LEAVE) -> Wish:
    return Wish(int(start * HOUR), int((start + hours) * HOUR), choices, leave)


def test_who_alone_can_do_something_is_kept_for_it() -> None:
    greedy_trap = [
        wish(10, choice(1, 10, cost=0), choice(2, 10, cost=5)),
        wish(10, choice(1, 10, cost=1)),
    ]
    assert _people(solve(greedy_trap)) == [2, 1]


def test_visits_that_overlap_in_part_do_not_share_anybody() -> None:
    chain = [
        wish(10, choice(1, 10), choice(2, 10, cost=3)),
        wish(10.5, choice(1, 10.5), choice(2, 10.5, cost=9)),
        wish(11, choice(1, 11), choice(2, 11, cost=3)),
    ]
    assert _people(solve(chain)) == [2, 1, 2]


def test_as_few_as_possible_move() -> None:
    later = choice(1, 12, cost=100)
    wishes = [wish(10, choice(1, 10), later), wish(10, choice(1, 10), choice(1, 13, cost=90))]
    assert [one.start // HOUR for one in solve(wishes) if one] == [10, 13]


def test_a_room_is_given_once() -> None:
    wishes = [
        wish(10, choice(1, 12, cost=10, room=7), choice(1, 13, cost=20, room=7)),
        wish(10, choice(2, 12, cost=10, room=7), choice(2, 14, cost=15, room=8)),
    ]
    found = solve(wishes)
    assert sorted((one.person, one.start // HOUR) for one in found if one) == [(1, 12), (2, 14)]


def test_the_way_between_venues_is_kept_free() -> None:
    wishes = [wish(10, choice(1, 10)), wish(11, choice(1, 11, venue=2))]
    assert None not in solve(wishes)
    assert solve(wishes, between_venues=HOUR // 2).count(None) == 1


def test_what_nobody_can_do_is_left() -> None:
    assert solve([wish(10), wish(10, choice(1, 10))])[0] is None
    assert solve([]) == []


def test_when_it_is_too_much_the_answer_is_plain_but_right(monkeypatch: object) -> None:
    wishes = [wish(10 + number / 4, *(choice(person, 10 + number / 4) for person in range(3))) for number in range(12)]
    puzzle_attempts, puzzle.ATTEMPTS = puzzle.ATTEMPTS, 1
    try:
        found = solve(wishes)
    finally:
        puzzle.ATTEMPTS = puzzle_attempts
    chosen = [one for one in found if one]
    assert len(chosen) >= 6
    assert not any(collide(one, other) for n, one in enumerate(chosen) for other in chosen[:n])


@st.composite
def puzzles(draw: st.DrawFn) -> list[Wish]:
    wishes = []
    for _ in range(draw(st.integers(1, 4))):
        start, hours = draw(st.sampled_from([10, 10.5, 11, 11.5])), draw(st.sampled_from([0.5, 1, 1.5]))
        choices = [
            choice(
                draw(st.integers(1, 3)), draw(st.sampled_from([start, start, 12, 12.5])), cost=draw(st.integers(0, 9)),
                hours=hours, room=draw(st.sampled_from([0, 0, 7, 8])), venue=draw(st.sampled_from([1, 1, 2])),
            )
            for _ in range(draw(st.integers(0, 3)))
        ]  # fmt: skip
        wishes.append(wish(start, *choices, hours=hours, leave=draw(st.sampled_from([5, 20, 20]))))
    return wishes


@given(puzzles(), st.sampled_from([0, HOUR // 2]))
def test_it_is_the_cheapest_of_all(wishes: list[Wish], between: int) -> None:
    found = solve(wishes, between_venues=between)
    assert not _collisions(found, between)
    least = min(
        _cost(wishes, tried)
        for tried in product(*[(*one.choices, None) for one in wishes])
        if not _collisions(tried, between)
    )
    assert _cost(wishes, found) == least


def _people(found: list[Choice | None]) -> list[int | None]:
    return [one.person if one else None for one in found]


def _cost(wishes: list[Wish], chosen: object) -> int:
    pairs = zip(wishes, chosen, strict=True)  # type: ignore[call-overload]
    return sum(one.leave if taken is None else taken.cost for one, taken in pairs)


def _collisions(chosen: object, between: int) -> bool:
    taken = [one for one in chosen if one]  # type: ignore[attr-defined]
    return any(collide(one, other, between_venues=between) for n, one in enumerate(taken) for other in taken[:n])
