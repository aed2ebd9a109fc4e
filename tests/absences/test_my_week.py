"""My week: shifts, hours as they really pass, the team, what is blocked and when she is off."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, datetime, time, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest

from portal.absences.sickness import report_sick
from portal.blocks.service import block_time
from portal.clock import frozen, now
from portal.models import TimeOff, VenueMember
from tests.absences.conftest import Visit, desk, phone
from tests.blocks.conftest import person
from tests.factories import House, at, make_member, make_shift, save
from tests.support.client import PageClient
from tests.support.page import Page
from tests.support.sign_in import sign_in
from tests.support.statements import Statements

MONDAY = date(2027, 3, 22)  # the clock is put forward on its Sunday
AUTUMN = date(2027, 10, 25)


def test_shifts_of_the_week_with_venue_hours_and_the_team(house: House, therese: PageClient) -> None:
    save(VenueMember(venue=house.marais, member=house.therese))
    other = make_member(house.organisation, house.lutetia, first_name="Marc", last_name="Ortiz")
    make_shift(house.lutetia, house.therese, MONDAY, start=time(9), end=time(17))
    make_shift(house.lutetia, house.marc, MONDAY)
    make_shift(house.lutetia, other, MONDAY)
    make_shift(house.marais, house.therese, MONDAY + timedelta(days=2), start=time(10), end=time(13, 30))

    therese.get(f"/my/week/{MONDAY}?lang=en")

    monday, tuesday, wednesday = (_day(therese.page, MONDAY + timedelta(days=offset)) for offset in range(3))
    assert "09:00–17:00 8 h" in monday
    assert "With Marc O., Marc T." in monday
    assert "Spa Lutèce EN" in monday
    assert "No shift" in tuesday
    assert "10:00–13:30 3 h 30" in wednesday
    assert "Spa du Marais" in wednesday
    assert "Planned 11 h 30" in therese.page.text


def test_the_week_begins_on_monday_and_leads_to_its_neighbours(house: House, therese: PageClient) -> None:
    for day in (MONDAY, MONDAY + timedelta(days=6)):
        therese.get(f"/my/week/{day}")
        ids = [element.get("id") for element in therese.page.all(".//li[@id]")]
        assert ids == [f"day-{MONDAY + timedelta(days=offset)}" for offset in range(7)]
    before, after = (therese.page.one(f".//a[@rel='{rel}']").get("href") for rel in ("prev", "next"))
    assert (before, after) == (f"/my/week/{MONDAY - timedelta(days=7)}", f"/my/week/{MONDAY + timedelta(days=7)}")


def test_without_a_date_it_is_this_week_by_the_venues_clock(house: House, therese: PageClient) -> None:
    sunday_night = datetime(2027, 3, 21, 23, 30, tzinfo=ZoneInfo("Europe/Paris"))
    with frozen(sunday_night + timedelta(hours=1)):
        sign_in(therese, house.therese)
        therese.get("/my/week?lang=en")
    assert therese.page.all(f".//li[@id='day-{MONDAY}']")
    [today] = therese.page.all(".//li[@class='week-day is-today']")
    assert today.get("id") == f"day-{MONDAY}"


@pytest.mark.parametrize(
    ("day", "hours"),
    [(MONDAY + timedelta(days=5), "7 h"), (AUTUMN + timedelta(days=5), "9 h")],
    ids=["spring", "autumn"],
)
def test_a_night_shift_counts_the_hours_that_pass(house: House, therese: PageClient, day: date, hours: str) -> None:
    make_shift(house.lutetia, house.therese, day, start=time(22), end=time(6))
    therese.get(f"/my/week/{day}?lang=en")
    assert f"22:00–06:00 {hours}" in _day(therese.page, day)
    assert f"Planned {hours}" in therese.page.text


def test_time_off_and_blocks_stand_in_their_place(house: House, therese: PageClient) -> None:
    for offset in range(3):
        make_shift(house.lutetia, house.therese, MONDAY + timedelta(days=offset), start=time(9), end=time(17))
    _off(house, MONDAY, "00:00", MONDAY + timedelta(days=1), "00:00", status="approved", kind="vacation")
    _off(house, MONDAY + timedelta(days=1), "13:00", MONDAY + timedelta(days=1), "15:00", status="requested")
    _off(house, MONDAY + timedelta(days=2), "09:00", MONDAY + timedelta(days=2), "10:00", status="refused")
    block_time(
        house.lutetia, resources=[person(house.therese)], kind="meeting", by=desk(house),
        starts_at=at(house.lutetia, MONDAY + timedelta(days=2), "12:00"),
        ends_at=at(house.lutetia, MONDAY + timedelta(days=2), "12:30"),
    )  # fmt: skip

    therese.get(f"/my/week/{MONDAY}?lang=en")

    monday, tuesday, wednesday = (_day(therese.page, MONDAY + timedelta(days=offset)) for offset in range(3))
    assert "Holiday" in monday
    assert "Personal 13:00–15:00 Waits for approval" in tuesday
    assert "Meeting 12:00–12:30" in wednesday
    assert "Personal" not in wednesday
    assert "Planned 24 h of these off 8 h" in therese.page.text


def test_what_holds_time_off_is_not_told_twice(house: House, therese: PageClient) -> None:
    batch = uuid4()
    _off(house, MONDAY, "09:00", MONDAY, "12:00", status="approved", kind="sick", batch=batch)
    block_time(
        house.lutetia, resources=[person(house.therese)], kind="sick", by=desk(house), batch=batch,
        starts_at=at(house.lutetia, MONDAY, "09:00"), ends_at=at(house.lutetia, MONDAY, "12:00"),
    )  # fmt: skip
    therese.get(f"/my/week/{MONDAY}?lang=en")
    assert len(therese.page.all(f".//li[@id='day-{MONDAY}']//p[@class='week-away is-approved']")) == 1
    assert "Absent" not in _day(therese.page, MONDAY)


def test_the_next_shift_and_the_visits_in_it(house: House, therese: PageClient, visit: Visit) -> None:
    visit("10:00")
    visit("14:00")
    therese.get(f"/my/week/{house.day}?lang=en")
    assert "Next shift Tomorrow, 09:00–20:00" in therese.page.text
    assert "2 visits" in _day(therese.page, house.day)
    assert "Dupont" not in therese.page.text


def test_who_is_away_sick_does_not_work_today(house: House, therese: PageClient, marc: PageClient) -> None:
    with frozen(house.at("10:50")):
        report_sick(house.therese, until=house.day, by=phone(house.therese))
        sign_in(therese, house.therese)
        therese.get("/my/week?lang=en")
        assert "Next shift Today" not in therese.page.text
        assert "10:50–24:00" in therese.page.text
        assert "00:00" not in therese.page.text
        sign_in(marc, house.marc)
        marc.get(f"/my/week/{house.day}?lang=en")
        assert "With Thérèse" not in _day(marc.page, house.day)


def test_nobody_elses_shifts(house: House, marc: PageClient) -> None:
    make_shift(house.lutetia, house.therese, MONDAY)
    marc.get(f"/my/week/{MONDAY}?lang=en")
    assert "09:00" not in _day(marc.page, MONDAY)
    assert "Planned 0 h" in marc.page.text


@pytest.mark.parametrize(
    "text", ["x", "2027-02-30", "1999-12-31", "2101-01-01", "20270322", "9999-12-31", "2027-W12-1"]
)
def test_a_day_that_is_none_is_not_found(therese: PageClient, text: str) -> None:
    assert therese.get(f"/my/week/{text}").status_code == 404


def test_the_first_and_the_last_week_lead_nowhere_else(therese: PageClient) -> None:
    therese.get("/my/week/2000-01-03")
    assert not therese.page.all(".//a[@rel='prev']")
    therese.get("/my/week/2100-12-22")
    assert not therese.page.all(".//a[@rel='next']")


def test_statements_do_not_grow_with_the_shifts(
    house: House, therese: PageClient, statements: Callable[[], AbstractContextManager[Statements]], visit: Visit
) -> None:
    visit("10:00")
    therese.get(f"/my/week/{house.day}")
    for _more in range(5):
        make_shift(house.lutetia, make_member(house.organisation, house.lutetia), house.day)
    with statements() as sent:
        therese.get(f"/my/week/{house.day}")
    sent.at_most(14)


def _day(page: Page, day: date) -> str:
    return Page.text_of(page.one(f".//li[@id='day-{day}']"))


def _off(house: House, first: date, start: str, last: date, end: str, **given: object) -> TimeOff:
    words = {"kind": "personal", "status": "requested"} | given
    return save(
        TimeOff(
            organisation_id=house.organisation.id, member=house.therese, starts_at=at(house.lutetia, first, start),
            ends_at=at(house.lutetia, last, end), asked_at=now(), **words,
        )
    )  # fmt: skip
