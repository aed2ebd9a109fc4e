"""Sick now: approved at once, the guests stay until the desk has found others, and the desk is told."""

from __future__ import annotations

from datetime import time, timedelta

import pytest
from sqlalchemy import select

from portal.absences.answering import approve_time_off
from portal.absences.desk.queries import news_of
from portal.absences.sickness import report_sick
from portal.changes.queries import last_change
from portal.clock import frozen
from portal.database import db
from portal.errors import Invalid
from portal.models import Block, Claim, LiveEvent, TimeOff, VenueMember
from portal.undo.service import undo_change
from tests.absences.conftest import Visit, ask_off, desk, maud, phone
from tests.factories import House, make_member, make_shift, save
from tests.support.client import PageClient
from tests.support.sign_in import sign_in

SICK = ".//form[@action='/my/sick']"


def standing() -> list[Block]:
    db.session.rollback()
    return list(db.session.scalars(select(Block).where(Block.removed_at.is_(None)).order_by(Block.starts_at)))


def test_from_this_moment_to_the_end_of_the_day(house: House) -> None:
    with frozen(house.at("10:07")):
        off = report_sick(house.therese, until=house.day, by=phone(house.therese))
    assert (off.status, off.kind, off.decided_by_id) == ("approved", "sick", None)
    assert (off.starts_at, off.ends_at) == (house.at("10:05"), house.at("00:00", days=1))
    [block] = standing()
    assert (block.kind, block.batch, block.venue_id) == ("sick", off.batch, house.lutetia.id)
    told = db.session.scalars(select(LiveEvent).where(LiveEvent.venue_id == house.lutetia.id)).all()
    assert ["absences"] in [event.topics for event in told]


def test_her_visits_stay_with_her_and_are_marked(house: House, visit: Visit) -> None:
    booking = visit("11:00")
    with frozen(house.at("10:00")):
        report_sick(house.therese, until=house.day + timedelta(days=1), by=phone(house.therese))
    assert booking.item.is_served_by(house.therese)
    claims = db.session.scalars(select(Claim).where(Claim.block_id.is_not(None), Claim.active)).all()
    assert [claim.overbooked for claim in sorted(claims, key=lambda claim: claim.starts_at)][:3] == [False, True, False]


def test_the_night_shift_that_begins_today_is_included(house: House) -> None:
    day = house.day + timedelta(days=20)
    make_shift(house.lutetia, house.therese, day, start=time(22), end=time(6))
    with frozen(house.at("12:00", days=20)):
        off = report_sick(house.therese, until=day, by=phone(house.therese))
    assert off.ends_at == house.at("06:00", days=21)


def test_twice_is_once_and_longer_is_longer(house: House) -> None:
    with frozen(house.at("10:00")):
        off = report_sick(house.therese, until=house.day, by=phone(house.therese))
        again = report_sick(house.therese, until=house.day, by=phone(house.therese))
        assert again.id == off.id
    with frozen(house.at("15:00")):
        longer = report_sick(house.therese, until=house.day + timedelta(days=2), by=phone(house.therese))
        shorter = report_sick(house.therese, until=house.day, by=phone(house.therese))
    assert {longer.id, shorter.id} == {off.id}
    assert (off.starts_at, off.ends_at) == (house.at("10:00"), house.at("00:00", days=3))
    assert len(standing()) == 1


def test_during_a_holiday_too(house: House) -> None:
    holiday = ask_off(house, house.therese, "00:00", "23:00")
    approve_time_off(house.lutetia, off=holiday, by=maud(house))
    with frozen(house.at("10:00")):
        off = report_sick(house.therese, until=house.day + timedelta(days=1), by=phone(house.therese))
    assert off.id != holiday.id
    assert off.ends_at == house.at("00:00", days=2)


def test_the_block_stands_where_she_would_be_working(house: House) -> None:
    save(VenueMember(venue=house.marais, member=house.therese))
    make_shift(house.marais, house.therese, house.day + timedelta(days=9))
    with frozen(house.at("10:00", days=9)):
        report_sick(house.therese, until=house.day + timedelta(days=9), by=phone(house.therese))
    assert [block.venue_id for block in standing()] == [house.marais.id]


def test_the_desk_can_undo_it(house: House) -> None:
    with frozen(house.at("10:00")):
        off = report_sick(house.therese, until=house.day, by=phone(house.therese))
        change = last_change(house.lutetia, house.therese)
        assert change is not None
        undo_change(house.lutetia, change=change, by=desk(house))
    db.session.expire_all()
    assert (off.status, standing()) == ("cancelled", [])


def test_a_day_that_is_over_or_far_away_is_refused(house: House) -> None:
    for day in (house.day - timedelta(days=3), house.day + timedelta(days=400)):
        with pytest.raises(Invalid):
            report_sick(house.therese, until=day, by=phone(house.therese))
    assert standing() == []
    nobody = make_member(house.organisation)
    with pytest.raises(Invalid):
        report_sick(nobody, until=house.day, by=phone(nobody))


def test_two_taps_on_the_phone(house: House, client: PageClient, manager: PageClient, visit: Visit) -> None:
    visit("12:00")
    with frozen(house.at("10:00")):
        sign_in(client, house.therese)
        client.get("/my/week?lang=en")
        form = client.page.values_of(client.page.one(SICK))
        answer = client.post("/my/sick", data={**form, "until": "today"})
        assert answer.status_code == 303
        client.get(f"{answer.location}?lang=en")
        assert "1 visit is affected" in client.page.text
        client.get("/my/week?lang=en")
        assert "You are away sick" in client.page.text

        sign_in(manager, house.maud)
        manager.get(f"/v/lutetia/agenda/{house.day}?lang=en")
        [alarm] = manager.page.all(".//p[@class='alarm']")
        assert manager.page.text_of(alarm) == "Thérèse Test is away sick today. Find replacements"
        manager.hx("/v/lutetia/absences/alarm?lang=en")
        assert manager.page.all(".//p[@class='alarm']")


@pytest.mark.parametrize(
    "sent",
    [
        {"until": "day"},
        {"until": "x"},
        {"until": "day", "day": "2020-01-01"},
        {"until": "day", "day": "x"},
        {"until": "day", "day": "9999-12-31"},
        {},
    ],
)
def test_what_is_wrong_is_said_in_place(house: House, therese: PageClient, sent: dict[str, str]) -> None:
    therese.get("/my/week?lang=en")
    form = therese.page.values_of(therese.page.one(SICK))
    assert therese.post("/my/sick", data={**form, **sent}).status_code == (422 if sent else 303)
    if sent:
        assert therese.page.all(".//p[@id='sick-error']")
        assert db.session.scalars(select(TimeOff)).all() == []


def test_the_alarm_ends_when_no_guest_waits_for_her_any_more(house: House, manager: PageClient, visit: Visit) -> None:
    booking = visit("12:00")
    with frozen(house.at("09:00")):
        report_sick(house.therese, until=house.day, by=phone(house.therese))
    assert [one.has_guests for one in news_of(house.lutetia, at=house.at("11:30")).alarms] == [True]
    booking.unassign(booking.item, house.therese, by=desk(house), at=house.at("11:30"))
    db.session.commit()
    assert news_of(house.lutetia, at=house.at("11:30")).alarms == []
    assert [one.has_guests for one in news_of(house.lutetia, at=house.at("09:30")).alarms] == [False]
