"""A shift is planned: a draft that nobody sees, until it is published."""

from __future__ import annotations

import uuid
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from portal.absences.answering import approve_time_off
from portal.absences.service import request_time_off
from portal.blocks.service import block_time
from portal.clock import frozen
from portal.errors import Invalid
from portal.models import Person, Shift, StaffMember, VenueMember
from portal.shifts.errors import NotWithoutAsking, ShiftOverlaps
from portal.shifts.service import plan_shift
from tests.blocks.conftest import can_book
from tests.factories import House, save
from tests.shifts.conftest import Plan, clock, maud, notices, phone, rota, trail, undo
from tests.support.client import PageClient
from tests.support.sign_in import sign_in

PARIS = ZoneInfo("Europe/Paris")


def test_a_draft_gives_no_slot_and_a_published_one_does(bare: House, plan: Plan) -> None:
    shift = plan(bare.therese)
    assert (shift.status, can_book(bare, "10:00", bare.therese)) == ("draft", False)
    plan(bare.marc, publish=True)
    assert can_book(bare, "10:00", bare.marc)


def test_several_a_day_and_across_midnight(bare: House, plan: Plan) -> None:
    plan(bare.therese, "09:00", "12:00")
    plan(bare.therese, "12:00", "13:00")
    night = plan(bare.therese, "22:00", "06:00")
    assert night.ends_at - night.starts_at == timedelta(hours=8)
    assert [hours for _who, _day, hours, _status in rota(bare)] == ["09:00-12:00", "12:00-13:00", "22:00-06:00"]


@pytest.mark.parametrize(
    ("start", "end"), [("10:00", "11:00"), ("06:00", "09:05"), ("16:55", "20:00"), ("20:00", "10:00")]
)
def test_it_never_overlaps_with_another_one_of_hers(bare: House, plan: Plan, start: str, end: str) -> None:
    plan(bare.therese)
    with pytest.raises(ShiftOverlaps) as refused:
        plan(bare.therese, start, end, days=-1 if start == "20:00" else 0)
    assert "09:00–17:00" in str(refused.value.message)
    assert len(rota(bare)) == 1


def test_nor_with_one_at_another_venue_and_the_way_is_asked_about(bare: House, plan: Plan) -> None:
    bare.lutetia.inter_venue_buffer_minutes = 30
    save(VenueMember(venue=bare.marais, member=bare.therese))
    plan(bare.therese, "14:00", "18:00", venue=bare.marais)
    with pytest.raises(ShiftOverlaps) as refused:
        plan(bare.therese, "10:00", "14:05")
    assert "another venue" in str(refused.value.message)
    with pytest.raises(NotWithoutAsking) as asked:
        plan(bare.therese, "10:00", "13:40")
    [concern] = asked.value.concerns
    assert concern.about == "elsewhere"
    plan(bare.therese, "10:00", "13:40", over=[concern.key])
    plan(bare.therese, "18:30", "20:00")


def test_time_off_and_long_blocks_are_asked_about_and_breaks_are_not(bare: House, plan: Plan) -> None:
    off = request_time_off(
        bare.therese, starts_at=bare.at("09:00"), ends_at=bare.at("12:00"), kind="vacation", by=phone(bare.therese)
    )
    for kind, start, end in (("training", "13:00", "14:00"), ("break", "15:00", "15:30")):
        block_time(
            bare.lutetia, resources=[_person(bare.therese)], starts_at=bare.at(start), ends_at=bare.at(end), kind=kind,
            by=maud(bare),
        )  # fmt: skip
    with pytest.raises(NotWithoutAsking) as asked:
        plan(bare.therese)
    seen = asked.value.concerns
    assert [one.about for one in seen] == ["asked", "blocked"]
    approve_time_off(bare.lutetia, off=off, by=maud(bare))
    with pytest.raises(NotWithoutAsking) as asked:
        plan(bare.therese, over=[one.key for one in seen])
    assert [one.about for one in asked.value.concerns] == ["off", "blocked"], "what holds time off is told once"
    plan(bare.therese, over=[one.key for one in asked.value.concerns])


def test_a_night_of_eight_hours_is_nine_when_the_clock_goes_back(bare: House) -> None:
    with frozen(datetime(2027, 10, 1, 12, tzinfo=PARIS)):
        shift = _plan(bare, date(2027, 10, 30), "22:00", "06:00")
        assert shift.length == timedelta(hours=9)
        assert [moment.astimezone(PARIS).hour for moment in (shift.starts_at, shift.ends_at)] == [22, 6]
        with pytest.raises(Invalid) as refused:
            _plan(bare, date(2027, 10, 30), "10:00", "09:55", member=bare.marc)
        assert refused.value.field == "end"


def test_and_seven_when_it_goes_forward_and_what_is_left_out_is_refused(bare: House) -> None:
    with frozen(datetime(2027, 3, 1, 12, tzinfo=PARIS)):
        assert _plan(bare, date(2027, 3, 27), "22:00", "06:00").length == timedelta(hours=7)
        for start, end, field in (("02:30", "08:00", "start"), ("00:30", "02:15", "end")):
            with pytest.raises(Invalid) as refused:
                _plan(bare, date(2027, 3, 28), start, end, member=bare.marc)
            assert refused.value.field == field
            assert "28 " in str(refused.value.message)


@pytest.mark.parametrize(
    ("start", "end", "days", "field"),
    [("09:00", "09:00", 0, "end"), ("09:02", "17:00", 0, "start"), ("09:00", "17:00", 800, "day"),
     ("09:00", "17:00", -400, "day")],
)  # fmt: skip
def test_what_is_no_shift(bare: House, plan: Plan, start: str, end: str, days: int, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        plan(bare.therese, start, end, days=days, reason="Because")
    assert refused.value.field == field


def test_a_day_that_is_over_needs_a_reason_which_is_logged(bare: House, plan: Plan) -> None:
    with pytest.raises(Invalid) as refused:
        plan(bare.therese, days=-20)
    assert refused.value.field == "reason"
    with pytest.raises(Invalid):
        plan(bare.therese, days=-20, reason="x" * 201)
    plan(bare.therese, days=-20, reason=" Forgotten ")
    assert [one["reason"] for one in trail("shift:planned")] == ["Forgotten"]


def test_twice_is_once_and_undo_takes_it_away(bare: House, plan: Plan) -> None:
    name = uuid.uuid4()
    assert plan(bare.therese, request_id=name) is plan(bare.therese, request_id=name)
    undo(bare)
    assert rota(bare) == []


def test_who_is_published_at_once_is_told_once(bare: House, plan: Plan) -> None:
    plan(bare.therese)
    assert notices(bare, bare.therese) == []
    plan(bare.therese, days=1, publish=True)
    plan(bare.therese, days=2, publish=True)
    assert len(notices(bare, bare.therese)) == 1, "what still waits says it for both"


def test_from_the_page(bare: House, plan: Plan, manager: PageClient) -> None:
    plan(bare.therese, "06:00", "08:00")
    manager.get(f"/v/lutetia/rota/new?member={bare.therese.uuid}&day={bare.day}&lang=en")
    answer = manager.submit(".//form[@action='/v/lutetia/rota/new']", {"start": "07:00", "end": "16:00"})
    assert answer.status_code == 422
    assert "06:00–08:00" in manager.page.text
    answer = manager.submit(".//form[@action='/v/lutetia/rota/new']", {"start": "08:00"})
    assert (answer.status_code, answer.location) == (303, f"/v/lutetia/rota/{bare.day}")
    assert rota(bare)[-1] == ("Thérèse", bare.day, "08:00-16:00", "draft")


@pytest.mark.parametrize(
    ("field", "value"),
    [("member", "x"), ("member", "\0"), ("day", "31/31"), ("start", "25:99"), ("end", "\ud800"), ("day", ""),
     ("seen", "alone:x," * 2000), ("id", "9" * 5000), ("reason", "x" * 10_000)],
)  # fmt: skip
def test_bad_values_are_told_beside_the_field(bare: House, manager: PageClient, field: str, value: str) -> None:
    manager.get(f"/v/lutetia/rota/new?member={bare.therese.uuid}&day={bare.day}&lang=en")
    form = manager.page.one(".//form[@action='/v/lutetia/rota/new']")
    sent = {**manager.page.values_of(form), field: value.encode("utf-8", "replace").decode()}
    answer = manager.post("/v/lutetia/rota/new", data=sent)
    assert answer.status_code == (303 if field in {"seen", "id"} else 422)


def test_receptionists_read_and_therapists_do_not(bare: House, plan: Plan, client: PageClient) -> None:
    plan(bare.therese)
    sign_in(client, bare.camille)
    client.get(f"/v/lutetia/rota/{bare.day}?lang=en")
    assert "09:00–17:00" in client.page.text
    assert not client.page.all(".//a[@href][@data-shift]")
    assert client.get("/v/lutetia/rota/new").status_code == 403


def _plan(house: House, day: date, start: str, end: str, *, member: StaffMember | None = None) -> Shift:
    return plan_shift(
        house.lutetia, member=member or house.therese, day=day, start=clock(start), end=clock(end), by=maud(house)
    )


def _person(member: StaffMember) -> Person:
    assert member.resource is not None
    return member.resource
