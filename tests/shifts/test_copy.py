"""A shift, a day, a week: copied as drafts around what stands there and around approved time off."""

from __future__ import annotations

from datetime import timedelta

import pytest

from portal.absences.answering import approve_time_off
from portal.absences.service import request_time_off
from portal.errors import Invalid
from portal.shifts.copying import MOST_WEEKS, copy_day, copy_weeks, preview_weeks
from portal.shifts.drafting import Why
from tests.factories import House
from tests.shifts.conftest import Plan, maud, phone, rota, undo
from tests.support.client import PageClient


def test_a_week_to_the_next_ones(bare: House, plan: Plan) -> None:
    plan(bare.therese, publish=True)
    plan(bare.therese, "18:00", "22:00")
    plan(bare.marc, "22:00", "06:00", days=6)
    copy_weeks(bare.lutetia, monday=bare.day, weeks=2, by=maud(bare))
    drafted, made = copy_weeks(bare.lutetia, monday=bare.day, weeks=2, by=maud(bare))
    assert made == []
    assert {line.why for line in drafted.lines} == {Why.THERE}
    copies = [one for one in rota(bare) if one[1] > bare.day + timedelta(days=6)]
    assert [(who, (day - bare.day).days, hours, status) for who, day, hours, status in copies] == [
        ("Thérèse", 7, "09:00-17:00", "draft"), ("Thérèse", 7, "18:00-22:00", "draft"),
        ("Marc", 13, "22:00-06:00", "draft"), ("Thérèse", 14, "09:00-17:00", "draft"),
        ("Thérèse", 14, "18:00-22:00", "draft"), ("Marc", 20, "22:00-06:00", "draft"),
    ]  # fmt: skip
    undo(bare)
    assert len(rota(bare)) == 3


def test_what_is_left_out_and_why(bare: House, plan: Plan) -> None:
    plan(bare.therese)
    plan(bare.therese, days=1)
    plan(bare.marc, days=2)
    plan(bare.marc, days=3)
    for start, end, days in (("00:00", "23:55", 7), ("09:00", "12:00", 8)):
        off = request_time_off(
            bare.therese, starts_at=bare.at(start, days=days), ends_at=bare.at(end, days=days), kind="vacation",
            by=phone(bare.therese),
        )  # fmt: skip
        approve_time_off(bare.lutetia, off=off, by=maud(bare))
    plan(bare.marc, "12:00", "20:00", days=9)
    request_time_off(
        bare.marc, starts_at=bare.at("09:00", days=10), ends_at=bare.at("12:00", days=10), kind="vacation",
        by=phone(bare.marc),
    )  # fmt: skip
    drafted = preview_weeks(bare.lutetia, monday=bare.day, weeks=1)
    assert [(line.wish.member_id == bare.marc.id, line.why, line.is_made) for line in drafted.lines] == [
        (False, Why.OFF, False), (False, Why.PART_OFF, True), (True, Why.OVERLAP, False), (True, Why.ASKED, True),
    ]  # fmt: skip
    bare.marc.active = False
    drafted, made = copy_weeks(bare.lutetia, monday=bare.day, weeks=1, by=maud(bare))
    assert [line.why for line in drafted.lines] == [Why.OFF, Why.PART_OFF, Why.GONE, Why.GONE]
    assert len(made) == 1


def test_a_day_to_other_days_but_not_to_one_that_is_over(bare: House, plan: Plan) -> None:
    plan(bare.therese)
    past = bare.lutetia.today() - timedelta(days=1)
    drafted, made = copy_day(bare.lutetia, source=bare.day, targets=[past, bare.day + timedelta(days=2)], by=maud(bare))
    assert [line.why for line in drafted.lines] == [Why.PAST, None]
    assert [one.day for one in made] == [bare.day + timedelta(days=2)]


def test_what_cannot_be_asked(bare: House) -> None:
    for weeks in (0, -1, MOST_WEEKS + 1, 10**9):
        with pytest.raises(Invalid):
            copy_weeks(bare.lutetia, monday=bare.day, weeks=weeks, by=maud(bare))
    for targets in ([], [bare.day], [bare.day + timedelta(days=n) for n in range(1, 40)]):
        with pytest.raises(Invalid):
            copy_day(bare.lutetia, source=bare.day, targets=targets, by=maud(bare))


def test_one_shift_from_its_page(bare: House, plan: Plan, manager: PageClient) -> None:
    shift = plan(bare.therese, publish=True)
    manager.get(f"/v/lutetia/rota/shifts/{shift.uuid}?lang=en")
    form = f".//form[@action='/v/lutetia/rota/shifts/{shift.uuid}/copy']"
    assert manager.submit(form, {"day": f"{bare.day}"}).status_code == 422
    answer = manager.submit(form, {"member": str(bare.marc.uuid), "day": f"{bare.day + timedelta(days=1)}"})
    assert answer.status_code == 303
    assert rota(bare)[-1] == ("Marc", bare.day + timedelta(days=1), "09:00-17:00", "draft")


def test_the_page_shows_first_what_would_be_made(bare: House, plan: Plan, manager: PageClient) -> None:
    plan(bare.therese)
    manager.get(f"/v/lutetia/rota/{bare.day}/copy?lang=en")
    assert not manager.page.all(".//form[@id='do-copy']")
    manager.get(f"/v/lutetia/rota/{bare.day}/copy?how=weeks&weeks=3")
    assert "3 drafts would be made" in manager.page.text
    assert len(rota(bare)) == 1
    assert manager.submit(".//form[@id='do-copy']").status_code == 303
    assert len(rota(bare)) == 4
    wednesday = bare.day + timedelta(days=2)
    manager.get(f"/v/lutetia/rota/{bare.day}/copy?how=day&source={bare.day}&targets={wednesday}")
    answer = manager.submit(".//form[@id='do-copy']")
    assert (answer.status_code, answer.location) == (303, f"/v/lutetia/rota/{wednesday}")
    for wrong in ("how=weeks&weeks=x", "how=weeks&weeks=99", "how=day", "how=day&targets=2020-01-01", "how=%00"):
        assert manager.get(f"/v/lutetia/rota/{bare.day}/copy?{wrong}").status_code in {200, 422}
        assert not manager.page.all(".//form[@id='do-copy']"), wrong
