"""All open pages of this process: one thread watches the database, everyone is told from memory."""

from __future__ import annotations

import os
import select
import signal
import socket
import threading
import time
from datetime import datetime
from types import FrameType

from flask import Flask
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from portal.live import queries
from portal.live.changes import Change
from portal.live.stream import Listener, Stream
from portal.live.watcher import Watcher

CHECK_SECONDS = 10.0
# A session that could not be checked for so long is taken for ended.
UNCHECKED_SECONDS = 25.0
# How often we look whether pages have gone. A write would tell only at the second heartbeat, and until then every page
# that somebody leaves would hold a thread.
GONE_SECONDS = 1.0
# A stream whose reader never came to take its messages.
ABANDONED_SECONDS = 60.0


class Full(Exception):
    """This process holds as many streams as it may, or is about to end; the page asks again later."""


class Hub:
    """The streams of one process. Its watcher starts with the first stream and ends after the last one."""

    def __init__(self, engine: Engine, *, capacity: int) -> None:
        self._engine = engine
        self._capacity = capacity
        self._begin()

    def __len__(self) -> int:
        return len(self._streams)

    @property
    def is_watching(self) -> bool:
        """Whether the watcher's thread runs."""
        return self._watcher is not None

    def open(
        self,
        listener: Listener,
        *,
        after: int | None = None,
        since: datetime | None = None,
        peer: socket.socket | None = None,
    ) -> Stream:
        """A stream that first tells what the listener missed after the id `after`, or since the instant `since`.

        It ends when the `peer` goes, where that is known. Raises Full.
        """
        if self._process != os.getpid():
            self._begin()  # threads do not survive a fork
        stream = self._add(listener, peer)
        try:
            self._catch_up(stream, after=after, since=since)
        except BaseException:
            self.leave(stream)
            raise
        return stream

    def leave(self, stream: Stream) -> None:
        """The page has gone; harmless when repeated."""
        stream.end()
        with self._lock:
            self._streams.discard(stream)

    def close(self) -> None:
        """The process is about to end: all streams end now, and no other is opened."""
        with self._lock:
            self._closed = True
            streams = list(self._streams)
        for stream in streams:
            stream.end()

    def _begin(self) -> None:
        self._process = os.getpid()
        self._lock = threading.Lock()
        self._streams: set[Stream] = set()
        self._watcher: Watcher | None = None
        self._position = 0
        self._checked_at = self._looked_at = 0.0
        self._closed = False

    def _add(self, listener: Listener, peer: socket.socket | None) -> Stream:
        with self._lock:
            if self._closed or len(self._streams) >= self._capacity:
                raise Full
            fresh = Watcher(self._engine, deliver=self._deliver) if self._watcher is None else None
            if fresh is not None:
                self._position, self._checked_at = fresh.horizon, time.monotonic()
            stream = Stream(listener, position=self._position, peer=peer)
            self._streams.add(stream)
            if fresh is not None:
                self._watcher = fresh
                fresh.start()
            return stream

    def _catch_up(self, stream: Stream, *, after: int | None, since: datetime | None) -> None:
        # Read after the stream was added: what is committed meanwhile is told twice rather than not at all.
        with self._engine.connect() as connection:
            missed = queries.find_missed(stream.listener.venues, connection, after=after, since=since)
        if missed is None:
            stream.ask_to_reread()
        for change in missed or []:
            stream.tell(change, position=self._position)

    def _deliver(self, changes: list[Change], horizon: int) -> bool:
        """Called by the watcher; answers whether anybody is still there."""
        with self._lock:
            self._position = horizon
            streams = list(self._streams)
            if not streams:
                self._watcher = None
                return False
        for stream in streams:
            for change in changes:
                stream.tell(change, position=horizon)
        at = time.monotonic()
        if at - self._looked_at >= GONE_SECONDS:
            self._looked_at = at
            _end_gone(streams)
        if at - self._checked_at >= CHECK_SECONDS:
            self._check(streams)
        return True

    def _check(self, streams: list[Stream]) -> None:
        """End the streams of those who may no longer listen, and forget those that nobody reads."""
        at = time.monotonic()
        try:
            with self._engine.connect() as connection:
                admissions = queries.find_admissions(connection, {stream.listener.session_id for stream in streams})
        except SQLAlchemyError:
            if at - self._checked_at < UNCHECKED_SECONDS:
                return
            admissions = {}
        self._checked_at = at
        for stream in streams:
            if at > stream.expires_at + ABANDONED_SECONDS:
                self.leave(stream)
            elif not stream.listener.may_stay(admissions.get(stream.listener.session_id)):
                stream.end()


def _end_gone(streams: list[Stream]) -> None:
    """End the streams whose page has closed its connection."""
    poll = select.poll()
    watched: dict[int, Stream] = {}
    for stream in streams:
        number = stream.peer.fileno() if stream.peer is not None else -1
        if number >= 0:
            watched[number] = stream
            poll.register(number, getattr(select, "POLLRDHUP", select.POLLHUP))
    for number, _event in poll.poll(0):
        watched[number].end()


def hub_of(app: Flask, engine: Engine) -> Hub:
    """The application's hub in this process."""
    hub: Hub = app.extensions.setdefault("live", Hub(engine, capacity=app.config["SETTINGS"].max_streams))
    return hub


def end_streams_at_shutdown(app: Flask) -> None:
    """Where a server handles the signals that end it, end the streams first: it waits for answers that never end.

    Call it in the process that serves, once its own handlers are installed.
    """
    if threading.current_thread() is not threading.main_thread():
        return
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGQUIT):
        servers_own = signal.getsignal(number)
        if not callable(servers_own) or servers_own is signal.default_int_handler:
            continue

        def end(number: int, frame: FrameType | None, servers_own: object = servers_own) -> None:
            hub = app.extensions.get("live")
            if hub is not None:
                # The interrupted thread may hold the hub's lock.
                threading.Thread(target=hub.close, daemon=True).start()
            servers_own(number, frame)  # type: ignore[operator]  # checked above

        signal.signal(number, end)
        signal.siginterrupt(number, False)
