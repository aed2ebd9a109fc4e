"""One of two did not come: a no-show of his own, while the other one is treated."""

from __future__ import annotations

from datetime import timedelta

import pytest

from portal.bookings.visit import check_in, start
from portal.classes.couples import miss_guest, part_with_guest
from portal.clock import frozen
from portal.database import db
from portal.errors import NotFound
from portal.models import Booking
from portal.models.booking_states import NotNow
from portal.undo.service import undo_last
from tests.classes.conftest import desk
from tests.factories import House
from tests.support.client import PageClient
from tests.support.sign_in import sign_in


@pytest.mark.parametrize("begun", [False, True])
def test_the_other_one_keeps_the_time_and_the_price_stays(house: House, couple: Booking, begun: bool) -> None:
    with frozen(couple.starts_at + timedelta(minutes=10)):
        check_in(house.lutetia, booking=couple, by=desk(house), participant=couple.participants[0])
        if begun:
            start(house.lutetia, booking=couple, by=desk(house))
        for _ in range(2):
            _miss(house, couple, 1)

    assert (couple.status, couple.guest_count, couple.price_minor) == ("ongoing" if begun else "confirmed", 1, 18000)
    assert [one.status for one in couple.participants] == ["joined", "noshow"]
    assert [one.member for one in couple.item.current_assignments] == [house.therese]
    assert [event.verb for event in couple.events].count("missed") == 1


def test_not_before_the_start_nor_who_is_here_nor_the_last_one(house: House, couple: Booking) -> None:
    with frozen(couple.starts_at - timedelta(seconds=1)), pytest.raises(NotNow):
        _miss(house, couple, 1)
    with frozen(couple.starts_at + timedelta(minutes=5)):
        check_in(house.lutetia, booking=couple, by=desk(house), participant=couple.participants[0])
        with pytest.raises(NotNow):
            _miss(house, couple, 0)
        _miss(house, couple, 1)
        with pytest.raises(NotNow):
            _miss(house, couple, 0)
    assert couple.guest_count == 1


def test_nor_at_a_class_nor_of_another_booking(house: House, couple: Booking, session: Booking) -> None:
    with frozen(couple.starts_at + timedelta(minutes=5)), pytest.raises(NotFound):
        miss_guest(house.lutetia, booking=session, participant=couple.participants[0], by=desk(house))


def test_undo_expects_him_again(house: House, couple: Booking) -> None:
    with frozen(couple.starts_at + timedelta(minutes=5)):
        _miss(house, couple, 1)
        undo_last(house.lutetia, by=desk(house))
    assert (couple.guest_count, [one.status for one in couple.participants]) == (2, ["joined", "joined"])
    assert {one.member.first_name for one in couple.item.current_assignments} == {"Thérèse", "Marc"}


def test_one_cancelled_guest_is_not_missed(house: House, couple: Booking) -> None:
    part_with_guest(house.lutetia, booking=couple, participant=couple.participants[1], price_minor=9000, by=desk(house))
    with frozen(couple.starts_at + timedelta(minutes=5)), pytest.raises(NotNow):
        _miss(house, couple, 1)


@pytest.mark.parametrize("page", ["/v/lutetia/bookings/{}", "/v/lutetia/today"])
def test_one_click_once_the_other_one_is_here(house: House, couple: Booking, client: PageClient, page: str) -> None:
    words = "guest 2 did not come"
    with frozen(couple.starts_at + timedelta(minutes=5)):
        sign_in(client, house.camille)
        client.get(page.format(couple.uuid))
        assert words not in client.page.text
        check_in(house.lutetia, booking=couple, by=desk(house), participant=couple.participants[0])
        db.session.commit()
        client.get(page.format(couple.uuid))
        form = next(form for form in client.page.all(".//form") if words in client.page.text_of(form))
        assert client.send(form).status_code == 303
        assert couple.participants[1].status == "noshow"
        client.get(page.format(couple.uuid))
        assert words not in client.page.text_of(client.page.one(".//main")).replace("guest 2 did not come Camille", "")


def _miss(house: House, couple: Booking, position: int) -> None:
    miss_guest(house.lutetia, booking=couple, participant=couple.participants[position], by=desk(house))
