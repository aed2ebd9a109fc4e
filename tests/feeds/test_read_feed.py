"""What a calendar program reads: valid, stable, and nothing that is nobody's business."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from icalendar import Calendar

from portal.audit import Actor
from portal.bookings.moving import Move, move_booking
from portal.bookings.service import cancel_booking, withdraw_from_booking
from portal.clock import frozen, now
from portal.database import db
from portal.errors import NotFound
from portal.feeds.service import AHEAD, BEHIND, end_feed, read_feed, renew_feed
from portal.models import Booking, StaffMember
from tests.bookings.conftest import Book, accept, book, phone
from tests.bookings.test_move_booking import desk
from tests.factories import House, make_customer, make_shift, make_venue
from tests.support.client import PageClient

__all__ = ["book"]


def own(member: StaffMember) -> Actor:
    return Actor.of_member(member, door="phone")


def address(member: StaffMember, *, with_surname: bool = False) -> str:
    return renew_feed(member, with_surname=with_surname, by=own(member))[1]


def events(token: str) -> list[Any]:
    calendar: Any = Calendar.from_ical(read_feed(token))
    return list(calendar.walk("VEVENT"))


def visits(token: str) -> list[Any]:
    """The file's visits; its shifts carry no sequence."""
    return [event for event in events(token) if "SEQUENCE" in event]


def visit(token: str) -> Any:
    [found] = visits(token)
    return found


@pytest.fixture
def hers(house: House, book: Book) -> Booking:
    """Léa Canari with Thérèse at ten."""
    guest = make_customer(house.organisation, first_name="Léa", last_name="Canari", phone="+33698765432")
    booking = book("10:00", customer=guest, notes="Enceinte de cinq mois")
    accept(house, booking, house.therese)
    return booking


def test_a_visit_with_all_that_a_calendar_asks_for(house: House, hers: Booking) -> None:
    event = visit(address(house.therese))
    assert event["UID"] == f"{hers.item.uuid}@thermes"
    assert event["SUMMARY"] == "Léa, Relaxing massage"
    assert event["LOCATION"].startswith(f"{house.rooms[0].name}, {house.lutetia.name_en}")
    assert event.decoded("DTSTART") == hers.starts_at
    assert event.decoded("DTSTART").utcoffset() == hers.starts_at.astimezone(ZoneInfo("Europe/Paris")).utcoffset()
    assert event.decoded("DTEND") == hers.ends_at
    assert event.decoded("LAST-MODIFIED") == hers.events[-1].at.replace(microsecond=0)
    assert (event["STATUS"], event["CLASS"]) == ("CONFIRMED", "PRIVATE")


def test_the_file_is_whole(house: House, hers: Booking) -> None:
    text = read_feed(address(house.therese))
    calendar: Any = Calendar.from_ical(text)
    assert calendar["PRODID"]
    assert calendar["VERSION"] == "2.0"
    assert [zone["TZID"] for zone in calendar.walk("VTIMEZONE")] == ["Europe/Paris"]
    assert all({"UID", "DTSTAMP", "DTSTART", "DTEND"} <= set(event) for event in calendar.walk("VEVENT"))
    assert not [event.errors for event in calendar.walk() if event.errors]
    assert all(len(line) <= 75 for line in text.split(b"\r\n")), "RFC 5545 folds lines after 75 octets"
    assert text.count(b"\n") == text.count(b"\r\n")


def test_nothing_private_leaves(house: House, hers: Booking) -> None:
    text = read_feed(address(house.therese)).decode().replace("\r\n ", "")
    for secret in ("Canari", "98765432", "98 76 54 32", "Enceinte"):
        assert secret not in text
    assert "Léa Canari" in read_feed(address(house.therese, with_surname=True)).decode().replace("\r\n ", "")


def test_the_language_is_hers(house: House, hers: Booking) -> None:
    house.therese.locale = "fr"
    db.session.commit()
    assert visit(address(house.therese))["SUMMARY"] == "Léa, Massage relaxant"


def test_a_move_keeps_the_name_and_raises_the_number(house: House, hers: Booking) -> None:
    token = address(house.therese)
    before = visit(token)
    with frozen(now() + timedelta(seconds=5)):
        move_booking(house.lutetia, booking=hers, move=Move(starts_at=house.at("14:00")), by=desk(house))
    after = visit(token)
    assert after["UID"] == before["UID"]
    assert after["SEQUENCE"] > before["SEQUENCE"]
    assert after.decoded("LAST-MODIFIED") > before.decoded("LAST-MODIFIED")
    assert after.decoded("DTSTART") == house.at("14:00")


@pytest.mark.parametrize("how", ["cancelled", "given back"])
def test_what_is_gone_is_told_for_thirty_days(house: House, hers: Booking, how: str) -> None:
    token = address(house.therese)
    if how == "cancelled":
        cancel_booking(house.lutetia, booking=hers, reason="Malade", cancelled_by="staff", by=desk(house))
    else:
        withdraw_from_booking(house.lutetia, booking=hers, by=phone(house.therese))
    gone = visit(token)
    assert (gone["STATUS"], gone["TRANSP"]) == ("CANCELLED", "TRANSPARENT")
    with frozen(now() + BEHIND - timedelta(minutes=1)):
        assert visit(token)["STATUS"] == "CANCELLED"
    hers.starts_at += timedelta(days=100)
    hers.ends_at += timedelta(days=100)
    hers.item.starts_at, hers.item.ends_at = hers.starts_at, hers.ends_at
    db.session.commit()
    with frozen(now() + BEHIND + timedelta(minutes=1)):
        assert not visits(token), "it was told for thirty days"


def test_what_she_took_back_is_hers_again(house: House, hers: Booking) -> None:
    token = address(house.therese)
    hers.unassign(hers.item, house.therese, by=desk(house), at=now())
    hers.assign(hers.item, house.therese, by=desk(house), at=now())
    db.session.commit()
    assert visit(token)["STATUS"] == "CONFIRMED"


def test_one_of_two_therapists_is_not_certain_yet(house: House, book: Book) -> None:
    booking = book("10:00", variant=house.duo, guest_count=2, price_minor=18000)
    accept(house, booking, house.therese)
    event = visit(address(house.therese))
    assert (event["STATUS"], event["DESCRIPTION"]) == ("TENTATIVE", "For 2 guests")


def test_shifts_keep_their_wall_time_when_the_clocks_change(house: House) -> None:
    zone = ZoneInfo("Europe/Paris")
    autumn = date(2027, 10, 30)
    make_shift(house.lutetia, house.therese, autumn, start=time(22), end=time(6))
    with frozen(datetime(2027, 10, 29, 12, tzinfo=UTC)):
        found = events(address(house.therese))
    night = next(event for event in found if event.decoded("DTSTART").date() == autumn)
    start, end = night.decoded("DTSTART"), night.decoded("DTEND")
    assert [moment.astimezone(zone).hour for moment in (start, end)] == [22, 6]
    assert end.astimezone(UTC) - start.astimezone(UTC) == timedelta(hours=9)


def test_a_year_and_no_more(house: House) -> None:
    past, inside, far = (house.day + timedelta(days=days) for days in (-40, 10, AHEAD.days + 2))
    for day in (past, inside, far):
        make_shift(house.lutetia, house.therese, day)
    told = {event.decoded("DTSTART").date() for event in events(address(house.therese))}
    assert inside in told
    assert not told & {past, far}


def test_colleagues_and_strangers_are_not_in_it(house: House, hers: Booking) -> None:
    assert not visits(address(house.marc))
    other = make_venue(house.organisation)
    make_shift(other, house.marc, house.day + timedelta(days=20))
    assert str(other.name) not in read_feed(address(house.therese)).decode()


def test_a_new_address_ends_the_old_one_and_leaving_ends_all(house: House) -> None:
    old = address(house.therese)
    new = address(house.therese)
    assert read_feed(new)
    with pytest.raises(NotFound):
        read_feed(old)
    house.therese.active = False
    db.session.commit()
    with pytest.raises(NotFound):
        read_feed(new)
    house.therese.active = True
    db.session.commit()
    end_feed(house.therese, by=own(house.therese))
    with pytest.raises(NotFound):
        read_feed(new)


def test_the_same_facts_are_not_sent_twice(client: PageClient, house: House, hers: Booking) -> None:
    url = f"/calendar/{address(house.therese)}.ics"
    first = client.get(url)
    assert (first.status_code, first.mimetype) == (200, "text/calendar")
    with frozen(now() + timedelta(minutes=10)):
        again = client.get(url, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    move_booking(house.lutetia, booking=hers, move=Move(starts_at=house.at("14:00")), by=desk(house))
    fresh = client.get(url, headers={"If-None-Match": first.headers["ETag"]})
    assert fresh.status_code == 200


@pytest.mark.parametrize("token", ["x", "x" * 5000, "%00", "%ED%A0%80", "é"])
def test_a_wrong_address_is_nothing(client: PageClient, house: House, token: str) -> None:
    assert client.get(f"/calendar/{token}.ics").status_code in {404, 414}
