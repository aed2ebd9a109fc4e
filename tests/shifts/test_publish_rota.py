"""Drafts become what people work by, and each person is told once."""

from __future__ import annotations

from datetime import timedelta

import pytest

from portal.errors import Invalid
from portal.notices.words import words_of
from portal.shifts.errors import Stale
from portal.shifts.publishing import publish_rota, state_of_drafts
from portal.shifts.service import remove_shift
from tests.blocks.conftest import can_book
from tests.factories import House
from tests.shifts.conftest import Plan, maud, notices, rota, undo
from tests.support.client import PageClient


def test_one_notice_a_person_however_many_shifts(bare: House, plan: Plan) -> None:
    for days in range(9):
        plan(bare.therese, days=days)
    plan(bare.marc, publish=True)
    made = publish_rota(bare.lutetia, monday=bare.day, weeks=2, by=maud(bare))
    assert (len(made), can_book(bare, "10:00", bare.therese)) == (9, True)
    assert [len(notices(bare, one)) for one in (bare.therese, bare.marc)] == [1, 1], "his was told when it was planned"
    told = words_of(notices(bare, bare.therese)[0], at=bare.at("08:00"))
    assert told is not None
    assert told.title == "Your shifts are planned"
    assert len(told.lines) == 9, "the weeks, seven shifts, and that there are more"
    assert publish_rota(bare.lutetia, monday=bare.day, weeks=2, by=maud(bare)) == []
    undo(bare)
    assert {status for who, _day, _hours, status in rota(bare) if who == "Thérèse"} == {"draft"}
    assert words_of(notices(bare, bare.therese)[0], at=bare.at("08:00")) is None


def test_only_the_weeks_that_were_looked_at(bare: House, plan: Plan) -> None:
    plan(bare.therese)
    later = plan(bare.therese, days=7)
    count, seen = state_of_drafts(bare.lutetia, bare.day)
    assert count == 1
    plan(bare.marc)
    with pytest.raises(Stale):
        publish_rota(bare.lutetia, monday=bare.day, seen=seen, by=maud(bare))
    publish_rota(bare.lutetia, monday=bare.day, seen=state_of_drafts(bare.lutetia, bare.day)[1], by=maud(bare))
    assert later.is_draft
    for weeks in (0, 27, 10**12):
        with pytest.raises(Invalid):
            publish_rota(bare.lutetia, monday=bare.day, weeks=weeks, by=maud(bare))


def test_a_change_is_told_as_a_change(bare: House, plan: Plan) -> None:
    shift = plan(bare.therese, publish=True)
    [first] = notices(bare, bare.therese)
    first.finish(first.due_at)
    remove_shift(bare.lutetia, shift=shift, by=maud(bare))
    told = words_of(notices(bare, bare.therese)[1], at=bare.at("08:00"))
    assert told is not None
    assert (told.title, told.lines[1]) == ("Your shifts have changed", "No shift is planned.")


def test_from_the_page(bare: House, plan: Plan, manager: PageClient) -> None:
    plan(bare.therese)
    here, form = f"/v/lutetia/rota/{bare.day}/publish", ".//form[@id='do-publish']"
    manager.get(f"{here}?lang=en")
    assert "Thérèse" in manager.page.text
    plan(bare.marc)
    assert manager.submit(form).status_code == 409
    assert manager.submit(form).status_code == 303
    assert len(rota(bare, status="published")) == 2
    manager.get(here)
    assert "There are no drafts" in manager.page.text
    assert manager.get(f"{here}?weeks=x").status_code == 200
    assert manager.get(f"/v/lutetia/rota/{bare.day + timedelta(days=30000)}/publish").status_code == 404
