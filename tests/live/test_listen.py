"""The door of the streams: who gets in, what the answer looks like, what happens when it is full."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from portal.clock import now
from portal.database import db
from portal.live.hub import hub_of
from portal.live.stream import Stream
from portal.models import StaffMember
from tests.factories import House
from tests.live.conftest import change, empty, read
from tests.support.client import PageClient
from tests.support.sign_in import sign_in

THREADS = {"wsgi.multithread": True}


@pytest.fixture(autouse=True)
def no_stream_stays(app: Flask) -> Iterator[None]:
    """Each test leaves an empty hub behind."""
    yield
    empty(hub_of(app, db.engine))


def test_it_is_a_stream_that_nobody_keeps(house: House, client: PageClient) -> None:
    sign_in(client, house.camille)

    answer = _listen(client, "/live/lutetia")

    assert (answer.status_code, answer.mimetype) == (200, "text/event-stream")
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Accel-Buffering"] == "no"
    assert read(iter(answer.response))[0] == "hello"  # type: ignore[arg-type]  # bytes, as the view yields them
    answer.close()


def test_it_tells_what_changed(house: House, client: PageClient) -> None:
    sign_in(client, house.camille)
    answer = _listen(client, "/live/lutetia")
    messages: Any = iter(answer.response)
    read(messages)

    change(house.lutetia, "agenda:2026-11-20", "offers")

    assert read(messages)[1]["topics"] == ["agenda:2026-11-20", "offers"]
    answer.close()


@pytest.mark.parametrize("header", [True, False], ids=["header", "address"])
def test_it_resumes_where_the_page_was_cut(house: House, client: PageClient, header: bool) -> None:
    sign_in(client, house.camille)
    change(house.lutetia, "before")
    answer = _listen(client, "/live/lutetia")
    position = str(read(iter(answer.response))[1]["id"])  # type: ignore[arg-type]  # see above
    answer.close()
    change(house.lutetia, "meanwhile")

    words: dict[str, Any] = {"headers": {"Last-Event-ID": position}} if header else {}
    again = _listen(client, f"/live/lutetia{'' if header else f'?last_event_id={position}'}", **words)
    messages: Any = iter(again.response)

    assert read(messages)[0] == "hello"
    assert read(messages)[1]["topics"] == ["meanwhile"]
    again.close()


def test_it_begins_when_the_page_was_drawn(house: House, client: PageClient) -> None:
    sign_in(client, house.camille)
    drawn = now() - timedelta(seconds=1)
    change(house.lutetia, "meanwhile")

    answer = client.get("/live/lutetia", query_string={"since": drawn.isoformat()}, environ_overrides=THREADS)
    messages: Any = iter(answer.response)

    assert [read(messages)[0], read(messages)[1]["topics"]] == ["hello", ["meanwhile"]]
    answer.close()


@pytest.mark.parametrize(
    "query",
    [
        "last_event_id=%00", "last_event_id=-1", "last_event_id=9e9", "last_event_id=١٢", "last_event_id=" + "9" * 400,
        "last_event_id=999999999999999999", "since=tomorrow", "since=2026-11-20T10:00:00",
        "since=9999-12-31T23:59:59-14:00", "since=0001-01-01T00:00:00%2B14:00", "since=%ED%A0%80",
    ],
)  # fmt: skip
def test_nonsense_does_no_harm(house: House, client: PageClient, query: str) -> None:
    sign_in(client, house.camille)

    answer = _listen(client, f"/live/lutetia?{query}")

    assert answer.status_code == 200
    assert read(iter(answer.response))[0] == "hello"  # type: ignore[arg-type]  # see above
    answer.close()


def test_a_therapist_hears_what_her_phone_shows_of_all_her_venues(house: House, client: PageClient) -> None:
    sign_in(client, house.therese)
    answer = _listen(client, "/live/me")
    messages: Any = iter(answer.response)
    read(messages)

    change(house.marais, "offers")
    change(house.lutetia, "agenda:2026-11-20")
    change(house.lutetia, "agenda:2026-11-20", "offers")

    assert read(messages)[1]["topics"] == ["offers"]
    answer.close()


def test_who_gets_in(house: House, client: PageClient) -> None:
    assert _listen(client, "/live/lutetia").status_code == 303
    for member, statuses in (
        (house.camille, (200, 404, 404)),
        (house.therese, (200, 404, 404)),
        (house.ada, (200, 200, 404)),
        (house.eve, (404, 404, 200)),
    ):
        assert tuple(_status(client, member, slug) for slug in ("lutetia", "marais", "chamonix")) == statuses
    assert _listen(client, "/live/nowhere").status_code == 404


def test_full_means_come_back_later(house: House, client: PageClient, app: Flask) -> None:
    sign_in(client, house.camille)
    hub = hub_of(app, db.engine)
    capacity, hub._capacity = hub._capacity, 2
    try:
        opened = [_listen(client, "/live/lutetia") for _ in range(2)]
        refused = _listen(client, "/live/lutetia")
    finally:
        hub._capacity = capacity

    assert refused.status_code == 503
    assert int(refused.headers["Retry-After"]) > 0
    for answer in opened:
        answer.close()
    assert len(hub) == 0


def test_a_page_that_goes_gives_its_place_back(house: House, client: PageClient, app: Flask) -> None:
    sign_in(client, house.camille)
    hub = hub_of(app, db.engine)

    never_read = _listen(client, "/live/lutetia")
    assert len(hub) == 1
    never_read.close()

    assert len(hub) == 0


def test_the_request_holds_no_connection_when_the_stream_opens(
    house: House, client: PageClient, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On SQLite it would hold up a writer, and the stream's own reading would wait for that writer."""
    sign_in(client, house.camille)
    hub, held = hub_of(app, db.engine), []
    open_stream = hub.open

    def watched(*args: Any, **words: Any) -> Stream:
        held.append(db.engine.pool.checkedout())  # type: ignore[attr-defined]  # both databases use a queue
        return open_stream(*args, **words)

    monkeypatch.setattr(hub, "open", watched)
    _listen(client, "/live/lutetia").close()

    assert held == [0]


def test_a_server_without_threads_is_not_blocked(house: House, client: PageClient, app: Flask) -> None:
    sign_in(client, house.camille)

    assert client.get("/live/lutetia").status_code == 503
    assert client.head("/live/lutetia", environ_overrides=THREADS).status_code == 503
    assert len(hub_of(app, db.engine)) == 0


def _listen(client: PageClient, url: str, **words: Any) -> TestResponse:
    return client.get(url, environ_overrides=THREADS, buffered=False, **words)


def _status(client: PageClient, member: StaffMember, slug: str) -> int:
    sign_in(client, member)
    answer = _listen(client, f"/live/{slug}")
    answer.close()
    return answer.status_code
