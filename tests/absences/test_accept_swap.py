"""The colleague answers: yes, no, or too late."""

from __future__ import annotations

import threading

import pytest
from flask import Flask

from portal.absences.swaps.errors import Gone, Impossible, NotYours
from portal.absences.swaps.service import accept_swap, cancel_swap, decline_swap
from portal.clock import frozen
from portal.database import db
from portal.errors import PortalError
from portal.models import ShiftSwap, StaffMember, Venue
from tests.absences.conftest import Visit, phone
from tests.absences.swapping import ask, colleague, shift_of
from tests.factories import House, make_member, make_shift
from tests.support.client import PageClient
from tests.support.page import Page
from tests.support.sign_in import sign_in


def test_then_it_waits_for_a_manager(house: House) -> None:
    ines = colleague(house)
    swap = ask(house, shift_of(house, house.therese), colleague=ines)
    for _twice in range(2):
        accept_swap(house.lutetia, swap=swap, by=phone(ines))
    assert (swap.status, swap.colleague) == ("accepted", ines)
    assert shift_of(house, house.therese).member == house.therese


def test_what_is_for_whoever_can_goes_to_the_first(house: House) -> None:
    ines, zoe = colleague(house), colleague(house, "Zoé")
    swap = ask(house, shift_of(house, house.therese))
    accept_swap(house.lutetia, swap=swap, by=phone(zoe))
    assert swap.colleague == zoe
    with pytest.raises(Gone):
        accept_swap(house.lutetia, swap=swap, by=phone(ines))


def test_not_by_somebody_else(house: House) -> None:
    ines, zoe = colleague(house), colleague(house, "Zoé")
    swap = ask(house, shift_of(house, house.therese), colleague=ines)
    stranger = make_member(house.organisation, house.marais, first_name="Ugo")
    for member in (zoe, stranger, house.therese):
        with pytest.raises(NotYours):
            accept_swap(house.lutetia, swap=swap, by=phone(member))
    assert swap.status == "asked"


def test_what_came_in_the_way_meanwhile(house: House) -> None:
    ines = colleague(house)
    swap = ask(house, shift_of(house, house.therese), colleague=ines)
    make_shift(house.lutetia, ines, house.day)
    with pytest.raises(Impossible):
        accept_swap(house.lutetia, swap=swap, by=phone(ines))


def test_it_expires_when_the_shift_begins(house: House) -> None:
    ines = colleague(house)
    swap = ask(house, shift_of(house, house.therese), colleague=ines)
    with frozen(house.at("09:00")):
        assert swap.state_at(house.at("09:00")) == "expired"
        with pytest.raises(Gone):
            accept_swap(house.lutetia, swap=swap, by=phone(ines))


def test_declined(house: House) -> None:
    ines = colleague(house)
    swap = ask(house, shift_of(house, house.therese), colleague=ines)
    for _twice in range(2):
        decline_swap(house.lutetia, swap=swap, by=phone(ines))
    assert swap.status == "declined"
    with pytest.raises(Gone):
        accept_swap(house.lutetia, swap=swap, by=phone(ines))
    for_anybody = ask(house, shift_of(house, house.therese))
    with pytest.raises(NotYours):
        decline_swap(house.lutetia, swap=for_anybody, by=phone(ines))


def test_taken_back_by_whoever_asked(house: House) -> None:
    ines = colleague(house)
    swap = ask(house, shift_of(house, house.therese), colleague=ines)
    accept_swap(house.lutetia, swap=swap, by=phone(ines))
    with pytest.raises(NotYours):
        cancel_swap(house.lutetia, swap=swap, by=phone(ines))
    for _twice in range(2):
        cancel_swap(house.lutetia, swap=swap, by=phone(house.therese))
    assert swap.status == "cancelled"
    with pytest.raises(Gone):
        decline_swap(house.lutetia, swap=swap, by=phone(ines))


def test_on_the_phone_nothing_of_the_guests_is_told_before(house: House, visit: Visit, client: PageClient) -> None:
    ines = colleague(house)
    visit("10:00")
    swap = ask(house, shift_of(house, house.therese), colleague=ines)
    sign_in(client, ines)
    client.get("/my/week?lang=en")
    [card] = client.page.all(".//article[@data-swap]")
    text = Page.text_of(card)
    assert "Thérèse gives away" in text
    assert "10:00–11:00 Relaxing massage" in text
    assert "Hélène" not in client.page.html
    answer = client.submit(f".//form[@action='/my/swaps/{swap.uuid}/accept']")
    assert answer.status_code == 303
    client.get("/my/week?lang=en")
    assert "Inès accepts. Waits for a manager" in client.page.text
    assert not client.page.all(f".//form[@action='/my/swaps/{swap.uuid}/accept']")


def test_what_she_cannot_take_is_not_offered_to_her(house: House, client: PageClient, marc: PageClient) -> None:
    ines = colleague(house)
    swap = ask(house, shift_of(house, house.therese))
    sign_in(client, ines)
    client.get("/my/week")
    assert client.page.all(f".//article[@data-swap='{swap.uuid}']")
    marc.get("/my/week")
    assert not marc.page.all(".//article[@data-swap]")


def test_with_htmx_the_week_comes_back(house: House, client: PageClient) -> None:
    ines = colleague(house)
    swap = ask(house, shift_of(house, house.therese), colleague=ines)
    sign_in(client, ines)
    client.get("/my/week?lang=en")
    answer = client.hx(f"/my/swaps/{swap.uuid}/decline", method="POST")
    assert answer.status_code == 200
    [card] = client.page.all(f".//article[@data-swap='{swap.uuid}']")
    assert card.get("data-status") == "declined"


@pytest.mark.race
def test_two_colleagues_at_the_same_moment(app: Flask, house: House) -> None:
    takers = [colleague(house).id, colleague(house, "Zoé").id]
    swap, venue_id = ask(house, shift_of(house, house.therese)).id, house.lutetia.id
    db.session.commit()
    told, barrier = ["nothing"] * 2, threading.Barrier(2)

    def play(number: int) -> None:
        with app.app_context():
            venue, found = db.session.get_one(Venue, venue_id), db.session.get_one(ShiftSwap, swap)
            member = db.session.get_one(StaffMember, takers[number])
            barrier.wait(timeout=30)
            try:
                accept_swap(venue, swap=found, by=phone(member))
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
    assert sorted(told) == ["done", "swap_gone"]
