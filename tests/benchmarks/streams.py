"""(d) Open pages: what 200 idle streams cost in memory and in the time of other requests, and how soon they are told.

`python -m tests.benchmarks.streams` prints the figures for both databases.
"""

from __future__ import annotations

import re
import secrets
import selectors
import socket
import statistics
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

from flask import Flask

from portal.clock import now
from portal.database import atomic, db
from portal.live.service import announce
from portal.models import LoginSession, StaffMember, Venue
from portal.session.service import hash_token
from tests.factories import House, make_house, save
from tests.support.databases import BACKENDS, Databases, tear_down
from tests.support.portal_app import make_app, migrate
from tests.support.server import LiveServer, serve
from tests.support.sign_in import COOKIE

STREAMS = 200
CHANGES = 60
REQUESTS = 400
CLIENTS = 4
ROUNDS = 3
_TOPIC = re.compile(rb'"probe:(\d+)"')


@dataclass
class Streams:
    """Bytes of the server's processes, and seconds: of requests without and beside the streams, of each telling."""

    opened: int = 0
    memory_before: int = 0
    memory: int = 0
    alone: list[float] = field(default_factory=list)
    beside: list[float] = field(default_factory=list)
    told: list[float] = field(default_factory=list)
    untold: int = 0


def measure(app: Flask, url: str, folder: Path) -> Streams:
    """Requests without and beside the streams take turns, so that whatever else the machine does meets both."""
    result = Streams()
    with app.app_context(), serve(url, folder, threads=STREAMS + 56, max_streams=STREAMS) as server:
        house = make_house()
        page = f"{COOKIE}={_token(house.therese)}"
        _ask(server, page, REQUESTS // 4)
        result.memory_before = server.memory
        for _ in range(ROUNDS):
            result.alone += _ask(server, page, REQUESTS // ROUNDS)
            with _listening(server, house) as ears:
                result.opened = len(ears.sockets)
                result.beside += _ask(server, page, REQUESTS // ROUNDS)
                _tell(house.lutetia, ears, result)
                result.memory = max(result.memory, server.memory)
        db.session.remove()
        db.engine.dispose()
    return result


@dataclass
class _Ears:
    """The listening end of all streams, read by one thread: when each of them heard of each change."""

    sockets: list[socket.socket]
    heard: dict[int, list[float]] = field(default_factory=dict)
    over: threading.Event = field(default_factory=threading.Event)

    def listen(self) -> None:
        with selectors.DefaultSelector() as selector:
            for one in self.sockets:
                selector.register(one, selectors.EVENT_READ)
            while not self.over.is_set():
                for key, _ in selector.select(0.1):
                    received = key.fileobj.recv(65536)  # type: ignore[union-attr]  # a socket, as registered above
                    at = time.monotonic()
                    if not received:
                        selector.unregister(key.fileobj)
                    for number in _TOPIC.findall(received):
                        self.heard.setdefault(int(number), []).append(at)


@contextmanager
def _listening(server: LiveServer, house: House) -> Iterator[_Ears]:
    with ExitStack() as stack:
        sockets = []
        for _ in range(STREAMS):
            one = _open_stream(server, _token(house.camille))
            stack.enter_context(closing(one))
            sockets.append(one)
        ears = _Ears(sockets)
        thread = threading.Thread(target=ears.listen)
        thread.start()
        try:
            yield ears
        finally:
            ears.over.set()
            thread.join()
    time.sleep(2)  # until the server has noticed that they are gone


def _open_stream(server: LiveServer, token: str) -> socket.socket:
    parts = urlsplit(server.url)
    one = socket.create_connection((parts.hostname or "", parts.port or 0), timeout=30)
    one.sendall(f"GET /live/lutetia HTTP/1.1\r\nHost: {parts.netloc}\r\nCookie: {COOKIE}={token}\r\n\r\n".encode())
    received = b""
    while b"event: hello" not in received:
        received += one.recv(65536)
        if received.startswith(b"HTTP/1.1 503"):
            raise RuntimeError("The server takes no further stream.")
    return one


def _tell(venue: Venue, ears: _Ears, result: Streams) -> None:
    """Change something again and again; the time runs from before the transaction to the byte at the listener."""
    first = len(result.told) + result.untold
    for number in range(first, first + CHANGES // ROUNDS):
        began = time.monotonic()
        _change(venue, f"probe:{number}")
        time.sleep(0.3)
        heard = ears.heard.get(number, [])
        result.told += [at - began for at in heard]
        result.untold += len(ears.sockets) - len(heard)


@atomic
def _change(venue: Venue, topic: str) -> None:
    announce(venue, topic)


def _ask(server: LiveServer, cookie: str, count: int) -> list[float]:
    """Seconds of each of `count` readings of a therapist's page, by a few clients at a time."""

    def some(share: int) -> list[float]:
        took = []
        with closing(HTTPConnection(urlsplit(server.url).netloc, timeout=30)) as connection:
            for _ in range(share):
                began = time.monotonic()
                connection.request("GET", "/my/day", headers={"Cookie": cookie})
                answer = connection.getresponse()
                answer.read()
                took.append(time.monotonic() - began)
                if answer.status != 200:
                    raise RuntimeError(f"/my/day answered {answer.status}")
        return took

    with ThreadPoolExecutor(CLIENTS) as pool:
        return [seconds for part in pool.map(some, [count // CLIENTS] * CLIENTS) for seconds in part]


def _token(member: StaffMember) -> str:
    token = secrets.token_urlsafe(32)
    save(LoginSession.start(member, token_hash=hash_token(token), address=None, user_agent=None, at=now()))
    return token


def percentile(values: Sequence[float], percent: int) -> float:
    """The value below which so many percent lie."""
    return statistics.quantiles(values, n=100, method="inclusive")[percent - 1]


def describe(result: Streams) -> list[tuple[str, str]]:
    """The figures as lines of a table."""

    def times(values: Sequence[float]) -> str:
        return " / ".join(f"{1000 * percentile(values, percent):.1f}" for percent in (50, 95, 99)) + " ms"

    return [
        ("streams open", f"{result.opened}"),
        ("memory of all server processes, before", f"{result.memory_before / 2**20:.0f} MiB"),
        ("memory with the streams (aim: < 300 MB)", f"{result.memory / 2**20:.0f} MiB"),
        ("page, p50 / p95 / p99, without streams", times(result.alone)),
        ("page, p50 / p95 / p99, beside them", times(result.beside)),
        ("change to message, p50 / p95 / p99 (aim: p95 ≤ 1 s)", times(result.told)),
        ("messages not there after 0.3 s", f"{result.untold} of {len(result.told) + result.untold}"),
    ]


def main() -> None:
    """Measure both databases and print the figures."""
    home = Path(tempfile.mkdtemp(prefix="thermes-streams-"))
    home.chmod(0o755)  # PostgreSQL may have to run as another user
    databases = Databases(home, "streams", migrate)
    try:
        for backend in BACKENDS:
            database = databases.create(backend)
            print(backend)  # noqa: T201  (a command prints)
            for name, value in describe(measure(make_app(database.url), database.url, home)):
                print(f"  {name:55} {value}")  # noqa: T201
    finally:
        databases.close()
        tear_down(home)


if __name__ == "__main__":
    main()
