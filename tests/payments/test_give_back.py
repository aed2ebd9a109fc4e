"""What is to be given back, how it came, and in one click from the panel."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest

from portal.audit import Actor
from portal.bookings.editing import edit_booking
from portal.bookings.service import cancel_booking
from portal.models import Booking
from portal.payments.errors import AmountNotPossible
from portal.payments.ledger import due_back, ways_back
from portal.payments.queries import lines_of
from tests.bookings.visits import fresh
from tests.factories import House
from tests.payments.conftest import Enter, balance, ledger
from tests.support.client import PageClient
from tests.support.sign_in import sign_in
from tests.support.statements import Statements


@pytest.mark.parametrize(("percent", "back"), [(100, 9501), (50, 4751), (0, 0)])
def test_of_a_cancelled_booking_the_share_by_its_terms(
    house: House, visit: Booking, enter: Enter, percent: int, back: int
) -> None:
    edit_booking(house.lutetia, booking=visit, by=_desk(house), price_minor=9501)
    enter("payment", 9501)
    _cancel(house, visit, percent)

    assert _due(house, visit) == back
    assert fresh(visit).cancellation_fee_minor == 9501 - back
    if back:
        enter("refund", back - 100)
        assert _due(house, visit) == 100
        enter("refund", 100)
    assert _due(house, visit) == 0


def test_a_part_that_was_paid_counts_for_the_fee(house: House, visit: Booking, enter: Enter) -> None:
    enter("payment", 4000)
    enter("deposit_taken", 2000, "card")
    _cancel(house, visit, 25)

    assert fresh(visit).cancellation_fee_minor == 4500
    assert ledger(house, visit)[2:] == [("deposit_refunded", "card", 500, True), ("deposit_kept", None, 1500, True)]
    assert _due(house, visit) == 1000


def test_what_was_paid_above_the_price(house: House, visit: Booking, enter: Enter) -> None:
    enter("payment", 9500)
    edit_booking(house.lutetia, booking=visit, by=_desk(house), price_minor=8000)
    assert _due(house, visit) == 1500


def test_what_was_on_the_house_is_nobodys_to_have(house: House, visit: Booking, enter: Enter) -> None:
    enter("payment", 9500, "offert")
    with pytest.raises(AmountNotPossible):
        enter("refund", 1)
    _cancel(house, visit, 0)
    assert (_due(house, visit), fresh(visit).cancellation_fee_minor) == (0, 0)


def test_each_part_goes_back_the_way_it_came_the_last_one_first(house: House, visit: Booking, enter: Enter) -> None:
    enter("deposit_taken", 2000, "voucher")
    enter("deposit_applied", 2000, None)
    enter("payment", 3000, "cash")
    enter("payment", 4500, "card_on_site")
    enter("refund", 1000, "cash")
    assert ways_back(lines_of(house.lutetia, visit)) == {"card_on_site": 4500, "cash": 2000, "voucher": 2000}


def test_a_deposit_that_was_applied_can_be_refunded_and_is_owed_again(
    house: House, visit: Booking, enter: Enter
) -> None:
    enter("deposit_taken", 9500, "card")
    enter("deposit_applied", 9500, None)
    enter("refund", 9500, "card")
    assert (balance(house, visit).due_minor, fresh(visit).payment_status) == (9500, "refunded")
    with pytest.raises(AmountNotPossible):
        enter("refund", 1, "card")


@pytest.mark.parametrize(("language", "text"), [("en", "Give €95.00 back: Cash"), ("fr", "Rendre 95,00 € : Espèces")])
def test_one_click_gives_it_back(
    client: PageClient, house: House, visit: Booking, enter: Enter, language: str, text: str
) -> None:
    enter("payment", 9500)
    _cancel(house, visit, 100)
    sign_in(client, house.camille)
    client.get(f"/v/lutetia/bookings/{visit.uuid}?lang={language}")
    forms = client.page.all(".//form")
    form = next(form for form in forms if re.sub(r"\s", " ", client.page.text_of(form)) == text)

    assert client.send(form).status_code == 303
    assert ledger(house, visit)[1:] == [("refund", "cash", 9500, True)]
    assert fresh(visit).payment_status == "refunded"
    client.get(f"/v/lutetia/bookings/{visit.uuid}")
    assert not client.page.all(".//input[@value='refund']")


def test_a_cancellation_reads_the_ledger_once(
    house: House, visit: Booking, enter: Enter, statements: Callable[[], AbstractContextManager[Statements]]
) -> None:
    enter("deposit_taken", 2000)
    with statements() as sent:
        _cancel(house, visit, 50)
    assert len([sql for sql in sent if "FROM payment" in sql]) == 1
    assert len(ledger(house, visit)) == 3


def _desk(house: House) -> Actor:
    return Actor.of_member(house.camille, door="agenda")


def _cancel(house: House, booking: Booking, percent: int) -> None:
    told = {"reason": "Ill", "cancelled_by": "staff", "by": _desk(house), "refund_percent": percent}
    cancel_booking(house.lutetia, booking=booking, **told)  # type: ignore[arg-type]


def _due(house: House, booking: Booking) -> int:
    return due_back(fresh(booking), lines_of(house.lutetia, booking))
