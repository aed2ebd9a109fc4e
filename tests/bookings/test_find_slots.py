"""Finding a time: the five best slots lose nobody's time, and the soonest of those come first."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import time, timedelta
from typing import Any

import pytest

from portal.bookings.desk.finding import Found, Wanted, best_slots
from portal.bookings.slots.assembly import need_of
from portal.bookings.slots.queries import load_snapshot
from portal.clock import now
from portal.models import Variant
from tests.bookings.conftest import Book, accept
from tests.factories import House, make_shift, make_treatment, make_variant
from tests.support.client import PageClient
from tests.support.sign_in import sign_in
from tests.support.statements import Statements

EARLY = ("09:00", "10:00", "11:00", "12:00", "13:00")
FIND = "/v/lutetia/bookings/find"


def look(
    house: House, variant: Variant | None = None, *, gender: str | None = None, shortest: int = 30, **wanted: Any
) -> list[Found]:
    """The best slots on the house's day unless `wanted` says otherwise; the shortest treatment takes 30 minutes."""
    variant = variant or house.single
    asked = Wanted(**{"first": house.day, "last": house.day, **wanted})
    snapshot = load_snapshot(house.lutetia, first=asked.first, last=asked.last)
    need = need_of(house.lutetia, variant, guests=variant.guest_count, gender=gender)
    return best_slots(snapshot, need, asked, now=now(), shortest=shortest)


def names(house: House, found: list[Found]) -> set[str]:
    people = {house.therese.resource_id: "Thérèse", house.marc.resource_id: "Marc"}
    return {people[person] for slot in found for person in slot.people}


def test_the_soonest_of_an_empty_day_none_a_near_copy_of_another(house: House) -> None:
    found = look(house)
    assert [slot.starts_at for slot in found] == [house.at(clock) for clock in EARLY]
    assert {slot.wasted for slot in found} == {0}


def test_a_start_that_touches_other_work_beats_a_sooner_one(house: House, book: Book) -> None:
    for member in (house.therese, house.marc):
        accept(house, book("09:20", desk=True), member)
    found = look(house, after=time(10), before=time(11))
    # 10:20 follows at once; 10:30 would leave ten minutes that nobody can use.
    assert found[0].starts_at == house.at("10:20")
    assert found[0].wasted == 0
    assert next(slot.wasted for slot in found if slot.starts_at == house.at("10:30")) > 0


def test_a_gap_before_the_end_of_the_shift_counts_too(house: House) -> None:
    wasted = {slot.starts_at: slot.wasted for slot in look(house, after=time(18, 30), shortest=45)}
    assert wasted[house.at("19:00")] == 0
    assert wasted[house.at("18:30")] > 0


def test_whoever_loses_least_time_is_proposed(house: House, book: Book) -> None:
    accept(house, book("09:00"), house.marc)
    accept(house, book("11:00"), house.marc)
    # An hour is free between Marc's two; Thérèse would be left with nothing to do for twenty minutes before it.
    accept(house, book("09:00", variant=_forty(house)), house.therese)
    (found,) = look(house, after=time(10), before=time(10, 5))
    assert (names(house, [found]), found.starts_at) == ({"Marc"}, house.at("10:00"))


def _forty(house: House) -> Variant:
    return make_variant(house.massage, label="40 min", duration=40)


def test_a_woman_only_and_never_somebody_else(house: House, book: Book) -> None:
    assert names(house, look(house, gender="female")) == {"Thérèse"}
    for hour in range(9, 20):
        accept(house, book(f"{hour:02}:00"), house.therese)
    assert look(house, gender="female") == []


def test_two_therapists_for_a_couple(house: House) -> None:
    found = look(house, house.duo)
    assert all(len(slot.people) == 2 and slot.rooms == (house.duo_room.id,) for slot in found)


def test_a_weekday_within_two_weeks_at_an_hour(house: House) -> None:
    day = house.day + timedelta(days=3)
    weekday = day.isoweekday() % 7
    found = look(house, last=house.day + timedelta(days=6), weekday=weekday, after=time(17))
    assert found[0].starts_at == house.at("17:00", days=3)
    assert all(house.at("17:00", days=3) <= slot.starts_at for slot in found)


def test_what_is_promised_to_those_who_wait_is_not_found(house: House, book: Book) -> None:
    book("10:00")
    book("10:00")
    assert all(slot.starts_at >= house.at("11:00") or slot.ends_at <= house.at("10:00") for slot in look(house))


def test_the_page_shows_five_and_each_opens_the_form(client: PageClient, house: House) -> None:
    sign_in(client, house.camille)
    client.get(FIND, query_string={"from": str(house.day), "therapist": "female", "after": "17:00"})
    slots = client.page.all(".//a[@class='slot']")
    assert len(slots) == 5
    assert "Thérèse Test" in client.page.text
    client.get(slots[0].get("href") or "")
    values = client.page.values_of(client.page.one(".//form[@id='compose-form']"))
    assert (values["time"], values["therapist"]) == ("17:00", str(house.therese.uuid))
    assert "Free" in client.page.text


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ({"after": "17:00", "before": "16:00"}, "This is before the earliest time."),
        ({"after": "soon"}, "Please enter a time, for example 17:00."),
        ({"from": "9999-12-31"}, "Please enter a date."),
        ({"from": "tomorrow"}, "Please enter a date."),
        ({"weekday": "9"}, "Please choose one of these."),
        ({"therapist": "11111111-1111-4111-8111-111111111111"}, "This therapist does not treat guests here."),
        ({"variant": "x"}, "Please choose a treatment."),
    ],
)
def test_what_cannot_be_looked_for(client: PageClient, house: House, asked: dict[str, str], sentence: str) -> None:
    sign_in(client, house.camille)
    assert client.get(FIND, query_string=asked).status_code == 422
    assert sentence in client.page.text


def test_a_date_that_is_over_means_from_today_on(client: PageClient, house: House) -> None:
    sign_in(client, house.camille)
    assert client.get(FIND, query_string={"from": "2001-01-01"}).status_code == 200


def test_nothing_free_says_what_to_do(client: PageClient, house: House) -> None:
    rare = make_treatment(house.lutetia, house.massage.room_type, available_days=[])
    sign_in(client, house.camille)
    client.get(FIND, query_string={"variant": str(rare.variants[0].uuid)})
    assert "Nothing is free within two weeks." in client.page.text


def test_ten_statements_are_enough(
    client: PageClient, house: House, book: Book, statements: Callable[[], AbstractContextManager[Statements]]
) -> None:
    for hour in range(9, 18):
        book(f"{hour:02}:00")
    make_shift(house.lutetia, house.therese, house.day + timedelta(days=8))
    sign_in(client, house.camille)
    asked = {"part": "slots", "variant": str(house.single.uuid)}
    client.hx(FIND, query_string=asked)
    with statements() as sent:
        client.hx(FIND, query_string=asked)
    sent.at_most(10)
