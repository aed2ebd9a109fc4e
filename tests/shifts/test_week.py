"""The week of a venue: people and days, hours, what lies beside the shifts; on paper and in a calendar program."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from icalendar import Calendar

from portal.absences.answering import approve_time_off
from portal.absences.service import request_time_off
from portal.blocks.service import block_time
from portal.clock import frozen
from portal.models import VenueMember
from portal.shifts.page import read_week
from portal.shifts.service import plan_shift
from tests.factories import House, make_member, make_shift, save
from tests.shifts.conftest import Plan, clock, maud, phone
from tests.support.client import PageClient
from tests.support.statements import Statements


def test_hours_are_real_and_those_elsewhere_and_off_are_named(bare: House, plan: Plan) -> None:
    save(VenueMember(venue=bare.marais, member=bare.therese))
    plan(bare.therese, publish=True)
    plan(bare.therese, "18:00", "20:00")
    plan(bare.therese, "09:00", "12:00", days=1, venue=bare.marais)
    off = request_time_off(
        bare.therese, starts_at=bare.at("15:00"), ends_at=bare.at("19:00"), kind="vacation", by=phone(bare.therese)
    )
    approve_time_off(bare.lutetia, off=off, by=maud(bare))
    week = read_week(bare.lutetia, bare.day)
    sums = next(row.sums for row in week.rows if row.person is bare.therese)
    hours = [span / timedelta(hours=1) for span in (sums.planned, sums.drafts, sums.elsewhere, sums.off)]
    assert hours == [13, 5, 3, 3]
    assert (week.total, week.drafts) == (timedelta(hours=10), 1)
    assert [(day.people, day.hours) for day in week.days[:2]] == [(1, timedelta(hours=10)), (0, timedelta())]


def test_both_weeks_in_which_the_clock_changes(bare: House) -> None:
    for day, hours, change in ((date(2027, 3, 27), 7, -1), (date(2027, 10, 30), 9, 1)):
        with frozen(datetime(day.year, day.month, 1, 12, tzinfo=ZoneInfo("Europe/Paris"))):
            plan_shift(
                bare.lutetia, member=bare.therese, day=day, start=clock("22:00"), end=clock("06:00"), by=maud(bare)
            )
            week = read_week(bare.lutetia, day - timedelta(days=5))
        assert week.total == timedelta(hours=hours)
        assert [one.change for one in week.days] == [0, 0, 0, 0, 0, 0, change]
        card = next(card for row in week.rows for card in row.cells[5].cards)
        assert (card.hours, card.length, card.next_day) == ("22:00–06:00", f"{hours} h", True)


def test_time_off_blocks_and_other_venues_stand_in_it(bare: House, plan: Plan, manager: PageClient) -> None:
    save(VenueMember(venue=bare.marais, member=bare.therese))
    plan(bare.therese, "09:00", "12:00", venue=bare.marais)
    plan(bare.therese, "13:00", "17:00")
    assert bare.therese.resource is not None
    block_time(bare.lutetia, resources=[bare.therese.resource], starts_at=bare.at("15:00"), ends_at=bare.at("15:30"),
               kind="break", by=maud(bare))  # fmt: skip
    off = request_time_off(
        bare.marc, starts_at=bare.at("00:00", days=2), ends_at=bare.at("00:00", days=4), kind="vacation",
        by=phone(bare.marc),
    )  # fmt: skip
    manager.get(f"/v/lutetia/rota/{bare.day}?lang=en")
    text = manager.page.text
    for told in ("09:00–12:00", "Another venue", "Break", "15:00–15:30", "Holiday – asked for", "draft", "1 draft"):
        assert told in text, told
    assert len(manager.page.all(f".//a[@href='/v/lutetia/absences/{off.uuid}']")) == 2
    assert len(manager.page.all(".//a[@data-shift]")) == 1
    save(VenueMember(venue=bare.marais, member=bare.maud))
    manager.get(f"/v/lutetia/rota/{bare.day}?lang=en")
    assert "Spa du Marais" in manager.page.text
    sheet = manager.get(f"/v/lutetia/rota/{bare.day}/print")
    assert sheet.status_code == 200
    for told in ("Thérèse", "09:00–12:00", "Break", "Holiday", "asked for", "draft", "7 h"):
        assert told in manager.page.text, told


def test_fifteen_people_take_ten_statements(
    bare: House, plan: Plan, manager: PageClient, statements: Callable[[], AbstractContextManager[Statements]]
) -> None:
    here = f"/v/lutetia/rota/{bare.day}"
    manager.get(here)
    with statements() as few:
        manager.hx(here)
    for number in range(15):
        member = make_member(bare.organisation, bare.lutetia, first_name=f"Zoé{number}")
        for days in range(5):
            make_shift(bare.lutetia, member, bare.day + timedelta(days=days))
    with statements() as many:
        manager.hx(here)
    many.at_most(10)
    assert len(many) == len(few)


def test_an_empty_week_says_what_to_do_and_any_day_of_it_leads_there(bare: House, manager: PageClient) -> None:
    manager.get(f"/v/lutetia/rota/{bare.day + timedelta(days=3)}?lang=en")
    assert "Nobody has a shift in this week." in manager.page.text
    before = bare.day - timedelta(days=7)
    assert manager.page.all(f".//a[@href='/v/lutetia/rota/{before}/copy?weeks=1&how=weeks']")
    manager.get(f"/v/lutetia/agenda/{bare.day}?lang=en")
    assert "Nobody has a shift on" in manager.page.text
    assert manager.page.all(f".//a[@href='/v/lutetia/rota/{before}/copy?how=weeks&weeks=1']")
    for wrong in ("2026-02-30", "x", "2026-2-1", "0000-00-00", "9999-01-01"):
        assert manager.get(f"/v/lutetia/rota/{wrong}").status_code == 404


def test_one_persons_calendar_holds_what_is_published(bare: House, plan: Plan, manager: PageClient) -> None:
    plan(bare.therese, publish=True)
    plan(bare.therese, days=1)
    plan(bare.marc, publish=True)
    answer = manager.get(f"/v/lutetia/rota/people/{bare.therese.uuid}.ics")
    events = Calendar.from_ical(answer.get_data()).walk("VEVENT")
    assert [event.decoded("DTSTART") for event in events] == [bare.at("09:00")]
    assert "attachment" in answer.headers["Content-Disposition"]
    assert manager.get(f"/v/lutetia/rota/people/{bare.eve.uuid}.ics").status_code == 404


def test_a_request_is_decided_beside_the_week(bare: House, plan: Plan, manager: PageClient) -> None:
    plan(bare.therese, publish=True)
    off = request_time_off(
        bare.therese, starts_at=bare.at("15:00"), ends_at=bare.at("19:00"), kind="vacation", by=phone(bare.therese)
    )
    page = manager.get(f"/v/lutetia/rota/{bare.day}").text
    away = f"/v/lutetia/absences/{off.uuid}"
    assert re.search(f'hx-get="{away}"\\s+hx-target="#panel"', page)
    manager.get(away)
    token = {"csrf_token": manager.page.csrf_token}
    answer = manager.post(f"{away}/approve", data=token, headers={"HX-Request": "true", "HX-Target": "absence"})
    assert answer.status_code == 200
    assert 'data-status="approved"' in answer.text
    assert "<html" not in answer.text
