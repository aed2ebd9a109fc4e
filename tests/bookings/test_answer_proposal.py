"""The desk and a suggested time: accepted, it moves and is hers at once; refused, it stays; one undo takes it back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.audit import Actor
from portal.blocks.service import block_time
from portal.bookings.asking.service import StaffedMeanwhile
from portal.bookings.errors import SlotUnavailable
from portal.bookings.moving import Move, move_booking
from portal.bookings.proposals.answering import accept_counter_proposal, refuse_counter_proposal
from portal.bookings.proposals.errors import ProposalClosed
from portal.bookings.proposals.service import expire_proposals, propose_time, withdraw_counter_proposal
from portal.bookings.service import cancel_booking
from portal.clock import frozen
from portal.database import db
from portal.errors import Invalid
from portal.models import Booking, Change, GuestMessage, OutboxEvent
from portal.undo.service import undo_last
from tests.bookings.conftest import Book, accept, asked, offer_to, phone
from tests.bookings.proposing import desk, propose, suggestions
from tests.bookings.visits import fresh
from tests.factories import House, make_customer, make_room, save
from tests.notices.conftest import states, work
from tests.support.client import PageClient
from tests.support.page import Page
from tests.support.sign_in import sign_in

OPEN, HERS = [("Thérèse", "open")], [("Thérèse", "accepted")]


@pytest.fixture
def camille(client: PageClient, house: House) -> PageClient:
    sign_in(client, house.camille)
    return client


def events(booking: Booking, *types: str) -> list[str]:
    query = select(OutboxEvent.type).where(OutboxEvent.subject == booking.uuid, OutboxEvent.type.in_(types))
    return list(db.session.scalars(query.order_by(OutboxEvent.id)))


def letters(booking: Booking) -> list[tuple[str, str]]:
    query = select(GuestMessage.kind, GuestMessage.status).where(GuestMessage.booking_id == booking.id)
    return [(kind, status) for kind, status in db.session.execute(query.order_by(GuestMessage.id))]


def with_address(house: House, book: Book) -> Booking:
    guest = make_customer(house.organisation, first_name="Odile", email="odile@example.org")
    return book("15:00", customer=guest)


def test_accepted_it_moves_and_is_hers_and_everybody_is_told(house: House, book: Book) -> None:
    booking = with_address(house, book)
    made = propose(house, booking, "16:00")

    accept_counter_proposal(house.lutetia, proposal=made, by=desk(house))

    booking = fresh(booking)
    assert (booking.starts_at, booking.status, booking.therapist) == (house.at("16:00"), "confirmed", house.therese)
    assert suggestions() == HERS
    assert asked(booking) == {"Thérèse": "accepted", "Marc": "taken"}
    held = {claim.resource.kind: claim.starts_at for claim in booking.item.claims if claim.active}
    assert held == {"person": house.at("16:00"), "room": house.at("16:00")}
    assert events(booking, "booking.rescheduled", "booking.confirmed") == ["booking.rescheduled", "booking.confirmed"]
    [told] = db.session.scalars(select(OutboxEvent).where(OutboxEvent.type == "booking.rescheduled")).all()
    assert told.payload["previous"]["starts_at"] == house.at("15:00").isoformat()
    assert letters(booking) == [("moved", "queued")]
    assert [event.verb for event in booking.events][-3:] == ["proposal_accepted", "assigned", "moved"]
    work(after=15)
    assert [kind for kind, state in states(house.therese) if state != "voided"] == ["booking_given"]


def test_a_second_click_is_harmless(house: House, book: Book) -> None:
    made = propose(house, book("15:00"), "16:00")
    booking = accept_counter_proposal(house.lutetia, proposal=made, by=desk(house))
    version = booking.version
    assert accept_counter_proposal(house.lutetia, proposal=made, by=desk(house)).version == version
    assert len(db.session.scalars(select(Change.id)).all()) == 1


def test_one_undo_takes_it_all_back(house: House, book: Book) -> None:
    booking = with_address(house, book)
    accept_counter_proposal(house.lutetia, proposal=propose(house, booking, "16:00"), by=desk(house))

    undo_last(house.lutetia, by=desk(house))

    booking = fresh(booking)
    assert (booking.starts_at, booking.status, booking.therapist) == (house.at("15:00"), "pending", None)
    assert asked(booking) == {"Thérèse": "open", "Marc": "open"}
    assert suggestions() == OPEN, "the desk may answer it anew"
    assert letters(booking) == [("moved", "voided")]
    work(after=15)
    assert {state for kind, state in states(house.therese) if kind != "offer"} == {"voided"}


def test_undoing_another_change_brings_back_what_it_had_overtaken(house: House, book: Book) -> None:
    booking = book("15:00")
    propose(house, booking, "16:00")
    move_booking(house.lutetia, booking=booking, move=Move(starts_at=house.at("11:00")), by=desk(house))
    propose(house, booking, "12:00")
    assert suggestions() == [("Thérèse", "withdrawn"), ("Thérèse", "open")]

    undo_last(house.lutetia, by=desk(house))

    assert suggestions() == [("Thérèse", "open"), ("Thérèse", "withdrawn")]


def test_refused_it_stays_and_she_reads_why(house: House, book: Book, client: PageClient) -> None:
    booking = book("15:00")
    made = propose(house, booking, "16:00")

    for _twice in range(2):
        refuse_counter_proposal(house.lutetia, proposal=made, by=desk(house), reason=" The guest leaves at five ")

    assert suggestions() == [("Thérèse", "refused")]
    assert (booking.status, asked(booking)) == ("pending", {"Thérèse": "open", "Marc": "open"})
    work()
    assert ("proposal_answer", "email:sent") in states(house.therese)
    sign_in(client, house.therese)
    client.get("/my/day")
    card = Page.text_of(client.page.one(".//article[@data-offer]"))
    assert "The spa cannot do 16:00. The guest leaves at five" in card
    assert "16:00" not in [Page.text_of(button) for button in client.page.all(".//button[@name='starts_at']")]
    accept(house, booking, house.therese)
    assert booking.status == "confirmed", "she may still take it as it was"


def test_a_reason_that_is_too_long(house: House, book: Book) -> None:
    made = propose(house, book("15:00"), "16:00")
    with pytest.raises(Invalid):
        refuse_counter_proposal(house.lutetia, proposal=made, by=desk(house), reason="x" * 301)
    assert suggestions() == OPEN


Overtaking = Callable[[House, Booking], object]


@pytest.mark.parametrize(
    ("happens", "refusal", "told"),
    [
        (lambda house, booking: accept(house, booking, house.marc), StaffedMeanwhile, "A therapist has taken it"),
        (
            lambda house, booking: cancel_booking(
                house.lutetia, booking=booking, reason="r", cancelled_by="staff", by=desk(house)
            ),
            ProposalClosed,
            "The booking is cancelled.",
        ),
        (
            lambda house, booking: move_booking(
                house.lutetia, booking=booking, move=Move(starts_at=house.at("11:00")), by=desk(house)
            ),
            ProposalClosed,
            "The booking has changed",
        ),
        (
            lambda house, booking: withdraw_counter_proposal(
                house.lutetia, offer=offer_to(booking, house.therese), by=phone(house.therese)
            ),
            ProposalClosed,
            "Thérèse Test has taken this suggestion back.",
        ),
    ],
    ids=["taken", "cancelled", "moved", "taken back"],
)
def test_too_late(
    house: House, book: Book, happens: Overtaking, refusal: type[ProposalClosed], told: str, camille: PageClient
) -> None:
    booking = book("15:00")
    made = propose(house, booking, "16:00")
    camille.get(f"/v/lutetia/agenda/{house.day}")
    happens(house, booking)
    stands = booking.starts_at

    for verb in (accept_counter_proposal, refuse_counter_proposal):
        with pytest.raises(refusal):
            verb(house.lutetia, proposal=made, by=desk(house))
    answer = camille.hx(f"/v/lutetia/suggestions/{made.uuid}/accept", method="POST")

    assert answer.status_code == 409
    assert told in answer.headers["HX-Trigger"].encode().decode("unicode_escape")
    assert fresh(booking).starts_at == stands


def test_nobody_answers_what_is_too_old(house: House, book: Book) -> None:
    with frozen(house.at("08:00")):
        made = propose(house, book("15:00"), "16:00")
    with frozen(house.at("15:00")):
        with pytest.raises(ProposalClosed):
            accept_counter_proposal(house.lutetia, proposal=made, by=desk(house))
        assert expire_proposals() == 1
        with pytest.raises(ProposalClosed):
            refuse_counter_proposal(house.lutetia, proposal=made, by=desk(house))


def test_what_took_the_time_meanwhile_is_named(house: House, book: Book, camille: PageClient) -> None:
    booking = book("15:00")
    made = propose(house, booking, "16:00")
    resource = house.therese.resource
    assert resource is not None
    block_time(
        house.lutetia, resources=[resource], starts_at=house.at("16:30"), ends_at=house.at("17:00"), kind="break",
        by=Actor.of_member(house.maud, door="agenda"),
    )  # fmt: skip
    with pytest.raises(SlotUnavailable):
        accept_counter_proposal(house.lutetia, proposal=made, by=desk(house))
    camille.get(f"/v/lutetia/agenda/{house.day}")

    answer = camille.hx(f"/v/lutetia/suggestions/{made.uuid}/accept", method="POST")

    assert answer.status_code == 409
    assert "is blocked from 16:30 to 17:00." in answer.headers["HX-Trigger"]
    assert (fresh(booking).starts_at, suggestions()) == (house.at("15:00"), OPEN)


def test_another_room_is_found_when_its_own_is_taken(house: House, book: Book) -> None:
    booking, other = book("15:00"), book("16:00")
    accept(house, other, house.marc)
    save(make_room(house.lutetia, house.rooms[0].room_type, name="Cabine 9"))
    made = propose(house, booking, "16:00")

    booking = accept_counter_proposal(house.lutetia, proposal=made, by=desk(house))

    assert booking.status == "confirmed"
    rooms = [claim.resource.id for one in (booking, other) for claim in one.item.claims if claim.active]
    assert len(rooms) == len(set(rooms))


def test_one_of_two_therapists_moves_both(house: House, book: Book) -> None:
    booking = book("15:00", variant=house.duo, guest_count=2, price_minor=18000)
    accept(house, booking, house.marc)

    booking = accept_counter_proposal(house.lutetia, proposal=propose(house, booking, "17:00"), by=desk(house))

    assert (booking.status, booking.starts_at) == ("confirmed", house.at("17:00"))
    people = {claim.starts_at for claim in booking.item.claims if claim.active and claim.resource.kind == "person"}
    assert people == {house.at("17:00")}


def test_the_agenda_shows_it_wherever_the_desk_looks(house: House, book: Book, camille: PageClient) -> None:
    booking = book("15:00")
    made = propose(house, booking, "16:00")
    agenda = f"/v/lutetia/agenda/{house.day}"

    camille.get(agenda)
    ghost = camille.page.one(".//a[@data-block]")
    assert ghost.get("data-block") == str(booking.uuid)
    assert "16:00–17:00, suggested time, Hélène Dupont 16:00?" in Page.text_of(ghost)
    strip = Page.text_of(camille.page.one(".//*[@data-proposal]"))
    assert "Thérèse Test suggests tomorrow 16:00 instead of 15:00 · Hélène Dupont" in strip
    assert made.room is not None
    camille.get(f"{agenda}?by=room")
    assert "Thérèse Test 16:00?" in Page.text_of(camille.page.one(".//a[@data-block]"))
    column = f"{agenda}/column/{house.therese.uuid}?by=therapist&f={_frame(camille, agenda)}"
    camille.hx(column)
    assert camille.page.one(".//a[@data-block]") is not None
    camille.get("/v/lutetia/today")
    assert camille.page.one(".//*[@data-proposal]") is not None
    camille.get(f"/v/lutetia/bookings/{booking.uuid}")
    assert "Thérèse Test suggests tomorrow 16:00 instead of 15:00" in camille.page.text

    withdraw_counter_proposal(house.lutetia, offer=offer_to(booking, house.therese), by=phone(house.therese))
    camille.hx("/v/lutetia/suggestions/")
    assert camille.page.all(".//*[@data-proposal]") == []
    camille.get(agenda)
    assert camille.page.all(".//a[@data-block]") == []


def _frame(camille: PageClient, agenda: str) -> str:
    camille.get(f"{agenda}?by=therapist")
    [url] = [one.get("hx-get") for one in camille.page.all(".//*[@data-lane]")]
    return str(url).split("f=")[1].split("&")[0]


def test_from_the_panel_and_from_the_list(house: House, book: Book, camille: PageClient) -> None:
    first, second = book("15:00"), book("11:00")
    mine, other = propose(house, first, "16:00"), propose(house, second, "12:00")
    camille.get(f"/v/lutetia/bookings/{second.uuid}")
    form = camille.page.one(f".//*[@id='refuse-{other.uuid}']//form")

    answer = camille.send(form, {"reason": "No"}, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    assert camille.page.all(".//*[@data-proposal]") == []
    assert "The time that Thérèse Test suggested was refused" in camille.page.text

    camille.get(f"/v/lutetia/agenda/{house.day}")
    answer = camille.submit(f".//*[@data-proposal='{mine.uuid}']//form")
    assert answer.status_code == 303
    camille.get(answer.location)
    assert "The booking has moved. Thérèse Test has it." in camille.page.text
    assert fresh(first).starts_at == house.at("16:00")


def test_neighbours_and_therapists_find_nothing(house: House, book: Book, client: PageClient) -> None:
    made = propose(house, book("15:00"), "16:00")
    sign_in(client, house.camille)
    client.get(f"/v/lutetia/agenda/{house.day}")
    token = {"X-CSRFToken": client.page.csrf_token}
    for member, status in ((house.eve, 404), (house.therese, 403)):
        sign_in(client, member)
        for verb in ("accept", "refuse"):
            answer = client.hx(f"/v/lutetia/suggestions/{made.uuid}/{verb}", method="POST", headers=token)
            assert answer.status_code == status
    assert suggestions() == OPEN


def test_partners_learn_of_the_new_time_once(house: House, book: Book) -> None:
    """Rescheduled exactly once, with the time before; a refusal is no news to them."""
    booking, other = book("15:00"), book("11:00")
    refuse_counter_proposal(house.lutetia, proposal=propose(house, other, "12:00"), by=desk(house))
    accept_counter_proposal(house.lutetia, proposal=propose(house, booking, "17:00"), by=desk(house))
    assert events(other, "booking.rescheduled") == []
    assert events(booking, "booking.rescheduled") == ["booking.rescheduled"]


def test_the_desk_is_told_outside_the_page(house: House, book: Book) -> None:
    booking = book("15:00")
    propose(house, booking, "16:00")
    assert [kind for kind, _state in states(house.camille)] == ["proposed"]
    assert [kind for kind, _state in states(house.maud)] == ["proposed"]
    accept(house, booking, house.marc)
    work()
    assert ("proposed", "voided") in states(house.camille)


def test_a_rehearsal_tells_nobody(house: House, book: Book) -> None:
    booking = book("15:00")
    booking.test = True
    made = propose(house, booking, "16:00")
    refuse_counter_proposal(house.lutetia, proposal=made, by=desk(house))
    assert [kind for kind, _state in (*states(house.camille), *states(house.therese))] == []


def test_the_next_day_moves_to_the_next_day(house: House, book: Book) -> None:
    booking = book("15:00")
    start = house.at("10:00", days=1)
    made = propose_time(house.lutetia, offer=offer_to(booking, house.therese), starts_at=start, by=phone(house.therese))
    accept_counter_proposal(house.lutetia, proposal=made, by=desk(house))
    assert fresh(booking).starts_at == start == house.at("10:00") + timedelta(days=1)
