"""Repeat, move and cancel several, on paper-plain pages: nothing lost, nothing changed when it cannot be."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from portal.bookings.creation import request_booking
from portal.bookings.editing import edit_booking
from portal.database import db
from portal.models import Booking, Series
from portal.series.making import create_series
from portal.series.queries import occurrences_of
from portal.series.rules import Rule
from tests.factories import House, make_shift
from tests.series.conftest import desk, wish
from tests.support.client import PageClient
from tests.support.sign_in import sign_in


@pytest.fixture
def weeks(house: House) -> House:
    """Thérèse and Marc are on shift for six weeks, tomorrow included."""
    for offset in range(7, 45):
        for member in (house.therese, house.marc):
            make_shift(house.lutetia, member, house.day + timedelta(days=offset))
    return house


@pytest.fixture
def booking(weeks: House) -> Booking:
    return request_booking(weeks.lutetia, wish(weeks, weeks.day, "10:00"), by=desk(weeks))


@pytest.fixture
def camille(weeks: House, client: PageClient) -> PageClient:
    sign_in(client, weeks.camille)
    return client


@pytest.fixture
def three(weeks: House, booking: Booking) -> Series:
    return create_series(
        weeks.lutetia, wish(weeks, weeks.day, "10:00", customer=booking.customer),
        rule=Rule("WEEKLY", count=3), origin=booking, by=desk(weeks),
    )  # fmt: skip


def test_from_the_panel_to_a_series_without_javascript(weeks: House, booking: Booking, camille: PageClient) -> None:
    camille.get(f"/v/lutetia/bookings/{booking.uuid}")
    repeat = camille.page.one(f".//a[@href='/v/lutetia/series/of/{booking.uuid}/new']")
    camille.get(repeat.get("href"))
    camille.get(f"{repeat.get('href')}?frequency=WEEKLY&interval=1&weekdays={weeks.day.weekday()}&ends=count&count=4")
    assert f"every {weeks.day:%A}, 4 times" in camille.page.text

    answer = camille.submit(f".//form[@action='/v/lutetia/series/of/{booking.uuid}']")

    assert answer.status_code == 303
    assert len(_occurrences(weeks, booking)) == 4
    camille.get(answer.location)
    assert len(camille.page.all(".//tr[@data-booking]")) == 4
    assert booking.guest_name in camille.page.text


def test_a_conflict_is_told_and_can_be_left_out(weeks: House, booking: Booking, camille: PageClient) -> None:
    second = weeks.day + timedelta(days=7)
    for member in (weeks.therese, weeks.marc):
        request_booking(weeks.lutetia, wish(weeks, second, "10:00", therapists=(member,)), by=desk(weeks))
    url = f"/v/lutetia/series/of/{booking.uuid}"
    camille.get(f"{url}/new?frequency=WEEKLY&interval=1&ends=count&count=3")
    form = f".//form[@action='{url}']"
    assert "is busy from 10:00 to 11:00." in camille.page.text

    assert camille.submit(form).status_code == 409
    assert _occurrences(weeks, booking) == []
    assert camille.submit(form, {f"date-{second}": "skip"}).status_code == 303
    assert [one.series_date for one in _occurrences(weeks, booking)] == [weeks.day, weeks.day + timedelta(days=14)]


def test_what_is_in_the_way_of_the_chosen_therapist_is_told(weeks: House, camille: PageClient) -> None:
    hers, second = {"therapists": (weeks.therese,)}, weeks.day + timedelta(days=7)
    booking = request_booking(weeks.lutetia, wish(weeks, weeks.day, "12:00", **hers), by=desk(weeks))
    request_booking(weeks.lutetia, wish(weeks, second, "12:30", **hers), by=desk(weeks))
    camille.get(f"/v/lutetia/series/of/{booking.uuid}/new?frequency=WEEKLY&interval=1&ends=count&count=3")
    assert "Thérèse Test is with another guest from 12:30 to 13:30." in camille.page.text


@pytest.mark.parametrize(
    "query",
    [
        "frequency=HOURLY&interval=1",
        "frequency=WEEKLY&interval=0",
        "frequency=WEEKLY&interval=x",
        "frequency=WEEKLY&interval=1&ends=until",
        "frequency=WEEKLY&interval=1&ends=until&until=2020-01-01",
        "frequency=WEEKLY&interval=1&ends=until&until=9999-12-31",
        "frequency=WEEKLY&interval=1&ends=count&count=105",
        "frequency=WEEKLY&interval=1&weekdays=9",
        "frequency=WEEKLY&interval=1&ends=never&count=4",
        "frequency=WEEKLY&interval=1&count=4",
        "frequency=WEEKLY&interval=1&ends=never&until=2027-12-31",
        "frequency=WEEKLY&interval=1&ends=count&count=4&until=soon",
    ],
)
def test_a_rule_that_is_none_is_told_beside_its_field(camille: PageClient, booking: Booking, query: str) -> None:
    answer = camille.get(f"/v/lutetia/series/of/{booking.uuid}/new?{query}")

    assert answer.status_code == 422
    assert camille.page.all(".//*[@role='alert']")


@pytest.mark.parametrize(("scope", "moved"), [("this", [0]), ("following", [1, 2]), ("all", [0, 1, 2])], ids=str)
def test_moving_asks_how_many(weeks: House, three: Series, camille: PageClient, scope: str, moved: list[int]) -> None:
    before = [one.starts_at for one in occurrences_of(weeks.lutetia, three)]
    chosen = occurrences_of(weeks.lutetia, three)[moved[0]]
    camille.get(f"/v/lutetia/series/of/{chosen.uuid}/change")

    answer = camille.submit(".//form[@class='form box']", {"at": "12:00", "scope": scope})

    assert answer.status_code == 303
    after = [one.starts_at for one in occurrences_of(weeks.lutetia, three)]
    assert [n for n in range(3) if after[n] != before[n]] == moved


def test_a_move_that_cannot_be_changes_nothing_and_keeps_what_was_typed(
    weeks: House, three: Series, booking: Booking, camille: PageClient
) -> None:
    second = weeks.day + timedelta(days=7)
    for member in (weeks.therese, weeks.marc):
        request_booking(weeks.lutetia, wish(weeks, second, "12:00", therapists=(member,)), by=desk(weeks))
    camille.get(f"/v/lutetia/series/of/{booking.uuid}/change")

    answer = camille.submit(".//form[@class='form box']", {"at": "12:00", "scope": "all"})

    assert answer.status_code == 409
    assert camille.page.one(".//input[@name='at']").get("value") == "12:00"
    assert {f"{one.starts_at:%M}" for one in occurrences_of(weeks.lutetia, three)} == {"00"}
    assert booking.starts_at == weeks.at("10:00")


@pytest.mark.parametrize(("scope", "left"), [("this", 2), ("following", 1), ("all", 0)])
def test_cancelling_asks_how_many(weeks: House, three: Series, camille: PageClient, scope: str, left: int) -> None:
    second = occurrences_of(weeks.lutetia, three)[1]
    camille.get(f"/v/lutetia/series/of/{second.uuid}/cancel")

    answer = camille.submit(".//form[@class='form box']", {"reason": "Away", "scope": scope})

    assert answer.status_code == 303
    assert sum(one.status != "cancelled" for one in occurrences_of(weeks.lutetia, three)) == left


@pytest.mark.parametrize("scope", ["this", "following", "all"])
@pytest.mark.parametrize("version", ["older", "garbage"])
def test_a_page_drawn_before_a_colleagues_change_moves_and_cancels_nothing(
    weeks: House, three: Series, camille: PageClient, scope: str, version: str
) -> None:
    first = occurrences_of(weeks.lutetia, three)[0]
    forms = {}
    for what in ("change", "cancel"):
        camille.get(f"/v/lutetia/series/of/{first.uuid}/{what}")
        forms[what] = camille.page.one(".//form[@class='form box']")
    edit_booking(weeks.lutetia, booking=first, by=desk(weeks), notes="Mal de dos")
    sent = {"scope": scope} | ({"version": "x"} if version == "garbage" else {})

    assert camille.send(forms["change"], {"at": "12:00", **sent}).status_code == 409
    assert camille.send(forms["cancel"], {"reason": "Away", **sent}).status_code == 409
    left = occurrences_of(weeks.lutetia, three)
    assert [f"{one.starts_at:%M} {one.status}" for one in left] == ["00 pending"] * 3
    assert first.starts_at == weeks.at("10:00")


def test_a_date_that_was_left_out_is_placed(weeks: House, booking: Booking, camille: PageClient) -> None:
    skipped = weeks.day + timedelta(days=7)
    made = create_series(
        weeks.lutetia, wish(weeks, weeks.day, "10:00"), rule=Rule("WEEKLY", count=3), choices={skipped: "skip"},
        origin=booking, by=desk(weeks),
    )  # fmt: skip
    camille.get(f"/v/lutetia/series/{made.uuid}")
    form = ".//form[@class='form place-date']"

    assert camille.submit(form, {"at": "03:00"}).status_code == 409
    assert camille.submit(form, {"at": ""}).status_code == 422
    assert camille.submit(form, {"at": "11:00"}).status_code == 303
    assert len(occurrences_of(weeks.lutetia, made)) == 3


@pytest.mark.parametrize("value", ["\x00", "\ud800", "x" * 10_000, "-1", "9" * 400, "date", "12:61", "10:00+02:00"])
def test_choices_that_are_none_are_refused(camille: PageClient, weeks: House, booking: Booking, value: str) -> None:
    url, second = f"/v/lutetia/series/of/{booking.uuid}", weeks.day + timedelta(days=7)
    camille.get(f"{url}/new")
    token = camille.page.csrf_token
    sent: dict[str, Any] = {"csrf_token": token, "rule": "FREQ=WEEKLY;COUNT=3", f"date-{second}": value}

    answer = camille.post(url, data={key: text.encode("utf-8", "surrogatepass") for key, text in sent.items()})

    assert answer.status_code in {400, 422}
    assert _occurrences(weeks, booking) == []


def _occurrences(house: House, booking: Booking) -> list[Booking]:
    db.session.refresh(booking)
    return occurrences_of(house.lutetia, booking.series) if booking.series else []
