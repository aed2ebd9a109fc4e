"""Who leaves frees his place; whether a guest came can be said, and unsaid."""

from __future__ import annotations

from datetime import timedelta

import pytest

from portal.classes.errors import SessionOver, TooEarly
from portal.classes.service import join_session, leave_session, mark_attended
from portal.clock import frozen
from portal.errors import NotFound
from portal.models import Booking, Participant
from tests.classes.conftest import desk
from tests.factories import House, make_customer


@pytest.fixture
def guest(house: House, session: Booking) -> Participant:
    joined = join_session(house.lutetia, booking=session, customer=make_customer(house.organisation), by=desk(house))
    return joined.participants[0]


def test_a_place_is_given_up_once(house: House, session: Booking, guest: Participant) -> None:
    left = [leave_session(house.lutetia, booking=session, participant=guest, by=desk(house)) for _ in range(2)][-1]

    assert guest.status == "left"
    assert [event.verb for event in left.events].count("left") == 1


def test_a_guest_of_another_booking_is_unknown(house: House, couple: Booking, session: Booking) -> None:
    with pytest.raises(NotFound):
        leave_session(house.lutetia, booking=session, participant=couple.participants[0], by=desk(house))


def test_she_came_or_did_not_and_it_can_be_unsaid(house: House, session: Booking, guest: Participant) -> None:
    with frozen(session.starts_at + timedelta(minutes=5)):
        for attended, status in ((True, "attended"), (True, "attended"), (False, "noshow"), (None, "joined")):
            mark_attended(house.lutetia, booking=session, participant=guest, attended=attended, by=desk(house))
            assert guest.status == status

    assert [event.verb for event in session.events][-3:] == ["attended", "missed", "expected"]


def test_nobody_has_missed_what_has_not_begun(house: House, session: Booking, guest: Participant) -> None:
    with frozen(session.starts_at - timedelta(seconds=1)), pytest.raises(TooEarly):
        mark_attended(house.lutetia, booking=session, participant=guest, attended=False, by=desk(house))


def test_who_left_is_not_marked(house: House, session: Booking, guest: Participant) -> None:
    leave_session(house.lutetia, booking=session, participant=guest, by=desk(house))
    with pytest.raises(SessionOver):
        mark_attended(house.lutetia, booking=session, participant=guest, attended=True, by=desk(house))
