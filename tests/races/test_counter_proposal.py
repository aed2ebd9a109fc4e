"""The desk accepts a suggested time while a colleague accepts the offer as it was: one has it, the other reads so.

The control takes the lock away and demands that the answers are then no longer those.
"""

from __future__ import annotations

import random
import threading
import time
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

import portal.bookings.proposals.answering as answering
import portal.bookings.service as service
from portal.audit import Actor
from portal.bookings.proposals.queries import get_proposal
from portal.bookings.queries import get_booking
from portal.clock import now
from portal.database import db
from portal.models import Booking, BookingItem, Claim, CounterProposal, Offer, StaffMember, Venue
from tests.factories import House, make_variant, save
from tests.support.databases import Database
from tests.support.portal_app import make_app

pytestmark = pytest.mark.race

ROUNDS, CONTROL_ROUNDS = 30, 8
LENGTH, DAY = timedelta(minutes=5), timedelta(days=1)
HERS, HIS = ("moved", "AlreadyTaken"), ("StaffedMeanwhile", "accepted")
Keys = list[tuple[Any, Any]]


def test_one_of_the_two_has_it(app: Flask, house: House) -> None:
    keys = _asked(house, ROUNDS)

    answers = _race(app, house, keys)

    assert set(answers) == {HERS, HIS}, f"one was always first, or somebody read something else: {answers}"
    booked = db.session.scalars(select(Booking).order_by(Booking.id)).all()
    assert Counter(booking.therapist_id for booking in booked) == {
        house.therese.id: answers[HERS],
        house.marc.id: answers[HIS],
    }
    held = db.session.scalars(select(Claim.item_id).where(Claim.active, Claim.resource.has(kind="person"))).all()
    assert sorted(key for key in held if key) == sorted(booking.item.id for booking in booked)
    assert {booking.status for booking in booked} == {"confirmed"}
    assert Counter(db.session.scalars(select(CounterProposal.status))) == {
        "accepted": answers[HERS],
        "withdrawn": answers[HIS],
    }


def test_without_the_lock_the_answers_are_other_ones(
    app: Flask, house: House, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys = _asked(house, CONTROL_ROUNDS)
    unguarded = make_app(database.url, unsafe_without_guards=True)
    monkeypatch.setattr(answering, "lock_booking", _without_lock)
    monkeypatch.setattr(service, "lock_offer", _offer_without_lock)

    answers = _race(unguarded, house, keys)

    with unguarded.app_context():
        db.engine.dispose()
    assert set(answers) - {HERS, HIS}, f"They do not race, so the test above proves nothing: {answers}"


def _asked(house: House, count: int) -> Keys:
    """So many bookings that Thérèse could two days later, each offered to her and to Marc: proposal and his offer."""
    short = make_variant(house.massage, duration=5)
    made = [_booking(house, short.id, number) for number in range(count)]
    save(*made)
    hers = [_offer(booking, house.therese) for booking in made]
    owner = {"organisation_id": house.organisation.id, "venue_id": house.lutetia.id}
    proposals = [
        CounterProposal(
            **owner, offer=offer, starts_at=offer.item.starts_at + 2 * DAY, ends_at=offer.item.ends_at + 2 * DAY,
            expires_at=now() + timedelta(hours=1),
        )
        for offer in hers
    ]  # fmt: skip
    save(*proposals)
    keys = [(one.uuid, _offer(booking, house.marc).id) for one, booking in zip(proposals, made, strict=True)]
    db.session.commit()
    return keys


def _booking(house: House, variant_id: int, number: int) -> Booking:
    starts_at = house.at("09:00") + 2 * number * LENGTH
    owner = {"organisation_id": house.organisation.id, "venue_id": house.lutetia.id}
    times = {"starts_at": starts_at, "ends_at": starts_at + LENGTH}
    item = BookingItem(
        **owner, **times, treatment_id=house.massage.id, variant_id=variant_id, offered_rank=1, therapists_assigned=0,
        next_wave_at=now() + timedelta(hours=1),
        offers=[Offer(**owner, member=one) for one in (house.therese, house.marc)],
        claims=[Claim(**owner, **times, resource_id=house.rooms[0].id)],
    )  # fmt: skip
    return Booking(**owner, **times, number=number, channel="desk", price_minor=100, currency="EUR", items=[item])


def _offer(booking: Booking, member: StaffMember) -> Offer:
    return next(offer for offer in booking.item.offers if offer.member_id == member.id)


def _race(app: Flask, house: House, keys: Keys) -> Counter[tuple[str, ...]]:
    """What the desk and Marc were answered, round by round."""
    venue, camille, marc = house.lutetia.id, house.camille.id, house.marc.id
    db.session.rollback()
    start = threading.Barrier(2)
    desk, phone = [""] * len(keys), [""] * len(keys)

    def accept_time(number: int) -> str:
        place = db.session.get_one(Venue, venue)
        by = Actor.of_member(db.session.get_one(StaffMember, camille), door="agenda")
        answering.accept_counter_proposal(place, proposal=get_proposal(place, keys[number][0]), by=by)
        return "moved"

    def accept_offer(number: int) -> str:
        by = Actor.of_member(db.session.get_one(StaffMember, marc), door="phone")
        offer = db.session.get_one(Offer, keys[number][1])
        service.accept_booking(db.session.get_one(Venue, venue), offer=offer, by=by)
        return "accepted"

    def play(verb: Callable[[int], str], said: list[str]) -> None:
        dice = random.Random(verb.__name__)
        for number in range(len(keys)):
            with app.app_context():
                start.wait(timeout=60)
                time.sleep(dice.uniform(0, 0.02))
                try:
                    said[number] = verb(number)
                except Exception as refusal:  # noqa: BLE001  (whatever it is, it is what was answered)
                    db.session.rollback()
                    said[number] = type(refusal).__name__
                db.session.remove()

    players = [threading.Thread(target=play, args=pair) for pair in ((accept_time, desk), (accept_offer, phone))]
    for player in players:
        player.start()
    for player in players:
        player.join()
    return Counter(zip(desk, phone, strict=True))


def _without_lock(venue: Venue, booking: Booking) -> Booking:
    found = get_booking(venue, booking.uuid)
    time.sleep(0.05)
    return found


def _offer_without_lock(venue: Venue, offer: Offer) -> Offer:
    booking = _without_lock(venue, offer.item.booking)
    return next(one for item in booking.items for one in item.offers if one.id == offer.id)
