"""Blocking from the desk: the form, the list of bookings underneath, the panel, removing."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from portal.clock import frozen
from portal.database import db
from portal.models import Block
from tests.blocks.conftest import Book, MakeBlock, claimed
from tests.factories import House, save
from tests.support.client import PageClient
from tests.support.sign_in import sign_in

NEW = "/v/lutetia/blocks/new"
FORM = ".//form[@class='form block-form']"


def test_the_form_begins_with_what_the_agenda_knows(client: PageClient, house: House) -> None:
    sign_in(client, house.camille)
    client.get(f"{NEW}?at={house.day}T12:30&until={house.day}T13:30&column={house.therese.uuid}&full=1")
    values = client.page.values_of(client.page.one(FORM))
    assert (values["day"], values["start"], values["end"]) == (str(house.day), "12:30", "13:30")
    assert (values["who"], values["kind"], values["repeat"]) == (str(house.therese.uuid), "break", "none")


def test_with_time_and_column_one_click_is_enough(client: PageClient, house: House) -> None:
    sign_in(client, house.camille)
    client.get(f"{NEW}?at={house.day}T12:30&until={house.day}T13:30&column={house.rooms[0].uuid}&lang=en")
    kinds = [button.get("value") for button in client.page.all(f"{FORM}//button[@name='kind']")]
    assert kinds[:4] == ["break", "meeting", "training", "cleaning"]

    sent = {**client.page.values_of(client.page.one(FORM)), "kind": "cleaning"}
    answer = client.post(NEW, data=sent)

    assert (answer.status_code, answer.location) == (303, f"/v/lutetia/agenda/{house.day}")
    [made] = _blocks()
    assert (made.kind, made.resource_id, claimed(made)) == (
        "cleaning", house.rooms[0].id, [("12:30", "13:30", False)],
    )  # fmt: skip
    client.get(answer.location)
    assert "Cleaning: Cabine 1, " in client.page.text


@pytest.mark.parametrize(
    "address", ["", "?at=x&until=y&column=z", "?at=0001-01-01T00:00", "?at=2027-11-20T10:00%2B99:99"]
)
def test_without_time_or_column_everything_can_be_chosen(client: PageClient, house: House, address: str) -> None:
    with frozen(house.at("14:07")):
        sign_in(client, house.camille)
        client.get(f"{NEW}{address}")
    values = client.page.values_of(client.page.one(FORM))
    assert (values["day"], values["start"], values["end"]) == (str(house.day), "14:15", "15:15")
    assert "who" not in values


def test_several_people_every_week_at_once(client: PageClient, house: House) -> None:
    until = house.day + timedelta(days=27)
    answer = _post(
        client, house, who=[str(house.therese.uuid), str(house.duo_room.uuid)], repeat="weekly",
        repeat_until=str(until), kind="meeting", reason="Équipe",
    )  # fmt: skip
    assert answer.status_code == 303
    made = _blocks()
    assert len(made) == 8
    assert {(one.kind, one.reason) for one in made} == {("meeting", "Équipe")}
    client.get(f"/v/lutetia/blocks/{made[0].uuid}?lang=en")
    assert "4 dates until" in client.page.text
    assert "Also for" in client.page.text


def test_on_some_weekdays_from_the_first_of_them_on(client: PageClient, house: House) -> None:
    other = (house.day + timedelta(days=2)).weekday()
    name = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")[other]
    _post(client, house, repeat="weekly", weekdays=[name], repeat_until=str(house.day + timedelta(days=13)))
    assert [one.starts_at for one in _blocks()] == [house.at("12:30", days=2), house.at("12:30", days=9)]


def test_bookings_underneath_are_listed_and_need_a_word(client: PageClient, house: House, book: Book) -> None:
    booking = book("12:30", house.therese)
    answer = _post(client, house, reason="Visite médicale")

    assert answer.status_code == 422
    assert _blocks() == []
    assert "Hélène Dupont" in client.page.text
    assert "Please look at them before you block it." in client.page.text
    form = client.page.one(FORM)
    assert client.page.values_of(form)["reason"] == "Visite médicale"

    unconfirmed = client.send(form, {})
    assert (unconfirmed.status_code, _blocks()) == (422, [])
    assert client.send(client.page.one(FORM), {"confirm": "y"}).status_code == 303
    [made] = _blocks()
    assert claimed(made) == [("12:30", "13:30", True)]
    client.get(f"/v/lutetia/blocks/{made.uuid}")
    assert client.page.all(f".//a[@href='/v/lutetia/bookings/{booking.uuid}']")


def test_a_word_for_one_list_is_none_for_another(client: PageClient, house: House, book: Book) -> None:
    book("12:30", house.therese)
    _post(client, house, end="15:00")
    form = client.page.one(FORM)
    book("13:30", house.therese)

    assert client.send(form, {"confirm": "y"}).status_code == 422

    assert _blocks() == []
    assert len(client.page.all(".//ul[@class='underneath']/li")) == 2
    assert "confirm" not in client.page.values_of(client.page.one(FORM))


WRONG: dict[str, tuple[dict[str, Any], str]] = {
    "end before start": ({"start": "13:30", "end": "12:30"}, "end"),
    "no time at all": ({"start": "12:30", "end": "12:30"}, "end"),
    "yesterday": ({"day": "2020-01-01"}, "day"),
    "year 1": ({"day": "0001-01-01"}, "day"),
    "year 9999": ({"day": "9999-12-31"}, "day"),
    "no date": ({"day": "2027-02-30"}, "day"),
    "no day": ({"day": ""}, "day"),
    "24:00": ({"end": "24:00"}, "end"),
    "no start": ({"start": ""}, "start"),
    "off the grid": ({"start": "12:31"}, "start"),
    "a last day that is none": ({"last_day": "soon"}, "last_day"),
    "nobody": ({"who": []}, "who"),
    "not a uuid": ({"who": ["'); DROP TABLE block;--"]}, "who"),
    "nobody we know": ({"who": [str(uuid4())]}, "who"),
    "10,000 characters": ({"reason": "x" * 10_000}, "reason"),
    "an unknown kind": ({"kind": "holiday"}, "kind"),
    "an unknown repetition": ({"repeat": "hourly", "repeat_until": "2027-11-20"}, "repeat"),
    "repeated without end": ({"repeat": "daily"}, "repeat_until"),
    "repeated too often": ({"repeat": "daily", "repeat_until": "2099-01-01"}, "repeat_until"),
    "repeated until yesterday": ({"repeat": "daily", "repeat_until": "2020-01-01"}, "repeat_until"),
}


@pytest.mark.parametrize("wrong", WRONG)
def test_what_is_wrong_stands_beside_its_field(client: PageClient, house: House, wrong: str) -> None:
    given, field = WRONG[wrong]
    answer = _post(client, house, **{"reason": "Gardé", **given})

    assert answer.status_code == 422
    assert _blocks() == []
    links = [link.get("href") for link in client.page.all(".//div[@class='summary']//a")]
    assert f"#block-{field}" in links
    assert client.page.all(f"{FORM}//*[@class='field-error']")
    if "reason" not in given:
        assert client.page.values_of(client.page.one(FORM))["reason"] == "Gardé"


def test_a_room_or_a_person_of_another_venue_is_refused(client: PageClient, house: House) -> None:
    for stranger in (house.eve.uuid, house.ada.uuid):
        assert _post(client, house, who=[str(stranger)]).status_code == 422
    assert _blocks() == []


def test_a_time_that_the_clock_leaves_out_is_refused(client: PageClient, house: House) -> None:
    with frozen(house.at("10:00")):
        answer = _post(client, house, day="2027-03-28", start="02:30", end="04:00")
    assert answer.status_code == 422
    assert "there is no 02:30" in client.page.text


def test_the_same_form_sent_twice_makes_one_block(client: PageClient, house: House) -> None:
    sign_in(client, house.camille)
    client.get(f"{NEW}?at={house.day}T12:30&until={house.day}T13:30&column={house.therese.uuid}&full=1")
    form = client.page.one(FORM)
    assert [client.send(form, {}).status_code for _again in range(2)] == [303, 303]
    assert len(_blocks()) == 1


def test_late_needs_no_start_and_leaving_early_no_end(client: PageClient, house: House) -> None:
    _post(client, house, kind="late", start="", end="10:00")
    _post(client, house, kind="leaving_early", start="18:00", end="x" * 5)
    assert [claimed(one) for one in _blocks()] == [[("09:00", "10:00", False)]]
    _post(client, house, kind="leaving_early", start="18:00", end="")
    assert [claimed(one) for one in _blocks()][1] == [("18:00", "20:00", False)]


def test_with_htmx_the_panel_opens_and_the_change_can_be_undone(client: PageClient, house: House) -> None:
    sign_in(client, house.camille)
    client.get(f"{NEW}?at={house.day}T12:30&until={house.day}T13:30&column={house.therese.uuid}&full=1")
    sent = client.page.values_of(client.page.one(FORM))
    answer = client.hx(NEW, method="POST", data=sent)
    events = json.loads(answer.headers["HX-Trigger"])
    assert answer.status_code == 200
    assert f"changed:agenda:{house.day}" in events
    assert re.search("/v/lutetia/changes/", events["toast"]["undo"])
    [made] = _blocks()
    assert client.page.one(".//h2").get("data-block-open") == str(made.uuid)


def test_the_agenda_leads_to_the_panel(client: PageClient, house: House, block: MakeBlock, book: Book) -> None:
    booking = book("12:00", house.therese)
    [lunch] = block("11:30", "14:00", over=[booking.uuid], reason="Repas")
    sign_in(client, house.camille)
    client.get(f"/v/lutetia/agenda/{house.day}?lang=en")
    [link] = client.page.all(f".//a[@data-block='{lunch.uuid}']")
    assert (link.get("href") or "").startswith(f"/v/lutetia/blocks/{lunch.uuid}")
    assert "11:30–14:00, Break Repas" in client.page.text_of(link)
    [card] = client.page.all(f".//*[@data-column='{house.therese.uuid}']//a[@data-booking='{booking.uuid}']")
    assert "is-overbooked" in (card.get("class") or "")


def test_a_change_keeps_what_was_typed_when_it_is_refused(client: PageClient, house: House, block: MakeBlock) -> None:
    [lunch] = block("12:30", "13:30")
    sign_in(client, house.camille)
    client.get(f"/v/lutetia/blocks/{lunch.uuid}")
    form = client.page.one(FORM)
    assert client.send(form, {"end": "12:00", "reason": "Long"}).status_code == 422
    assert client.page.values_of(client.page.one(FORM))["reason"] == "Long"
    assert client.send(form, {"end": "14:00", "reason": "Long"}).status_code == 303
    assert claimed(_blocks()[0]) == [("12:30", "14:00", False)]


def test_an_old_form_does_not_overwrite(client: PageClient, house: House, block: MakeBlock) -> None:
    [lunch] = block("12:30", "13:30")
    sign_in(client, house.camille)
    client.get(f"/v/lutetia/blocks/{lunch.uuid}")
    form = client.page.one(FORM)
    client.send(form, {"end": "14:00"})
    assert client.send(form, {"end": "15:00"}).status_code == 409
    assert claimed(_blocks()[0]) == [("12:30", "14:00", False)]


def test_removing_gives_the_time_back_and_says_so(client: PageClient, house: House, block: MakeBlock) -> None:
    made = block("12:30", "13:30", rule="FREQ=DAILY;COUNT=3")
    sign_in(client, house.camille)
    client.get(f"/v/lutetia/blocks/{made[1].uuid}?lang=en")
    answer = client.submit(".//form[@data-block-remove]", {"scope": "following"})
    assert answer.status_code == 303
    client.get(answer.location)
    assert "2 blocks are removed." in client.page.text
    client.get(f"/v/lutetia/blocks/{made[1].uuid}")
    assert "This block has been removed." in client.page.text
    assert client.page.all(FORM) == []


def test_with_htmx_the_panel_of_what_is_removed_closes(client: PageClient, house: House, block: MakeBlock) -> None:
    [lunch] = block("12:30", "13:30")
    sign_in(client, house.camille)
    client.get(f"/v/lutetia/blocks/{lunch.uuid}")
    answer = client.hx(f"/v/lutetia/blocks/{lunch.uuid}/remove", method="POST", data={"scope": "this"})
    assert (answer.status_code, answer.get_data(as_text=True).strip()) == (200, "")


def _post(client: PageClient, house: House, **given: Any) -> TestResponse:
    """Send a new lunch of Thérèse's with other values; lists are sent as several."""
    sign_in(client, house.camille)
    client.get(NEW)
    sent: dict[str, Any] = {
        **client.page.values_of(client.page.one(FORM)),
        "day": str(house.day), "start": "12:30", "end": "13:30", "who": [str(house.therese.uuid)], "kind": "break",
    }  # fmt: skip
    return client.post(NEW, data=sent | given)


def _blocks() -> list[Block]:
    db.session.rollback()
    return list(db.session.scalars(select(Block).where(Block.removed_at.is_(None)).order_by(Block.starts_at, Block.id)))


def test_block_of_a_room_in_the_room_view(client: PageClient, house: House, block: MakeBlock) -> None:
    house.rooms[0].name_en = "Room one"
    save(house.rooms[0])
    [closed] = block("10:00", "11:00", house.rooms[0], kind="closure")
    sign_in(client, house.camille)
    client.get(f"/v/lutetia/agenda/{house.day}?by=room&lang=en")
    assert client.page.all(f".//*[@data-column='{house.rooms[0].uuid}']//a[@data-block='{closed.uuid}']")
