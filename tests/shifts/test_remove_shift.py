"""Nobody works it."""

from __future__ import annotations

import pytest

from portal.clock import frozen
from portal.errors import Invalid
from portal.shifts.errors import NotWithoutAsking, Stale
from portal.shifts.service import remove_shift
from tests.blocks.conftest import can_book
from tests.factories import House
from tests.shifts.conftest import Book, Plan, accept, maud, notices, rota, undo
from tests.support.client import PageClient


def test_its_time_is_free_and_undo_brings_it_back(bare: House, plan: Plan) -> None:
    shift = plan(bare.therese, publish=True)
    for _twice in range(2):
        remove_shift(bare.lutetia, shift=shift, by=maud(bare))
    assert (rota(bare), can_book(bare, "10:00", bare.therese)) == ([], False)
    undo(bare)
    assert rota(bare) == [("Thérèse", bare.day, "09:00-17:00", "published")]
    remove_shift(bare.lutetia, shift=shift, by=maud(bare))
    plan(bare.therese, "10:00", "12:00")
    assert len(notices(bare, bare.therese)) == 1


def test_visits_are_named_first(bare: House, plan: Plan, book: Book) -> None:
    shift = plan(bare.therese, publish=True)
    booking = book("10:00")
    accept(bare, booking, bare.therese)
    with pytest.raises(NotWithoutAsking) as asked:
        remove_shift(bare.lutetia, shift=shift, by=maud(bare))
    with pytest.raises(NotWithoutAsking):
        remove_shift(bare.lutetia, shift=shift, over=["alone:0"], by=maud(bare))
    remove_shift(bare.lutetia, shift=shift, over=[one.key for one in asked.value.concerns], by=maud(bare))
    assert booking.therapist is bare.therese


def test_stale_and_over(bare: House, plan: Plan) -> None:
    shift = plan(bare.therese)
    with pytest.raises(Stale):
        remove_shift(bare.lutetia, shift=shift, version=7, by=maud(bare))
    with frozen(bare.at("12:00", days=1)), pytest.raises(Invalid):
        remove_shift(bare.lutetia, shift=shift, by=maud(bare))


def test_from_the_page(bare: House, plan: Plan, manager: PageClient) -> None:
    shift = plan(bare.therese)
    manager.get(f"/v/lutetia/rota/shifts/{shift.uuid}?lang=en")
    answer = manager.submit(f".//form[@action='/v/lutetia/rota/shifts/{shift.uuid}/remove']")
    assert (answer.status_code, rota(bare)) == (303, [])
    manager.get(f"/v/lutetia/rota/shifts/{shift.uuid}?lang=en")
    assert "This shift has been removed." in manager.page.text
