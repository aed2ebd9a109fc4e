"""Streams as browsers have them: from a server with two processes, changed by a third."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.factories import House
from tests.live.conftest import change
from tests.support.databases import Database
from tests.support.server import LiveServer, serve
from tests.support.sign_in import COOKIE, new_cookie

Open = Callable[[LiveServer, str], HTTPResponse]


@pytest.fixture
def opened(house: House) -> Iterator[Open]:
    """`opened(server, "/live/lutetia")`: Camille's stream, greeted."""
    with ExitStack() as stack:
        token = new_cookie(house.camille)

        def one(server: LiveServer, path: str) -> HTTPResponse:
            connection = HTTPConnection(urlsplit(server.url).netloc, timeout=10)
            stack.callback(connection.close)
            connection.request("GET", path, headers={"Cookie": f"{COOKIE}={token}", "Connection": "close"})
            answer = connection.getresponse()
            assert answer.status == 200, f"answered {answer.status}"
            assert _next(answer)[0] == "hello"
            return answer

        yield one


def test_a_change_by_another_process_arrives_within_a_second(
    house: House, live_server: LiveServer, opened: Open
) -> None:
    streams = [opened(live_server, "/live/lutetia") for _ in range(6)]

    for round_ in range(5):
        at = time.monotonic()
        change(house.lutetia, f"agenda:2026-11-{20 + round_}")
        for stream in streams:
            assert _next(stream) == ("changed", [f"agenda:2026-11-{20 + round_}"])
        assert time.monotonic() - at < 1


def test_a_page_that_goes_gives_its_place_back_soon(
    house: House, database: Database, tmp_path: Path, opened: Open
) -> None:
    with serve(database.url, tmp_path, workers=1, max_streams=2) as server:
        gone, _stays = opened(server, "/live/lutetia"), opened(server, "/live/lutetia")
        with pytest.raises(AssertionError, match="503"):
            opened(server, "/live/lutetia")

        gone.close()
        time.sleep(2)  # the server's next heartbeat, which would tell it too, is due after 15 seconds

        opened(server, "/live/lutetia")


def test_a_server_that_stops_ends_its_streams_cleanly(
    house: House, database: Database, tmp_path: Path, opened: Open
) -> None:
    with serve(database.url, tmp_path) as server:
        streams = [opened(server, "/live/lutetia") for _ in range(4)]
        at = time.monotonic()
        server.processes[0].terminate()

        # A stream that was cut off instead would raise IncompleteRead or reset the connection.
        assert [stream.read() for stream in streams] == [b""] * 4
        server.processes[0].join(5)
        assert time.monotonic() - at < 5


def _next(answer: HTTPResponse) -> tuple[str, list[str]]:
    """The next message that is not a comment: its event and its topics."""
    name = ""
    while line := answer.readline().decode():
        if line.startswith("event: "):
            name = line.removeprefix("event: ").strip()
        elif line.startswith("data: "):
            answer.readline()
            return name, json.loads(line.removeprefix("data: ")).get("topics", [])
    return "end", []
