"""A shift is moved, resized, given to somebody else."""

from __future__ import annotations

import pytest

from portal.absences.swaps.service import ask_swap
from portal.clock import frozen
from portal.errors import Invalid, NotFound
from portal.models import Shift, ShiftSwap, StaffMember
from portal.notices.words import words_of
from portal.shifts.errors import NotWithoutAsking, ShiftGone, ShiftOverlaps, Stale
from portal.shifts.queries import get_shift
from portal.shifts.service import change_shift, remove_shift
from portal.undo.errors import ChangedSince, PlaceTaken
from tests.blocks.conftest import can_book
from tests.factories import House, make_shift
from tests.shifts.conftest import Book, Plan, accept, clock, maud, notices, phone, rota, trail, undo
from tests.support.client import PageClient


def change(
    house: House, shift: Shift, *, member: StaffMember | None = None, start: str = "", end: str = "", **given: object
) -> Shift:
    words = {
        "member": member or shift.member, "day": shift.day,
        "start": clock(start) if start else shift.start_time, "end": clock(end) if end else shift.end_time,
    }  # fmt: skip
    return change_shift(house.lutetia, shift=shift, **words | given, by=maud(house))  # type: ignore[arg-type]


def test_a_draft_moves_and_undo_puts_it_back(bare: House, plan: Plan) -> None:
    shift = plan(bare.therese)
    change(bare, shift, member=bare.marc, start="10:00", end="18:30")
    assert rota(bare) == [("Marc", bare.day, "10:00-18:30", "draft")]
    undo(bare)
    assert rota(bare) == [("Thérèse", bare.day, "09:00-17:00", "draft")]
    assert [one["was"]["hours"] for one in trail("shift:changed")] == ["09:00–17:00"]


def test_a_published_one_holds_at_once_and_both_are_told(bare: House, plan: Plan) -> None:
    shift = plan(bare.therese, publish=True)
    change(bare, shift, member=bare.marc)
    assert (can_book(bare, "10:00", bare.therese), can_book(bare, "10:00", bare.marc)) == (False, True)
    [given], [taken] = notices(bare, bare.marc), notices(bare, bare.therese)
    told = words_of(given, at=given.due_at)
    assert told is not None
    assert (told.title, told.path) == ("Your shifts are planned", f"/my/week/{bare.day}")
    assert words_of(taken, at=taken.due_at) is None, "she had none before either"
    undo(bare)
    assert words_of(given, at=given.due_at) is None, "nothing has changed after all"


def test_it_does_not_overlap_but_may_lie_over_itself(bare: House, plan: Plan) -> None:
    morning, evening = plan(bare.therese, "08:00", "12:00"), plan(bare.therese, "14:00", "18:00")
    change(bare, morning, start="09:00", end="13:00")
    with pytest.raises(ShiftOverlaps):
        change(bare, evening, start="12:00")
    assert [hours for _who, _day, hours, _status in rota(bare)] == ["09:00-13:00", "14:00-18:00"]


def test_visits_left_alone_are_named_and_stay_when_it_is_saved(bare: House, plan: Plan, book: Book) -> None:
    shift = plan(bare.therese, publish=True)
    booking = book("15:30")
    accept(bare, booking, bare.therese)
    change(bare, shift, end="16:30")
    with pytest.raises(NotWithoutAsking) as asked:
        change(bare, shift, end="16:00")
    [concern] = asked.value.concerns
    assert concern.about == "alone"
    assert concern.visit is not None
    assert (concern.visit.booking, concern.visit.guest) == (booking.uuid, "Hélène Dupont")
    change(bare, shift, end="16:00", over=[concern.key])
    assert booking.therapist is bare.therese
    change(bare, shift, start="08:00")  # it is alone already: that is not asked twice


def test_nobody_is_alone_where_another_shift_of_hers_follows(bare: House, plan: Plan, book: Book) -> None:
    shift = plan(bare.therese, "09:00", "12:00", publish=True)
    plan(bare.therese, "12:00", "17:00", publish=True)
    accept(bare, book("11:30"), bare.therese)
    with pytest.raises(NotWithoutAsking):
        change(bare, shift, end="11:00")


def test_stale_gone_and_strangers(bare: House, plan: Plan) -> None:
    shift = plan(bare.therese)
    version = shift.version
    change(bare, shift, start="10:00", version=version)
    with pytest.raises(Stale):
        change(bare, shift, start="11:00", version=version)
    with pytest.raises(NotFound):
        get_shift(bare.chamonix, shift.uuid)
    remove_shift(bare.lutetia, shift=shift, by=maud(bare))
    with pytest.raises(ShiftGone):
        change(bare, shift, start="12:00")


def test_what_is_over_needs_a_reason(bare: House, plan: Plan) -> None:
    shift = plan(bare.therese)
    with frozen(bare.at("12:00", days=1)):
        with pytest.raises(Invalid) as refused:
            change(bare, shift, end="18:00")
        assert refused.value.field == "reason"
        change(bare, shift, end="18:00", reason="She stayed longer")
    assert trail("shift:changed")[0]["reason"] == "She stayed longer"


def test_an_exchange_that_was_asked_ends_and_undo_asks_again(bare: House, plan: Plan) -> None:
    shift = plan(bare.therese, publish=True)
    swap: ShiftSwap = ask_swap(bare.lutetia, shift=shift, colleague=bare.marc, by=phone(bare.therese))
    change(bare, shift, start="10:00")
    assert swap.status == "cancelled"
    undo(bare)
    assert swap.status == "asked"


def test_undo_is_refused_when_somebody_has_built_on_it(bare: House, plan: Plan) -> None:
    shift = plan(bare.therese)
    change(bare, shift, start="10:00")
    change(bare, shift, start="11:00")
    undo(bare)
    undo(bare)
    change(bare, shift, start="13:00")
    make_shift(bare.lutetia, bare.therese, bare.day, start=clock("09:00"), end=clock("12:00"))
    with pytest.raises(PlaceTaken):
        undo(bare)
    shift.version += 1
    with pytest.raises(ChangedSince):
        undo(bare)


def test_from_the_page_with_what_must_be_known_first(bare: House, plan: Plan, book: Book, manager: PageClient) -> None:
    shift = plan(bare.therese, publish=True)
    booking = book("15:30")
    accept(bare, booking, bare.therese)
    here, form = (
        f"/v/lutetia/rota/shifts/{shift.uuid}",
        f".//form[@action='/v/lutetia/rota/shifts/{shift.uuid}/change']",
    )
    manager.get(f"{here}?lang=en")
    assert manager.submit(form, {"end": "16:00"}).status_code == 422
    assert manager.page.all(f".//a[@href='/v/lutetia/bookings/{booking.uuid}/move']")
    [cover] = manager.page.all(f".//a[@href='{here}/visits?visit={booking.item.uuid}']")
    answer = manager.submit(form, {"confirm": "y"})
    assert (answer.status_code, answer.location) == (303, f"/v/lutetia/rota/{bare.day}")
    manager.get(answer.location)
    assert "1 visit outside a shift" in manager.page.text
    plan(bare.marc, publish=True)
    manager.get(cover.get("href"))
    assert "Hélène Dupont" in manager.page.text
    assert manager.submit(".//form[@method='post'][@hx-target='#plan']").status_code == 303
    assert booking.therapist is bare.marc
    stale = manager.post(f"{here}/change", data={"version": "1", "member": str(bare.therese.uuid), "day": f"{bare.day}",
                         "start": "07:00", "end": "16:00", "csrf_token": manager.page.csrf_token})  # fmt: skip
    assert stale.status_code in {303, 409}
    assert rota(bare)[0][2] == "09:00-16:00"
