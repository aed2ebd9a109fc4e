"""Quotas: what a partner may book on a day, all its keys together; what is cancelled gives back; the desk is free."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest

from portal.audit import Actor
from portal.bookings.creation import request_booking
from portal.bookings.moving import Move, move_booking
from portal.bookings.quotas.rules import uses
from portal.bookings.request import Request
from portal.database import db
from portal.errors import Invalid
from portal.models import Booking, Partner
from portal.partners.quotas.service import clear_day, set_days, set_week
from portal.settings.errors import Stale
from tests.api.client import PartnerClient
from tests.api.conftest import MakeWish
from tests.factories import House, make_customer, make_key
from tests.partners.conftest import admin, home, send, trail
from tests.support.client import PageClient
from tests.support.statements import Statements

BOOKINGS = "/venues/lutetia/bookings"


def allow(house: House, places: int | None, *, days: int = 0) -> None:
    """So many guests of the partner on the house's day."""
    day = house.day + timedelta(days=days)
    set_days(
        house.organisation, partner=_partner(house), venue=house.lutetia, first=day, last=day, places=places,
        version=None, by=admin(house),
    )  # fmt: skip
    db.session.commit()


def test_what_is_full_is_refused_with_other_days(house: House, partner: PartnerClient, wish: MakeWish) -> None:
    allow(house, 2)
    made = partner.book(wish("10:00"))
    partner.book(wish("11:30"))
    refused = partner.post(BOOKINGS, json=wish("14:00"))
    told = refused.json or {}
    assert (refused.status_code, told["error"], told["reason"]) == (409, "slot_unavailable", "quota_exhausted")
    assert told["alternatives"]
    assert not [start for start in told["alternatives"] if start.startswith(house.day.isoformat())]
    partner.post(f"/bookings/{made['id']}/cancel", json={"reason": "Ill"})
    partner.book(wish("14:00"))


def test_availability_says_what_a_booking_would_be_told(house: House, partner: PartnerClient, wish: MakeWish) -> None:
    day, path = house.day.isoformat(), f"/venues/lutetia/availability/variants/{house.single.uuid}"
    free = partner.data(f"{path}?date={day}")["slots"]
    assert max(slot["available_capacity"] for slot in free) > 1
    allow(house, 1)
    assert {slot["available_capacity"] for slot in partner.data(f"{path}?date={day}")["slots"]} == {1}
    duo = f"/venues/lutetia/availability/variants/{house.duo.uuid}"
    assert partner.data(f"{duo}?date={day}")["slots"] == [], "Two guests do not fit into one place."
    partner.book(wish("10:00"))
    assert partner.data(f"{path}?date={day}")["slots"] == []
    assert partner.data(f"/venues/lutetia/availability?date={day}")["slots"] == []
    assert day not in partner.data(f"{path}?from={day}&to={day}")["days"]
    other, _row = make_key(house.organisation)
    assert partner.with_key(other).data(f"{path}?date={day}")["slots"], "Another partner has its own."


def test_the_keys_of_a_partner_count_together_and_rehearsals_apart(
    house: House, partner: PartnerClient, wish: MakeWish
) -> None:
    allow(house, 1)
    second, _row = make_key(house.organisation, partner_id=house.key_row.partner_id)
    sandbox, _row = make_key(house.organisation, partner_id=house.key_row.partner_id, test=True)
    partner.book(wish("10:00"))
    assert partner.with_key(second).post(BOOKINGS, json=wish("12:00")).status_code == 409
    partner.with_key(sandbox).book(wish("12:00"))
    assert partner.with_key(sandbox).post(BOOKINGS, json=wish("14:00")).status_code == 409


def test_a_replay_is_answered_though_the_day_is_full(house: House, partner: PartnerClient, wish: MakeWish) -> None:
    allow(house, 1)
    partner.book(wish("10:00", external_id="A"))
    assert partner.post(BOOKINGS, json=wish("10:00", external_id="A")).status_code == 200


def test_the_desk_is_free_and_what_it_moves_counts_where_it_stands(
    house: House, partner: PartnerClient, wish: MakeWish
) -> None:
    allow(house, 1)
    made = partner.book(wish("10:00"))
    desk = Actor.of_member(house.camille, door="agenda")
    theirs = Request(
        variant=house.single, starts_at=house.at("12:00"), customer=make_customer(house.organisation),
        price_minor=9500, channel="desk", desk=True,
    )  # fmt: skip
    request_booking(house.lutetia, theirs, by=desk)
    booking = db.session.query(Booking).filter_by(uuid=UUID(made["id"])).one()
    move_booking(house.lutetia, booking=booking, move=Move(starts_at=house.at("10:00", days=1)), by=desk)
    db.session.commit()
    tomorrow = house.day + timedelta(days=1)
    used = uses(house.lutetia, _partner(house), first=house.day, last=tomorrow)
    assert [(use.places, use.taken) for use in used] == [(1, 0), (None, 1)]
    partner.book(wish("15:00"))


def test_a_date_goes_before_its_weekday_and_can_lift_it(house: House) -> None:
    _week(house, dict.fromkeys(range(7), 0))
    allow(house, 5)
    allow(house, None, days=1)
    used = uses(house.lutetia, _partner(house), first=house.day, last=house.day + timedelta(days=2))
    assert [use.places for use in used] == [5, None, 0]
    clear_day(house.organisation, partner=_partner(house), venue=house.lutetia, day=house.day, by=admin(house))
    clear_day(house.organisation, partner=_partner(house), venue=house.lutetia, day=house.day, by=admin(house))
    assert uses(house.lutetia, _partner(house), first=house.day, last=house.day)[0].places == 0
    assert [list(one) for one in trail("partner:quota_changed")][-1] == ["venue", "cleared"]
    assert uses(house.marais, _partner(house), first=house.day, last=house.day)[0].places is None


def test_the_verbs_know_versions_and_limits(house: House) -> None:
    version = _partner(house).version
    _week(house, {1: 3})
    _week(house, {1: 3})
    assert len(trail("partner:quota_changed")) == 1, "Nothing new is nothing told."
    assert _partner(house).version == version + 1
    with pytest.raises(Stale):
        _week(house, {1: 4}, version=version)
    for first, last in ((house.day, house.day - timedelta(days=1)), (house.day, house.day + timedelta(days=62))):
        with pytest.raises(Invalid):
            set_days(
                house.organisation, partner=_partner(house), venue=house.lutetia, first=first, last=last, places=1,
                version=None, by=admin(house),
            )  # fmt: skip


def test_it_costs_three_statements_and_only_where_something_is_said(
    house: House, partner: PartnerClient, wish: MakeWish, statements: Callable[[], AbstractContextManager[Statements]]
) -> None:
    partner.book(wish("09:00"))
    with statements() as free:
        partner.book(wish("10:30"))
    allow(house, 9)
    with statements() as limited:
        partner.book(wish("12:00"))
    assert not [sql for sql in free if "FROM partner_quota" in sql and "EXISTS" not in sql]
    limited.at_most(len(free) + 3)
    if db.engine.dialect.name == "postgresql":
        held = next(number for number, sql in enumerate(limited) if "FOR NO KEY UPDATE" in sql and "partner" in sql)
        counted = next(number for number, sql in enumerate(limited) if "sum(" in sql or "booking.guest_count \n" in sql)
        assert held < counted, "First everybody else waits, then it is counted."


def test_the_page_says_and_takes_what_is_left(
    ada: PageClient, house: House, partner: PartnerClient, wish: MakeWish
) -> None:
    page = home(house, "/quotas/lutetia/")
    weekday = house.day.isoweekday() % 7
    version = str(_partner(house).version)
    assert send(ada, page, {f"on_{weekday}": "1", "version": version}).status_code == 303
    partner.book(wish("10:00"))
    assert partner.post(BOOKINGS, json=wish("12:00")).status_code == 409
    late = send(ada, page, {f"on_{weekday}": "7", "version": version, "drawn": "{}"})
    assert late.status_code == 409
    for field, bad in (("on_1", "-1"), ("on_1", "1000"), ("on_2", "9" * 400), ("on_3", "many"), ("on_0", "1.5")):
        assert send(ada, page, {field: bad}).status_code == 422, bad
    dates = {"first": house.day.isoformat(), "last": "", "places": "2"}
    assert send(ada, f"{page}dates", dates).status_code == 303
    partner.book(wish("12:00"))
    for wrong in ({"first": ""}, {"first": "2026-02-30"}, {"last": "2020-01-01"}, {"places": "x"}):
        assert send(ada, f"{page}dates", dates | wrong).status_code == 422, wrong
    assert send(ada, f"{page}dates/{house.day}/remove").status_code == 303
    assert send(ada, f"{page}dates/nonsense/remove").status_code == 404
    assert ada.get(home(house, "/quotas/chamonix/")).status_code == 404
    assert ada.get(home(house)).status_code == 200


def _partner(house: House) -> Partner:
    return house.key_row.partner


def _week(house: House, places: dict[int, Any], version: int | None = None) -> None:
    set_week(
        house.organisation, partner=_partner(house), venue=house.lutetia, places=places, version=version,
        by=admin(house),
    )  # fmt: skip


def test_days_are_the_venues_own(house: House) -> None:
    assert uses(house.lutetia, _partner(house), first=date(2027, 3, 27), last=date(2027, 3, 29))[1].day.day == 28
