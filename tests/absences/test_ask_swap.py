"""Putting a shift up: to whoever can, to a colleague, for a colleague's; refused with what is in the way."""

from __future__ import annotations

import threading
from datetime import time, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from portal.absences.service import NOTE_LENGTH
from portal.absences.swaps.errors import AlreadyUp, Gone, Impossible, NotYours
from portal.absences.swaps.service import ask_swap
from portal.blocks.service import block_time
from portal.clock import frozen
from portal.database import db
from portal.errors import Invalid, PortalError
from portal.models import Shift, ShiftSwap, StaffMember, Venue, VenueMember
from tests.absences.conftest import Visit, desk, phone
from tests.absences.swapping import accepted, ask, colleague, evening, shift_of
from tests.blocks.conftest import person
from tests.factories import House, make_shift, make_treatment, qualify, save
from tests.support.client import PageClient
from tests.support.page import Page


def test_to_whoever_can(house: House) -> None:
    colleague(house)
    swap = ask(house, shift_of(house, house.therese), note="Concert")
    assert (swap.status, swap.colleague, swap.other_shift, swap.note) == ("asked", None, None, "Concert")
    assert swap.venue_id == house.lutetia.id


def test_for_a_colleagues_shift(house: House) -> None:
    ines = colleague(house)
    other = evening(house, ines, 9)
    swap = ask(house, shift_of(house, house.therese), colleague=ines, other=other)
    assert (swap.colleague, swap.other_shift) == (ines, other)


def test_the_same_question_twice_is_one_and_another_is_refused(house: House) -> None:
    ines = colleague(house)
    shift = shift_of(house, house.therese)
    swap = ask(house, shift, colleague=ines)
    assert ask(house, shift, colleague=ines).id == swap.id
    with pytest.raises(AlreadyUp):
        ask(house, shift)


@pytest.mark.parametrize("obstacle", ["skill", "shift", "visit", "holiday", "asked for", "away"])
def test_what_is_in_the_way_is_named(house: House, visit: Visit, obstacle: str) -> None:
    ines, booking = colleague(house), visit("10:00")
    shift = shift_of(house, house.therese)
    if obstacle == "skill":
        qualify(ines, make_treatment(house.lutetia))
    elif obstacle == "shift":
        make_shift(house.lutetia, ines, house.day)
    elif obstacle == "visit":
        make_shift(house.lutetia, ines, house.day)
        visit("15:00", ines)
        db.session.delete(shift_of(house, ines))
        db.session.commit()
    elif obstacle == "holiday":
        _block(house, ines, "vacation", "18:00", "19:00")
    elif obstacle == "asked for":
        booking.item.requested = house.therese
        save(booking)
    else:
        ines.active = False
        save(ines)
    with pytest.raises(Impossible):
        ask(house, shift, colleague=ines)
    assert db.session.scalars(select(ShiftSwap)).all() == []


def test_a_break_is_in_the_way_of_a_visit_only(house: House, visit: Visit) -> None:
    ines = colleague(house)
    _block(house, ines, "break", "12:00", "12:30")
    assert ask(house, shift_of(house, house.therese), colleague=ines).status == "asked"
    visit("12:00", house.marc)
    with pytest.raises(Impossible):
        ask(house, shift_of(house, house.marc), colleague=ines)


def test_the_way_from_another_venue(house: House) -> None:
    house.lutetia.inter_venue_buffer_minutes = 30
    ines = colleague(house)
    save(VenueMember(venue=house.marais, member=ines))
    make_shift(house.marais, ines, house.day, start=time(20, 15), end=time(22))
    with pytest.raises(Impossible) as refused:
        ask(house, shift_of(house, house.therese), colleague=ines)
    assert len(refused.value.obstacles) == 1
    house.lutetia.inter_venue_buffer_minutes = 15
    save(house.lutetia)
    assert ask(house, shift_of(house, house.therese), colleague=ines).status == "asked"


def test_both_directions_are_looked_at(house: House, visit: Visit) -> None:
    """Inès could take the shift, but Thérèse works when hers is."""
    ines = colleague(house)
    other = evening(house, ines, 3)
    with pytest.raises(Impossible):
        ask(house, shift_of(house, house.therese), colleague=ines, other=other)


def test_two_shifts_of_the_same_day_can_be_exchanged(house: House, visit: Visit) -> None:
    """What each gives away is no obstacle to what she takes."""
    day = house.day + timedelta(days=10)
    early = make_shift(house.lutetia, house.therese, day, start=time(9), end=time(15))
    late = make_shift(house.lutetia, house.marc, day, start=time(12), end=time(20))
    assert ask(house, early, colleague=house.marc, other=late).status == "asked"


def test_nobody_can(house: House) -> None:
    with pytest.raises(Impossible) as refused:
        ask(house, shift_of(house, house.therese))
    assert refused.value.obstacles  # Marc works then


def test_only_ones_own_and_only_before_it_begins(house: House) -> None:
    ines = colleague(house)
    shift = shift_of(house, house.therese)
    with pytest.raises(NotYours):
        ask_swap(house.lutetia, shift=shift, colleague=ines, by=phone(house.marc))
    with pytest.raises(NotYours):
        ask_swap(house.lutetia, shift=shift, colleague=ines, other=shift_of(house, house.marc), by=phone(house.therese))
    with frozen(house.at("09:00")), pytest.raises(Gone):
        ask(house, shift, colleague=ines)
    with pytest.raises(Invalid):
        ask(house, shift, colleague=ines, note="x" * (NOTE_LENGTH + 1))


def test_one_whose_time_has_come_makes_way(house: House) -> None:
    """It was for a shift of today; tomorrow's is still hers to give."""
    ines = colleague(house)
    mine, theirs = shift_of(house, house.therese, 5), evening(house, ines, 9)
    swap = accepted(house, mine, ines, other=theirs)
    theirs.starts_at, theirs.ends_at = house.at("07:00"), house.at("08:00")
    save(theirs)
    with frozen(house.at("10:00")):
        again = ask(house, mine, colleague=ines)
    assert again.id != swap.id
    assert swap.status == "cancelled"


def test_from_the_week_to_the_form_and_back(house: House, visit: Visit, therese: PageClient) -> None:
    visit("10:00")
    ines = colleague(house)
    other = evening(house, ines, 9)
    shift = shift_of(house, house.therese)
    therese.get(f"/my/week/{house.day}?lang=en")
    [link] = therese.page.all(f".//li[@id='day-{house.day}']//a")
    assert link.get("href") == f"/my/shifts/{shift.uuid}/swap"

    therese.get(f"{link.get('href')}?lang=en")
    assert "1 visit moves with it: 10:00–11:00 Hélène, Relaxing massage" in therese.page.text
    able = [Page.text_of(option) for option in therese.page.all(".//select[@name='to']/option")]
    assert able == ["Whoever can", "Inès"]
    others = [option.get("value") for option in therese.page.all(".//select[@name='other']/option")]
    assert others == [str(other.uuid)]  # nobody asks for a shift of the same hours

    form = therese.page.all(".//form[@class='form box']")[1]
    assert therese.send(form, {"note": "Merci"}).status_code == 303
    therese.get("/my/week?lang=en")
    [card] = therese.page.all(".//article[@data-swap]")
    assert "You would swap" in Page.text_of(card)
    assert "Waits for Inès" in Page.text_of(card)
    assert card.get("data-status") == "asked"


def test_when_nobody_can_the_page_says_why(house: House, therese: PageClient) -> None:
    therese.get(f"/my/shifts/{shift_of(house, house.therese).uuid}/swap?lang=en")
    assert "Nobody can take this shift as it stands:" in therese.page.text
    assert "Marc works from 09:00 to 20:00." in therese.page.text
    assert not therese.page.all(".//select")


@pytest.mark.parametrize(
    "sent",
    [
        {"to": "x"},
        {"to": "00000000-0000-0000-0000-000000000000"},
        {"other": "x"},
        {"other": "00000000-0000-0000-0000-000000000000"},
        {"note": "x" * 10_000},
    ],
)
def test_what_is_none_of_the_list_is_refused(house: House, therese: PageClient, sent: dict[str, str]) -> None:
    colleague(house)
    path = f"/my/shifts/{shift_of(house, house.therese).uuid}/swap"
    therese.get(f"{path}?lang=en")
    answer = therese.post(path, data={"csrf_token": therese.page.csrf_token, **sent})
    assert answer.status_code == 422
    assert therese.page.all(".//*[@role='alert']")
    assert db.session.scalars(select(ShiftSwap)).all() == []


def test_a_colleagues_shift_has_no_such_page(house: House, marc: PageClient) -> None:
    assert marc.get(f"/my/shifts/{shift_of(house, house.therese).uuid}/swap").status_code == 404


@pytest.mark.race
def test_two_phones_at_the_same_moment_put_it_up_once(app: Flask, house: House) -> None:
    ines, zoe = colleague(house), colleague(house, "Zoé")
    ids = house.lutetia.id, shift_of(house, house.therese).id, [ines.id, zoe.id]
    db.session.commit()
    told, barrier = ["nothing"] * 2, threading.Barrier(2)

    def play(number: int) -> None:
        with app.app_context():
            venue, shift = db.session.get_one(Venue, ids[0]), db.session.get_one(Shift, ids[1])
            taker = db.session.get_one(StaffMember, ids[2][number])
            barrier.wait(timeout=30)
            try:
                ask_swap(venue, shift=shift, colleague=taker, by=phone(shift.member))
                told[number] = "done"
            except PortalError as refused:
                told[number] = refused.code
            finally:
                db.session.remove()

    threads = [threading.Thread(target=play, args=(number,)) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert sorted(told) == ["done", "swap_already_up"]


def _block(house: House, member: StaffMember, kind: str, start: str, end: str) -> None:
    block_time(
        house.lutetia, resources=[person(member)], starts_at=house.at(start), ends_at=house.at(end), kind=kind,
        by=desk(house),
    )  # fmt: skip
