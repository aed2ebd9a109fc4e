"""Blocks of the whole venue: nobody books there, the agenda draws them, bookings underneath come first."""

from __future__ import annotations

from datetime import date, time, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from portal.bookings.availability import Grant, decide
from portal.bookings.slots.facts import Need
from portal.bookings.slots.queries import load_snapshot
from portal.clock import now
from portal.database import db
from portal.errors import Invalid
from portal.models import VenueBlock
from portal.settings.blocks.plan import Wish
from portal.settings.blocks.service import block_venue, change_venue_block, end_venue_block
from portal.settings.errors import BookingsHit, Stale
from tests.factories import House
from tests.settings.conftest import Book, manager, told, trail
from tests.support.client import PageClient

PAGE = "/v/lutetia/settings/blocks/"
NEW = f"{PAGE}new"
FORM = f".//form[@action='{NEW}']"


def weekday(house: House) -> int:
    return house.day.isoweekday() % 7


def cleaning(house: House, **given: Any) -> Wish:
    """From nine to ten on the weekday of the house's day."""
    usual: dict[str, Any] = {
        "is_weekly": True, "first_day": None, "last_day": None, "start": time(9), "end": time(10),
        "weekdays": (weekday(house),), "reason": "Ménage",
    }  # fmt: skip
    return Wish(**usual | given)


def works(house: House, **given: Any) -> Wish:
    """Three whole days from the house's day on."""
    last = house.day + timedelta(days=2)
    usual: dict[str, Any] = {"is_weekly": False, "first_day": house.day, "last_day": last, "reason": "Travaux"}
    return Wish(**usual | given)


def make(house: House, wish: Wish, *, key: UUID | None = None, over: Any = ()) -> VenueBlock:
    return block_venue(house.lutetia, key=key or uuid4(), wish=wish, over=over, by=manager(house))


def change(house: House, block: VenueBlock, wish: Wish, *, over: Any = (), version: int | None = None) -> VenueBlock:
    return change_venue_block(house.lutetia, block=block, wish=wish, over=over, version=version, by=manager(house))


def end(house: House, block: VenueBlock) -> None:
    end_venue_block(house.lutetia, block=block.uuid, by=manager(house))


def is_free(house: House, clock: str, *, days: int = 0) -> bool:
    day = house.day + timedelta(days=days)
    snapshot = load_snapshot(house.lutetia, first=day, last=day)
    return isinstance(decide(snapshot, Need(duration=60), house.at(clock, days=days), now()), Grant)


def test_every_week(house: House) -> None:
    block = make(house, cleaning(house))
    assert (is_free(house, "09:00"), is_free(house, "09:30"), is_free(house, "10:00")) == (False, False, True)
    assert is_free(house, "09:00", days=1)
    assert block.first_day == house.lutetia.today()
    assert "venue" in told()
    change(house, block, cleaning(house, start=time(18), end=time(20), last_day=house.day))
    assert (is_free(house, "09:00"), is_free(house, "18:00")) == (True, False)
    assert trail("venue_block:changed")[0]["start_time"] == ["09:00:00", "18:00:00"]
    version = block.version
    change(house, block, cleaning(house, start=time(18), end=time(20), last_day=house.day))
    assert (block.version, len(trail("venue_block:changed"))) == (version, 1)


def test_whole_days_once(house: House) -> None:
    make(house, works(house))
    assert [is_free(house, "12:00", days=day) for day in range(4)] == [False, False, False, True]
    make(house, works(house, first_day=house.day + timedelta(days=3), last_day=None, start=time(8), end=time(12)))
    assert (is_free(house, "11:00", days=3), is_free(house, "12:00", days=3)) == (False, True)


def test_what_is_booked_underneath_is_named_first(house: House, book: Book) -> None:
    under, beside = book("09:30"), book("11:00")
    with pytest.raises(BookingsHit) as hit:
        make(house, cleaning(house))
    assert [one.booking for one in hit.value.hits] == [under.uuid]
    assert db.session.query(VenueBlock).count() == 0
    block = make(house, cleaning(house), over=[under.uuid])
    with pytest.raises(BookingsHit) as hit:
        change(house, block, cleaning(house, end=time(12)))
    assert [one.booking for one in hit.value.hits] == [beside.uuid]  # over the other one it lay before
    change(house, block, cleaning(house, end=time(12)), over=[beside.uuid])
    make(house, works(house, last_day=None, start=time(9), end=time(12)))  # nothing new is hit
    assert under.status == beside.status == "pending"


def test_the_same_form_twice_makes_one(house: House) -> None:
    key = uuid4()
    assert make(house, cleaning(house), key=key) is make(house, cleaning(house), key=key)
    assert db.session.query(VenueBlock).count() == 1


def test_it_ends_where_it_has_begun_and_is_gone_where_it_has_not(house: House) -> None:
    today = house.lutetia.today()
    weekly, later = make(house, cleaning(house)), make(house, works(house))
    running = make(house, works(house, first_day=today, last_day=house.day))
    weekly.first_day = today - timedelta(days=7)
    db.session.commit()
    for _twice in range(2):
        for one in (weekly, later, running):
            end(house, one)
    assert (weekly.last_day, running.ends_at and running.ends_at - now() <= timedelta(minutes=5)) == (
        today - timedelta(days=1), True,
    )  # fmt: skip
    assert {block.reason for block in db.session.query(VenueBlock)} == {"Ménage", "Travaux"}
    assert db.session.query(VenueBlock).count() == 2
    assert is_free(house, "09:00")
    assert (len(trail("venue_block:ended")), is_free(house, "12:00")) == (2, True)


@pytest.mark.parametrize(
    ("weekly", "given", "field"),
    [
        (True, {"weekdays": ()}, "weekdays"),
        (True, {"end": None}, "end"),
        (True, {"start": time(9, 2)}, "start"),
        (True, {"end": time(9)}, "end"),
        (True, {"first_day": date(2020, 1, 1)}, "first_day"),
        (True, {"last_day": date(2020, 1, 1)}, "last_day"),
        (True, {"first_day": date(2099, 1, 1)}, "first_day"),
        (True, {"reason": "x" * 201}, "reason"),
        (False, {"first_day": None}, "first_day"),
        (False, {"first_day": date(2020, 1, 1)}, "first_day"),
        (False, {"last_day": date(2099, 1, 1)}, "last_day"),
        (False, {"last_day": None, "start": time(12), "end": time(9)}, "end"),
    ],
)
def test_what_cannot_be(house: House, weekly: bool, given: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        make(house, cleaning(house, **given) if weekly else works(house, **given))
    assert refused.value.field == field


def test_an_older_form_is_refused(house: House) -> None:
    block = make(house, cleaning(house))
    with pytest.raises(Stale):
        change(house, block, works(house), version=99)


def test_the_pages(house: House, maud: PageClient, book: Book) -> None:
    booking = book("09:00")
    maud.get(f"{NEW}?lang=fr")
    filled = {"weekdays": str(weekday(house)), "start": "09:00", "end": "10:00", "reason": "Ménage"}
    assert maud.submit(FORM, filled).status_code == 409
    assert str(booking.uuid) in maud.page.one(".//*[@id='settings']//input[@name='seen']").get("value", "")
    values = maud.page.values_of(maud.page.one(FORM))
    for _twice in range(2):
        assert maud.post(NEW, data=values | filled | {"confirm": "y"}).status_code == 303
    block = db.session.query(VenueBlock).one()
    maud.get(PAGE)
    assert "09:00–10:00" in maud.page.text
    maud.get(f"/v/lutetia/agenda/{house.day}")
    assert "Ménage" in maud.page.text

    there = f"{PAGE}{block.uuid}"
    maud.get(there)
    form = f".//form[@action='{there}']"
    mine = maud.page.values_of(maud.page.one(form))
    assert (mine["start"], mine["weekdays"]) == ("09:00", str(weekday(house)))
    change(house, block, cleaning(house, reason="Grand ménage", end=time(10, 30)), over=[booking.uuid])
    assert maud.post(there, data=mine | {"reason": "Sols"}).status_code == 409
    mine = maud.page.values_of(maud.page.one(form))
    assert (mine["end"], mine["reason"]) == ("10:30", "Sols")
    assert maud.post(there, data=mine | {"repeats": "once", "first_day": str(house.day)}).status_code == 303
    assert (block.starts_at, block.weekdays, block.reason) == (house.at("09:00"), None, "Sols")
    maud.get(there)
    assert maud.submit(f".//form[@action='{there}/end']").status_code == 303
    assert db.session.query(VenueBlock).count() == 0
    assert maud.get(there).status_code == 404


def test_odd_values_and_strangers(house: House, maud: PageClient) -> None:
    maud.get(NEW)
    values = maud.page.values_of(maud.page.one(FORM))
    for odd in ("\x00", "9" * 400, "x" * 10_000):
        fields = dict.fromkeys(("repeats", "weekdays", "first_day", "start", "end", "reason", "key"), odd)
        assert maud.post(NEW, data=values | fields).status_code == 422
    assert db.session.query(VenueBlock).count() == 0
