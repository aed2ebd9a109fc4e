"""Joining: once each, up to the maximum and never beyond it, whoever comes at the same moment."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import func, select

from portal.audit import Actor
from portal.bookings.service import cancel_booking
from portal.classes.errors import CapacityReached, NotAClass, SessionOver
from portal.classes.service import join_session, leave_session
from portal.clock import frozen
from portal.database import atomic, db
from portal.models import Booking, Customer, Participant, Venue
from portal.undo.service import undo_last
from tests.classes.conftest import desk
from tests.factories import House, make_customer

CROWD = 12


def test_a_guest_takes_a_place_for_her_own_price(house: House, session: Booking) -> None:
    joined = _join(house, session)

    [one] = joined.participants
    assert (one.status, one.price_minor, one.payment_status) == ("joined", 2200, "pending")
    assert joined.events[-1].verb == "joined"


def test_joining_twice_is_harmless(house: House, session: Booking) -> None:
    guest = make_customer(house.organisation)
    joined = [_join(house, session, guest) for _ in range(2)][-1]

    assert len(joined.participants) == 1
    assert [event.verb for event in joined.events].count("joined") == 1


def test_who_left_may_come_back(house: House, session: Booking) -> None:
    guest = make_customer(house.organisation)
    joined = _join(house, session, guest)
    leave_session(house.lutetia, booking=session, participant=joined.participants[0], by=desk(house))

    again = _join(house, session, guest)

    assert [one.status for one in again.participants] == ["joined"]


def test_beyond_the_maximum_it_is_refused(house: House, session: Booking) -> None:
    for _ in range(5):
        _join(house, session)
    with pytest.raises(CapacityReached):
        _join(house, session)

    leave_session(house.lutetia, booking=session, participant=session.participants[0], by=desk(house))
    assert sum(one.is_in for one in _join(house, session).participants) == 5


def test_what_was_cancelled_cannot_be_joined(house: House, session: Booking) -> None:
    cancel_booking(house.lutetia, booking=session, reason="Ill", cancelled_by="staff", by=desk(house))
    with pytest.raises(SessionOver):
        _join(house, session)


def test_a_massage_cannot_be_joined(house: House, couple: Booking) -> None:
    with pytest.raises(NotAClass):
        _join(house, couple)


def test_undo_takes_the_place_back(house: House, session: Booking) -> None:
    with frozen(session.starts_at):
        _join(house, session)
        undo_last(house.lutetia, by=desk(house))

    assert [one.status for one in session.participants] == ["left"]


def test_a_crowd_at_once_gets_five_places(house: House, session: Booking, app: Flask) -> None:
    answers = _let_loose(app, house, session, _join_for_real)

    assert answers == {"joined": 5, "full": CROWD - 5}
    assert _present(session) == 5


def test_counting_without_holding_the_row_overfills_it(house: House, session: Booking, app: Flask) -> None:
    """The control: the same crowd does collide, so that the test above proves something."""
    line = threading.Barrier(CROWD)

    def careless(venue: Venue, booking: Booking, customer: Customer, _by: Actor) -> str:
        free = _present(booking) < 5
        db.session.commit()
        line.wait(20)
        return _squeeze_in(venue, booking, customer) if free else "full"

    answers = _let_loose(app, house, session, careless)

    assert answers["joined"] > 5
    assert _present(session) > 5


def _join(house: House, session: Booking, guest: Customer | None = None) -> Booking:
    customer = guest or make_customer(house.organisation)
    return join_session(house.lutetia, booking=session, customer=customer, by=desk(house))


def _join_for_real(venue: Venue, booking: Booking, customer: Customer, by: Actor) -> str:
    try:
        join_session(venue, booking=booking, customer=customer, by=by)
    except CapacityReached:
        return "full"
    return "joined"


@atomic
def _squeeze_in(venue: Venue, booking: Booking, customer: Customer) -> str:
    made = Participant(
        organisation_id=venue.organisation_id, venue_id=venue.id, booking_id=booking.id, customer_id=customer.id
    )
    db.session.add(made)
    return "joined"


def _let_loose(
    app: Flask, house: House, session: Booking, join: Callable[[Venue, Booking, Customer, Actor], str]
) -> Counter[str]:
    """Everybody wants a place at the same moment; what they were answered."""
    guests = [make_customer(house.organisation).id for _ in range(CROWD)]
    venue_id, booking_id, by = house.lutetia.id, session.id, desk(house)
    db.session.commit()
    start, answers, failed = threading.Barrier(CROWD), Counter[str](), list[Exception]()

    def come(customer_id: int) -> None:
        with app.app_context():
            try:
                venue, booking = db.session.get_one(Venue, venue_id), db.session.get_one(Booking, booking_id)
                customer = db.session.get_one(Customer, customer_id)
                db.session.commit()
                start.wait(20)
                answers[join(venue, booking, customer, by)] += 1
            except Exception as error:  # noqa: BLE001  (a thread's failure is the test's)
                failed.append(error)
            finally:
                db.session.remove()

    crowd = [threading.Thread(target=come, args=(guest,)) for guest in guests]
    for one in crowd:
        one.start()
    for one in crowd:
        one.join(60)
    db.session.expire_all()
    assert failed == []
    return answers


def _present(session: Booking) -> int:
    query = select(func.count()).where(Participant.booking_id == session.id, Participant.status != "left")
    return db.session.scalar(query) or 0
