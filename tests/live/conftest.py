"""A hub on the test's database, and a way to read what a stream says."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask

from portal.database import atomic, db
from portal.live.hub import Hub
from portal.live.service import announce
from portal.live.stream import Listener, Stream
from portal.models import LoginSession, StaffMember, Venue
from tests.factories import House
from tests.support.client import PageClient
from tests.support.sign_in import sign_in

Message = tuple[str, dict[str, Any]]


@pytest.fixture
def hub(app: Flask) -> Iterator[Hub]:
    """A hub of this test alone, ended with it."""
    made = Hub(db.engine, capacity=3)
    yield made
    empty(made)


@pytest.fixture
def login(client: PageClient, house: House) -> LoginSession:
    """Camille's session."""
    return sign_in(client, house.camille)


def listener_of(login: LoginSession, *venues: Venue) -> Listener:
    member: StaffMember = login.member
    return Listener(login.id, member.role, frozenset(venue.id for venue in venues))


@atomic
def change(venue: Venue, *topics: str) -> None:
    """Something of the venue changes, in a transaction of its own."""
    announce(venue, *topics)


def read(messages: Iterator[bytes]) -> Message:
    """The next message that is not a comment: its event and its data."""
    for text in messages:
        lines = dict(line.split(": ", 1) for line in text.decode().splitlines() if ": " in line)
        if "event" in lines:
            return lines["event"], json.loads(lines["data"])
    return "end", {}


def greeted(stream: Stream) -> Iterator[bytes]:
    """The stream's messages after its greeting."""
    messages = stream.messages()
    assert read(messages)[0] == "hello"
    return messages


def empty(hub: Hub) -> None:
    """Close every stream of the hub, and wait until nobody watches the database any more."""
    for stream in list(hub._streams):
        hub.leave(stream)
    wait_until(lambda: not hub.is_watching)


def wait_until(condition: Callable[[], bool], *, seconds: float = 5) -> None:
    """Raise AssertionError when the condition does not come true in time."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "It did not come true in time."
        time.sleep(0.01)
