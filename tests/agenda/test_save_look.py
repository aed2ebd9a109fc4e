"""How a member likes to see the agenda: kept for her, and the address wins."""

from __future__ import annotations

from typing import Any

import pytest

from portal.agenda.look import Look, asked_look, saved_look
from tests.factories import House
from tests.support.client import PageClient
from tests.support.sign_in import sign_in

FORM = ".//form[@action='/v/lutetia/agenda/preferences']"


def test_what_is_kept_holds_for_every_day_and_not_for_colleagues(client: PageClient, house: House) -> None:
    sign_in(client, house.camille)
    client.get(f"/v/lutetia/agenda/{house.day}")
    answer = client.submit(FORM, {"by": "room", "zoom": "30", "colour": "state", "everyone": "1"})
    assert (answer.status_code, answer.location) == (303, f"/v/lutetia/agenda/{house.day}?by=room")
    kept = {"by": "room", "zoom": 30, "colour": "state", "everyone": True, "cancelled": False}
    assert house.camille.preferences == {"agenda": kept}
    client.get(f"/v/lutetia/agenda/{house.day}")
    assert {"z-30", "by-state"} <= _grid(client)
    assert client.page.all(f".//*[@data-column='{house.rooms[0].uuid}']")

    client.get(f"/v/lutetia/agenda/{house.day}?by=therapist&zoom=5")
    assert {"z-5", "by-state"} <= _grid(client)
    assert client.page.all(f".//*[@data-column='{house.therese.uuid}']")

    sign_in(client, house.maud)
    client.get(f"/v/lutetia/agenda/{house.day}")
    assert {"z-15", "by-family"} <= _grid(client)


def test_the_same_view_is_shown_again(client: PageClient, house: House) -> None:
    sign_in(client, house.camille)
    client.get(f"/v/lutetia/agenda/{house.day}/list")
    assert client.submit(FORM).location == f"/v/lutetia/agenda/{house.day}/list?by=therapist"


def test_the_week_stays_the_same_persons_unless_rooms_are_wanted(client: PageClient, house: House) -> None:
    sign_in(client, house.camille)
    week = f"/v/lutetia/agenda/{house.day}/week"
    client.get(f"{week}?by=therapist&of={house.therese.uuid}")
    assert client.submit(FORM, {"zoom": "30"}).location == f"{week}?of={house.therese.uuid}&by=therapist"
    client.get(f"{week}?by=therapist&of={house.therese.uuid}")
    answer = client.submit(FORM, {"by": "room"})
    assert answer.location == f"{week}?by=room"
    assert client.get(answer.location).status_code == 200


@pytest.mark.parametrize("wrong", [{"by": "x"}, {"zoom": "7"}, {"colour": ""}, {"day": "2026-02-30"}])
def test_what_cannot_be_is_refused_and_nothing_changes(client: PageClient, house: House, wrong: dict[str, Any]) -> None:
    sign_in(client, house.camille)
    client.get(f"/v/lutetia/agenda/{house.day}")
    good = {"by": "room", "zoom": "15", "colour": "family", "csrf_token": client.page.csrf_token}
    assert client.post("/v/lutetia/agenda/preferences", data=good | wrong).status_code in {404, 422}
    assert house.camille.preferences == {}


def test_everyone_is_shown_on_demand(client: PageClient, house: House) -> None:
    sign_in(client, house.camille)
    later = house.day.replace(year=house.day.year + 1)
    client.get(f"/v/lutetia/agenda/{later}?by=therapist&everyone=1")
    assert len(client.page.all(".//*[@data-column]")) == 2


@pytest.mark.parametrize("preferences", [
    {}, {"agenda": None}, {"agenda": []}, {"agenda": {"zoom": "x", "by": 3, "everyone": "maybe"}},
])  # fmt: skip
def test_odd_preferences_are_the_usual_look(preferences: dict[str, Any]) -> None:
    assert saved_look(preferences) == Look()


def test_an_address_asks_only_for_what_differs() -> None:
    saved = Look(by="room", zoom=30, everyone=True)
    asked = asked_look({"everyone": "0", "only": "late"}, saved)
    assert asked.query(saved) == {"by": "room", "everyone": 0, "only": "late"}
    assert asked_look({name: str(value) for name, value in asked.query(saved).items()}, saved) == asked


def _grid(client: PageClient) -> set[str]:
    (grid,) = [one for one in client.page.all(".//div") if "agenda-grid" in one.get("class", "").split()]
    return set(grid.get("class", "").split())
