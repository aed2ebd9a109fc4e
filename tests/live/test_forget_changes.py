"""Old changes go; the newest stays, so that its number is never given out again."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from portal.clock import now
from portal.database import db
from portal.live.queries import REPLAYED
from portal.live.service import KEPT, forget_changes
from portal.models import LiveEvent
from tests.factories import House
from tests.live.conftest import change


def test_what_may_still_be_replayed_is_kept(house: House) -> None:
    change(house.lutetia, "offers")
    change(house.lutetia, "offers")

    assert forget_changes(at=now() + REPLAYED) == 0
    assert KEPT > REPLAYED


def test_the_rest_goes_but_for_the_newest(house: House) -> None:
    for topic in ("a", "b", "c"):
        change(house.lutetia, topic)

    assert forget_changes(at=now() + KEPT + timedelta(seconds=1)) == 2

    assert db.session.scalars(select(LiveEvent.topics)).all() == [["c"]]


def test_numbers_go_on_growing(house: House) -> None:
    change(house.lutetia, "a")
    before = db.session.scalars(select(LiveEvent.id)).all()
    forget_changes(at=now() + timedelta(days=1))
    change(house.lutetia, "b")

    assert max(db.session.scalars(select(LiveEvent.id))) > max(before)


def test_with_nothing_to_forget(house: House) -> None:
    assert forget_changes(at=now()) == 0
