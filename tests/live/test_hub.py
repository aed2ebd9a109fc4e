"""The hub: a change reaches every open page of its venue, nothing is missed after a cut, nobody listens too long."""

from __future__ import annotations

import os
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import delete, event, insert, select, update

from portal.clock import now
from portal.database import db
from portal.live import hub as hubs
from portal.live import stream as streams
from portal.live.hub import Full, Hub
from portal.models import LiveEvent, LoginSession, StaffMember, VenueMember
from tests.factories import House, save
from tests.live.conftest import change, greeted, listener_of, read, wait_until


def test_a_change_reaches_everyone_at_its_venue(house: House, hub: Hub, login: LoginSession) -> None:
    here, too = (greeted(hub.open(listener_of(login, house.lutetia))) for _ in range(2))

    change(house.lutetia, "offers", "agenda:2026-11-20")

    for messages in (here, too):
        name, data = read(messages)
        assert (name, data["topics"]) == ("changed", ["agenda:2026-11-20", "offers"])


def test_a_change_elsewhere_is_not_heard(house: House, hub: Hub, login: LoginSession) -> None:
    messages = greeted(hub.open(listener_of(login, house.lutetia)))

    change(house.marais, "offers")
    change(house.chamonix, "offers")
    change(house.lutetia, "agenda:2026-11-20")

    assert read(messages)[1]["topics"] == ["agenda:2026-11-20"]


def test_a_change_that_is_rolled_back_is_not_told(house: House, hub: Hub, login: LoginSession) -> None:
    messages = greeted(hub.open(listener_of(login, house.lutetia)))
    db.session.add(LiveEvent(venue_id=house.lutetia.id, topics=["never"]))
    db.session.flush()
    db.session.rollback()

    change(house.lutetia, "offers")

    assert read(messages)[1]["topics"] == ["offers"]


def test_after_a_cut_nothing_is_missed(house: House, hub: Hub, login: LoginSession) -> None:
    listener = listener_of(login, house.lutetia)
    change(house.lutetia, "before")
    first = hub.open(listener)
    messages = greeted(first)
    change(house.lutetia, "offers")
    position = read(messages)[1]["id"]
    hub.leave(first)

    change(house.lutetia, "agenda:2026-11-20")
    change(house.marais, "elsewhere")
    change(house.lutetia, "agenda:2026-11-21")

    assert read(greeted(hub.open(listener, after=position)))[1]["topics"] == ["agenda:2026-11-20", "agenda:2026-11-21"]


def test_what_changed_between_drawing_and_connecting_is_told(house: House, hub: Hub, login: LoginSession) -> None:
    drawn = now()
    change(house.lutetia, "offers")

    assert read(greeted(hub.open(listener_of(login, house.lutetia), since=drawn)))[1]["topics"] == ["offers"]


def test_too_long_ago_to_be_told(house: House, hub: Hub, login: LoginSession) -> None:
    listener = listener_of(login, house.lutetia)
    change(house.lutetia, "a")
    change(house.lutetia, "b")
    newest = max(db.session.scalars(select(LiveEvent.id)))
    db.session.execute(delete(LiveEvent).where(LiveEvent.id < newest))
    db.session.commit()

    for given in ({"after": newest - 2}, {"after": newest + 5}, {"since": now() - timedelta(minutes=11)}):
        stream = hub.open(listener, **given)
        assert read(greeted(stream))[0] == "reset"
        hub.leave(stream)


@pytest.mark.parametrize("backend", ["postgresql"], indirect=True, scope="session")
def test_a_commit_out_of_order_is_told(house: House, hub: Hub, login: LoginSession) -> None:
    """PostgreSQL gives out ids when rows are written, not when they are committed; SQLite writes one by one."""
    change(house.lutetia, "before")
    messages = greeted(hub.open(listener_of(login, house.lutetia)))
    with db.engine.connect() as slow:
        slow.execute(insert(LiveEvent).values(venue_id=house.lutetia.id, topics=["slow"], at=now()))
        change(house.lutetia, "quick")
        _name, data = read(messages)
        assert data["topics"] == ["quick"]
        resumed_at = data["id"]
        slow.commit()

    assert read(messages)[1]["topics"] == ["slow"]
    late = hub.open(listener_of(login, house.lutetia), after=resumed_at)
    assert "slow" in read(greeted(late))[1]["topics"], "who was cut in between must be told as well"


def test_the_process_holds_only_so_many(house: House, hub: Hub, login: LoginSession) -> None:
    listener = listener_of(login, house.lutetia)
    opened = [hub.open(listener) for _ in range(3)]
    with pytest.raises(Full):
        hub.open(listener)

    hub.leave(opened[0])

    hub.open(listener)
    assert len(hub) == 3


def test_the_watcher_lives_as_long_as_there_are_streams(house: House, hub: Hub, login: LoginSession) -> None:
    listener = listener_of(login, house.lutetia)
    before = hub.is_watching
    stream = hub.open(listener)
    during = hub.is_watching
    assert (before, during) == (False, True)
    hub.leave(stream)
    wait_until(lambda: not hub.is_watching)

    messages = greeted(hub.open(listener))
    change(house.lutetia, "offers")

    assert read(messages)[1]["topics"] == ["offers"]


def test_idle_streams_hold_no_connection(house: House, hub: Hub, login: LoginSession) -> None:
    db.session.commit()
    before = _in_use()
    for _ in range(3):
        next(hub.open(listener_of(login, house.lutetia)).messages())

    wait_until(lambda: _in_use() <= before + 1)  # the watcher's own


@pytest.mark.parametrize("ending", ["session", "expired", "deactivated", "left", "promoted"])
def test_who_may_no_longer_listen_is_cut_off(
    house: House, hub: Hub, login: LoginSession, monkeypatch: pytest.MonkeyPatch, ending: str
) -> None:
    monkeypatch.setattr(hubs, "CHECK_SECONDS", 0.05)
    listener = listener_of(login, house.lutetia)
    messages = greeted(hub.open(listener))
    assert hubs.CHECK_SECONDS < 20

    _end(ending, house, login)

    assert read(messages)[0] == "end"


def test_who_may_listen_is_not_cut_off(
    house: House, hub: Hub, login: LoginSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hubs, "CHECK_SECONDS", 0.05)
    monkeypatch.setattr(streams, "HEARTBEAT_SECONDS", 0.3)
    messages = greeted(hub.open(listener_of(login, house.lutetia)))

    assert next(messages) == b":\n\n"
    change(house.lutetia, "offers")
    assert read(messages)[0] == "changed"


def test_all_sessions_are_checked_in_a_few_statements(house: House, hub: Hub, login: LoginSession) -> None:
    opened = [hub.open(listener_of(login, house.lutetia)) for _ in range(3)]
    sent: list[str] = []

    def note(_connection: object, _cursor: object, sql: str, *_rest: object) -> None:
        if "login_session" in sql or "venue_member" in sql:
            sent.append(sql)

    event.listen(db.engine, "before_cursor_execute", note)
    hub._check(opened)
    event.remove(db.engine, "before_cursor_execute", note)

    assert len(sent) == 2


def test_the_regular_check_is_frequent_enough() -> None:
    assert hubs.CHECK_SECONDS <= 20
    assert hubs.UNCHECKED_SECONDS <= 30


def test_before_the_process_ends_all_streams_end(house: House, hub: Hub, login: LoginSession) -> None:
    listener = listener_of(login, house.lutetia)
    messages = greeted(hub.open(listener))

    hub.close()

    assert read(messages)[0] == "end"
    with pytest.raises(Full):
        hub.open(listener)


def test_a_forked_process_begins_anew(house: House, hub: Hub, login: LoginSession, app: Flask) -> None:
    listener = listener_of(login, house.lutetia)
    hub.open(listener)
    hub._process = os.getpid() + 1  # as a child sees the hub that its parent had opened

    messages = greeted(hub.open(listener))
    change(house.lutetia, "offers")

    assert len(hub) == 1
    assert read(messages)[1]["topics"] == ["offers"]


def _end(ending: str, house: House, login: LoginSession) -> None:
    if ending == "session":
        login.end(now())
    elif ending == "expired":
        login.expires_at = now() - timedelta(seconds=1)
    elif ending == "deactivated":
        house.camille.active = False
    elif ending == "left":
        db.session.execute(
            update(VenueMember).where(VenueMember.member_id == house.camille.id).values(venue_id=house.marais.id)
        )
    else:
        db.session.execute(update(StaffMember).where(StaffMember.id == house.camille.id).values(role="manager"))
    save(login)


def _in_use() -> int:
    return int(db.engine.pool.checkedout())  # type: ignore[attr-defined]  # both databases use a queue of connections
