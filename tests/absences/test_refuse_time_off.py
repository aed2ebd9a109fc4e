"""A manager refuses, with a reason."""

from __future__ import annotations

import pytest

from portal.absences.answering import approve_time_off, refuse_time_off
from portal.absences.errors import Answered
from portal.changes.queries import last_change
from portal.database import db
from portal.errors import Invalid
from portal.models import TimeOff
from portal.undo.service import undo_change
from tests.absences.conftest import maud
from tests.factories import House
from tests.support.client import PageClient


def test_with_a_reason_that_she_reads(house: House, off: TimeOff) -> None:
    for _twice in range(2):
        refuse_time_off(house.lutetia, off=off, reason="  Salon complet ", by=maud(house))
    assert (off.status, off.answer, off.decided_by) == ("refused", "Salon complet", house.maud)

    change = last_change(house.lutetia, house.maud)
    assert change is not None
    undo_change(house.lutetia, change=change, by=maud(house))
    db.session.expire_all()
    assert (off.status, off.answer) == ("requested", None)


@pytest.mark.parametrize("reason", ["", "   ", "x" * 301])
def test_not_without(house: House, off: TimeOff, manager: PageClient, reason: str) -> None:
    with pytest.raises(Invalid):
        refuse_time_off(house.lutetia, off=off, reason=reason, by=maud(house))
    manager.get(f"/v/lutetia/absences/{off.uuid}?lang=en")
    form = f".//form[@action='/v/lutetia/absences/{off.uuid}/refuse']"
    assert manager.submit(form, {"reason": reason}).status_code == 422
    assert manager.page.all(f"{form}//p[@class='field-error']")
    db.session.expire_all()
    assert off.status == "requested"


def test_not_what_was_approved(house: House, off: TimeOff) -> None:
    approve_time_off(house.lutetia, off=off, by=maud(house))
    with pytest.raises(Answered):
        refuse_time_off(house.lutetia, off=off, reason="Complet", by=maud(house))


def test_with_htmx_the_answer_can_be_undone(house: House, off: TimeOff, manager: PageClient) -> None:
    manager.get(f"/v/lutetia/absences/{off.uuid}?lang=en")
    answer = manager.hx(f"/v/lutetia/absences/{off.uuid}/refuse", method="POST", data={"reason": "Complet"})
    assert answer.status_code == 200
    assert "/v/lutetia/changes/" in answer.headers["HX-Trigger"]
    assert manager.page.one(".//span[@data-absence]").get("data-status") == "refused"
