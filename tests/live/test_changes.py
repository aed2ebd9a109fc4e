"""Which changes have been read: nothing is lost when transactions commit in another order than they began."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from portal.live.changes import MOST_GAPS, PATIENCE_SECONDS, Ledger


def test_in_order_there_are_no_gaps() -> None:
    ledger = Ledger([1, 2, 3], at=0)
    ledger.note([4], at=1)

    assert (ledger.newest, ledger.horizon, ledger.gaps) == (4, 4, [])


def test_a_skipped_id_is_asked_for_until_it_appears() -> None:
    ledger = Ledger([5], at=0)
    ledger.note([8], at=1)
    assert (ledger.newest, ledger.gaps) == (8, [6, 7])
    assert ledger.horizon == 5, "who resumes at the horizon must be told 6 and 7 when they come"

    ledger.note([6], at=2)
    assert (ledger.gaps, ledger.horizon) == ([7], 6)
    ledger.note([7], at=3)
    assert (ledger.gaps, ledger.horizon) == ([], 8)


def test_a_rolled_back_id_is_given_up() -> None:
    ledger = Ledger([5], at=0)
    ledger.note([7], at=1)

    ledger.note([], at=1 + PATIENCE_SECONDS + 0.1)

    assert (ledger.gaps, ledger.horizon) == ([], 7)


def test_what_is_missing_among_the_recent_ones_is_asked_for_too() -> None:
    assert Ledger([12, 10, 9], at=0).gaps == [11]


def test_a_great_leap_asks_for_a_bounded_number() -> None:
    ledger = Ledger([1], at=0)
    ledger.note([10**9], at=0)

    assert len(ledger.gaps) == MOST_GAPS


@given(st.lists(st.lists(st.integers(1, 60), max_size=5), max_size=20))
def test_the_horizon_never_goes_back_and_everything_below_it_was_read(rounds: list[list[int]]) -> None:
    ledger, read, before = Ledger([0], at=0), {0}, 0
    for ids in rounds:
        fresh = [number for number in ids if number > ledger.newest or number in ledger.gaps]
        ledger.note(fresh, at=0)
        read.update(fresh)
        assert ledger.horizon >= before
        assert all(number in read for number in range(ledger.horizon + 1))
        before = ledger.horizon
