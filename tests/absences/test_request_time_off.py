"""Asking to be off: days, half a day, hours; what it hits is shown before, and what cannot be is said."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import select

from portal.absences import words
from portal.absences.errors import AlreadyOff
from portal.absences.service import request_time_off
from portal.clock import frozen
from portal.database import db
from portal.errors import Invalid
from portal.models import AuditEntry, LiveEvent, TimeOff
from tests.absences.conftest import Visit, phone
from tests.factories import House, at, make_member, make_shift
from tests.support.client import PageClient
from tests.support.language import in_english
from tests.support.page import Page
from tests.support.sign_in import sign_in

FORM = ".//form[@id='off']"
SPRING = date(2027, 3, 27)  # the next night has 23 hours


def ask(client: PageClient, house: House, **given: Any) -> int:
    """Send the form with other values; the status of the answer."""
    client.get("/my/time-off?lang=en")
    values = client.page.values_of(client.page.one(FORM))
    return client.post("/my/time-off", data={**values, "day": str(house.day), **given}).status_code


def asked() -> list[TimeOff]:
    db.session.rollback()
    return list(db.session.scalars(select(TimeOff).order_by(TimeOff.starts_at)))


def test_whole_days(house: House, therese: PageClient) -> None:
    last = house.day + timedelta(days=2)
    assert ask(therese, house, last_day=str(last), kind="training", note="Stage à Lyon") == 303
    [off] = asked()
    assert (off.member_id, off.status, off.kind, off.note) == (
        house.therese.id,
        "requested",
        "training",
        "Stage à Lyon",
    )
    assert (off.starts_at, off.ends_at) == (house.at("00:00"), house.at("00:00", days=3))
    line = db.session.scalars(select(AuditEntry).where(AuditEntry.verb == "absence:requested")).one()
    assert (line.actor_name, line.door) == ("Thérèse Test", "phone")
    told = [
        event.topics for event in db.session.scalars(select(LiveEvent).where(LiveEvent.venue_id == house.lutetia.id))
    ]
    assert ["absences"] in told


@pytest.mark.parametrize(("half", "hours"), [("morning", ("00:00", "13:00")), ("afternoon", ("13:00", "24:00"))])
def test_half_a_day(house: House, therese: PageClient, half: str, hours: tuple[str, str]) -> None:
    assert ask(therese, house, length="half", half=half) == 303
    [off] = asked()
    ends = house.at("00:00", days=1) if hours[1] == "24:00" else house.at(hours[1])
    assert (off.starts_at, off.ends_at) == (house.at(hours[0]), ends)


def test_some_hours_also_across_midnight(house: House, therese: PageClient) -> None:
    assert ask(therese, house, length="hours", start="15:00", end="17:30") == 303
    assert (
        ask(therese, house, length="hours", start="22:00", end="02:00", last_day=str(house.day + timedelta(days=1)))
        == 303
    )
    assert [(off.starts_at, off.ends_at) for off in asked()] == [
        (house.at("15:00"), house.at("17:30")),
        (house.at("22:00"), house.at("02:00", days=1)),
    ]


def test_a_day_off_is_the_shifts_that_begin_on_it(house: House, therese: PageClient) -> None:
    day = house.day + timedelta(days=20)
    for offset in range(2):
        make_shift(house.lutetia, house.therese, day + timedelta(days=offset - 1), start=time(22), end=time(6))
    assert ask(therese, house, day=str(day)) == 303
    [off] = asked()
    assert (off.starts_at, off.ends_at) == (
        at(house.lutetia, day, "06:00"),
        at(house.lutetia, day + timedelta(days=1), "06:00"),
    )


def test_the_day_of_the_clock_change_has_23_hours(house: House, therese: PageClient) -> None:
    with frozen(house.at("08:00")):
        request_time_off(
            house.therese, starts_at=at(house.lutetia, SPRING, "00:00"), kind="vacation", by=phone(house.therese),
            ends_at=at(house.lutetia, SPRING + timedelta(days=2), "00:00"),
        )  # fmt: skip
    [off] = asked()
    assert off.ends_at - off.starts_at == timedelta(hours=47)
    therese.get(f"/my/time-off/{off.uuid}?lang=en")
    assert "Sat 27 Mar to Sun 28 Mar" in therese.page.text


WRONG: dict[str, tuple[dict[str, Any], str, str]] = {
    "yesterday": ({"day": "2020-01-01"}, "day", "please choose today or later"),
    "end before start": (
        {"length": "hours", "start": "12:00", "end": "11:00"},
        "end",
        "Your time off must end after it begins",
    ),
    "no time at all": (
        {"length": "hours", "start": "12:00", "end": "12:00"},
        "end",
        "Your time off must end after it begins",
    ),
    "last day before the first": ({"last_day": "2026-01-01"}, "last_day", "cannot be before the first"),
    "no start": ({"length": "hours", "end": "12:00"}, "start", "from when"),
    "no end": ({"length": "hours", "start": "12:00"}, "end", "until when"),
    "off the grid": ({"length": "hours", "start": "12:01", "end": "13:00"}, "start", "steps of five minutes"),
    "a time that is none": ({"length": "hours", "start": "25:00", "end": "13:00"}, "start", "a time such as 12:30"),
    "no date": ({"day": "2027-02-30"}, "day", "enter a date"),
    "no day": ({"day": ""}, "day", "enter a date"),
    "far away": ({"day": "2099-01-01"}, "day", "two years"),
    "for years": ({"last_day": "2028-11-20"}, "last_day", "at most a year"),
    "year 9999": ({"day": "9999-12-31"}, "day", "enter a date"),
    "unknown kind": ({"kind": "party"}, "kind", "what kind"),
    "unknown length": ({"length": "forever"}, "length", "one of these"),
    "unknown half": ({"length": "half", "half": "third"}, "half", "one of these"),
    "10,000 characters": ({"note": "x" * 10_000}, "note", "at most 300"),
}


@pytest.mark.parametrize("wrong", WRONG)
def test_what_is_wrong_stands_beside_its_field(house: House, therese: PageClient, wrong: str) -> None:
    given, field, sentence = WRONG[wrong]
    assert ask(therese, house, **{"note": "Gardé", **given}) == 422
    assert asked() == []
    summary = therese.page.one(".//div[@class='summary']")
    assert sentence in Page.text_of(summary)
    assert f"#off-{field}" in [link.get("href") for link in summary.iter("a")]
    if "note" not in given:
        assert therese.page.values_of(therese.page.one(FORM))["note"] == "Gardé"


def test_a_time_that_the_clock_leaves_out_is_named(house: House, therese: PageClient) -> None:
    with frozen(datetime(2027, 3, 1, 10, tzinfo=UTC)):
        sign_in(therese, house.therese)
        assert ask(therese, house, length="hours", day="2027-03-28", start="02:30", end="04:00") == 422
    assert "there is no 02:30" in therese.page.text


def test_sent_twice_it_is_one_request(house: House, therese: PageClient) -> None:
    therese.get("/my/time-off")
    values = {**therese.page.values_of(therese.page.one(FORM)), "day": str(house.day)}
    answers = [therese.post("/my/time-off", data=values) for _again in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    assert answers[0].location == answers[1].location
    assert len(asked()) == 1


def test_time_that_she_has_asked_for_is_not_asked_for_again(house: House, therese: PageClient) -> None:
    assert ask(therese, house) == 303
    assert ask(therese, house, length="hours", start="12:00", end="13:00") == 422
    assert "You are off already at that time, or have asked for it." in therese.page.text
    assert len(asked()) == 1


def test_a_colleagues_name_for_a_request_is_not_taken(house: House, therese: PageClient, marc: PageClient) -> None:
    ask(therese, house)
    [hers] = asked()
    assert ask(marc, house, id=str(hers.uuid)) == 303
    assert len(asked()) == 2


def test_whoever_works_nowhere_is_told(house: House) -> None:
    nobody = make_member(house.organisation, first_name="Zoé")
    with pytest.raises(Invalid):
        request_time_off(
            nobody, starts_at=house.at("10:00"), ends_at=house.at("12:00"), kind="vacation", by=phone(nobody)
        )


TOLD = {
    ("09:00", "12:00", 0): "Fri 5 Mar, 09:00–12:00",
    ("00:00", "00:00", 1): "Fri 5 Mar",
    ("00:00", "00:00", 3): "Fri 5 Mar to Sun 7 Mar",
    ("13:00", "00:00", 1): "Fri 5 Mar, 13:00–24:00",
    ("22:00", "06:00", 1): "Fri 5 Mar, 22:00 to Sat 6 Mar, 06:00",
}


@pytest.mark.parametrize("span", TOLD)
def test_how_a_time_is_told(house: House, span: tuple[str, str, int]) -> None:
    start, end, later = span
    first = date(2027, 3, 5)
    begins, ends = at(house.lutetia, first, start), at(house.lutetia, first + timedelta(days=later), end)
    assert in_english(lambda: words.when(begins, ends, "Europe/Paris")) == TOLD[span]


def test_what_it_hits_is_shown_while_she_chooses(house: House, therese: PageClient, visit: Visit) -> None:
    ines = make_member(house.organisation, house.lutetia, first_name="Inès")
    make_shift(house.lutetia, ines, house.day, start=time(9), end=time(14))
    visit("10:00")
    visit("11:00")
    visit("15:00")
    visit("15:00", house.marc)
    visit("10:30", house.marc)

    therese.hx(f"/my/time-off/check?length=days&day={house.day}&lang=en")

    text = therese.page.text
    assert "3 visits are affected. 2 can be covered by Inès." in text
    rows = [Page.text_of(row) for row in therese.page.all(".//ul[@class='hits']/li")]
    assert "Hélène" in rows[0]
    assert "Free for it: Inès" in rows[0]
    assert "Nobody is free for it" in rows[2]
    assert "Dupont" not in therese.page.html


@pytest.mark.parametrize(
    "query", ["", "day=", "day=x", "length=days", "length=hours&day=2099-01-01", "day=%00&length=%00"]
)
def test_a_time_that_is_none_hits_nothing(therese: PageClient, query: str) -> None:
    assert therese.hx(f"/my/time-off/check?{query}").status_code == 200
    assert not therese.page.all(".//ul[@class='hits']")


def test_the_verb_takes_the_same_name_once(house: House) -> None:
    name = uuid4()
    words: dict[str, Any] = {
        "starts_at": house.at("10:00"), "ends_at": house.at("12:00"), "kind": "personal", "by": phone(house.therese),
    }  # fmt: skip
    first = request_time_off(house.therese, request_id=name, **words)
    assert request_time_off(house.therese, request_id=name, **words).id == first.id
    with pytest.raises(AlreadyOff):
        request_time_off(house.therese, request_id=uuid4(), **words)
