"""One of two does not come: the other one keeps the time, a room and a therapist."""

from __future__ import annotations

from typing import Any

import pytest

from portal.bookings.errors import Stale
from portal.bookings.payment import settle
from portal.bookings.service import cancel_booking
from portal.bookings.words import event_sentence
from portal.classes.couples import name_participant, part_with_guest
from portal.messages.queries import list_messages
from portal.models import Booking, StaffMember
from portal.models.booking_states import NotNow
from portal.payments.ledger import due_back
from portal.payments.queries import lines_of
from portal.undo.service import undo_last
from tests.classes.conftest import desk
from tests.factories import House


def test_the_last_therapist_is_free_again(house: House, couple: Booking) -> None:
    _part(house, couple, 1)

    assert (couple.status, couple.guest_count, couple.price_minor) == ("confirmed", 1, 9000)
    assert (couple.item.guest_count, couple.item.price_minor) == (1, 9000)
    assert [one.member for one in couple.item.current_assignments] == [house.therese]
    held = {claim.resource_id for claim in couple.item.claims if claim.active}
    assert held == {house.therese.resource_id, house.duo_room.id}
    assert couple.guest_name == "Hélène Dupont"


def test_the_therapist_who_is_named_is_free_again(house: House, couple: Booking) -> None:
    _part(house, couple, 1, therapist=house.therese)

    assert [one.member for one in couple.item.current_assignments] == [house.marc]
    assert couple.therapist_id == house.marc.id


def test_it_stays_under_the_guest_who_booked_when_nobody_knows_the_other(house: House, couple: Booking) -> None:
    _part(house, couple, 0)

    assert [one.is_in for one in couple.participants] == [False, True]
    assert couple.guest_name == "Hélène Dupont"


def test_twice_is_refused_and_so_is_what_is_over(house: House, couple: Booking) -> None:
    _part(house, couple, 1)
    with pytest.raises(NotNow):
        _part(house, couple, 0)
    cancel_booking(house.lutetia, booking=couple, reason="Ill", cancelled_by="staff", by=desk(house))
    with pytest.raises(NotNow):
        _part(house, couple, 0)


def test_a_form_drawn_before_a_colleague_s_change_is_refused(house: House, couple: Booking) -> None:
    drawn = couple.version
    name_participant(house.lutetia, booking=couple, participant=couple.participants[1], name="Paul", by=desk(house))
    with pytest.raises(Stale):
        part_with_guest(
            house.lutetia, booking=couple, participant=couple.participants[1], price_minor=1, by=desk(house),
            version=drawn,
        )  # fmt: skip


def test_undo_brings_both_back(house: House, couple: Booking) -> None:
    _part(house, couple, 1)

    undo_last(house.lutetia, by=desk(house))

    assert (couple.status, couple.guest_count, couple.price_minor) == ("confirmed", 2, 18000)
    assert [one.is_in for one in couple.participants] == [True, True]
    assert {one.member.first_name for one in couple.item.current_assignments} == {"Thérèse", "Marc"}
    assert sum(claim.active for claim in couple.item.claims) == 3


def test_the_second_guest_has_a_name(house: House, couple: Booking) -> None:
    second = couple.participants[1]
    for _ in range(2):
        name_participant(house.lutetia, booking=couple, participant=second, name="Paul", by=desk(house))

    assert second.label == "Paul"
    assert [event.verb for event in couple.events].count("named") == 1
    with pytest.raises(NotNow):
        name_participant(house.lutetia, booking=couple, participant=couple.participants[0], name="X", by=desk(house))


@pytest.mark.parametrize(("percent", "price", "back"), [(100, 9000, 9000), (50, 13500, 4500), (0, 18000, 0)])
def test_of_what_was_paid_the_share_is_to_go_back_and_the_rest_stays_in_the_price(
    house: House, couple: Booking, percent: int, price: int, back: int
) -> None:
    settle(house.lutetia, booking=couple, method="cash", by=desk(house))
    _part(house, couple, 1, refund_percent=percent)

    assert couple.price_minor == price
    assert due_back(couple, lines_of(house.lutetia, couple)) == back
    assert couple.payment_status == "paid"


def test_what_was_not_paid_is_not_kept(house: House, couple: Booking) -> None:
    _part(house, couple, 1, refund_percent=0)
    assert couple.price_minor == 9000


@pytest.mark.parametrize("tell", [True, False])
def test_the_guest_who_does_not_come_is_told_when_that_is_wanted(house: House, couple: Booking, tell: bool) -> None:
    assert couple.customer is not None
    couple.customer.email = "helene@example.org"
    _part(house, couple, 0, tell=tell, reason="Grippe")
    told = [(one.kind, one.address) for one in list_messages(house.lutetia, couple)]
    assert told == [("cancelled", "helene@example.org")] * tell
    assert event_sentence(couple.events[-1]).endswith("(Grippe)")


def _part(house: House, couple: Booking, position: int, therapist: StaffMember | None = None, **told: Any) -> None:
    part_with_guest(
        house.lutetia, booking=couple, participant=couple.participants[position], price_minor=9000, by=desk(house),
        therapist=therapist, **told,
    )  # fmt: skip
