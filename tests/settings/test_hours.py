"""Opening hours, deployment, special days: what can be booked follows; bookings that would lie outside come first."""

from __future__ import annotations

from datetime import date, time, timedelta
from typing import Any

import pytest

from portal.bookings.availability import Grant, decide
from portal.bookings.slots.facts import Need
from portal.bookings.slots.queries import load_snapshot
from portal.clock import now
from portal.errors import Invalid
from portal.settings.errors import BookingsHit, Stale
from portal.settings.hours.service import change_hours, remove_special_day, set_special_day
from tests.factories import House
from tests.settings.conftest import Book, manager, told, trail
from tests.support.client import PageClient

PAGE = "/v/lutetia/settings/hours/"
USUAL: dict[str, Any] = {
    "opening_time": time(9), "closing_time": time(20), "schedule_type": "always_open", "days_of_week": None,
    "recurrence_interval": 1, "recurring_start_date": None, "recurring_end_date": None, "one_time_dates": None,
}  # fmt: skip


def change(house: House, *, weekly: Any = None, over: Any = (), **given: Any) -> None:
    change_hours(house.lutetia, values=USUAL | given, weekly=weekly or {}, over=over, version=None, by=manager(house))


def is_free(house: House, clock: str) -> bool:
    snapshot = load_snapshot(house.lutetia, first=house.day, last=house.day)
    return isinstance(decide(snapshot, Need(duration=60), house.at(clock), now()), Grant)


def weekday(house: House) -> int:
    return house.day.isoweekday() % 7


def test_a_pause_at_noon(house: House) -> None:
    pause = [(time(9), time(12)), (time(14), time(19))]
    change(house, weekly=dict.fromkeys(range(7), pause))
    assert (is_free(house, "11:00"), is_free(house, "12:00"), is_free(house, "14:00")) == (True, False, True)
    assert "venue" in told()
    change(house)
    assert is_free(house, "12:00")
    assert len(trail("venue:hours_changed")) == 2
    change(house)
    assert len(trail("venue:hours_changed")) == 2


def test_shorter_hours_name_the_bookings_that_they_hit(house: House, book: Book) -> None:
    late, early = book("18:30"), book("10:00")
    with pytest.raises(BookingsHit) as hit:
        change(house, closing_time=time(19))
    assert [one.number for one in hit.value.hits] == [late.number]
    assert house.lutetia.closing_time == time(20)
    with pytest.raises(BookingsHit):
        change(house, weekly={(weekday(house) + 1) % 7: [(time(9), time(20))]}, over=[late.uuid])
    change(house, closing_time=time(19), over=[late.uuid])
    assert (house.lutetia.closing_time, late.status, early.status) == (time(19), "pending", "pending")
    change(house, closing_time=time(18))  # the late one lay outside before


def test_deployment(house: House, book: Book) -> None:
    booking = book("10:00")
    other = (weekday(house) + 3) % 7
    with pytest.raises(BookingsHit) as hit:
        change(house, schedule_type="specific_days", days_of_week=[other])
    assert [one.booking for one in hit.value.hits] == [booking.uuid]
    change(house, schedule_type="specific_days", days_of_week=[weekday(house)])
    assert is_free(house, "12:00")
    change(house, schedule_type="one_time", one_time_dates=["2027-01-01"], over=[booking.uuid])
    assert not is_free(house, "12:00")


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"closing_time": time(9)}, "closing_time"),
        ({"weekly": {1: [(time(9), time(13)), (time(12), time(18))]}}, "opens_1_1"),
        ({"schedule_type": "one_time"}, "one_time_dates"),
        ({"schedule_type": "specific_days", "recurrence_interval": 2}, "recurring_start_date"),
        ({"recurring_start_date": date(2027, 2, 1), "recurring_end_date": date(2027, 1, 1)}, "recurring_end_date"),
    ],
)
def test_what_cannot_be(house: House, given: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        change(house, **given)
    assert refused.value.field == field


def test_a_closure_and_a_special_opening(house: House, book: Book) -> None:
    booking = book("10:00")

    def day(windows: Any, over: Any = ()) -> None:
        set_special_day(
            house.lutetia, day=house.day, windows=windows, note="Férié", over=over, version=None, by=manager(house)
        )

    with pytest.raises(BookingsHit):
        day([])
    day([], over=[booking.uuid])
    assert not is_free(house, "12:00")
    day([(time(8), time(12))])
    assert (is_free(house, "08:00"), is_free(house, "13:00")) == (False, False)  # no shift so early
    assert is_free(house, "11:00")
    version = house.lutetia.version
    for _twice in range(2):
        remove_special_day(house.lutetia, day=house.day, by=manager(house))
    assert is_free(house, "13:00")
    assert house.lutetia.version == version + 1
    assert [list(change.values()) for change in trail("venue:special_day")] == [
        [[None, []]], [[[], ["08:00–12:00"]]], [[["08:00–12:00"], None]],
    ]  # fmt: skip


def test_days_that_are_over_and_older_forms(house: House) -> None:
    with pytest.raises(Invalid):
        set_special_day(
            house.lutetia, day=house.day - timedelta(days=3), windows=[], note=None, version=None, by=manager(house)
        )
    with pytest.raises(Stale):
        set_special_day(house.lutetia, day=house.day, windows=[], note=None, version=99, by=manager(house))


def test_the_pages(house: House, maud: PageClient, book: Book) -> None:
    booking = book("18:30")
    maud.get(PAGE)
    form = f".//form[@action='{PAGE}']"
    assert maud.submit(form, {"closing_time": "19:00"}).status_code == 409
    assert f"no. {booking.number}" in maud.page.text or "Hélène Dupont" in maud.page.text
    values = maud.page.values_of(maud.page.one(form))
    assert maud.post(PAGE, data=values | {"confirm": "y"}).status_code == 303
    assert house.lutetia.closing_time == time(19)

    maud.get(PAGE)
    values = maud.page.values_of(maud.page.one(form))
    half = values | {"own_hours": "y", "opens_1_1": "09:00"}
    assert maud.post(PAGE, data=half).status_code == 422
    assert maud.page.one(".//*[@id='closes_1_1-error']") is not None

    book("10:00")
    special = f"{PAGE}special"
    maud.get(special)
    answer = maud.submit(f".//form[@action='{special}']", {"day": str(house.day), "note": "Inventaire"})
    assert answer.status_code == 409
    values = maud.page.values_of(maud.page.one(f".//form[@action='{special}']"))
    assert maud.post(special, data=values | {"confirm": "y"}).status_code == 303
    maud.get(PAGE)
    assert "Inventaire" in maud.page.text
    assert maud.submit(f".//form[@action='{special}/{house.day}/remove']").status_code == 303
    assert maud.post(f"{special}/yesterday/remove", data={"csrf_token": values["csrf_token"]}).status_code == 404
