"""One open page: what is sent to it, and what it may hear."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator

import pytest

from portal.live import stream as streams
from portal.live.changes import Change
from portal.live.queries import Admission
from portal.live.stream import Listener, Stream

DESK = Listener(session_id=1, role="receptionist", venues=frozenset({7}))
THERAPIST = Listener(session_id=2, role="therapist", venues=frozenset({7}))
ADMIN = Listener(session_id=3, role="admin", venues=frozenset({7, 8}))


def test_it_greets_with_the_place_to_resume_from() -> None:
    first = next(Stream(DESK, position=41).messages())

    assert first == b'retry: 2000\nid: 41\nevent: hello\ndata: {"id":41}\n\n'


def test_a_change_is_told_by_its_topics_alone() -> None:
    stream = Stream(DESK, position=1)
    messages = _after_greeting(stream)

    stream.tell(Change(5, 7, ("agenda:2026-11-20", "offers")), position=4)

    assert next(messages) == (b'id: 4\nevent: changed\ndata: {"topics":["agenda:2026-11-20","offers"],"id":4}\n\n')


def test_a_slow_reader_gets_one_message_with_all() -> None:
    stream = Stream(DESK, position=1)
    messages = _after_greeting(stream)
    for number in range(2, 1000):
        stream.tell(Change(number, 7, ("offers", f"agenda:2026-11-{number % 3 + 20}")), position=number)

    message = next(messages)

    data = json.loads(message.split(b"data: ")[1])
    assert data["id"] == 999
    assert set(data["topics"]) == {"offers", "agenda:2026-11-20", "agenda:2026-11-21", "agenda:2026-11-22"}


@pytest.mark.parametrize(
    ("listener", "venue", "heard"),
    [
        (DESK, 7, ("absences", "agenda:2026-11-20", "offers")),
        (DESK, 8, ()),
        (THERAPIST, 7, ("absences", "offers")),
        (THERAPIST, 8, ()),
        (ADMIN, 8, ("absences", "agenda:2026-11-20", "offers")),
    ],
)
def test_everyone_hears_of_her_own_venues_only(listener: Listener, venue: int, heard: tuple[str, ...]) -> None:
    assert listener.topics_in(Change(1, venue, ("absences", "agenda:2026-11-20", "offers"))) == heard


def test_what_one_may_not_hear_wakes_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streams, "HEARTBEAT_SECONDS", 0.05)
    stream = Stream(THERAPIST, position=1)
    messages = _after_greeting(stream)

    stream.tell(Change(2, 7, ("agenda:2026-11-20",)), position=2)

    assert next(messages) == b":\n\n"


def test_a_comment_when_nothing_happens(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streams, "HEARTBEAT_SECONDS", 0.01)
    messages = _after_greeting(Stream(DESK, position=1))

    assert [next(messages), next(messages)] == [b":\n\n", b":\n\n"]


def test_too_old_to_be_told_means_reread() -> None:
    stream = Stream(DESK, position=9)
    messages = _after_greeting(stream)

    stream.ask_to_reread()

    assert next(messages) == b'id: 9\nevent: reset\ndata: {"id":9}\n\n'


def test_it_ends_at_once_when_told() -> None:
    stream = Stream(DESK, position=1)
    messages = _after_greeting(stream)
    threading.Timer(0.05, stream.end).start()

    assert list(messages) == []


def test_it_ends_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streams, "LIFE_SECONDS", (0.05, 0.06))

    assert list(_after_greeting(Stream(DESK, position=1))) == []


@pytest.mark.parametrize(
    ("listener", "admission", "stays"),
    [
        (DESK, Admission("receptionist", frozenset({7, 9})), True),
        (DESK, Admission("receptionist", frozenset({9})), False),
        (DESK, Admission("therapist", frozenset({7})), False),
        (DESK, None, False),
        (ADMIN, Admission("admin", frozenset()), True),
    ],
)
def test_who_may_stay(listener: Listener, admission: Admission | None, stays: bool) -> None:
    assert listener.may_stay(admission) is stays


def _after_greeting(stream: Stream) -> Iterator[bytes]:
    messages = stream.messages()
    next(messages)
    return messages
