"""Why a place cannot be had: the reason with its interval, and the nearest way out."""

from __future__ import annotations

from datetime import timedelta

import pytest

from portal.models import Block, VenueBlock
from portal.models.claim import Claim
from tests.bookings.conftest import Book, accept
from tests.factories import House, make_member, make_treatment, qualify, save
from tests.support.client import PageClient
from tests.support.sign_in import sign_in


@pytest.fixture
def camille(client: PageClient, house: House) -> PageClient:
    sign_in(client, house.camille)
    return client


def test_with_another_guest_and_who_is_free_instead(camille: PageClient, house: House, book: Book) -> None:
    accept(house, book("10:00"), house.therese)
    _ask(camille, house, "10:30", house.therese.uuid)
    assert "Thérèse Test is with another guest from 10:00 to 11:00." in camille.page.text
    assert _links(camille)[0] == ("Marc Test", "10:30", str(house.marc.uuid))
    assert ("Tomorrow 11:00", "11:00", str(house.therese.uuid)) in _links(camille)


def test_not_on_shift(camille: PageClient, house: House) -> None:
    _ask(camille, house, "10:00", house.marc.uuid, days=8)
    assert "Marc Test is not on shift then" in camille.page.text


def test_not_qualified(camille: PageClient, house: House) -> None:
    other = make_treatment(house.lutetia, house.massage.room_type)
    qualify(house.marc, other)
    _ask(camille, house, "10:00", house.marc.uuid)
    assert "Marc Test does not do this treatment." in camille.page.text
    assert _links(camille)[0][0] == "Thérèse Test"


def test_blocked(camille: PageClient, house: House) -> None:
    lunch = Block(
        organisation_id=house.organisation.id, venue_id=house.lutetia.id, resource_id=house.therese.resource_id,
        kind="break", starts_at=house.at("12:30"), ends_at=house.at("13:30"),
    )  # fmt: skip
    lunch.claims = [
        Claim(
            organisation_id=house.organisation.id, venue_id=house.lutetia.id, resource_id=house.therese.resource_id,
            starts_at=lunch.starts_at, ends_at=lunch.ends_at,
        )
    ]  # fmt: skip
    save(lunch)
    _ask(camille, house, "12:00", house.therese.uuid)
    assert "Thérèse Test is blocked from 12:30 to 13:30." in camille.page.text


def test_the_venue_takes_nobody(camille: PageClient, house: House) -> None:
    save(
        VenueBlock(
            organisation_id=house.organisation.id, venue_id=house.lutetia.id,
            starts_at=house.at("15:00"), ends_at=house.at("17:00"),
        )
    )  # fmt: skip
    _ask(camille, house, "15:30", house.therese.uuid)
    assert "The venue takes no bookings from 15:00 to 17:00." in camille.page.text


def test_a_room_is_taken(camille: PageClient, house: House, book: Book) -> None:
    book("10:00", room=house.rooms[0])
    _ask(camille, house, "10:30", house.rooms[0].uuid)
    assert "Cabine 1 is taken from 10:00 to 11:00." in camille.page.text
    assert ("Tomorrow 11:00", "11:00", str(house.rooms[0].uuid)) in _links(camille)


def test_outside_the_hours_and_over(camille: PageClient, house: House) -> None:
    _ask(camille, house, "21:00", house.therese.uuid)
    assert "This is outside the opening hours (closed from 20:00 to 00:00)." in camille.page.text
    _ask(camille, house, "10:00", house.therese.uuid, days=-3)
    assert "This time is over, or too soon to be booked." in camille.page.text


def test_a_free_place_can_be_booked_from_here(camille: PageClient, house: House) -> None:
    _ask(camille, house, "10:00", house.therese.uuid)
    assert "This treatment can begin here at that time." in camille.page.text
    assert _links(camille) == [("Book here", "10:00", str(house.therese.uuid))]


@pytest.mark.parametrize("at", ["x", "2026-02-30T10:00", "9999-12-31T10:00", "2027-03-28T02:30", "\x00"])
def test_a_time_that_is_none_is_nothing(camille: PageClient, house: House, at: str) -> None:
    assert camille.get("/v/lutetia/bookings/why", query_string={"at": at}).status_code == 404


def test_the_column_of_a_stranger_is_nobodys(camille: PageClient, house: House) -> None:
    stranger = make_member(house.organisation, house.marais, first_name="Inconnue")
    _ask(camille, house, "10:00", stranger.uuid)
    assert "Inconnue" not in camille.page.text


def _ask(client: PageClient, house: House, clock: str, column: object, *, days: int = 0) -> None:
    day = house.day + timedelta(days=days)
    asked = {"at": f"{day}T{clock}", "column": str(column), "variant": str(house.single.uuid)}
    assert client.get("/v/lutetia/bookings/why", query_string=asked).status_code == 200


def _links(client: PageClient) -> list[tuple[str, str, str]]:
    """Text, time and column of each link to the form."""
    links = [link for link in client.page.all(".//main//a") if "/bookings/new?" in (link.get("href") or "")]
    found = []
    for link in links:
        query = dict(part.split("=", 1) for part in (link.get("href") or "").split("?")[1].split("&"))
        found.append((client.page.text_of(link), query["at"][-7:].replace("%3A", ":")[-5:], query["column"]))
    return found
