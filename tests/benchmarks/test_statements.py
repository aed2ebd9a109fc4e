"""What a request costs its database: so many statements, however much the tables hold."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest

from portal.bookings.slots.queries import load_snapshot
from tests.benchmarks import agenda, creation
from tests.benchmarks.crowd import Post
from tests.benchmarks.spa import make_spa
from tests.benchmarks.visits import fill_future
from tests.support.client import PageClient
from tests.support.sign_in import sign_in
from tests.support.statements import Statements

Count = Callable[[], AbstractContextManager[Statements]]

# Key and venue, known already?, variant, guest (2), lock, slots (4), audit, outbox, live, number, booking, item, room,
# whose regular guest it is, who wished to be told first, offers, history.
CREATION = 22
SLOTS = 4
# Key and venue, variant.
ASKING = 2


def test_a_partner_books_with_few_statements(client: PageClient, statements: Count) -> None:
    spa = make_spa(shift_days=3)
    fill_future(spa, 40, days=3)
    first, second, *_ = creation.bookings_of(spa, days=3)
    _post(client, first)  # notes that the key is in use, which is done once a minute

    with statements() as sent:
        _post(client, second)

    sent.at_most(CREATION)


@pytest.mark.parametrize("bookings", [0, 300])
def test_a_snapshot_takes_four_statements_for_a_day_and_for_two_months(
    statements: Count, app: object, bookings: int
) -> None:
    spa = make_spa()
    fill_future(spa, bookings)

    for last in (spa.first, spa.last):
        with statements() as sent:
            load_snapshot(spa.venue, first=spa.first, last=last)
        sent.at_most(SLOTS)


@pytest.mark.parametrize("query", ["date={0.first}", "from={0.first}&to={0.last}"])
def test_availability_adds_the_key_and_the_variant(client: PageClient, statements: Count, query: str) -> None:
    spa = make_spa()
    fill_future(spa, 200)
    path = f"/v1/venues/{spa.venue.slug}/availability/variants/{spa.variant.uuid}?{query.format(spa)}"
    client.get(path, headers={"Authorization": f"Bearer {spa.key}"})

    with statements() as sent:
        response = client.get(path, headers={"Authorization": f"Bearer {spa.key}"})

    assert response.status_code == 200
    sent.at_most(ASKING + SLOTS)


@pytest.mark.parametrize("bookings", [0, agenda.BOOKINGS])
def test_the_agenda_takes_at_most_ten_however_full_the_day_is(
    client: PageClient, statements: Count, bookings: int
) -> None:
    spa = make_spa(therapists=agenda.THERAPISTS, rooms=agenda.ROOMS, shift_days=1)
    fill_future(spa, bookings, days=1)
    sign_in(client, spa.receptionist)

    with statements() as sent:
        response = client.get(f"/v/{spa.venue.slug}/agenda/{spa.first}")

    assert response.get_data(as_text=True).count("data-booking=") >= bookings
    sent.at_most(agenda.STATEMENTS)


@pytest.mark.parametrize("bookings", [0, agenda.BOOKINGS])
def test_a_column_after_a_change_takes_at_most_six(client: PageClient, statements: Count, bookings: int) -> None:
    spa = make_spa(therapists=agenda.THERAPISTS, rooms=agenda.ROOMS, shift_days=1)
    fill_future(spa, bookings, days=1)
    sign_in(client, spa.receptionist)
    client.get(f"/v/{spa.venue.slug}/agenda/{spa.first}")

    for part in client.page.all(".//*[@role='row']")[:2]:  # the lane and a column
        with statements() as sent:
            assert client.hx(part.get("hx-get", "")).data
        sent.at_most(agenda.PART_STATEMENTS)


def _post(client: PageClient, post: Post) -> None:
    response = client.post(post.path, json=post.body, headers={"Authorization": f"Bearer {post.key}"})
    assert response.status_code == 201, response.get_data(as_text=True)
