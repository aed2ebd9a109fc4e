"""A part of the grid alone: what the whole page would show, or a word that the frame around it is no longer right."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import delete

from portal.audit import Actor
from portal.bookings.visit import mark_no_show
from portal.clock import frozen, now
from portal.database import db
from portal.models import Booking, BookingItem, Claim, Shift, SoftHold
from tests.agenda.crowd import fill
from tests.bookings.conftest import Book, accept
from tests.factories import House, make_shift, save
from tests.support.client import PageClient
from tests.support.sign_in import sign_in
from tests.support.statements import Statements

Counting = Callable[[], AbstractContextManager[Statements]]


@pytest.mark.parametrize("by", ["therapist", "room"])
def test_a_column_is_what_it_is_on_the_page(client: PageClient, house: House, book: Book, by: str) -> None:
    accept(house, book("10:00", variant=house.duo, guest_count=2), house.therese)
    accept(house, book("14:00", notes="Doux"), house.therese)
    sign_in(client, house.camille)
    client.get(_page(house, by=by, lang="en"))
    rows = client.page.all(".//*[@role='row']")
    asked = {row.get("data-column") or "lane": row.get("hx-get", "") for row in rows}
    before = {key: _drawn(client, key) for key in asked}
    assert sum(len(cards) for cards in before.values()) == {"therapist": 3, "room": 2}[by]
    for key, path in asked.items():
        assert client.hx(path).status_code == 200
        assert _drawn(client, key) == before[key]
        assert client.page.one(f"./*[@id='h-{key}']").get("hx-swap-oob") == "true"


@pytest.mark.parametrize("by", ["therapist", "room"])
def test_the_lane_knows_the_columns_beside_it(client: PageClient, house: House, book: Book, by: str) -> None:
    missed = book("10:00")
    accept(house, missed, house.marc)
    book("10:00")
    with frozen(house.at("10:20")):
        mark_no_show(house.lutetia, booking=missed, by=Actor.of_member(house.camille, door="agenda"))
    db.session.execute(delete(Shift).where(Shift.member_id == house.marc.id))  # he is shown for what he had
    db.session.commit()
    sign_in(client, house.camille)
    client.get(_page(house, by=by))
    assert len(client.page.all(".//*[@data-column]")) == {"therapist": 2, "room": 3}[by]
    before = _drawn(client, "lane")
    client.hx(client.page.one(".//*[@data-lane]").get("hx-get", ""))
    assert _drawn(client, "lane") == before


def test_each_part_listens_to_its_own_news(client: PageClient, house: House) -> None:
    sign_in(client, house.camille)
    client.get(_page(house))
    for part in client.page.all(".//*[@role='row']"):
        key = part.get("data-column") or "lane"
        assert part.get("hx-trigger") == f"changed:column:{house.day}:{key} from:body"


def test_what_runs_past_midnight_is_also_told_under_tomorrow(client: PageClient, house: House, book: Book) -> None:
    booking = book("10:00")
    accept(house, booking, house.therese)
    _move(booking, house.at("23:30"), house.at("00:30", days=1))
    sign_in(client, house.camille)
    client.get(_page(house))
    part = client.page.one(f".//*[@data-column='{house.therese.uuid}']")
    tomorrow = house.day + timedelta(days=1)
    assert f"changed:column:{tomorrow}:{house.therese.uuid} from:body" in part.get("hx-trigger", "")
    client.hx(part.get("hx-get", ""))
    assert _drawn(client, str(house.therese.uuid)) == [str(booking.uuid)]


def test_a_visit_beyond_the_frame_asks_for_the_whole_grid(client: PageClient, house: House, book: Book) -> None:
    booking = book("10:00")
    accept(house, booking, house.therese)
    sign_in(client, house.camille)
    client.get(_page(house))
    path = client.page.one(f".//*[@data-column='{house.therese.uuid}']").get("hx-get", "")
    _move(booking, house.at("21:30"), house.at("22:30"))
    assert _asks_for_the_grid(client, path)


def test_a_waiting_visit_beyond_the_frame_asks_for_the_whole_grid(client: PageClient, house: House, book: Book) -> None:
    booking = book("10:00")
    sign_in(client, house.camille)
    client.get(_page(house))
    path = client.page.one(".//*[@data-lane]").get("hx-get", "")
    _move(booking, house.at("21:30"), house.at("22:30"))
    assert _asks_for_the_grid(client, path)


def test_a_column_that_appears_or_goes_asks_for_the_whole_grid(client: PageClient, house: House) -> None:
    sign_in(client, house.camille)
    ada_has_none = house.day + timedelta(days=20)
    make_shift(house.lutetia, house.therese, ada_has_none)
    client.get(f"/v/lutetia/agenda/{ada_has_none}?by=therapist")
    path = client.page.one(".//*[@data-lane]").get("hx-get", "")
    assert not _asks_for_the_grid(client, path)
    make_shift(house.lutetia, house.marc, ada_has_none)
    assert _asks_for_the_grid(client, path)


@pytest.mark.parametrize("frame", ["", "x", "1.0", "-1.5", "999.999", "１.２", "108.132.1"])
def test_a_frame_that_cannot_be_asks_for_the_whole_grid(client: PageClient, house: House, frame: str) -> None:
    sign_in(client, house.camille)
    for key in ("lane", str(house.therese.uuid)):
        assert _asks_for_the_grid(client, f"/v/lutetia/agenda/{house.day}/column/{key}?by=therapist&f={frame}")


def test_whoever_has_no_column_here_is_nobodys_news(client: PageClient, house: House) -> None:
    sign_in(client, house.camille)
    for key in (uuid4(), house.eve.uuid, house.camille.uuid):
        assert _asks_for_the_grid(client, f"/v/lutetia/agenda/{house.day}/column/{key}?by=therapist&f=108.132")
    assert client.hx(f"/v/lutetia/agenda/{house.day}/column/nonsense?f=108.132").status_code == 404
    assert client.hx(f"/v/lutetia/agenda/2026-02-30/column/{house.therese.uuid}").status_code == 404


def test_a_browser_is_led_to_the_whole_page(client: PageClient, house: House) -> None:
    sign_in(client, house.camille)
    answer = client.get(f"/v/lutetia/agenda/{house.day}/column/lane?by=room")
    assert (answer.status_code, answer.location) == (303, _page(house, by="room"))


def test_a_column_takes_six_statements_however_full_it_is(
    client: PageClient, house: House, statements: Counting
) -> None:
    sign_in(client, house.camille)
    fill(house, 300)
    client.get(_page(house))
    for part in client.page.all(".//*[@role='row']")[:4]:
        with statements() as sent:
            client.hx(part.get("hx-get", ""))
        sent.at_most(6)


def test_a_colleague_who_is_booking_is_seen_by_the_others(client: PageClient, house: House) -> None:
    with frozen(now().replace(microsecond=0)):
        hold = _hold(house, minutes=5)
        sign_in(client, house.maud)
        client.get(_page(house, lang="en"))
    (drawn,) = client.page.all(".//*[@data-expires]")
    assert client.page.text_of(drawn) == "Camille is booking here"
    assert drawn.get("data-expires") == str(int(hold.expires_at.timestamp()))
    path = client.page.one(f".//*[@data-column='{house.therese.uuid}']").get("hx-get", "")
    client.hx(path)
    assert len(client.page.all(".//*[@data-expires]")) == 1

    sign_in(client, house.camille)
    client.get(_page(house))
    assert client.page.all(".//*[@data-expires]") == []


def test_a_colleague_who_stopped_is_no_longer_seen(client: PageClient, house: House) -> None:
    _hold(house, minutes=-1)
    sign_in(client, house.maud)
    client.get(_page(house))
    assert client.page.all(".//*[@data-expires]") == []


def _move(booking: Booking, starts_at: datetime, ends_at: datetime) -> None:
    """To a later time, as no verb would: what is tested is how it is drawn."""
    rows: list[Booking | BookingItem | Claim] = [booking, booking.item, *booking.item.claims]
    for row in rows:
        row.ends_at = ends_at
        row.starts_at = starts_at


def _hold(house: House, *, minutes: int) -> SoftHold:
    return save(
        SoftHold(
            organisation_id=house.organisation.id, venue_id=house.lutetia.id, member_id=house.camille.id,
            resource_id=house.therese.resource_id, starts_at=house.at("15:00"), ends_at=house.at("16:00"),
            expires_at=now() + timedelta(minutes=minutes),
        )
    )  # fmt: skip


def _page(house: House, **query: str) -> str:
    query = {"by": "therapist", **query}
    return f"/v/lutetia/agenda/{house.day}?" + "&".join(f"{key}={value}" for key, value in query.items())


def _drawn(client: PageClient, key: str) -> list[str]:
    """What stands in a part, in order."""
    kind = "[@data-lane]" if key == "lane" else f"[@data-column='{key}']"
    (part,) = client.page.all(f".//*{kind}")
    return [cell.get("data-booking") or "" for cell in part.iter("a") if cell.get("data-booking")]


def _asks_for_the_grid(client: PageClient, path: str) -> bool:
    answer = client.hx(path)
    assert answer.status_code == 200
    return bool(not answer.data and json.loads(answer.headers["HX-Trigger"]) == {"frame": {}})
