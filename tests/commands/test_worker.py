"""`flask worker`: every outbox row once, leases, retries, the night, and a clean end."""

from __future__ import annotations

import signal
import subprocess
import sys
import textwrap
import threading
import time
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask

from portal.clock import frozen, now
from portal.database import db
from portal.models import LiveEvent, LoginAttempt, LoginSession, OutboxEvent, RateWindow
from portal.webhooks import delivery
from tests.commands.conftest import Command
from tests.factories import House, save
from tests.support.databases import Database
from tests.support.portal_app import ROOT, as_environment

Subscribe = Callable[[str, delivery.Subscriber], None]


@pytest.fixture
def subscribe(monkeypatch: pytest.MonkeyPatch) -> Subscribe:
    """Somebody who listens to one type, for one test."""
    monkeypatch.setattr(delivery, "SUBSCRIBERS", {})
    return lambda type_, tell: delivery.SUBSCRIBERS.setdefault(type_, []).append(tell)


def publish(house: House, count: int = 1, *, type_: str = "booking.created", run_at: datetime | None = None) -> None:
    rows = [
        OutboxEvent(organisation_id=house.organisation.id, type=type_, payload={"n": n}, run_at=run_at or now())
        for n in range(count)
    ]
    save(*rows)


def outbox() -> list[OutboxEvent]:
    db.session.rollback()
    db.session.expire_all()
    return db.session.query(OutboxEvent).order_by(OutboxEvent.id).all()


def test_once_delivers_what_nobody_listens_to(flask: Command, house: House) -> None:
    publish(house, 250)
    result = flask("worker", "--once")
    assert (result.exit_code, result.output) == (0, "")
    assert {row.done_at is not None for row in outbox()} == {True}


def test_two_workers_at_once_carry_each_row_once(app: Flask, house: House, subscribe: Subscribe) -> None:
    carried: Counter[int] = Counter()
    by: set[int] = set()

    def tell(event: OutboxEvent) -> None:
        carried[event.id] += 1
        by.add(threading.get_ident())
        time.sleep(0.001)

    subscribe("booking.created", tell)
    publish(house, 300)
    start = threading.Barrier(2)
    failures: list[BaseException] = []

    def work() -> None:
        try:
            with app.app_context():
                start.wait()
                while delivery.deliver_due():
                    db.session.remove()
        except BaseException as failure:  # noqa: BLE001  (shown by the test itself)
            failures.append(failure)

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert failures == []
    assert set(carried.values()) == {1}
    assert len(carried) == 300
    assert len(by) == 2, "one worker did it all: the test has proved nothing"
    assert all(row.done_at and row.attempts == 1 for row in outbox())


def test_a_row_is_tried_for_three_days_and_then_parked_for_all_to_see(
    flask: Command, house: House, subscribe: Subscribe
) -> None:
    def fail(event: OutboxEvent) -> None:
        raise ConnectionError("nobody answers")

    told: list[int] = []
    subscribe("booking.created", fail)
    subscribe("booking.cancelled", lambda event: told.append(event.id))
    publish(house)
    publish(house, type_="booking.cancelled")
    moment = now()
    pauses = []
    assert "given up" not in flask("check").output
    for attempt in range(1, 11):
        with frozen(moment):
            delivered = iter(delivery.deliver_due, 0)
            assert 0 < sum(delivered) <= 2, "it is not tried again at once"
        row = outbox()[0]
        assert row.attempts == attempt
        pauses.append((row.run_at - moment).total_seconds())
        moment = row.run_at
    hour = 3600
    promised = [5, 300, hour / 2, 2 * hour, 5 * hour, 10 * hour, 14 * hour, 20 * hour, 24 * hour]
    assert sum(promised) == timedelta(hours=75, minutes=35, seconds=5).total_seconds()
    assert pauses[:9] == pytest.approx(promised, rel=0.1)
    assert pauses[:9] != pytest.approx(promised, rel=0.0001), "without jitter all come back at once"
    parked = outbox()[0]
    assert parked.failed_at is not None
    assert parked.done_at is None
    assert "nobody answers" in (parked.error or "")
    with frozen(moment + timedelta(days=30)):
        assert delivery.deliver_due() == 0, "a parked row waits for a person"
    assert len(told) == 1, "the other row was delivered meanwhile"
    assert "warning: Messages and webhooks given up because nobody took them: 1." in flask("check").output


def test_a_row_that_no_worker_survives_is_stopped_after_five(house: House, subscribe: Subscribe) -> None:
    class Killed(BaseException):
        """As if the process had ended: nothing is written down any more."""

    def kill(event: OutboxEvent) -> None:
        if event.payload["n"] == 0:
            raise Killed

    subscribe("booking.created", kill)
    publish(house, 3)
    moment = now()
    for _ in range(5):
        with frozen(moment), pytest.raises(Killed):
            delivery.deliver_due()
        moment += delivery.LEASE + timedelta(seconds=1)
    with frozen(moment):
        while delivery.deliver_due():
            pass
    row, *others = outbox()
    tried = [(other.attempts, other.done_at) for other in others]
    assert tried == [(1, moment)] * 2, "what was never begun counts as tried"
    assert (row.attempts, row.error) == (5, "no worker survived it")
    assert row.failed_at == moment


def test_the_lease_of_a_killed_worker_is_taken_over(
    house: House, database: Database, subscribe: Subscribe, tmp_path: Path
) -> None:
    publish(house)
    victim = tmp_path / "victim.py"
    victim.write_text(
        textwrap.dedent("""\
        import time
        from portal import create_app
        from portal.webhooks import delivery

        def hang(event):
            print("taken", flush=True)
            time.sleep(60)

        delivery.SUBSCRIBERS["booking.created"] = [hang]
        with create_app().app_context():
            delivery.deliver_due()
    """)
    )
    process = start([str(victim)], database)
    with process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"taken\n"
        process.kill()
    told: list[int] = []
    subscribe("booking.created", lambda event: told.append(event.id))
    assert delivery.deliver_due() == 0, "the lease still runs"
    with frozen(now() + delivery.LEASE + timedelta(seconds=1)):
        assert delivery.deliver_due() == 1
    (row,) = outbox()
    assert told == [row.id]
    assert row.attempts == 2
    assert row.done_at is not None


def test_a_worker_whose_lease_ran_out_leaves_the_row_to_the_other(house: House, subscribe: Subscribe) -> None:
    moment = now()

    def slow(event: OutboxEvent) -> None:
        delivery.SUBSCRIBERS["booking.created"] = [lambda _event: None]
        with frozen(moment + delivery.LEASE + timedelta(seconds=1)):
            assert delivery.deliver_due() == 1
        raise ConnectionError("too late to matter")

    subscribe("booking.created", slow)
    publish(house)
    delivery.deliver_due()
    (row,) = outbox()
    assert row.done_at == moment + delivery.LEASE + timedelta(seconds=1)
    assert row.error is None


def test_at_does_what_would_be_due_then(flask: Command, house: House) -> None:
    publish(house, run_at=now() + timedelta(hours=5))
    assert flask("worker", "--once").exit_code == 0
    assert outbox()[0].done_at is None
    instant = now() + timedelta(hours=6)
    assert flask("worker", "--once", "--at", instant.isoformat()).exit_code == 0
    assert outbox()[0].done_at == instant


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--once", "--at", "soon"], "soon is not an ISO 8601 instant such as 2026-11-20T03:00:00Z."),
        (["--once", "--at", "2026-11-20T03:00:00"], "2026-11-20T03:00:00 has no offset"),
        (["--at", "2026-11-20T03:00:00Z"], "--at needs --once."),
    ],
)
def test_a_wrong_instant_is_told(flask: Command, words: list[str], sentence: str) -> None:
    result = flask("worker", *words)
    assert result.exit_code == 2
    assert sentence in result.stderr


def test_what_is_old_is_forgotten(flask: Command, house: House) -> None:
    at = now()
    long_ago = at - timedelta(days=100)
    save(
        *[LiveEvent(venue_id=house.lutetia.id, topics=["offers"], at=moment) for moment in (long_ago, long_ago, at)],
        *[LoginAttempt(key="somebody", at=moment) for moment in (long_ago, at)],
        *[RateWindow(api_key_id=house.key_row.id, window=int(moment.timestamp()), hits=1) for moment in (long_ago, at)],
        *[
            LoginSession.start(house.camille, token_hash=str(moment), address=None, user_agent=None, at=moment)
            for moment in (long_ago, at)
        ],
    )
    assert flask("worker", "--once").exit_code == 0
    db.session.expire_all()
    kept = [db.session.query(model).count() for model in (LiveEvent, LoginAttempt, RateWindow, LoginSession)]
    assert kept == [1, 1, 1, 1]


def test_it_runs_until_it_is_told_to_end(house: House, database: Database) -> None:
    process = start(["-m", "flask", "--app", "wsgi:app", "worker"], database)
    try:
        publish(house)
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline and outbox()[0].done_at is None:
            time.sleep(0.1)
        assert outbox()[0].done_at is not None, "a row that comes while it runs is delivered"
        assert process.poll() is None
        db.session.rollback()  # an open read keeps a writer waiting
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0
    finally:
        process.kill()
        said = process.communicate()
    assert said == (b"", b"")


def start(words: list[str], database: Database) -> subprocess.Popen[bytes]:
    """Python on the test's database, in a process of its own, with what it says."""
    db.session.rollback()
    pipe = subprocess.PIPE
    environment = {"PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT), **as_environment(database.url)}
    return subprocess.Popen([sys.executable, *words], cwd=ROOT, env=environment, stdout=pipe, stderr=pipe)  # noqa: S603
