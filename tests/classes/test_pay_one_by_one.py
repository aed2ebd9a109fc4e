"""Members of a class pay for themselves: in one click, in parts, back again, and each seen on the Today board."""

from __future__ import annotations

from collections.abc import Callable
from xml.etree.ElementTree import Element

import pytest

from portal.audit import SYSTEM
from portal.bookings.errors import Stale
from portal.bookings.nightly import complete_past_bookings
from portal.bookings.payment import record_payment, settle, void_payment
from portal.bookings.service import cancel_booking
from portal.bookings.visit import finish
from portal.classes.service import join_session, leave_session, mark_attended
from portal.clock import frozen
from portal.database import db
from portal.errors import NotFound
from portal.models import Booking, Participant
from portal.models.booking_states import NotNow
from portal.payments.errors import AmountNotPossible, KindNotPossible
from portal.payments.ledger import accounts_of
from portal.payments.queries import lines_of
from tests.classes.conftest import desk
from tests.factories import House, make_customer
from tests.support.client import PageClient
from tests.support.sign_in import sign_in

Press = Callable[..., int]


@pytest.fixture
def members(house: House, session: Booking) -> list[Participant]:
    """Léa and Paul, who owe 22.00 each."""
    for name in ("Léa", "Paul"):
        guest = make_customer(house.organisation, first_name=name, last_name="Martin")
        join_session(house.lutetia, booking=session, customer=guest, by=desk(house))
    return session.participants


def test_each_account_is_its_own(house: House, session: Booking, members: list[Participant]) -> None:
    settle(house.lutetia, booking=session, method="cash", by=desk(house), participant=members[0])

    assert _dues(house, session) == [0, 0, 2200]
    assert [one.payment_status for one in members] == ["paid", "pending"]
    assert session.payment_status == "pending", "the class itself costs nothing"
    assert session.events[-1].details["guest"] == "Léa Martin"


def test_in_parts_back_again_and_voided(house: House, session: Booking, members: list[Participant]) -> None:
    lea = members[0]
    _record(house, session, lea, "payment", 1000)
    assert (_dues(house, session)[1], lea.payment_status) == (1200, "pending")
    with pytest.raises(AmountNotPossible):
        _record(house, session, lea, "payment", 1201)
    _record(house, session, lea, "payment", 1200)
    _record(house, session, lea, "refund", 2200)
    assert (_dues(house, session)[1], lea.payment_status) == (2200, "refunded")
    void_payment(house.lutetia, booking=session, line=lines_of(house.lutetia, session)[-1], by=desk(house))
    assert (_dues(house, session)[1], lea.payment_status) == (0, "paid")


def test_a_second_click_and_an_old_page_take_nothing(
    house: House, session: Booking, members: list[Participant]
) -> None:
    lea, paul = members
    drawn = session.version
    for _ in range(2):
        settle(house.lutetia, booking=session, method="cash", by=desk(house), participant=lea, version=drawn)
    assert len(lines_of(house.lutetia, session)) == 1
    with pytest.raises(Stale):
        settle(house.lutetia, booking=session, method="cash", by=desk(house), participant=paul, version=drawn)


def test_who_left_pays_no_more(house: House, session: Booking, members: list[Participant]) -> None:
    lea = members[0]
    leave_session(house.lutetia, booking=session, participant=lea, by=desk(house))
    with pytest.raises(KindNotPossible):
        _record(house, session, lea, "payment", 100)
    with pytest.raises(NotNow):
        settle(house.lutetia, booking=session, method="cash", by=desk(house), participant=lea)
    assert lines_of(house.lutetia, session) == []


def test_a_member_of_another_booking_is_unknown(
    house: House, session: Booking, couple: Booking, members: list[Participant]
) -> None:
    with pytest.raises(NotFound):
        _record(house, session, couple.participants[0], "payment", 100)


def test_a_cancelled_class_gives_back_what_each_has_paid(
    house: House, session: Booking, members: list[Participant]
) -> None:
    lea, paul = members
    settle(house.lutetia, booking=session, method="cash", by=desk(house), participant=lea)
    _record(house, session, paul, "deposit_taken", 1000)
    told = {"reason": "Ill", "cancelled_by": "staff", "by": desk(house), "refund_percent": 50}
    cancel_booking(house.lutetia, booking=session, **told)  # type: ignore[arg-type]

    assert session.cancellation_fee_minor == 1600
    lines = [(one.kind, one.amount_minor, one.participant_id) for one in lines_of(house.lutetia, session)[2:]]
    assert lines == [("deposit_refunded", 500, paul.id), ("deposit_kept", 500, paul.id)]


def test_the_night_leaves_a_class_in_which_somebody_owes(
    house: House, session: Booking, members: list[Participant]
) -> None:
    lea, paul = members
    settle(house.lutetia, booking=session, method="cash", by=desk(house), participant=lea)
    assert _night(house) == 0
    with frozen(session.ends_at):
        mark_attended(house.lutetia, booking=session, participant=paul, attended=False, by=desk(house))
    assert _night(house) == 1, "from who was missed nothing is collected"
    assert session.status == "completed"


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", ("€22.00 to pay", "Cash", "Paid")), ("fr", ("22,00 € à payer", "Espèces", "Réglé"))],
)
def test_the_panel_settles_each_in_one_click(
    house: House,
    session: Booking,
    members: list[Participant],
    client: PageClient,
    language: str,
    words: tuple[str, ...],
) -> None:
    owes, cash, paid = words
    sign_in(client, house.camille)
    url = f"/v/lutetia/bookings/{session.uuid}?lang={language}"
    client.get(url)
    lea, paul = _rows(client)
    assert owes in _plain(client, lea)
    form = next(form for form in lea.iter("form") if client.page.text_of(form) == cash)
    assert next(form.iter("button")).get("aria-label") == f"{cash}, Léa Martin"

    assert client.send(form).status_code == 303
    client.get(url)
    lea, paul = _rows(client)
    assert owes not in _plain(client, lea)
    assert paid in _plain(client, lea)
    assert owes in _plain(client, paul)
    assert [one.payment_status for one in session.participants] == ["paid", "pending"]


def test_the_form_enters_a_part_for_one_of_them(
    house: House, session: Booking, members: list[Participant], client: PageClient
) -> None:
    sign_in(client, house.camille)
    client.get(f"/v/lutetia/bookings/{session.uuid}")
    form = ".//form[@class='form is-till']"
    typed = {"kind": "payment", "amount": "10,00", "method": "cash", "note": "la moitié"}
    for nobody in ("", "x", "\x00", str(house.lutetia.uuid)):
        assert client.submit(form, {**typed, "participant": nobody}).status_code == 422
        assert client.page.one(".//select[@name='participant']").get("aria-invalid") == "true"
        assert client.page.one(".//input[@name='amount']").get("value") == "10,00", "what was typed stands there"
    assert lines_of(house.lutetia, session) == []
    assert client.submit(form, {**typed, "participant": str(members[1].uuid)}).status_code == 303
    assert _dues(house, session) == [0, 2200, 1200]
    client.get(f"/v/lutetia/bookings/{session.uuid}")
    assert "Paul Martin" in client.page.text_of(client.page.one(".//ol[@class='ledger']"))


def test_the_board_lists_who_has_not_paid(
    house: House, session: Booking, members: list[Participant], client: PageClient
) -> None:
    lea, paul = members
    with frozen(session.ends_at):
        finish(house.lutetia, booking=session, by=desk(house))
        sign_in(client, house.camille)
        for who in ("Léa Martin", "Paul Martin"):
            client.get("/v/lutetia/today")
            card = client.page.one(f".//section[@id='column-to_settle']//li[@data-booking='{session.uuid}']")
            assert who in client.page.text_of(card)
            first = next(row for row in card.iter("li") if who in client.page.text_of(row) and row is not card)
            assert client.send(next(first.iter("form"))).status_code == 303
        client.get("/v/lutetia/today")
        assert client.page.all(f".//section[@id='column-done']//li[@data-booking='{session.uuid}']")
    assert [one.payment_status for one in (lea, paul)] == ["paid", "paid"]


def test_yesterdays_class_in_which_somebody_owes_is_still_on_the_board(
    house: House, session: Booking, members: list[Participant], client: PageClient
) -> None:
    with frozen(house.at("09:00", days=1)):
        sign_in(client, house.camille)
        card = f".//section[@id='column-to_settle']//li[@data-booking='{session.uuid}']"
        client.get("/v/lutetia/today")
        assert client.page.all(card)
        for one in members:
            settle(house.lutetia, booking=session, method="cash", by=desk(house), participant=one)
        client.get("/v/lutetia/today")
        assert not client.page.all(card)


def _record(house: House, session: Booking, who: Participant, kind: str, amount: int) -> None:
    by = desk(house)
    record_payment(
        house.lutetia, booking=session, kind=kind, amount_minor=amount, method="cash", by=by, participant=who
    )


def _dues(house: House, session: Booking) -> list[int]:
    """What is left to pay by the class itself, then by each member."""
    db.session.expire_all()
    return [balance.due_minor for _payer, balance in accounts_of(session, lines_of(house.lutetia, session))]


def _night(house: House) -> int:
    with frozen(house.at("00:05", days=1)):
        return complete_past_bookings(house.lutetia, by=SYSTEM)


def _rows(client: PageClient) -> list[Element]:
    return client.page.all(".//ul[@class='participants']/li")


def _plain(client: PageClient, row: Element) -> str:
    return client.page.text_of(row).replace("\xa0", " ").replace("\u202f", " ")
