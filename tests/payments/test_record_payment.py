"""Lines of the ledger: what may be entered, and what becomes of the booking."""

from __future__ import annotations

import pytest
from flask_babel import force_locale

from portal.audit import Actor
from portal.bookings.errors import Stale
from portal.bookings.payment import record_payment
from portal.bookings.service import cancel_booking
from portal.bookings.words import event_sentence
from portal.errors import NotFound
from portal.models import AuditEntry, Booking, Change
from portal.payments.errors import AmountNotPossible, KindNotPossible, MethodNotPossible
from tests.bookings.conftest import Book, partner
from tests.bookings.visits import count, fresh
from tests.factories import House
from tests.payments.conftest import Enter, balance, ledger


def test_a_part_leaves_the_rest_to_pay(house: House, visit: Booking, enter: Enter) -> None:
    enter("payment", 4500)
    assert (balance(house, visit).due_minor, fresh(visit).payment_status) == (5000, "pending")
    enter("payment", 5000, "card_on_site", note="Amex")
    now = fresh(visit)
    assert (balance(house, visit).due_minor, now.payment_status, now.payment_method) == (0, "paid", "card_on_site")
    assert ledger(house, visit) == [("payment", "cash", 4500, True), ("payment", "card_on_site", 5000, True)]
    assert (count(Change, verb="booking:payment"), count(AuditEntry, verb="booking:payment")) == (2, 2)
    assert now.events[-1].details["amount"] == 5000


@pytest.mark.parametrize(
    ("method", "status"),
    [("cash", "paid"), ("room", "charged_to_room"), ("offert", "offert"), ("partner_billed", "charged")],
)
def test_the_status_follows_the_method(house: House, visit: Booking, enter: Enter, method: str, status: str) -> None:
    enter("payment", 9500, method)
    assert (fresh(visit).payment_status, fresh(visit).payment_method) == (status, method)


def test_what_is_refunded_is_owed_again_until_all_of_it_went_back(house: House, visit: Booking, enter: Enter) -> None:
    enter("payment", 9500)
    enter("refund", 2000)
    assert (balance(house, visit).due_minor, fresh(visit).payment_status) == (2000, "pending")
    enter("refund", 7500)
    assert (balance(house, visit).paid_minor, fresh(visit).payment_status) == (0, "refunded")


def test_a_deposit_is_taken_applied_and_what_is_left_refunded(house: House, visit: Booking, enter: Enter) -> None:
    enter("deposit_taken", 3000, "card")
    assert (balance(house, visit).held_minor, balance(house, visit).due_minor) == (3000, 9500)
    assert balance(house, visit).to_collect_minor == 6500
    enter("deposit_applied", 2000, None)
    assert (balance(house, visit).held_minor, balance(house, visit).due_minor) == (1000, 7500)
    enter("deposit_refunded", 400, "card")
    enter("deposit_kept", 600, None)
    assert (balance(house, visit).held_minor, fresh(visit).payment_status) == (0, "pending")


@pytest.mark.parametrize(
    ("kind", "amount", "says"),
    [
        ("payment", 6501, "65"),
        ("refund", 3001, "30"),
        ("deposit_taken", 4501, "45"),
        ("deposit_applied", 2001, "20"),
        ("deposit_refunded", 2001, "20"),
        ("deposit_kept", 2001, "20"),
        ("payment", 0, ""),
        ("payment", -1, ""),
        ("refund", 10**15, "30"),
    ],
)
def test_more_than_there_is_is_refused(
    house: House, visit: Booking, enter: Enter, kind: str, amount: int, says: str
) -> None:
    enter("payment", 3000)
    enter("deposit_taken", 2000)
    before = ledger(house, visit)
    method = None if kind in {"deposit_applied", "deposit_kept"} else "cash"
    with pytest.raises(AmountNotPossible) as refused:
        enter(kind, amount, method)
    assert refused.value.field == "amount"
    assert says in str(refused.value.message)
    assert ledger(house, visit) == before


def test_nothing_is_left_of_what_a_partner_has_paid(house: House, book: Book) -> None:
    booking = book("12:00", payment_status="paid", payment_method="partner_billed")
    by = Actor.of_member(house.camille, door="agenda")
    assert balance(house, booking).due_minor == 0
    for kind in ("payment", "refund", "deposit_taken"):
        with pytest.raises(AmountNotPossible):
            record_payment(house.lutetia, booking=booking, kind=kind, amount_minor=1, method="cash", by=by)
    assert fresh(booking).payment_status == "paid"


def test_only_a_hotel_has_room_bills(house: House, visit: Booking, enter: Enter) -> None:
    house.lutetia.venue_type = "spa"
    with pytest.raises(MethodNotPossible) as refused:
        enter("payment", 9500, "room")
    assert refused.value.field == "method"
    assert ledger(house, visit) == []


@pytest.mark.parametrize(
    ("kind", "method"),
    [("payment", "shells"), ("payment", None), ("deposit_taken", "offert"), ("deposit_kept", "cash")],
)
def test_other_ways_to_pay_are_refused(
    house: House, visit: Booking, enter: Enter, kind: str, method: str | None
) -> None:
    with pytest.raises(MethodNotPossible):
        enter(kind, 100, method)
    assert ledger(house, visit) == []


def test_unknown_kinds_are_refused(house: House, visit: Booking, enter: Enter) -> None:
    with pytest.raises(KindNotPossible):
        enter("gift", 100)


def test_a_cancelled_booking_takes_no_more_money_but_gives_it_back(house: House, visit: Booking, enter: Enter) -> None:
    enter("payment", 3000)
    cancel_booking(house.lutetia, booking=visit, reason="Ill", cancelled_by="partner", by=partner(house))
    with pytest.raises(KindNotPossible):
        enter("payment", 100)
    enter("refund", 3000)
    assert fresh(visit).payment_status == "refunded"


def test_a_page_drawn_before_a_change_is_told(house: House, visit: Booking, enter: Enter) -> None:
    drawn = visit.version
    enter("payment", 1000, version=drawn)
    with pytest.raises(Stale):
        enter("payment", 1000, version=drawn)
    assert len(ledger(house, visit)) == 1


def test_the_booking_of_another_venue_is_unknown(house: House, visit: Booking) -> None:
    by = Actor.of_member(house.ada, door="agenda")
    with pytest.raises(NotFound):
        record_payment(house.marais, booking=visit, kind="payment", amount_minor=1, method="cash", by=by)
    assert ledger(house, visit) == []


@pytest.mark.parametrize(
    ("wording", "language", "told"),
    [
        ("arrhes", "fr", "Arrhes reçues : 30,00 €"),
        ("acompte", "fr", "Acompte reçu : 30,00 €"),
        ("acompte", "en", "Down payment taken: €30.00"),
    ],
)
def test_the_history_calls_a_deposit_what_the_venue_calls_it(
    house: House, visit: Booking, enter: Enter, wording: str, language: str, told: str
) -> None:
    house.lutetia.deposit_wording = wording
    enter("deposit_taken", 3000)
    with force_locale(language):
        assert event_sentence(fresh(visit).events[-1]).replace("\xa0", " ") == told
