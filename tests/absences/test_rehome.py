"""Rehoming: previewed line by line, done all or nothing, told to those whom it concerns, undone at once."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import select, text

from portal.absences.answering import approve_time_off
from portal.absences.rehome.errors import Overturned
from portal.absences.rehome.form import give, move
from portal.absences.rehome.page import overturned
from portal.absences.rehome.service import Action, Step, rehome
from portal.audit import Actor
from portal.bookings.moving import Move, move_booking
from portal.bookings.service import accept_booking
from portal.changes.queries import last_change
from portal.clock import frozen
from portal.database import db
from portal.errors import NotFound, PortalError
from portal.models import Booking, Change, Claim, GuestMessage, Offer, OutboxEvent, StaffMember, TimeOff, Venue
from portal.models.booking_states import CancellationTerms
from portal.undo.service import undo_change
from tests.absences.conftest import Visit, ask_off, desk, maud
from tests.bookings.conftest import Book, asked
from tests.bookings.test_move_booking import held
from tests.factories import House, make_customer, make_member, make_shift, save
from tests.support.client import PageClient
from tests.support.language import in_english
from tests.support.page import Page
from tests.support.sign_in import sign_in

PLAN = ".//form[@class='form']"
OVERLAPS = """
SELECT count(*) FROM claim AS one JOIN claim AS other
    ON other.resource_id = one.resource_id AND other.id > one.id
   AND other.starts_at < one.ends_at AND one.starts_at < other.ends_at
 WHERE one.active AND other.active
"""


@pytest.fixture
def day_off(house: House) -> TimeOff:
    """Thérèse asks to be off from nine to eight."""
    return ask_off(house, house.therese, "09:00", "20:00")


def step(booking: Booking, action: Action, **given: Any) -> Step:
    return Step(item=booking.item.uuid, action=action, version=booking.version, **given)


def do(house: House, off: TimeOff, *steps: Step, **given: Any) -> Sequence[Booking]:
    return rehome(house.lutetia, off=off, steps=steps, by=desk(house), **given)


def fresh() -> None:
    db.session.expire_all()


def messages() -> list[tuple[str, str]]:
    return [(one.kind, one.status) for one in db.session.scalars(select(GuestMessage).order_by(GuestMessage.id))]


def test_everything_in_one_change(house: House, day_off: TimeOff, visit: Visit) -> None:
    guest = make_customer(house.organisation, email="lea@example.org")
    given, moved, open_, gone = visit("09:00"), visit("11:00", customer=guest), visit("14:00"), visit("16:00")
    ines = make_member(house.organisation, house.lutetia, first_name="Inès", priority=2)
    make_shift(house.lutetia, ines, house.day)
    before = {booking.id: held(booking) for booking in (given, moved, open_, gone)}

    do(
        house, day_off,
        step(given, Action.GIVE, taker=ines),
        step(moved, Action.MOVE, taker=house.marc, starts_at=house.at("11:30")),
        step(open_, Action.ASK),
        step(gone, Action.CANCEL),
        reason="Malade",
    )  # fmt: skip

    fresh()
    assert (given.status, given.therapist) == ("confirmed", ines)
    assert (moved.status, moved.therapist, moved.starts_at) == ("confirmed", house.marc, house.at("11:30"))
    assert (open_.status, open_.therapist) == ("pending", None)
    assert asked(open_)["Thérèse"] == "cancelled"
    assert asked(open_)["Marc"] == "open"
    assert (gone.status, gone.cancellation_reason, gone.cancelled_by) == ("cancelled", "Malade", "staff")
    assert messages() == [("moved", "queued")]  # the only guest with an address

    changes = db.session.scalars(select(Change).where(Change.member_id == house.camille.id)).all()
    assert [change.verb for change in changes] == ["absence:rehomed"]
    undo_change(house.lutetia, change=changes[0], by=desk(house))
    fresh()
    for booking in (given, moved, open_, gone):
        assert (booking.status, booking.therapist) == ("confirmed", house.therese)
        assert held(booking) == before[booking.id]
    assert messages() == [("moved", "voided")]


def test_one_that_cannot_be_done_and_nothing_is(house: House, day_off: TimeOff, visit: Visit) -> None:
    first, second = visit("09:00"), visit("11:00")
    visit("11:30", house.marc)
    before = held(first), held(second)
    with pytest.raises(Overturned) as refused:
        do(house, day_off, step(first, Action.GIVE, taker=house.marc), step(second, Action.GIVE, taker=house.marc))
    told = in_english(lambda: overturned(house.lutetia, refused.value))
    assert "Hélène Dupont (" in told
    assert "Marc Test is with another guest from 11:30 to 12:30." in told
    fresh()
    assert (held(first), held(second)) == before
    assert last_change(house.lutetia, house.camille) is None


def test_the_schemas_refusal_is_told_too(
    house: House, day_off: TimeOff, visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever Python may have overlooked."""
    booking = visit("09:00")
    rival = visit("09:30", house.marc)
    monkeypatch.setattr("portal.bookings.handover._check", lambda *_given: None)
    with pytest.raises(Overturned) as refused:
        do(house, day_off, step(booking, Action.GIVE, taker=house.marc))
    assert "Marc Test is with another guest" in in_english(lambda: overturned(house.lutetia, refused.value))
    fresh()
    assert (booking.therapist, rival.therapist) == (house.therese, house.marc)


@pytest.mark.parametrize("meanwhile", ["moved", "cancelled", "given away"])
def test_what_changed_since_the_plan_was_drawn_stops_it(
    house: House, day_off: TimeOff, visit: Visit, meanwhile: str
) -> None:
    first, second = visit("09:00"), visit("11:00")
    steps = [step(one, Action.GIVE, taker=house.marc) for one in (first, second)]
    if meanwhile == "moved":
        move_booking(house.lutetia, booking=second, move=Move(starts_at=house.at("12:00")), by=desk(house))
    elif meanwhile == "given away":
        move_booking(house.lutetia, booking=second, move=Move(therapist=house.marc), by=desk(house))
        steps[1] = Step(item=second.item.uuid, action=Action.GIVE, taker=house.marc)
    else:
        second.cancel(_free_of_charge(), reason="Autre", cancelled_by="staff", by=desk(house), at=house.at("08:00"))
        db.session.commit()
    with pytest.raises(Overturned):
        do(house, day_off, *steps)
    fresh()
    assert first.therapist == house.therese


def test_who_lost_the_therapist_she_asked_for_is_told(house: House, day_off: TimeOff, visit: Visit) -> None:
    guest = make_customer(house.organisation, email="lea@example.org")
    booking, plain = visit("09:00", customer=guest), visit("12:00", customer=guest)
    booking.item.requested = house.therese
    save(booking)
    do(house, day_off, step(booking, Action.GIVE, taker=house.marc), step(plain, Action.GIVE, taker=house.marc))
    assert messages() == [("therapist", "queued")]


def test_nobody_is_told_when_that_is_not_wished(house: House, day_off: TimeOff, visit: Visit) -> None:
    booking = visit("09:00", customer=make_customer(house.organisation, email="lea@example.org"))
    do(house, day_off, step(booking, Action.CANCEL), tell_guests=False)
    assert messages() == []


def test_partners_hear_of_it(house: House, day_off: TimeOff, visit: Visit) -> None:
    given, open_ = visit("09:00"), visit("14:00")
    do(house, day_off, step(given, Action.GIVE, taker=house.marc), step(open_, Action.ASK))
    types = db.session.scalars(select(OutboxEvent.type).order_by(OutboxEvent.id)).all()
    assert [kind for kind in types if kind.startswith("booking.")][-2:] == ["booking.unassigned", "booking.updated"]


def test_whoever_is_asked_again_is_not_the_one_who_is_away(house: House, day_off: TimeOff, visit: Visit) -> None:
    """Nobody has approved yet: by the rota she is there, and free."""
    booking = visit("14:00")
    visit("14:00", house.marc)
    do(house, day_off, step(booking, Action.ASK))
    fresh()
    assert booking.status == "pending"
    assert asked(booking)["Thérèse"] == "cancelled"
    assert booking.item.alerted_at is not None


def test_what_was_given_away_is_no_offer_of_hers(
    house: House, day_off: TimeOff, visit: Visit, client: PageClient
) -> None:
    given, asked_again = visit("10:00"), visit("14:00")
    do(house, day_off, step(given, Action.GIVE, taker=house.marc), step(asked_again, Action.ASK))
    sign_in(client, house.therese)
    client.get("/my/day")
    assert [one for one in client.page.all(".//article") if (one.get("id") or "").startswith("offer-")] == []


def test_what_is_done_follows_an_undo(house: House, day_off: TimeOff, visit: Visit, manager: PageClient) -> None:
    booking = visit("10:00")
    where = f"/v/lutetia/absences/{day_off.uuid}/rehome"
    manager.get(where)
    plan = manager.page.one(".//*[@id='plan']")
    assert plan.get("hx-get") is None, "what is being chosen is not drawn anew"
    do(house, day_off, step(booking, Action.GIVE, taker=house.marc))
    manager.get(where)
    plan = manager.page.one(".//*[@id='plan']")
    assert "changed:absences" in (plan.get("hx-trigger") or "")
    change = last_change(house.lutetia, house.camille)
    assert change is not None
    undo_change(house.lutetia, change=change, by=desk(house))
    manager.hx(plan.get("hx-get") or "")
    assert manager.page.all(f".//*[@data-booking='{booking.uuid}']")


def test_two_visits_may_change_places(house: House, day_off: TimeOff, visit: Visit) -> None:
    """What one leaves another may take, and an undo must lift both before it puts either down."""
    room, _other = house.rooms
    house.rooms[1].active = house.duo_room.active = False
    save(house.rooms[1], house.duo_room)
    first, second = visit("09:00"), visit("10:00")
    before = held(first), held(second)
    do(
        house, day_off,
        step(first, Action.MOVE, taker=house.marc, starts_at=house.at("11:00")),
        step(second, Action.MOVE, taker=house.marc, starts_at=house.at("09:00")),
    )  # fmt: skip
    fresh()
    assert (first.starts_at, second.starts_at) == (house.at("11:00"), house.at("09:00"))
    change = last_change(house.lutetia, house.camille)
    assert change is not None
    undo_change(house.lutetia, change=change, by=desk(house))
    fresh()
    assert (held(first), held(second)) == before
    assert room.active


def test_a_treatment_of_another_venue_is_not_there(house: House, day_off: TimeOff, visit: Visit) -> None:
    visit("09:00")
    with pytest.raises(NotFound):
        do(house, day_off, Step(item=uuid4(), action=Action.ASK))


def test_after_that_the_absence_is_approved_without_a_word(house: House, day_off: TimeOff, visit: Visit) -> None:
    booking = visit("10:00")
    do(house, day_off, step(booking, Action.GIVE, taker=house.marc))
    approve_time_off(house.lutetia, off=day_off, by=maud(house))
    assert day_off.is_approved


def test_the_page_proposes_and_one_click_does_it(
    house: House, day_off: TimeOff, visit: Visit, manager: PageClient
) -> None:
    kept, moved, asked_for = visit("09:00"), visit("12:00"), visit("15:00")
    visit("12:30", house.marc)
    asked_for.item.requested = house.therese
    save(asked_for)

    manager.get(f"/v/lutetia/absences/{day_off.uuid}/rehome?lang=en")

    assert "1 visit keeps its time. 1 visit moves. 1 needs a decision." in manager.page.text
    values = manager.page.values_of(manager.page.one(PLAN))
    assert values[f"choice-{kept.item.uuid}"] == give(house.marc.uuid)
    assert values[f"choice-{moved.item.uuid}"] == move(house.marc.uuid, house.at("11:30"))
    assert values[f"choice-{asked_for.item.uuid}"] == "leave"
    assert "The guest asked for this therapist" in manager.page.text
    rows = [Page.text_of(row) for row in manager.page.all(".//ol[@class='rows']/li")]
    assert "Marc Test, same time, same room" in rows[0]
    assert "Marc Test at 11:30, same room" in rows[1]
    assert "Marc Test, same time, same room – wish lost" in rows[2]

    answer = manager.submit(PLAN)
    assert (answer.status_code, answer.location) == (303, f"/v/lutetia/absences/{day_off.uuid}")
    fresh()
    assert (kept.therapist, moved.therapist, asked_for.therapist) == (house.marc, house.marc, house.therese)
    assert moved.starts_at == house.at("11:30")
    manager.get(f"{answer.location}?lang=en")
    assert "2 visits are settled." in manager.page.text


def test_an_overturned_plan_is_drawn_afresh_with_the_reason(
    house: House, day_off: TimeOff, visit: Visit, manager: PageClient
) -> None:
    booking = visit("09:00")
    manager.get(f"/v/lutetia/absences/{day_off.uuid}/rehome?lang=en")
    form = manager.page.one(PLAN)
    visit("09:30", house.marc)
    answer = manager.hx(
        f"/v/lutetia/absences/{day_off.uuid}/rehome?lang=en", method="POST", data=manager.page.values_of(form)
    )
    assert answer.status_code == 409
    assert "Nothing was changed." in manager.page.text
    values = manager.page.values_of(manager.page.one(PLAN))
    assert values[f"choice-{booking.item.uuid}"].startswith("move ")
    plain = manager.send(form)
    assert (plain.status_code, plain.location) == (303, f"/v/lutetia/absences/{day_off.uuid}/rehome")


@pytest.mark.parametrize(
    "text_", ["", "x", "give", "give x", "give 00000000-0000-0000-0000-000000000000", "move x y", "ask everybody",
              "move {marc}", "move {marc} 2027-01-01", "move {marc} 0001-01-01T00:00+00:00", "x" * 10_000]
)  # fmt: skip
def test_a_choice_that_is_none_changes_nothing(
    house: House, day_off: TimeOff, visit: Visit, manager: PageClient, text_: str
) -> None:
    booking = visit("09:00")
    manager.get(f"/v/lutetia/absences/{day_off.uuid}/rehome?lang=en")
    values = manager.page.values_of(manager.page.one(PLAN))
    values[f"choice-{booking.item.uuid}"] = text_.replace("{marc}", str(house.marc.uuid))
    answer = manager.post(f"/v/lutetia/absences/{day_off.uuid}/rehome", data=values)
    assert answer.status_code == 422
    assert "Please choose from the list." in manager.page.text
    fresh()
    assert booking.therapist == house.therese


def test_nothing_chosen_is_said(house: House, day_off: TimeOff, visit: Visit, manager: PageClient) -> None:
    booking = visit("09:00")
    manager.get(f"/v/lutetia/absences/{day_off.uuid}/rehome?lang=en")
    assert manager.submit(PLAN, {f"choice-{booking.item.uuid}": "leave"}).status_code == 422
    assert "Please choose for at least one visit" in manager.page.text


def test_a_receptionist_may_do_it_too(house: House, day_off: TimeOff, visit: Visit, client: PageClient) -> None:
    booking = visit("09:00")
    sign_in(client, house.camille)
    client.get(f"/v/lutetia/absences/{day_off.uuid}/rehome?lang=en")
    assert client.submit(PLAN).status_code == 303
    fresh()
    assert booking.therapist == house.marc


def test_when_it_is_over_nothing_is_left_to_do(
    house: House, day_off: TimeOff, visit: Visit, client: PageClient
) -> None:
    visit("09:00")
    with frozen(house.at("20:30")):
        sign_in(client, house.camille)
        client.get(f"/v/lutetia/absences/{day_off.uuid}/rehome?lang=en")
    assert "No visit is affected." in client.page.text


@pytest.mark.race
def test_a_plan_and_a_booking_want_the_same_colleague(app: Flask, house: House, visit: Visit, book: Book) -> None:
    for number in range(5):
        clock = f"{9 + 2 * number:02d}:00"
        booking, rival = visit(clock), book(f"{9 + 2 * number:02d}:30")
        off = ask_off(house, house.therese, clock, f"{10 + 2 * number:02d}:00")
        steps = [step(booking, Action.GIVE, taker=house.marc)]
        told = _at_once(app, house, off, steps, rival)
        assert sorted(told) in [["done", "not_free"], ["done", "overturned"], ["done", "slot_unavailable"]], told
        fresh()
    with db.engine.connect() as connection:
        assert connection.scalar(text(OVERLAPS)) == 0
    assert db.session.scalars(select(Claim).where(Claim.active)).all()


def _at_once(app: Flask, house: House, off: TimeOff, steps: list[Step], rival: Booking) -> list[str]:
    ids = house.lutetia.id, house.camille.id, house.marc.id, off.id, rival.item.offers
    offer_id = next(offer.id for offer in ids[4] if offer.member_id == house.marc.id)
    chosen = [(one.item, one.version) for one in steps]
    db.session.commit()
    told, barrier = ["nothing"] * 2, threading.Barrier(2)

    def plan() -> None:
        venue, taker = db.session.get_one(Venue, ids[0]), db.session.get_one(StaffMember, ids[2])
        again = [Step(item=item, action=Action.GIVE, version=version, taker=taker) for item, version in chosen]
        member = db.session.get_one(StaffMember, ids[1])
        by = Actor.of_member(member, door="agenda")
        rehome(venue, off=db.session.get_one(TimeOff, ids[3]), steps=again, by=by)

    def accept() -> None:
        by = Actor.of_member(db.session.get_one(StaffMember, ids[2]), door="phone")
        accept_booking(db.session.get_one(Venue, ids[0]), offer=db.session.get_one(Offer, offer_id), by=by)

    def play(number: int, work: Callable[[], None]) -> None:
        with app.app_context():
            barrier.wait(timeout=30)
            try:
                work()
                told[number] = "done"
            except PortalError as refused:
                told[number] = refused.code
            finally:
                db.session.remove()

    threads = [threading.Thread(target=play, args=pair) for pair in enumerate((plan, accept))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return told


def _free_of_charge() -> Any:
    return CancellationTerms(100, 0, 0)
