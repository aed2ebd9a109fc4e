"""The agenda's page: who may see it, what stands where, and what it costs."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from xml.etree.ElementTree import Element

import pytest

from portal.database import db
from portal.models import Block, Claim
from tests.agenda.crowd import fill
from tests.bookings.conftest import Book, accept
from tests.factories import House, make_customer, make_member, make_room, make_shift, make_treatment
from tests.support.client import PageClient
from tests.support.sign_in import sign_in
from tests.support.statements import Statements

Counting = Callable[[], AbstractContextManager[Statements]]


def test_a_pending_booking_waits_in_the_lane_and_stands_in_its_room(
    client: PageClient, house: House, book: Book
) -> None:
    booking = book("10:00")
    sign_in(client, house.camille)

    client.get(_url(house))
    (card,) = _cards(client, "pending")
    assert (card.get("data-booking"), card.get("data-status")) == (str(booking.uuid), "pending")
    assert _cards(client, house.therese.uuid) == []

    client.get(_url(house, by="room"))
    (card,) = _cards(client, house.rooms[0].uuid)
    assert card.get("data-booking") == str(booking.uuid)
    assert _column(client, "pending").get("hidden") is not None


def test_an_accepted_booking_stands_in_the_therapists_column(client: PageClient, house: House, book: Book) -> None:
    booking = book("10:00")
    accept(house, booking, house.therese)
    sign_in(client, house.camille)

    client.get(_url(house))
    (card,) = _cards(client, house.therese.uuid)
    assert (card.get("data-booking"), card.get("data-status")) == (str(booking.uuid), "confirmed")
    assert _cards(client, "pending") == _cards(client, house.marc.uuid) == []


def test_a_duo_stands_with_both_therapists(client: PageClient, house: House, book: Book) -> None:
    booking = book("10:00", variant=house.duo, guest_count=2)
    accept(house, booking, house.therese)
    sign_in(client, house.camille)
    client.get(_url(house))
    assert [len(_cards(client, name)) for name in ("pending", house.therese.uuid, house.marc.uuid)] == [1, 1, 0]

    accept(house, booking, house.marc)
    client.get(_url(house))
    assert [len(_cards(client, name)) for name in ("pending", house.therese.uuid, house.marc.uuid)] == [0, 1, 1]


def test_a_card_is_named_by_date_time_guest_treatment_person_room_and_state(
    client: PageClient, house: House, book: Book
) -> None:
    accept(house, book("10:00", notes="Doux"), house.therese)
    sign_in(client, house.camille)

    client.get(_url(house, lang="en"))
    (card,) = _cards(client, house.therese.uuid)
    day = client.page.text_of(client.page.one(".//h1"))
    assert card.get("aria-label") == (
        f"{day}, 10:00–11:00, Hélène Dupont, Relaxing massage, Thérèse Test, Cabine 1, Confirmed, to pay, "
        "with a note, from a partner"
    )
    assert client.page.text_of(card).startswith("Hélène Dupont Relaxing massage 60 min Cabine 1")
    assert "Confirmed" in client.page.text_of(card)


def test_a_column_is_named_with_its_hours_and_how_full_it_is(client: PageClient, house: House, book: Book) -> None:
    accept(house, book("10:00"), house.therese)
    sign_in(client, house.camille)
    client.get(_url(house, lang="en"))
    assert _column(client, house.therese.uuid).get("aria-label") == "Thérèse Test, 09:00–20:00, 9% booked"


def test_columns_stand_in_the_order_of_names_whatever_their_accents(client: PageClient, house: House) -> None:
    for first_name in ("Élodie", "Zoé", "Åsa", "inès"):
        make_shift(house.lutetia, make_member(house.organisation, house.lutetia, first_name=first_name), house.day)
    sign_in(client, house.camille)
    client.get(_url(house, lang="en"))
    names = [row.get("aria-label", "").split()[0] for row in client.page.all(".//*[@role='row']")[1:]]
    assert names == ["Åsa", "Élodie", "inès", "Marc", "Thérèse", "Zoé"]


def test_an_empty_place_tells_its_local_time(client: PageClient, house: House, book: Book) -> None:
    accept(house, book("10:00"), house.therese)
    sign_in(client, house.camille)
    client.get(_url(house))
    places = [cell.get("data-at", "") for cell in _column(client, house.therese.uuid).iter() if cell.get("data-at")]
    assert places[:3] == [f"{house.day}T{clock}" for clock in ("09:00", "09:30", "11:00")]
    assert len(places) == 20


def test_columns_are_rows_of_the_grid_and_hold_nothing_but_cells(client: PageClient, house: House, book: Book) -> None:
    book("10:00")
    sign_in(client, house.camille)
    client.get(_url(house))
    grid = client.page.one(".//*[@role='grid']")
    rows = grid.findall("./*[@role='row']")
    assert len(rows) == len(list(grid)) == 3
    for row in rows:
        assert {cell.get("role") for cell in row if not cell.get("class", "").startswith(("off", "closed"))} == {
            "gridcell"
        }


def test_the_therapists_time_at_another_venue_is_told_without_its_story(
    client: PageClient, house: House, book: Book
) -> None:
    soin = make_treatment(house.marais, name="Soin du Marais")
    room = make_room(house.marais, name="Cabine secrète")
    guest = make_customer(house.organisation, first_name="Secrète", last_name="Personne")
    make_member(house.organisation, house.marais, first_name="Inconnue")
    away = book("10:00", venue=house.lutetia)
    accept(house, away, house.therese)
    away.venue_id = away.item.venue_id = house.marais.id
    for claim in away.item.claims:
        claim.venue_id = house.marais.id
    away.customer, away.item.treatment = guest, soin
    away.item.claims[0].resource_id = room.id
    db.session.commit()
    sign_in(client, house.camille)

    for by in ("therapist", "room"):
        client.get(_url(house, by=by, lang="en", cancelled="1"))
        for canary in ("Marais", "secrète", "Secrète", "Inconnue", "Chamonix", str(away.uuid)):
            assert canary not in client.page.html
    client.get(_url(house, lang="en"))
    assert "At another venue" in client.page.text_of(_column(client, house.therese.uuid))


def test_blocks_are_told_by_their_word(client: PageClient, house: House) -> None:
    block = Block(
        organisation_id=house.organisation.id, venue_id=house.lutetia.id, resource_id=house.therese.resource_id or 0,
        kind="break", reason="Déjeuner", starts_at=house.at("12:00"), ends_at=house.at("13:00"),
    )  # fmt: skip
    db.session.add(block)
    db.session.flush()
    db.session.add(
        Claim(
            organisation_id=block.organisation_id, venue_id=block.venue_id, resource_id=block.resource_id,
            block_id=block.id, starts_at=block.starts_at, ends_at=block.ends_at,
        )
    )  # fmt: skip
    sign_in(client, house.camille)
    client.get(_url(house, lang="en"))
    assert "12:00–13:00, Break Déjeuner" in client.page.text_of(_column(client, house.therese.uuid))


def test_cancelled_bookings_are_shown_on_demand(client: PageClient, house: House, book: Book) -> None:
    booking = book("10:00")
    accept(house, booking, house.therese)
    booking.status, booking.cancelled_at = "cancelled", house.at("08:00")
    for claim in booking.item.claims:
        claim.active = False
    db.session.commit()
    sign_in(client, house.camille)

    client.get(_url(house))
    assert client.page.all(".//*[@data-booking]") == []
    client.get(_url(house, cancelled="1"))
    (card,) = _cards(client, house.therese.uuid)
    assert card.get("data-status") == "cancelled"
    assert "cancelled=1" in card.get("href", "")


def test_a_test_booking_and_an_overbooked_one_are_marked(client: PageClient, house: House, book: Book) -> None:
    booking = book("10:00", test=True)
    booking.item.claims[0].overbooked = True
    sign_in(client, house.camille)
    client.get(_url(house, by="room"))
    (card,) = _cards(client, house.rooms[0].uuid)
    assert {"is-test", "is-overbooked", "is-pending"} <= set(card.get("class", "").split())


def test_previous_next_axis_and_the_date_picker_lead_to_their_day(client: PageClient, house: House) -> None:
    sign_in(client, house.camille)
    client.get(_url(house, by="room"))
    links = {link.get("rel"): link.get("href") for link in client.page.all(".//a[@rel]")}
    assert links["prev"] == _url(house, days=-1, by="room")
    assert links["next"] == _url(house, days=1, by="room")

    wanted = house.day + timedelta(days=9)
    assert client.submit(".//div[@class='datebar']/form", {"day": str(wanted)}).location == _url(
        house, days=9, by="room"
    )

    client.get(_url(house))
    axes = {client.page.text_of(link): link.get("href") for link in client.page.all(".//nav[@class='seg']/a")}
    assert set(axes.values()) == {_url(house, by="therapist"), _url(house, by="room")}


@pytest.mark.parametrize(("language", "axes", "free"), [
    ("fr", ["Par praticien·ne", "Par cabine"], "libre"), ("en", ["By therapist", "By room"], "free"),
])  # fmt: skip
def test_everything_is_in_the_readers_language(
    client: PageClient, house: House, book: Book, language: str, axes: list[str], free: str
) -> None:
    booking = book("15:00", notes="Doux", variant=house.duo, guest_count=2)
    accept(house, booking, house.therese)
    sign_in(client, house.camille)

    client.get(_url(house, lang=language, booking=str(booking.uuid)))
    assert client.page.root.get("lang") == language
    assert [client.page.text_of(link) for link in client.page.all(".//nav[@class='seg']/a")] == axes
    assert client.page.one(".//*[@role='grid']").get("data-free") == free
    wanted, other = ("Massage relaxant", "Relaxing massage")[:: 1 if language == "fr" else -1]
    assert wanted in client.page.html
    assert other not in client.page.html
    assert "3 PM" not in client.page.text
    assert "15:00" in client.page.text
    client.get(f"/v/lutetia/agenda/{house.day}/print?lang={language}")
    assert wanted in client.page.text


def test_the_grid_re_reads_itself_when_its_frame_is_no_longer_right(client: PageClient, house: House) -> None:
    sign_in(client, house.camille)
    client.get(_url(house, by="room"))
    grid = client.page.one(".//*[@id='agenda']")
    assert grid.get("hx-trigger") == "frame from:body, missed from:body, stale from:body, changed:venue from:body"
    assert grid.get("hx-get") == _url(house, by="room")

    assert client.hx(grid.get("hx-get", "")).status_code == 200
    assert client.page.is_fragment
    assert client.page.one("./*").get("id") == "agenda"


def test_the_day_with_a_booking_in_its_address_has_the_panel_open(client: PageClient, house: House, book: Book) -> None:
    booking = book("10:00")
    sign_in(client, house.camille)
    client.get(_url(house))
    (card,) = _cards(client, "pending")

    client.get(card.get("href"))
    panel = client.page.one(".//aside[@id='panel']")
    assert "Hélène Dupont" in client.page.text_of(panel)
    assert [one.get("data-booking-open") for one in panel.iter("h2")] == [str(booking.uuid)]

    client.get(_url(house))
    assert len(client.page.one(".//aside[@id='panel']")) == 0


@pytest.mark.parametrize(
    "day", ["2026-02-30", "1999-12-31", "2101-01-01", "2026-2-3", "today", "20261120", "２０２６-11-20"]
)
def test_there_is_no_such_day(client: PageClient, house: House, day: str) -> None:
    sign_in(client, house.camille)
    assert client.get(f"/v/lutetia/agenda/{day}").status_code == 404
    assert client.get(f"/v/lutetia/agenda/?day={day}").status_code == 404
    assert client.get(f"/v/lutetia/agenda/{day}/print").status_code == 404


@pytest.mark.parametrize("day", ["2000-01-01", "2100-12-31"])
def test_the_first_and_the_last_day_can_be_shown(client: PageClient, house: House, day: str) -> None:
    sign_in(client, house.camille)
    assert client.get(f"/v/lutetia/agenda/{day}").status_code == 200


def test_an_unknown_axis_is_the_usual_one(client: PageClient, house: House) -> None:
    sign_in(client, house.camille)
    client.get(_url(house, by="'; DROP TABLE booking"))
    assert client.page.all(f".//*[@data-column='{house.therese.uuid}']")


def test_without_a_date_the_venues_today_is_shown(client: PageClient, house: House) -> None:
    sign_in(client, house.camille)
    answer = client.get("/v/lutetia/agenda/")
    assert (answer.status_code, answer.location) == (303, f"/v/lutetia/agenda/{house.lutetia.today()}")


@pytest.mark.parametrize(("who", "venue", "status"), [
    ("camille", "lutetia", 200), ("maud", "lutetia", 200), ("ada", "lutetia", 200), ("ada", "marais", 200),
    ("therese", "lutetia", 403), ("camille", "marais", 404), ("eve", "lutetia", 404), ("ada", "chamonix", 404),
    ("eve", "chamonix", 200), ("camille", "nowhere", 404),
])  # fmt: skip
def test_who_may_see_which_agenda(client: PageClient, house: House, who: str, venue: str, status: int) -> None:
    sign_in(client, getattr(house, who))
    for path in (f"/v/{venue}/agenda/{house.day}", f"/v/{venue}/agenda/{house.day}/print"):
        assert client.get(path).status_code == status
    assert client.get(f"/v/{venue}/agenda/").status_code == (303 if status == 200 else status)


def test_a_stranger_is_sent_to_sign_in(client: PageClient, house: House) -> None:
    answer = client.get(_url(house))
    assert answer.status_code == 303
    assert answer.location.startswith("/login?next=")


def test_nobody_on_shift_is_said(client: PageClient, house: House) -> None:
    sign_in(client, house.camille)
    client.get(_url(house, days=30, lang="en"))
    assert "Nobody has a shift on" in client.page.text
    assert len(client.page.all(".//*[@data-column]")) == 2


@pytest.mark.parametrize("by", ["therapist", "room"])
def test_statements_do_not_grow_with_the_bookings(
    client: PageClient, house: House, statements: Counting, by: str
) -> None:
    sign_in(client, house.camille)
    counts = []
    for count, first in ((80, 1000), (720, 2000)):
        fill(house, count, first_number=first)
        with statements() as sent:
            client.get(_url(house, by=by))
        sent.at_most(10)
        counts.append(len(sent))
    assert counts[0] == counts[1]
    assert len(client.page.all(".//*[@data-booking]")) == 800


def test_a_full_day_stays_below_sixty_kilobytes(client: PageClient, house: House) -> None:
    for _ in range(9):
        therapist = make_member(house.organisation, house.lutetia)
        make_shift(house.lutetia, therapist, house.day)
    fill(house, 80)
    sign_in(client, house.camille)
    page = client.get(_url(house))
    assert len(client.page.all(".//*[@data-column]")) == 15
    files = {tag.get("href") or tag.get("src") or "" for tag in client.page.all(".//head/*")}
    loaded = [client.get(name) for name in files if ".css?" in name or ".js?" in name]
    assert len(loaded) >= 5
    weight = sum(len(gzip.compress(answer.data, 6)) for answer in [page, *loaded])
    assert weight <= 60_000, f"The agenda weighs {weight} bytes: look at what has grown."


def _url(house: House, *, days: int = 0, **query: str) -> str:
    query = {"by": "therapist", **query}
    day = house.day + timedelta(days=days)
    return f"/v/lutetia/agenda/{day}?" + "&".join(f"{key}={value}" for key, value in query.items())


def _column(client: PageClient, name: object) -> Element:
    kind = "lane" if name == "pending" else "column"
    return client.page.one(f".//*[@data-{kind}='{name}']")


def _cards(client: PageClient, column: object) -> list[Element]:
    return [card for card in _column(client, column).iter("a") if card.get("data-booking")]
