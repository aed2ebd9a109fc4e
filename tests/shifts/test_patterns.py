"""Weekly patterns: kept, and made into drafts that never touch what is published."""

from __future__ import annotations

import uuid
from datetime import date, time, timedelta
from typing import Any

import pytest

from portal.errors import Invalid, NotFound
from portal.models import RotaTemplate
from portal.shifts.drafting import Why
from portal.shifts.errors import Stale
from portal.shifts.patterns import (
    Exceptional,
    Pattern,
    Usual,
    apply_template,
    preview_template,
    remove_template,
    save_template,
)
from portal.shifts.publishing import publish_rota
from portal.shifts.queries import get_template
from tests.factories import House
from tests.shifts.conftest import Plan, maud, rota, undo
from tests.support.client import PageClient

NINE, FIVE = time(9), time(17)


def pattern(house: House, **given: Any) -> Pattern:
    words: dict[str, Any] = {
        "usual": [Usual(0, 0, NINE, FIVE), Usual(0, 4, time(22), time(6))], "exceptions": [], "valid_from": house.day
    }  # fmt: skip
    return Pattern(**words | given)


def keep(house: House, **given: Any) -> RotaTemplate:
    more = {name: given.pop(name) for name in ("template", "version", "member", "request_id") if name in given}
    words: dict[str, Any] = {"member": house.therese, "pattern": pattern(house, **given)} | more
    return save_template(house.lutetia, **words, by=maud(house))


def apply(house: House, *templates: RotaTemplate, weeks: int = 2) -> list[Why | None]:
    drafted, _made = apply_template(house.lutetia, templates=templates, monday=house.day, weeks=weeks, by=maud(house))
    return [line.why for line in drafted.lines]


def days(house: House) -> list[tuple[int, str, str]]:
    return [((day - house.day).days, hours, status) for _who, day, hours, status in rota(house)]


def test_it_is_made_into_drafts_with_its_exceptions_and_within_its_time(bare: House) -> None:
    closed, short = bare.day + timedelta(days=7), bare.day + timedelta(days=11)
    template = keep(
        bare, exceptions=[Exceptional(closed), Exceptional(short, NINE, time(12))],
        valid_until=bare.day + timedelta(days=14),
    )  # fmt: skip
    assert apply(bare, template, weeks=4) == [None, None, Why.EXCEPTION, None, None]
    assert days(bare) == [
        (0, "09:00-17:00", "draft"), (4, "22:00-06:00", "draft"), (11, "09:00-12:00", "draft"),
        (14, "09:00-17:00", "draft"),
    ]  # fmt: skip
    assert set(apply(bare, template, weeks=4)) == {Why.THERE, Why.EXCEPTION}, "a second time makes nothing more"
    undo(bare)
    assert rota(bare) == []


def test_weeks_take_turns_from_the_monday_of_its_first_day(bare: House) -> None:
    first = bare.day + timedelta(days=2)
    template = keep(bare, usual=[Usual(0, 3, NINE, FIVE), Usual(1, 0, time(12), time(20))], weeks=2, valid_from=first)
    apply(bare, template, weeks=3)
    assert days(bare) == [(3, "09:00-17:00", "draft"), (7, "12:00-20:00", "draft"), (17, "09:00-17:00", "draft")]


def test_a_changed_pattern_moves_its_drafts_and_leaves_what_is_published(bare: House) -> None:
    template = keep(bare, usual=[Usual(0, 0, NINE, FIVE)])
    apply(bare, template)
    publish_rota(bare.lutetia, monday=bare.day, by=maud(bare))
    keep(bare, template=template, usual=[Usual(0, 0, time(10), time(18)), Usual(0, 1, NINE, FIVE)])
    assert days(bare) == [(0, "09:00-17:00", "published"), (7, "09:00-17:00", "draft")], "saving plans nothing"
    assert apply(bare, template) == [Why.PUBLISHED, None, None, None]
    assert days(bare) == [
        (0, "09:00-17:00", "published"), (1, "09:00-17:00", "draft"), (7, "10:00-18:00", "draft"),
        (8, "09:00-17:00", "draft"),
    ]  # fmt: skip
    undo(bare)
    assert days(bare) == [(0, "09:00-17:00", "published"), (7, "09:00-17:00", "draft")]


def test_what_was_planned_by_hand_stays_in_its_way(bare: House, plan: Plan) -> None:
    plan(bare.therese, "12:00", "14:00")
    assert apply(bare, keep(bare, usual=[Usual(0, 0, NINE, FIVE)]), weeks=1) == [Why.OVERLAP]


def test_hours_that_the_clock_leaves_out_are_left_out(bare: House) -> None:
    template = keep(bare, usual=[Usual(0, 6, time(2, 30), time(8))], valid_from=date(2027, 3, 22))
    drafted = preview_template(bare.lutetia, templates=[template], monday=date(2027, 3, 22), weeks=2)
    assert [line.why for line in drafted.lines] == [Why.GAP, None]


@pytest.mark.parametrize(
    ("given", "field"),
    [({"usual": []}, "pattern"),
     ({"usual": [Usual(0, 0, NINE, NINE)]}, "pattern"),
     ({"usual": [Usual(0, 0, time(9, 1), FIVE)]}, "pattern"),
     ({"usual": [Usual(0, 0, NINE, FIVE), Usual(0, 0, time(16), time(18))]}, "pattern"),
     ({"usual": [Usual(0, 6, time(22), time(6)), Usual(0, 0, time(5), NINE)]}, "pattern"),
     ({"usual": [Usual(0, n % 7, time(n // 7, 0), time(n // 7, 30)) for n in range(100)]}, "pattern"),
     ({"valid_until": date(2020, 1, 1)}, "valid_until")],
)  # fmt: skip
def test_what_is_no_pattern(bare: House, given: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        keep(bare, **given)
    assert refused.value.field == field


def test_one_at_a_time_twice_is_once_and_stale(bare: House) -> None:
    name = uuid.uuid4()
    template = keep(bare, request_id=name, valid_until=bare.day + timedelta(days=6))
    assert keep(bare, request_id=name) is template
    keep(bare, member=bare.marc, request_id=name)
    with pytest.raises(Invalid):
        keep(bare, valid_from=bare.day + timedelta(days=6))
    keep(bare, valid_from=bare.day + timedelta(days=7))
    with pytest.raises(Stale):
        keep(bare, template=template, version=9)
    with pytest.raises(Stale):
        remove_template(bare.lutetia, template=template, version=9, by=maud(bare))
    remove_template(bare.lutetia, template=template, by=maud(bare))
    for venue in (bare.lutetia, bare.chamonix):
        with pytest.raises(NotFound):
            get_template(venue, template.uuid)


def test_from_the_pages(bare: House, manager: PageClient) -> None:
    manager.get("/v/lutetia/rota/patterns?lang=en")
    assert "There are no patterns yet" in manager.page.text
    manager.get("/v/lutetia/rota/patterns/new")
    hours = {"w0d0s0-start": "09:00", "w0d0s0-end": "12:00", "w0d0s1-start": "14:00", "w0d0s1-end": "18:00"}
    wrong = {"member": str(bare.therese.uuid), "valid_from": f"{bare.day}", "exceptions": "next Monday", **hours}
    assert manager.submit(".//form[@id='pattern']", wrong).status_code == 422
    assert "next Monday" in manager.page.text
    kept = manager.page.values_of(manager.page.one(".//form[@id='pattern']"))
    assert (kept["w0d0s1-end"], kept["exceptions"]) == ("18:00", "next Monday")
    fixed = {"exceptions": f"{bare.day + timedelta(days=7)}"}
    assert manager.submit(".//form[@id='pattern']", fixed).status_code == 303

    manager.get(f"/v/lutetia/rota/{bare.day}/patterns?weeks=3")
    [template] = manager.page.all(".//input[@name='templates']")
    manager.get(f"/v/lutetia/rota/{bare.day}/patterns?weeks=3&templates={template.get('value')}")
    assert "4 drafts would be made" in manager.page.text
    assert manager.submit(".//form[@id='do-apply']").status_code == 303
    assert len(rota(bare)) == 4

    manager.get("/v/lutetia/rota/patterns")
    manager.get(manager.page.all(".//a[@data-template]")[0].get("href"))
    for value in ("9", "\0:00", "24:00", "x" * 500):
        assert manager.submit(".//form[@id='pattern']", {"w0d0s0-end": value}).status_code == 422
    assert manager.submit(".//form[@id='pattern']", {"w0d0s0-end": "11:00", "weeks": "9"}).status_code == 422
    assert manager.submit(".//form[@id='pattern']", {"weeks": "1"}).status_code == 303
    manager.get(f"/v/lutetia/rota/patterns/{template.get('value')}")
    stale = {"version": "1"}
    assert manager.submit(".//form[@id='pattern']", stale).status_code == 409
    removal = f".//form[@action='/v/lutetia/rota/patterns/{template.get('value')}/remove']"
    assert manager.submit(removal).status_code == 303
    assert len(rota(bare)) == 4, "shifts that were made from it stay"
