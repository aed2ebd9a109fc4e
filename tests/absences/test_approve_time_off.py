"""A manager approves: the time is blocked in the same transaction, bookings there need a word, undo is one."""

from __future__ import annotations

import threading
from datetime import time, timedelta

import pytest
from flask import Flask
from sqlalchemy import select, text

from portal.absences.answering import approve_time_off, refuse_time_off
from portal.absences.errors import Answered, TooLate
from portal.absences.service import request_time_off, take_back
from portal.blocks.errors import BookingsUnderneath
from portal.blocks.service import change_block, remove_block
from portal.bookings.availability import Grant, decide
from portal.bookings.service import accept_booking
from portal.bookings.slots.facts import Need
from portal.bookings.slots.queries import load_snapshot
from portal.changes.queries import last_change
from portal.clock import frozen, now
from portal.database import db
from portal.errors import NotFound, PortalError
from portal.models import Block, Claim, Offer, StaffMember, TimeOff, Venue, VenueMember
from portal.undo.service import undo_change
from tests.absences.conftest import Visit, ask_off, maud, phone
from tests.blocks.conftest import person
from tests.bookings.conftest import Book, offer_to
from tests.factories import House, lend, make_room, make_treatment, save
from tests.support.client import PageClient
from tests.support.sign_in import sign_in


def blocks() -> list[Block]:
    return list(db.session.scalars(select(Block).where(Block.removed_at.is_(None)).order_by(Block.starts_at)))


def test_the_time_is_blocked_and_can_be_undone_at_once(house: House, off: TimeOff) -> None:
    approve_time_off(house.lutetia, off=off, by=maud(house))

    [block] = blocks()
    assert (off.status, off.decided_by, off.batch) == ("approved", house.maud, block.batch)
    assert (block.kind, block.resource_id) == ("vacation", person(house.therese).id)
    assert (block.starts_at, block.ends_at) == (off.starts_at, off.ends_at)
    assert not _is_free(house, "10:00")

    change = last_change(house.lutetia, house.maud)
    assert change is not None
    assert change.verb == "absence:approved"
    undo_change(house.lutetia, change=change, by=maud(house))
    db.session.expire_all()
    assert (off.status, off.decided_by, off.batch, blocks()) == ("requested", None, None, [])
    assert _is_free(house, "10:00")


def test_a_week_is_held_day_by_day(house: House) -> None:
    off = request_time_off(
        house.therese, starts_at=house.at("00:00"), ends_at=house.at("00:00", days=7), kind="training",
        by=phone(house.therese),
    )  # fmt: skip
    approve_time_off(house.lutetia, off=off, by=maud(house))
    claims = db.session.scalars(select(Claim).where(Claim.block_id.is_not(None), Claim.active)).all()
    assert len(claims) == 7
    assert max(claim.ends_at - claim.starts_at for claim in claims) <= timedelta(days=1)


def test_bookings_that_stand_there_need_a_word(house: House, off: TimeOff, visit: Visit) -> None:
    booking = visit("10:00")
    with pytest.raises(BookingsUnderneath) as refused:
        approve_time_off(house.lutetia, off=off, by=maud(house))
    assert [one.booking for one in refused.value.bookings] == [booking.uuid]
    assert (off.status, blocks()) == ("requested", [])

    approve_time_off(house.lutetia, off=off, over=[booking.uuid], by=maud(house))
    assert off.is_approved
    assert booking.item.is_served_by(house.therese)


def test_a_booking_at_another_venue_too(house: House, off: TimeOff, book: Book) -> None:
    save(VenueMember(venue=house.marais, member=house.therese))
    lend(house.therese, house.marais, house.day, start=time(10), end=time(11))
    make_room(house.marais)
    there = make_treatment(house.marais)
    booking = book("10:00", venue=house.marais, variant=there.variants[0])
    accept_booking(house.marais, offer=offer_to(booking, house.therese), by=phone(house.therese))
    with pytest.raises(BookingsUnderneath) as refused:
        approve_time_off(house.lutetia, off=off, by=maud(house))
    assert [one.booking for one in refused.value.bookings] == [None]


def test_twice_is_once(house: House, off: TimeOff) -> None:
    for _twice in range(2):
        approve_time_off(house.lutetia, off=off, by=maud(house))
    assert len(blocks()) == 1


def test_what_was_answered_or_taken_back_stays(house: House, off: TimeOff) -> None:
    take_back(off, by=phone(house.therese))
    with pytest.raises(Answered):
        approve_time_off(house.lutetia, off=off, by=maud(house))
    other = ask_off(house, house.marc)
    refuse_time_off(house.lutetia, off=other, reason="Complet", by=maud(house))
    with pytest.raises(Answered):
        approve_time_off(house.lutetia, off=other, by=maud(house))


def test_what_has_begun_is_held_from_today_and_what_is_over_is_refused(house: House) -> None:
    off = request_time_off(
        house.therese, starts_at=house.at("00:00"), ends_at=house.at("00:00", days=3), kind="vacation",
        by=phone(house.therese),
    )  # fmt: skip
    with frozen(house.at("11:00", days=2)):
        approve_time_off(house.lutetia, off=off, by=maud(house))
    [block] = blocks()
    assert (block.starts_at, block.ends_at) == (house.at("00:00", days=2), house.at("00:00", days=3))
    late = ask_off(house, house.marc)
    with frozen(house.at("14:00")), pytest.raises(TooLate):
        approve_time_off(house.lutetia, off=late, by=maud(house))


def test_a_stranger_of_the_venue_is_not_there(house: House, off: TimeOff) -> None:
    with pytest.raises(NotFound):
        approve_time_off(house.marais, off=off, by=maud(house))


def test_when_the_desk_removes_or_changes_the_block_the_time_off_follows(house: House, off: TimeOff) -> None:
    approve_time_off(house.lutetia, off=off, by=maud(house))
    [block] = blocks()
    change_block(
        house.lutetia, block=block, starts_at=off.starts_at, ends_at=house.at("11:00"), kind="vacation", reason=None,
        by=maud(house),
    )  # fmt: skip
    assert (off.status, off.ends_at) == ("approved", house.at("11:00"))
    remove_block(house.lutetia, block=block, scope="this", by=maud(house))
    assert off.status == "cancelled"
    change = last_change(house.lutetia, house.maud)
    assert change is not None
    undo_change(house.lutetia, change=change, by=maud(house))
    db.session.expire_all()
    assert (off.status, off.ends_at) == ("approved", house.at("11:00"))


def test_the_managers_page_lists_shows_and_approves(
    house: House, off: TimeOff, visit: Visit, manager: PageClient
) -> None:
    visit("10:00")
    manager.get("/v/lutetia/absences/?lang=en")
    assert manager.page.one(".//span[@id='absences-count']").text == "1"
    assert "1 visit is affected" in manager.page.text

    manager.get(f"/v/lutetia/absences/{off.uuid}?lang=en")
    assert "1 visit is affected. 1 can be covered by Marc." in manager.page.text
    assert "Hélène Dupont" in manager.page.text
    approve = f".//form[@action='/v/lutetia/absences/{off.uuid}/approve']"
    assert manager.submit(approve).status_code == 422
    assert "There are visits at this time: find replacements first" in manager.page.text
    assert blocks() == []
    assert manager.submit(approve, {"leave": "y"}).status_code == 303
    assert len(blocks()) == 1
    manager.get("/v/lutetia/absences/?lang=en")
    assert manager.page.one(".//span[@id='absences-count']").get("hidden") is not None
    assert "Nobody waits for an answer." in manager.page.text


def test_a_word_for_one_list_is_none_for_another(house: House, off: TimeOff, visit: Visit, manager: PageClient) -> None:
    visit("10:00")
    manager.get(f"/v/lutetia/absences/{off.uuid}")
    form = manager.page.one(f".//form[@action='/v/lutetia/absences/{off.uuid}/approve']")
    visit("11:00")
    assert manager.send(form, {"leave": "y"}).status_code == 422
    assert blocks() == []


def test_a_colleague_who_is_away_too_is_named(house: House, off: TimeOff, manager: PageClient) -> None:
    other = ask_off(house, house.marc, "12:00", "15:00")
    approve_time_off(house.lutetia, off=other, by=maud(house))
    manager.get(f"/v/lutetia/absences/{off.uuid}?lang=en")
    assert "Also away then, or asking to be:" in manager.page.text
    assert "Marc Test" in manager.page.text


def test_a_receptionist_reads_but_does_not_answer(house: House, off: TimeOff, client: PageClient) -> None:
    sign_in(client, house.camille)
    client.get(f"/v/lutetia/absences/{off.uuid}?lang=en")
    assert "A manager answers." in client.page.text
    assert not client.page.all(f".//form[@action='/v/lutetia/absences/{off.uuid}/approve']")


@pytest.mark.race
def test_an_approval_and_an_acceptance_at_the_same_moment(app: Flask, house: House, book: Book) -> None:
    for number in range(6):
        offer = offer_to(book(f"{9 + number}:00".zfill(5)), house.therese)
        off = ask_off(house, house.therese, f"{9 + number}:00".zfill(5), f"{10 + number}:00".zfill(5))
        told = _at_once(app, house, off.id, offer.id)
        assert told in [("done", "not_free"), ("bookings_underneath", "done")], told
    with db.engine.connect() as connection:
        assert connection.scalar(text(OVERLAPS)) == 0


OVERLAPS = """
SELECT count(*) FROM claim AS one JOIN claim AS other
    ON other.resource_id = one.resource_id AND other.id > one.id
   AND other.starts_at < one.ends_at AND one.starts_at < other.ends_at
 WHERE one.active AND other.active
"""


def _at_once(app: Flask, house: House, off_id: int, offer_id: int) -> tuple[str, ...]:
    ids = house.lutetia.id, house.maud.id, house.therese.id
    db.session.commit()
    told, barrier = ["nothing"] * 2, threading.Barrier(2)

    def play(number: int) -> None:
        with app.app_context():
            venue = db.session.get_one(Venue, ids[0])
            member = db.session.get_one(StaffMember, ids[1 + number])
            work = (
                lambda: approve_time_off(venue, off=db.session.get_one(TimeOff, off_id), by=phone(member)),
                lambda: accept_booking(venue, offer=db.session.get_one(Offer, offer_id), by=phone(member)),
            )[number]
            barrier.wait(timeout=30)
            try:
                work()
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
    return tuple(told)


def _is_free(house: House, clock: str) -> bool:
    snapshot = load_snapshot(house.lutetia, first=house.day, last=house.day)
    need = Need(duration=60, treatment_id=house.massage.id, therapists=frozenset({person(house.therese).id}))
    return isinstance(decide(snapshot, need, house.at(clock), now(), desk=True), Grant)
