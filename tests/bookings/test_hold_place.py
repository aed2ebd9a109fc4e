"""The soft hold: where somebody types is shown to others, kept for five minutes, and in nobody's way."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from portal.bookings.desk.holds import Typed, hold_place, kept_draft, let_go
from portal.clock import frozen, now
from portal.database import db
from portal.models import LiveEvent, SoftHold
from tests.bookings.conftest import Book, accept
from tests.factories import House, make_customer
from tests.support.client import PageClient
from tests.support.sign_in import sign_in

HOLD = "/v/lutetia/bookings/hold"
FORM = ".//form[@id='compose-form']"


def place(house: House, clock: str = "10:00", resource: int | None = None) -> Typed:
    return Typed(house.at(clock), house.at(clock) + timedelta(hours=1), resource or house.therese.resource_id)


def told() -> list[list[str]]:
    return list(db.session.scalars(select(LiveEvent.topics).order_by(LiveEvent.id)))


def test_one_hold_a_member_and_the_columns_are_told(house: House) -> None:
    hold_place(house.lutetia, house.camille, place(house))
    hold_place(house.lutetia, house.camille, place(house, "11:00", house.marc.resource_id))
    hold_place(house.lutetia, house.maud, place(house))

    assert db.session.scalar(select(func.count(SoftHold.id))) == 2
    therese, marc = (f"column:{house.day}:{member.uuid}" for member in (house.therese, house.marc))
    assert told() == [[therese], sorted([therese, marc]), [therese]]


def test_staying_where_she_is_is_no_news_for_a_while(house: House) -> None:
    at = now()
    with frozen(at):
        hold_place(house.lutetia, house.camille, place(house))
    with frozen(at + timedelta(minutes=1)):
        hold_place(house.lutetia, house.camille, place(house))
        assert len(told()) == 1
    with frozen(at + timedelta(minutes=4)):
        hold = hold_place(house.lutetia, house.camille, place(house))
    assert len(told()) == 2
    assert hold.expires_at == at + timedelta(minutes=9)


def test_the_draft_is_kept_for_five_minutes(house: House) -> None:
    at = now()
    with frozen(at):
        hold_place(house.lutetia, house.camille, place(house), draft={"guest": "Léa"})
        hold_place(house.lutetia, house.camille, place(house, "12:00"))
        assert kept_draft(house.lutetia, house.camille) == {"guest": "Léa"}
        assert kept_draft(house.lutetia, house.maud) == {}
    with frozen(at + timedelta(minutes=5)):
        assert kept_draft(house.lutetia, house.camille) == {}


def test_let_go_forgets_and_tells(house: House) -> None:
    hold_place(house.lutetia, house.camille, place(house), draft={"guest": "Léa"})
    let_go(house.lutetia, house.camille)
    let_go(house.lutetia, house.camille)
    assert db.session.scalar(select(func.count(SoftHold.id))) == 0
    assert len(told()) == 2


def test_what_stands_there_stays_to_be_read(client: PageClient, house: House, book: Book) -> None:
    accept(house, book("10:00"), house.therese)
    for member, clock in ((house.camille, "10:30"), (house.ada, "11:00")):
        hold_place(house.lutetia, member, place(house, clock))
    sign_in(client, house.maud)
    client.get(f"/v/lutetia/agenda/{house.day}")
    holds = client.page.all(".//*[@data-expires]")
    assert [("is-over" in (one.get("class") or ""), client.page.text_of(one)) for one in holds] == [
        (True, "Camille is booking here"), (False, "Ada is booking here"),
    ]  # fmt: skip


def test_a_hold_never_keeps_a_booking_away(house: House, book: Book) -> None:
    hold_place(house.lutetia, house.camille, place(house))
    booking = book("10:00")
    accept(house, booking, house.therese)
    assert booking.status == "confirmed"


def test_the_page_holds_gives_back_and_lets_go(client: PageClient, house: House) -> None:
    guest = make_customer(house.organisation)
    sign_in(client, house.camille)
    _open(client, house)
    sent = {**client.page.values_of(client.page.one(FORM)), "guest": "Hélène", "customer": str(guest.uuid)}
    assert client.post(HOLD, data={**sent, "notes": "Calls back at noon"}).status_code == 204
    assert _hold().resource_id == house.therese.resource_id

    # She closes it: others see the place free again, she finds what she typed.
    assert client.post(HOLD, data={**sent, "notes": "Calls back at noon", "closed": "1"}).status_code == 204
    assert _hold().resource_id is None
    _open(client, house, at="15:00")
    assert "You were typing a booking for Hélène." in client.page.text
    client.get("/v/lutetia/bookings/new", query_string={"draft": "1"})
    values = client.page.values_of(client.page.one(FORM))
    assert (values["guest"], values["time"], values["customer"]) == ("Hélène", "10:00", str(guest.uuid))
    assert client.page.text_of(client.page.one(".//textarea[@name='notes']")) == "Calls back at noon"

    assert client.submit(".//form[@id='compose-drop']").status_code == 303
    assert db.session.scalar(select(func.count(SoftHold.id))) == 0


def test_opening_another_place_keeps_the_draft(client: PageClient, house: House) -> None:
    sign_in(client, house.camille)
    _open(client, house)
    sent = client.page.values_of(client.page.one(FORM))
    client.post(HOLD, data={**sent, "guest": "Hélène"})
    client.post(HOLD, data={**sent, "time": "16:00"})
    assert _hold().draft["guest"] == "Hélène"
    assert _hold().starts_at == house.at("16:00")


@pytest.mark.parametrize(
    "wrong", [{"time": ""}, {"date": "x"}, {"date": "9999-12-31"}, {"date": "2027-03-28", "time": "02:30"}]
)
def test_nowhere_is_not_held(client: PageClient, house: House, wrong: dict[str, str]) -> None:
    sign_in(client, house.camille)
    _open(client, house)
    sent = client.page.values_of(client.page.one(FORM))
    assert client.post(HOLD, data={**sent, **wrong}).status_code == 204
    assert db.session.scalar(select(func.count(SoftHold.id))) == 0


def _open(client: PageClient, house: House, at: str = "10:00") -> None:
    asked = {"at": f"{house.day}T{at}", "column": str(house.therese.uuid)}
    client.get("/v/lutetia/bookings/new", query_string=asked)


def _hold() -> SoftHold:
    return db.session.scalars(select(SoftHold).execution_options(populate_existing=True)).one()
