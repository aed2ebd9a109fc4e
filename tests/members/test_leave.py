"""Leaving: first the visits, then no door opens any more; what was done stays."""

from __future__ import annotations

from datetime import time, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from portal.audit import Actor
from portal.clock import now
from portal.database import db
from portal.feeds.service import renew_feed
from portal.i18n import name_of
from portal.members.errors import LastAdmin, NotOverYou, NotYourself, StillTreats
from portal.members.leaving.service import come_back, leave, prepare_departure
from portal.models import AuditEntry, CalendarFeed, Organisation, Shift, StaffMember, TimeOff
from portal.models.offer import OPEN
from portal.models.shift import DRAFT, REMOVED
from portal.notices.browsers import keep_browser
from portal.notices.push import Target
from portal.session.service import end_all_sessions
from tests.absences.swapping import ask, colleague
from tests.bookings.conftest import Book, accept, book
from tests.factories import House, make_member, make_shift
from tests.members.people import as_desk
from tests.notices.push_service import Browser
from tests.session.doorstep import knock
from tests.support.client import PageClient
from tests.support.rivals import DONE, at_once
from tests.support.sign_in import open_session, sign_in

__all__ = ["book"]


def go(house: House, member: StaffMember, *, ask: bool = False, by: StaffMember | None = None) -> StaffMember:
    return leave(house.organisation, member, ask_others=ask, by=as_desk(by or house.maud))


def shifts_of(member: StaffMember) -> list[Shift]:
    return list(db.session.scalars(select(Shift).where(Shift.member_id == member.id).order_by(Shift.starts_at)))


def test_every_door_is_shut_at_once(client: PageClient, house: House) -> None:
    sign_in(client, house.marc)
    _token, login = open_session(house.marc)
    browser = keep_browser(login, Target(**Browser("https://push.example/marc").form), user_agent="Firefox")
    _feed, token = renew_feed(house.marc, with_surname=False, by=Actor.of_member(house.marc, door="phone"))
    gone = go(house, house.marc)
    assert gone.left_at is not None
    assert client.get("/my/day").status_code == 303
    assert knock(client, house.marc.email).status_code == 422
    assert db.session.query(CalendarFeed).count() == 0
    assert client.get(f"/feeds/{token}.ics").status_code == 404
    assert browser.ended_at is not None
    assert go(house, house.marc).left_at == gone.left_at, "twice is harmless"


def test_whom_guests_expect_does_not_leave_unnoticed(house: House, book: Book) -> None:
    accept(house, book("10:00"), house.therese)
    with pytest.raises(StillTreats):
        go(house, house.therese)
    assert house.therese.active


def test_others_are_asked_for_what_is_left(house: House, book: Book) -> None:
    visit = book("10:00")
    accept(house, visit, house.therese)
    go(house, house.therese, ask=True)
    db.session.refresh(visit)
    assert visit.status == "pending"
    assert visit.therapist is None
    asked = {offer.member_id: offer.status for offer in visit.item.offers}
    assert asked[house.marc.id] == OPEN
    assert asked[house.therese.id] != OPEN
    assert [one.member.name for one in visit.item.assignments] == [house.therese.name], "it stays in the history"


def test_what_she_was_asked_is_taken_back(house: House, book: Book) -> None:
    visit = book("10:00")
    go(house, house.therese)
    statuses = {offer.member_id: offer.status for offer in visit.item.offers}
    assert statuses[house.therese.id] != OPEN
    assert statuses[house.marc.id] == OPEN


def test_what_was_planned_for_her_is_taken_back(house: House) -> None:
    later = [shift for shift in shifts_of(house.therese) if shift.starts_at > now()]
    make_shift(house.marais, house.therese, house.day + timedelta(days=9)).status = DRAFT
    colleague(house)
    swap = ask(house, later[0])
    go(house, house.therese)
    db.session.expire_all()
    assert [shift for shift in shifts_of(house.therese) if shift.status != REMOVED and shift.starts_at > now()] == []
    assert swap.status == "cancelled"
    told = db.session.scalars(select(AuditEntry.details).where(AuditEntry.verb == "member:left")).one()
    assert told == {"shifts": len(later) + 1}


def test_a_departure_that_is_pressed_twice_is_one(house: House, book: Book) -> None:
    accept(house, book("10:00"), house.therese)
    by = as_desk(house.maud)
    first = prepare_departure(house.organisation, house.therese, by=by)
    again = prepare_departure(house.organisation, house.therese, by=by)
    assert first is not None
    assert again is first
    later = book("12:00")
    accept(house, later, house.therese)
    longer = prepare_departure(house.organisation, house.therese, by=by)
    assert longer is first
    assert first.ends_at >= later.ends_at
    go(house, house.therese, ask=True)
    assert db.session.query(TimeOff).count() == 1


@pytest.mark.race
def test_two_who_let_her_go_at_once_do_it_once(app: Flask, house: House, book: Book) -> None:
    accept(house, book("10:00"), house.therese)
    key, desk, hers = house.organisation.id, house.maud.id, house.therese.id

    def work() -> None:
        by = as_desk(db.session.get_one(StaffMember, desk))
        house_, member = db.session.get_one(Organisation, key), db.session.get_one(StaffMember, hers)
        prepare_departure(house_, member, by=by)
        leave(house_, member, ask_others=True, by=by)

    assert at_once(app, work, work) == [DONE, DONE]
    assert db.session.query(TimeOff).count() == 1
    assert db.session.query(AuditEntry).filter_by(verb="member:left").count() == 1


def test_neither_herself_nor_the_last_admin(house: House) -> None:
    second = make_member(house.organisation, role="admin")
    with pytest.raises(NotYourself):
        go(house, house.ada, by=house.ada)
    go(house, house.ada, by=second)
    third = make_member(house.organisation, role="admin", email=None, password_hash=None)
    with pytest.raises(LastAdmin):
        go(house, second, by=third)


def test_a_manager_lets_go_only_who_works_nowhere_else(house: House) -> None:
    zoe = make_member(house.organisation, house.lutetia, house.marais)
    with pytest.raises(NotOverYou):
        go(house, zoe)
    go(house, zoe, by=house.ada)


def test_who_comes_back_signs_in_as_before(client: PageClient, house: House) -> None:
    go(house, house.marc)
    come_back(house.organisation, house.marc, by=as_desk(house.maud))
    end_all_sessions(house.marc, by=as_desk(house.maud))
    assert knock(client, house.marc.email).location == "/my/day"


def test_the_page_lists_the_visits_and_leads_to_replacements(client: PageClient, house: House, book: Book) -> None:
    accept(house, book("10:00"), house.therese)
    sign_in(client, house.maud)
    url = f"/o/maison-lutece/team/{house.therese.uuid}/leave"
    client.get(url)
    assert len(client.page.all(".//li[@class='hit']")) == 1
    answer = client.submit(f".//form[@action='{url}/replacements']")
    assert answer.status_code == 303
    assert client.get(answer.location).status_code == 200
    assert "Marc" in client.page.text
    client.get(url)
    assert client.submit(f".//form[@action='{url}']").status_code == 409
    assert client.submit(f".//form[@action='{url}']", {"ask": "y"}).status_code == 303
    assert "Has left" in client.get(f"/o/maison-lutece/team/{house.therese.uuid}").text


def test_the_page_lists_the_shifts_that_will_be_gone(client: PageClient, house: House) -> None:
    day = house.day + timedelta(days=30)
    make_shift(house.marais, house.marc, day, start=time(13), end=time(21, 15)).status = DRAFT
    db.session.commit()
    sign_in(client, house.maud)
    page = client.get(f"/o/maison-lutece/team/{house.marc.uuid}/leave", headers={"Accept-Language": "en"}).text
    assert "13:00–21:15" in page
    assert "Draft" in page
    assert name_of(house.marais) in page
