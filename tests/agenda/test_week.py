"""The week of one therapist or room."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from uuid import UUID, uuid4
from xml.etree.ElementTree import Element

from portal.agenda.board import ROOM, THERAPIST, assemble_week
from portal.agenda.frame import Stretch
from tests.agenda.world import AUTUMN, CABINE, SPRING, THERESE, Day
from tests.bookings.conftest import Book, accept
from tests.factories import House, make_shift
from tests.support.client import PageClient
from tests.support.sign_in import sign_in


def test_each_day_is_a_column_and_only_hers_is_shown(client: PageClient, house: House, book: Book) -> None:
    hers, his = book("10:00"), book("12:00")
    accept(house, hers, house.therese)
    accept(house, his, house.marc)
    sign_in(client, house.camille)
    client.get(f"/v/lutetia/agenda/{house.day}/week?by=therapist&of={house.therese.uuid}&lang=en")
    monday = house.day - timedelta(days=house.day.weekday())
    columns = client.page.all(".//*[@role='row']")
    assert [column.get("data-day") for column in columns] == [str(monday + timedelta(days=n)) for n in range(7)]
    assert {column.get("data-column") for column in columns} == {str(house.therese.uuid)}
    assert _cards(columns[house.day.weekday()]) == [str(hers.uuid)]
    assert sum(len(_cards(column)) for column in columns) == 1


def test_a_room_has_its_week_too(client: PageClient, house: House, book: Book) -> None:
    booking = book("10:00")
    sign_in(client, house.camille)
    room = next(room for room in house.rooms if room.id == booking.item.claims[0].resource_id)
    client.get(f"/v/lutetia/agenda/{house.day}/week?by=room&of={room.uuid}")
    assert _cards(client.page.all(".//*[@role='row']")[house.day.weekday()]) == [str(booking.uuid)]


def test_without_a_name_the_first_is_shown_and_others_can_be_chosen(client: PageClient, house: House) -> None:
    sign_in(client, house.camille)
    client.get(f"/v/lutetia/agenda/{house.day}/week?by=therapist")
    assert client.page.all(".//*[@role='row']")[0].get("data-column") == str(house.marc.uuid)
    chosen = [option.get("value") for option in client.page.all(".//select[@id='of']/option")]
    assert chosen == [str(house.marc.uuid), str(house.therese.uuid)]


def test_any_of_its_days_fetches_the_week(client: PageClient, house: House) -> None:
    sign_in(client, house.camille)
    path = f"/v/lutetia/agenda/{house.day}/week?of={house.therese.uuid}&by=therapist"
    client.get(path)
    grid = client.page.one(".//*[@id='agenda']")
    assert f"changed:column:{house.day}:{house.therese.uuid} from:body" in grid.get("hx-trigger", "")
    assert client.hx(grid.get("hx-get", "")).status_code == 200
    assert client.page.one("./*").get("id") == "agenda"


def test_what_runs_past_the_weeks_last_midnight_is_told_under_the_next_monday(client: PageClient, house: House) -> None:
    sign_in(client, house.camille)
    sunday = house.day + timedelta(days=6 - house.day.weekday())
    make_shift(house.lutetia, house.therese, sunday, start=time(22), end=time(2))
    for week, is_told in ((sunday, True), (sunday - timedelta(days=7), False)):
        client.get(f"/v/lutetia/agenda/{week}/week?of={house.therese.uuid}&by=therapist")
        monday = week + timedelta(days=1)
        trigger = client.page.one(".//*[@id='agenda']").get("hx-trigger", "")
        assert (f"changed:column:{monday}:{house.therese.uuid} from:body" in trigger) == is_told


def test_whoever_is_not_of_this_venue_has_no_week(client: PageClient, house: House) -> None:
    sign_in(client, house.camille)
    for of in (uuid4(), house.eve.uuid, house.camille.uuid, "nonsense"):
        assert client.get(f"/v/lutetia/agenda/{house.day}/week?of={of}").status_code == 404


def test_the_first_and_the_last_week_can_be_shown(client: PageClient, house: House) -> None:
    sign_in(client, house.camille)
    for day in ("2000-01-01", "2100-12-31"):
        assert client.get(f"/v/lutetia/agenda/{day}/week").status_code == 200


def test_all_days_begin_at_the_same_hour_of_the_wall() -> None:
    days = [Day(date(2026, 11, 16) + timedelta(days=n)) for n in range(7)]
    week = [day.facts() for day in days]
    early = days[2].visit("07:10", "08:00")
    week[2] = days[2].facts(visits=[early], holds=days[2].hold(early, THERESE))
    board = assemble_week(week, by=THERAPIST, uuid=UUID(int=THERESE))
    assert {datetime.fromtimestamp(frame.span.start, frame.zone).time().hour for frame in board.frames} == {7}
    assert board.steps == 13 * 12
    assert board.columns[2].cards[0].place == Stretch(2, 10)
    assert all(not column.ticks for column in board.columns)


def test_nights_of_a_clock_change_are_as_long_as_they_are() -> None:
    for sunday, hours in ((SPRING, 8), (AUTUMN, 10)):
        days = [Day(sunday - timedelta(days=6 - n)) for n in range(7)]
        week = [day.facts(people=[day.person(THERESE, ("00:00", "09:00"))], hours=[]) for day in days]
        night = days[6].visit("08:00", "09:00")
        week[6] = days[6].facts(
            people=[days[6].person(THERESE, ("00:00", "09:00"))], visits=[night], holds=days[6].hold(night, THERESE)
        )
        board = assemble_week(week, by=THERAPIST, uuid=UUID(int=THERESE))
        (card,) = board.columns[6].cards
        assert card.place == Stretch((hours - 1) * 12, 12)
        labels = {tick.s: tick.label for tick in board.columns[6].ticks}
        assert labels[card.place.s] == "08:00"
        assert {tick.s: tick.label for tick in board.ticks}[8 * 12] == "08:00"


def test_a_visit_past_midnight_stands_whole_in_its_evening() -> None:
    days = [Day(date(2026, 11, 16) + timedelta(days=n)) for n in range(7)]
    week = [day.facts() for day in days]
    late = days[4].visit("23:30", "+00:30")
    week[4] = days[4].facts(visits=[late], holds=days[4].hold(late, CABINE))
    board = assemble_week(week, by=ROOM, uuid=UUID(int=CABINE))
    assert board.columns[4].cards[0].place.d == 12


def _cards(column: Element) -> list[str]:
    return [card.get("data-booking") or "" for card in column.iter("a") if card.get("data-booking")]
