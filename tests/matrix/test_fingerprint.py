"""The fingerprint notices every kind of change: otherwise «nothing was changed» would prove nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import delete, update

from portal.audit import SYSTEM, record
from portal.clock import now
from portal.database import db
from portal.models import ApiKey, Offer
from tests.factories import make_room_type
from tests.matrix.fingerprint import changed, fingerprint
from tests.matrix.world import World


def _insert(world: World) -> None:
    make_room_type(world.house.organisation)


def _update(world: World) -> None:
    world.house.lutetia.minimum_notice_minutes += 1


def _delete(_world: World) -> None:
    db.session.execute(delete(Offer).where(Offer.status == "taken"))


def _end(world: World) -> None:
    world.house.camille.active = False


@pytest.mark.parametrize(
    ("change", "table"), [(_insert, "room_type"), (_update, "venue"), (_delete, "offer"), (_end, "staff_member")]
)
def test_a_change_is_noticed(world: World, change: Callable[[World], None], table: str) -> None:
    before = fingerprint()
    change(world)
    db.session.commit()
    assert [line.split()[0] for line in changed(before, fingerprint())] == [table]


def test_notes_and_the_trail_are_none(world: World) -> None:
    before = fingerprint()
    db.session.execute(update(ApiKey).values(last_used_at=now() - timedelta(hours=1)))
    record(SYSTEM, "demo:loaded", world.house.lutetia)
    db.session.commit()
    assert changed(before, fingerprint()) == []
