"""She takes a request back for as long as nobody has answered."""

from __future__ import annotations

import pytest

from portal.absences.answering import approve_time_off, refuse_time_off
from portal.absences.errors import Answered
from portal.absences.service import take_back
from portal.models import TimeOff
from tests.absences.conftest import maud, phone
from tests.factories import House
from tests.support.client import PageClient


def test_while_it_waits(house: House, therese: PageClient, off: TimeOff) -> None:
    therese.get("/my/week?lang=en")
    assert therese.page.one(f".//a[@data-absence='{off.uuid}']").get("data-status") == "requested"
    therese.get(f"/my/time-off/{off.uuid}?lang=en")
    assert "Waits for approval" in therese.page.text
    for _twice in range(2):
        answer = therese.post(f"/my/time-off/{off.uuid}/cancel", data={"csrf_token": therese.page.csrf_token})
        assert answer.status_code == 303
    therese.get(f"/my/time-off/{off.uuid}?lang=en")
    assert "Taken back" in therese.page.text
    therese.get("/my/week")
    assert not therese.page.all(".//a[@data-absence]")


def test_not_once_it_is_answered(house: House, therese: PageClient, off: TimeOff) -> None:
    approve_time_off(house.lutetia, off=off, by=maud(house))
    with pytest.raises(Answered):
        take_back(off, by=phone(house.therese))
    therese.get(f"/my/time-off/{off.uuid}?lang=en")
    assert "Take the request back" not in therese.page.text


def test_a_refusal_is_read_with_its_reason(house: House, therese: PageClient, off: TimeOff) -> None:
    refuse_time_off(house.lutetia, off=off, reason="Salon complet ce jour-là", by=maud(house))
    therese.get(f"/my/time-off/{off.uuid}?lang=en")
    assert "Refused" in therese.page.text
    assert "Salon complet ce jour-là" in therese.page.text


def test_nobody_elses(house: House, marc: PageClient, off: TimeOff) -> None:
    assert marc.get(f"/my/time-off/{off.uuid}").status_code == 404
    marc.get("/my/week")
    answer = marc.post(f"/my/time-off/{off.uuid}/cancel", data={"csrf_token": marc.page.csrf_token})
    assert answer.status_code == 404
