"""Who leaves frees his place; whether a guest came can be said, and unsaid."""

from __future__ import annotations

from datetime import timedelta

import pytest

from portal.bookings.payment import record_payment, settle
from portal.classes.errors import HasPaid, SessionOver, TooEarly
from portal.classes.service import join_session, leave_session, mark_attended
from portal.clock import frozen
from portal.errors import NotFound
from portal.models import Booking, Participant
from portal.payments.queries import lines_of
from portal.undo.service import undo_last
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


def test_of_who_has_paid_it_is_asked_what_becomes_of_it(house: House, session: Booking, guest: Participant) -> None:
    _pay(house, session, guest)
    with pytest.raises(HasPaid):
        leave_session(house.lutetia, booking=session, participant=guest, by=desk(house))
    assert guest.is_in


def test_it_goes_back_the_way_it_came_and_undo_takes_that_back_too(
    house: House, session: Booking, guest: Participant
) -> None:
    record_payment(
        house.lutetia, booking=session, kind="deposit_taken", amount_minor=500, method="card", by=desk(house),
        participant=guest,
    )  # fmt: skip
    _pay(house, session, guest)
    leave_session(house.lutetia, booking=session, participant=guest, by=desk(house), give_back=True)

    assert _ledger(house, session)[3:] == [("refund", "cash", 1700, True), ("refund", "card", 500, True)]
    assert (guest.status, guest.payment_status) == ("left", "refunded")

    undo_last(house.lutetia, by=desk(house))
    assert [line[3] for line in _ledger(house, session)] == [True, True, True, False, False]
    assert (guest.status, guest.payment_status) == ("joined", "paid")


def test_it_is_kept_and_counts_again_for_who_comes_back(house: House, session: Booking, guest: Participant) -> None:
    _pay(house, session, guest)
    leave_session(house.lutetia, booking=session, participant=guest, by=desk(house), give_back=False)
    assert _ledger(house, session) == [("payment", "cash", 2200, True)]

    assert guest.customer is not None
    join_session(house.lutetia, booking=session, customer=guest.customer, by=desk(house))
    assert (guest.is_in, guest.owes, guest.payment_status) == (True, False, "paid")


def test_who_comes_back_after_a_refund_pays_again(house: House, session: Booking, guest: Participant) -> None:
    _pay(house, session, guest)
    leave_session(house.lutetia, booking=session, participant=guest, by=desk(house), give_back=True)
    assert guest.customer is not None
    join_session(house.lutetia, booking=session, customer=guest.customer, by=desk(house))
    assert (guest.owes, guest.payment_status) == (True, "pending")


@pytest.mark.parametrize(("give_back", "kind"), [(True, "deposit_refunded"), (False, "deposit_kept")])
def test_a_deposit_goes_the_same_way(
    house: House, session: Booking, guest: Participant, give_back: bool, kind: str
) -> None:
    by = desk(house)
    record_payment(
        house.lutetia, booking=session, kind="deposit_taken", amount_minor=500, method="card", by=by, participant=guest
    )
    with pytest.raises(HasPaid):
        leave_session(house.lutetia, booking=session, participant=guest, by=by)
    leave_session(house.lutetia, booking=session, participant=guest, by=by, give_back=give_back)
    assert [line[0] for line in _ledger(house, session)] == ["deposit_taken", kind]


def _pay(house: House, session: Booking, guest: Participant) -> None:
    settle(house.lutetia, booking=session, method="cash", by=desk(house), participant=guest)


def _ledger(house: House, session: Booking) -> list[tuple[str, str | None, int, bool]]:
    lines = lines_of(house.lutetia, session)
    return [(line.kind, line.method, line.amount_minor, line.counts) for line in lines]
