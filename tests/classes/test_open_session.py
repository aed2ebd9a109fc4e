"""A session reserves a therapist and a room, costs nothing itself, and stands under nobody."""

from __future__ import annotations

import pytest

from portal.bookings.errors import SlotUnavailable
from portal.classes.errors import CapacityReached, NotAClass
from portal.classes.service import open_session
from portal.models import Booking, Variant
from portal.undo.service import undo_last
from tests.classes.conftest import desk
from tests.factories import House, make_customer


def test_it_holds_one_therapist_and_one_room(house: House, session: Booking) -> None:
    assert session.customer is None
    assert (session.status, session.price_minor, session.guest_count) == ("confirmed", 0, 1)
    held = {claim.resource_id for claim in session.item.claims if claim.active}
    assert held == {house.therese.resource_id, house.rooms[0].id}


def test_nobody_else_gets_them(house: House, session: Booking, yoga: Variant) -> None:
    with pytest.raises(SlotUnavailable):
        open_session(house.lutetia, variant=yoga, starts_at=house.at("10:30"), therapist=house.therese, by=desk(house))


def test_without_a_therapist_those_who_can_are_asked(house: House, yoga: Variant) -> None:
    opened = open_session(house.lutetia, variant=yoga, starts_at=house.at("12:00"), by=desk(house))

    assert opened.status == "pending"
    assert {offer.member.first_name for offer in opened.item.offers} == {"Thérèse", "Marc"}


def test_guests_can_join_at_once_each_for_his_own_price(house: House, yoga: Variant) -> None:
    guests = [make_customer(house.organisation) for _ in range(3)]
    opened = open_session(
        house.lutetia, variant=yoga, starts_at=house.at("12:00"), customers=[*guests, guests[0]], by=desk(house)
    )

    assert [one.customer for one in opened.participants] == guests
    assert {one.price_minor for one in opened.participants} == {2200}


def test_more_than_can_take_part_are_refused_and_nothing_is_made(house: House, yoga: Variant) -> None:
    guests = [make_customer(house.organisation) for _ in range(6)]
    with pytest.raises(CapacityReached):
        open_session(house.lutetia, variant=yoga, starts_at=house.at("12:00"), customers=guests, by=desk(house))


def test_a_massage_is_no_class(house: House) -> None:
    with pytest.raises(NotAClass):
        open_session(house.lutetia, variant=house.single, starts_at=house.at("12:00"), by=desk(house))


def test_one_undo_takes_the_session_and_its_guests_away(house: House, yoga: Variant) -> None:
    opened = open_session(
        house.lutetia, variant=yoga, starts_at=house.at("12:00"), customers=[make_customer(house.organisation)],
        by=desk(house),
    )  # fmt: skip

    undo_last(house.lutetia, by=desk(house))

    assert opened.status == "cancelled"
    assert not any(claim.active for claim in opened.item.claims)
