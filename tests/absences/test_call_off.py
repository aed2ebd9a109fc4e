"""She works after all: her time is given back."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from portal.absences.answering import approve_time_off, call_off
from portal.absences.errors import Answered
from portal.audit import Actor
from portal.changes.queries import last_change
from portal.database import db
from portal.models import Block, TimeOff, VenueMember
from portal.undo.service import undo_change
from tests.absences.conftest import maud
from tests.factories import House, save
from tests.support.client import PageClient


def standing() -> list[Block]:
    return list(db.session.scalars(select(Block).where(Block.removed_at.is_(None))))


def test_the_time_is_free_again_and_it_can_be_undone(house: House, off: TimeOff) -> None:
    approve_time_off(house.lutetia, off=off, by=maud(house))
    for _twice in range(2):
        call_off(house.lutetia, off=off, by=maud(house))
    assert (off.status, standing()) == ("cancelled", [])

    change = last_change(house.lutetia, house.maud)
    assert change is not None
    undo_change(house.lutetia, change=change, by=maud(house))
    db.session.expire_all()
    assert (off.status, len(standing())) == ("approved", 1)


def test_not_what_was_never_approved(house: House, off: TimeOff) -> None:
    with pytest.raises(Answered):
        call_off(house.lutetia, off=off, by=maud(house))


def test_at_another_of_her_venues_it_is_undone_where_it_was_approved(
    house: House, off: TimeOff, manager: PageClient
) -> None:
    save(VenueMember(venue=house.marais, member=house.therese), VenueMember(venue=house.marais, member=house.maud))
    approve_time_off(house.lutetia, off=off, by=Actor.of_member(house.ada, door="agenda"))
    manager.get(f"/v/marais/absences/{off.uuid}?lang=en")
    answer = manager.hx(f"/v/marais/absences/{off.uuid}/call-off", method="POST")
    assert answer.status_code == 200
    assert "/changes/" not in answer.headers["HX-Trigger"]
    assert standing() == []
    assert last_change(house.marais, house.maud) is None
    assert last_change(house.lutetia, house.maud) is not None


def test_from_the_page(house: House, off: TimeOff, manager: PageClient) -> None:
    approve_time_off(house.lutetia, off=off, by=maud(house))
    manager.get(f"/v/lutetia/absences/{off.uuid}?lang=en")
    assert manager.page.all(f".//a[@href='/v/lutetia/blocks/{standing()[0].uuid}']")
    form = f".//form[@action='/v/lutetia/absences/{off.uuid}/call-off']"
    assert manager.submit(form).status_code == 303
    manager.get(f"/v/lutetia/absences/{off.uuid}?lang=en")
    assert "Taken back" in manager.page.text
