"""One open page: whom it belongs to, what it may hear, and the text that is sent to it."""

from __future__ import annotations

import json
import random
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass

from portal.access import Role
from portal.live.changes import Change
from portal.live.queries import Admission
from portal.live.service import ABSENCES, OFFERS

HEARTBEAT_SECONDS = 15.0
# Streams end by themselves and are opened again, so that one that nobody reads does not stay for ever.
LIFE_SECONDS = (270.0, 330.0)
RETRY_MILLISECONDS = 2000
ON_PHONES = frozenset({OFFERS, ABSENCES})


@dataclass(frozen=True, slots=True)
class Listener:
    """Whoever listens, as she was when the stream was opened."""

    session_id: int
    role: str
    venues: frozenset[int]

    def topics_in(self, change: Change) -> tuple[str, ...]:
        """What of the change she may hear: nothing of other venues, and therapists only what their phones show."""
        if change.venue_id not in self.venues:
            return ()
        if self.role == Role.THERAPIST:
            return tuple(topic for topic in change.topics if topic in ON_PHONES)
        return change.topics

    def may_stay(self, admission: Admission | None) -> bool:
        """Whether what was true when the stream was opened still is."""
        if admission is None or admission.role != self.role:
            return False
        return self.role == Role.ADMIN or self.venues <= admission.venues


class Stream:
    """Changes are put in by one thread and taken out by another.

    A slow reader gets one message with all that changed meanwhile: what waits for her is bounded by the topics.
    `peer` is the connection to the page, where the server tells it.
    """

    def __init__(self, listener: Listener, *, position: int, peer: socket.socket | None = None) -> None:
        self.listener = listener
        self.peer = peer
        self.expires_at = time.monotonic() + random.uniform(*LIFE_SECONDS)  # noqa: S311  (jitter, not a secret)
        self._position = position
        self._topics: dict[str, None] = {}
        self._reset = False
        self._ended = False
        self._news = threading.Condition()

    def tell(self, change: Change, *, position: int) -> None:
        """Something changed; whoever resumes at `position` misses nothing."""
        topics = self.listener.topics_in(change)
        if topics:
            with self._news:
                self._topics.update(dict.fromkeys(topics))
                self._position = max(self._position, position)
                self._news.notify()

    def ask_to_reread(self) -> None:
        """It is not known what the page missed: it re-reads everything."""
        with self._news:
            self._reset = True
            self._news.notify()

    def end(self) -> None:
        """No further message; the reader's thread comes free at once."""
        with self._news:
            self._ended = True
            self._news.notify()

    def messages(self) -> Iterator[bytes]:
        """Server-sent events until the end: a greeting, then what changed, and a comment when nothing did for long."""
        yield f"retry: {RETRY_MILLISECONDS}\n".encode() + self._message("hello", {"id": self._position})
        while self._wait():
            topics, reset = self._take()
            if reset:
                yield self._message("reset", {"id": self._position})
            if topics:
                yield self._message("changed", {"topics": topics, "id": self._position})
            if not topics and not reset:
                yield b":\n\n"

    def _wait(self) -> bool:
        left = self.expires_at - time.monotonic()
        with self._news:
            self._news.wait_for(lambda: self._ended or self._topics or self._reset, min(HEARTBEAT_SECONDS, left))
            return not self._ended and time.monotonic() < self.expires_at

    def _take(self) -> tuple[list[str], bool]:
        with self._news:
            topics, reset = list(self._topics), self._reset
            self._topics, self._reset = {}, False
            return topics, reset

    def _message(self, name: str, data: dict[str, object]) -> bytes:
        return f"id: {self._position}\nevent: {name}\ndata: {json.dumps(data, separators=(',', ':'))}\n\n".encode()
