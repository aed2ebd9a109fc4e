"""The page “Me”: what she is told, between which hours not, and a test by every way."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select

from portal.config import read_settings
from portal.database import db
from portal.models import AuditEntry, StaffMember
from portal.notices.choices import NOTICES
from portal.notices.kinds import kinds_of
from portal.notices.receipts import note_received
from tests.factories import House
from tests.matrix.bad_values import BAD
from tests.notices.conftest import choose, notices, states, subscribe, work
from tests.notices.push_service import PushService
from tests.support.client import PageClient
from tests.support.page import Page
from tests.support.sign_in import sign_in
from tests.support.smtpd import MailServer

FORM, TEST = ".//form[@id='choices']", ".//form[@action='/my/settings/test']"
EVERYTHING = ["offer", "moved", "arrived"]


@pytest.fixture
def therese(client: PageClient, house: House, push: PushService) -> PageClient:
    sign_in(client, house.therese)
    client.get("/my/settings")
    return client


def kept(member: StaffMember) -> dict[str, object]:
    db.session.expire_all()
    found: dict[str, object] = member.preferences[NOTICES]
    return found


def send(client: PageClient, **given: object) -> int:
    data = {"csrf_token": client.page.csrf_token, "kinds": EVERYTHING, **given}
    return client.post("/my/settings", data=data).status_code


def test_choosing(house: House, therese: PageClient) -> None:
    assert send(therese, quiet_from="22:00", quiet_to="07:30") == 303
    assert kept(house.therese)["quiet"] == {"from": "22:00", "to": "07:30"}
    assert set(kept(house.therese)["off"]) == set(kinds_of(house.therese)) - set(EVERYTHING)  # type: ignore[call-overload]
    therese.get("/my/settings")
    form = therese.page.one(FORM)
    checked = {
        box.get("value") for box in form.iter("input") if box.get("name") == "kinds" and box.get("checked") is not None
    }
    assert checked == set(EVERYTHING)
    assert Page.values_of(form)["quiet_from"] == "22:00"
    line = db.session.scalars(select(AuditEntry).where(AuditEntry.verb == "member:notices_chosen")).one()
    assert line.actor_name == "Thérèse Test"


def test_other_preferences_stay(house: House, therese: PageClient) -> None:
    house.therese.preferences = {"agenda": {"by": "room"}}
    assert send(therese) == 303
    db.session.expire_all()
    assert house.therese.preferences["agenda"] == {"by": "room"}


def test_with_htmx_the_form_comes_back(therese: PageClient) -> None:
    answer = therese.hx("/my/settings", method="POST", data={"kinds": EVERYTHING})
    assert answer.status_code == 200
    assert therese.page.one("./form").get("id") == "choices"
    assert "Saved." in answer.headers["HX-Trigger"]


@pytest.mark.parametrize(
    ("start", "end", "sentence"),
    [
        ("22:00", "", "Please enter both times, or none."),
        ("", "07:00", "Please enter both times, or none."),
        ("22:00", "22:00", "The quiet hours would last all day"),
        ("25:00", "07:00", "Please enter a time such as 22:00."),
        ("22:00", "7", "Please enter a time such as 22:00."),
    ],
)
def test_times_that_are_none(house: House, therese: PageClient, start: str, end: str, sentence: str) -> None:
    assert send(therese, quiet_from=start, quiet_to=end) == 422
    assert sentence in therese.page.text
    assert therese.page.one(".//*[@role='alert']") is not None
    boxes = [box for box in therese.page.all(".//input[@name='kinds']") if box.get("checked") is not None]
    assert len(boxes) == len(EVERYTHING), "what was typed is not lost"
    assert NOTICES not in house.therese.preferences


def test_nonsense_changes_nothing(house: House, therese: PageClient) -> None:
    for name, bad in BAD.items():
        value = bad.encode("utf-8", "surrogatepass")
        assert send(therese, kinds=[*EVERYTHING, value]) == 422, name
        assert "Please choose from the list." in therese.page.text, name
        assert send(therese, quiet_from=value, quiet_to="07:00") == 422, name
    db.session.expire_all()
    assert NOTICES not in house.therese.preferences


def test_what_is_not_hers_to_choose_stays(house: House, therese: PageClient) -> None:
    """A manager who becomes a therapist has not said that she wants what she had switched off."""
    choose(house.therese, off=["sick", "offer"], sms=False)
    assert send(therese) == 303
    assert "sick" in kept(house.therese)["off"]  # type: ignore[operator]
    assert "offer" not in kept(house.therese)["off"]  # type: ignore[operator]
    assert kept(house.therese)["sms"] is False, "the page did not ask"
    assert send(therese, kinds=["sick"]) == 422


def test_text_messages_are_asked_about_where_there_are_some(
    app: Flask, house: House, therese: PageClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert therese.page.all(".//input[@name='sms']") == []
    settings = app.config["SETTINGS"].model_dump()
    monkeypatch.setitem(app.config, "SETTINGS", read_settings(**settings | {"sms_url": "file:"}))
    house.therese.phone = "+33612345678"
    therese.get("/my/settings")
    assert therese.page.one(".//input[@name='sms']").get("checked") is not None
    assert send(therese) == 303
    assert kept(house.therese)["sms"] is False


@pytest.mark.parametrize("name", ["camille", "maud", "ada"])
def test_the_desk_has_the_page_too(house: House, client: PageClient, name: str) -> None:
    sign_in(client, getattr(house, name))
    client.get("/my/settings")
    assert "Somebody is sick" in client.page.text
    assert "New offers" not in client.page.text
    assert send(client, kinds=["sick"]) == 303


def test_a_test_by_every_way(house: House, therese: PageClient, push: PushService, mail: MailServer) -> None:
    subscribe(push, house.therese)
    answer = therese.submit(TEST)
    (notice,) = notices(house.therese)
    assert (answer.status_code, answer.location) == (303, f"/my/settings?test={notice.uuid}#test")
    therese.get(f"/my/settings?test={notice.uuid}")
    assert "The test is on its way." in therese.page.text
    work()
    therese.hx(f"/my/settings?test={notice.uuid}")
    ways = {tuple(Page.text_of(line).split(" ", 1)) for line in therese.page.all(".//li")}
    assert {" ".join(way) for way in ways} == {"Notificationsent", "E-mailsent"}
    assert therese.page.one(".//div[@role='status']").get("hx-get"), "a receipt is waited for"
    note_received(notice.uuid)
    therese.hx(f"/my/settings?test={notice.uuid}")
    assert "Notificationarrived" in therese.page.text
    assert therese.page.one(".//div[@role='status']").get("hx-get") is None


def test_a_test_ignores_quiet_hours_and_what_is_off(house: House, therese: PageClient, mail: MailServer) -> None:
    choose(house.therese, off=["test", *kinds_of(house.therese)], quiet={"from": "00:00", "to": "23:59"})
    therese.submit(TEST)
    work()
    assert states(house.therese) == [("test", "email:sent")]


def test_two_taps_are_one_test(house: House, therese: PageClient) -> None:
    token = {"X-CSRFToken": therese.page.csrf_token}
    for _ in range(2):
        assert therese.hx("/my/settings/test", method="POST", headers=token).status_code == 200
    assert len(notices(house.therese)) in {1, 2}, "two within ten seconds are one; the tens may turn in between"


def test_a_colleagues_test_is_not_shown(
    house: House, therese: PageClient, new_client: Callable[[], PageClient]
) -> None:
    therese.submit(TEST)
    (notice,) = notices(house.therese)
    for member in (house.marc, house.eve):
        other = new_client()
        sign_in(other, member)
        assert other.get(f"/my/settings?test={notice.uuid}").status_code == 404
    assert therese.get("/my/settings?test=nonsense").status_code == 200


def test_without_a_key_the_page_says_so(
    app: Flask, house: House, client: PageClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "VAPID_PUBLIC_KEY", None)
    sign_in(client, house.therese)
    client.get("/my/settings")
    assert "Notifications are not set up for your spa." in client.page.text
    assert client.page.all(".//form[@action='/my/push']") == []
