"""Clients in processes of their own, which send prepared requests one after the other and time each answer."""

from __future__ import annotations

import json
import multiprocessing
import socket
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from tests.benchmarks.floor import WORKER

CLIENTS = 8
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


@dataclass(frozen=True)
class Round:
    """What a crowd saw: seconds from first to last, each answer's seconds, answers by status and by worker."""

    seconds: float
    latencies: list[float]
    statuses: Counter[int]
    workers: Counter[str]

    @property
    def throughput(self) -> float:
        """Answers per second."""
        return len(self.latencies) / self.seconds


def send_all(url: str, posts: Sequence[Post], clients: int = CLIENTS) -> Round:
    """Send all requests, dealt out to the clients, which start together."""
    host = url.removeprefix("http://")
    hands = [[post.encoded(host) for post in posts[client::clients]] for client in range(clients)]
    context = multiprocessing.get_context("spawn")
    with context.Manager() as manager, context.Pool(clients) as pool:
        start = manager.Barrier(clients)
        played = pool.starmap(_play, [(host, hand, start) for hand in hands], chunksize=1)
    return Round(
        seconds=max(ended for _, ended, _, _, _ in played) - min(began for began, _, _, _, _ in played),
        latencies=[latency for _, _, latencies, _, _ in played for latency in latencies],
        statuses=sum((statuses for _, _, _, statuses, _ in played), Counter()),
        workers=sum((workers for _, _, _, _, workers in played), Counter()),
    )


def _play(host: str, requests: list[bytes], start: Any) -> tuple[float, float, list[float], Counter[int], Counter[str]]:
    latencies: list[float] = []
    statuses: Counter[int] = Counter()
    workers: Counter[str] = Counter()
    start.wait()
    began = time.monotonic()  # one clock for all processes of a machine
    for first in range(0, len(requests), _REQUESTS_PER_CONNECTION):
        with _connect(host) as connection:
            for request in requests[first : first + _REQUESTS_PER_CONNECTION]:
                sent = time.monotonic()
                connection.sendall(request)
                head = _receive(connection)
                latencies.append(time.monotonic() - sent)
                statuses[int(head.split(b" ", 2)[1])] += 1
                workers[_header(head, WORKER)] += 1
    return began, time.monotonic(), latencies, statuses, workers


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
