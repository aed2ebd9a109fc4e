"""Clients in processes of their own, which send prepared requests one after the other and time each answer."""

from __future__ import annotations

import json
import multiprocessing
import socket
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

CLIENTS = 8
# The header in which the benchmark's server says which of its processes answered.
WORKER = "X-Worker"
# gunicorn may put all connections that stay open on one worker: new ones now and then spread the load.
_REQUESTS_PER_CONNECTION = 20


@dataclass(frozen=True)
class Post:
    """One prepared request."""

    path: str
    body: dict[str, Any]
    key: str = ""

    def encoded(self, host: str) -> bytes:
        body = json.dumps(self.body).encode()
        key = f"Authorization: Bearer {self.key}\r\n" if self.key else ""
        head = f"POST {self.path} HTTP/1.1\r\nHost: {host}\r\n{key}Content-Type: application/json\r\n"
        return f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body


@dataclass
class Round:
    """What clients saw: seconds from first to last, each answer's seconds, answers by status and by worker."""

    began: float
    ended: float = 0.0
    latencies: list[float] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)
    workers: Counter[str] = field(default_factory=Counter)

    @property
    def throughput(self) -> float:
        """Answers per second."""
        return len(self.latencies) / (self.ended - self.began)

    def add(self, other: Round) -> None:
        """Count in what another client saw at the same time."""
        self.began, self.ended = min(self.began, other.began), max(self.ended, other.ended)
        self.latencies += other.latencies
        self.statuses += other.statuses
        self.workers += other.workers


class Crowd:
    """Clients that stay, so that a round begins at once; to be used as a context."""

    def __init__(self, url: str, clients: int = CLIENTS) -> None:
        self._host = url.removeprefix("http://")
        self._clients = clients
        context = multiprocessing.get_context("spawn")
        self._start = context.Barrier(clients)
        self._pool = context.Pool(clients, _take_place, [self._start])

    def __enter__(self) -> Crowd:
        return self

    def __exit__(self, *_: object) -> None:
        self._pool.terminate()
        self._pool.join()

    def send(self, posts: Sequence[Post], seconds: float) -> Round:
        """For so many seconds send requests, dealt out to all clients, which start together; the rest is not sent."""
        hands = [
            [post.encoded(self._host) for post in posts[client :: self._clients]] for client in range(self._clients)
        ]
        first, *others = self._pool.starmap(_play, [(self._host, hand, seconds) for hand in hands], chunksize=1)
        for other in others:
            first.add(other)
        return first


_place: list[Any] = []


def _take_place(start: Any) -> None:
    """A barrier can be handed to a process only when that begins."""
    _place.append(start)


def _play(host: str, requests: list[bytes], seconds: float) -> Round:
    _place[0].wait()
    played = Round(began=time.monotonic())  # one clock for all processes of a machine
    waiting = iter(requests)
    while time.monotonic() - played.began < seconds and (hand := list(islice(waiting, _REQUESTS_PER_CONNECTION))):
        with _connect(host) as connection:
            for request in hand:
                sent = time.monotonic()
                connection.sendall(request)
                head = _receive(connection)
                played.latencies.append(time.monotonic() - sent)
                played.statuses[int(head.split(b" ", 2)[1])] += 1
                played.workers[_header(head, WORKER)] += 1
    played.ended = time.monotonic()
    return played


def _connect(host: str) -> socket.socket:
    name, _, port = host.partition(":")
    connection = socket.create_connection((name, int(port)), timeout=60)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return connection


def _receive(connection: socket.socket) -> bytes:
    """The head of one answer, its body read and forgotten: clients share the machine and must cost little."""
    received = connection.recv(65536)
    while b"\r\n\r\n" not in received:
        received += _more(connection)
    head, _, body = received.partition(b"\r\n\r\n")
    missing = int(_header(head, "Content-Length")) - len(body)
    while missing > 0:
        missing -= len(_more(connection))
    return head


def _more(connection: socket.socket) -> bytes:
    received = connection.recv(65536)
    if not received:
        raise ConnectionError("the server closed the connection in the middle of an answer")
    return received


def _header(head: bytes, name: str) -> str:
    lines = head.decode("latin-1").split("\r\n")
    return next((line.partition(":")[2].strip() for line in lines if line.lower().startswith(f"{name.lower()}:")), "")
