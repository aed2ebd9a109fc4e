"""Guessing passwords: ten failures in five minutes, then ever longer waits, and nobody is locked out by others."""

from __future__ import annotations

import http.client
import re
import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from portal.clock import frozen, now
from portal.database import db
from portal.models import LoginAttempt, LoginSession
from portal.session import passwords, throttle
from portal.session.throttle import FAILURES_PER_NETWORK
from tests.factories import PASSWORD, House, save
from tests.session.doorstep import ELSEWHERE, HOME, audit_lines, knock
from tests.support.client import PageClient
from tests.support.databases import Database
from tests.support.server import serve

NewClient = Callable[[], PageClient]
WRONG = "not the password"
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.fixture
def guess(new_client: NewClient) -> Callable[..., int]:
    """One try in a new browser; says the status of the answer."""

    def try_once(email: str, password: str = WRONG, address: str = HOME) -> int:
        return knock(new_client(), email, password, address=address).status_code

    return try_once


Guess = Callable[..., int]


def somewhere(number: int) -> str:
    return f"192.0.2.{number}"


def test_the_eleventh_try_at_an_account_waits_wherever_it_comes_from(guess: Guess, house: House) -> None:
    tries = [guess(house.camille.email, address=somewhere(number)) for number in range(12)]
    assert tries == [422] * 10 + [429] * 2
    assert guess(house.camille.email, PASSWORD, somewhere(99)) == 429
    assert guess(house.maud.email, PASSWORD, somewhere(99)) == 303


def test_a_network_that_tries_many_accounts_waits_whomever_it_tries(guess: Guess, house: House) -> None:
    tries = [guess(f"guest{number}@elsewhere.example") for number in range(FAILURES_PER_NETWORK + 1)]
    assert tries == [422] * FAILURES_PER_NETWORK + [429]
    assert guess(house.camille.email, PASSWORD) == 429


def test_the_forgetful_colleague_does_not_lock_the_house_out(guess: Guess, house: House) -> None:
    assert [guess(house.maud.email) for _ in range(11)] == [422] * 10 + [429]
    assert guess(house.camille.email, PASSWORD) == 303
    assert guess(house.camille.email, PASSWORD, ELSEWHERE) == 303


def test_an_account_that_nobody_has_waits_like_one_that_exists(guess: Guess, house: House) -> None:
    assert [guess("nobody@x.example", address=somewhere(n)) for n in range(11)] == [422] * 10 + [429]


def test_the_owner_is_not_locked_out_by_guesses_from_elsewhere(guess: Guess, house: House) -> None:
    assert guess(house.camille.email, PASSWORD, HOME) == 303
    for number in range(11):
        guess(house.camille.email, address=somewhere(number))
    assert guess(house.camille.email, PASSWORD, ELSEWHERE) == 429
    assert guess(house.camille.email, PASSWORD, HOME) == 303
    assert [guess(house.camille.email, address=HOME) for _ in range(11)] == [422] * 10 + [429]


def test_a_whole_house_of_guesses_waits(guess: Guess, house: House) -> None:
    key = throttle.limits("", "", familiar=False)[-1].key
    save(*[LoginAttempt(key=key, at=now() - timedelta(minutes=1)) for _ in range(999)])
    assert guess("nobody@x.example", address=somewhere(1)) == 422
    assert guess(house.camille.email, PASSWORD, somewhere(2)) == 429
    at = now()
    save(LoginSession.start(house.maud, token_hash="0" * 64, address=HOME, user_agent=None, at=at))
    assert guess(house.maud.email, PASSWORD, HOME) == 303


def test_no_password_is_compared_while_one_waits(guess: Guess, house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(10):
        guess(house.camille.email)

    def verify(_stored: str | None, _password: str) -> bool:
        raise AssertionError("The throttle comes before the hash.")

    monkeypatch.setattr(passwords, "verify", verify)
    assert guess(house.camille.email, PASSWORD) == 429


def test_the_answer_says_how_long_and_kindly(client: PageClient, guess: Guess, house: House) -> None:
    with frozen(NOON):
        for _ in range(10):
            guess(house.camille.email)
    with frozen(NOON + timedelta(seconds=30)):
        answer = knock(client, house.camille.email, PASSWORD)
        assert (answer.status_code, answer.headers["Retry-After"]) == (429, "270")
        assert "Please try again in 5 minutes." in client.page.text
        assert client.page.one(".//main//input[@name='email']").get("value") == house.camille.email
    with frozen(NOON + timedelta(seconds=290)):
        answer = knock(client, house.camille.email, PASSWORD)
        assert answer.headers["Retry-After"] == "10"
        assert "Please try again in 10 seconds." in client.page.text
    with frozen(NOON + timedelta(seconds=300)):
        assert guess(house.camille.email, PASSWORD) == 303


def test_signing_in_is_no_failure(guess: Guess, house: House) -> None:
    assert [guess(house.camille.email, PASSWORD) for _ in range(12)] == [303] * 12


def test_what_no_longer_counts_is_forgotten_and_names_nobody(guess: Guess, house: House) -> None:
    with frozen(NOON):
        guess(house.camille.email)
    keys = set(db.session.scalars(select(LoginAttempt.key)))
    assert len(keys) == 3
    assert all(re.fullmatch("[0-9a-f]{64}", key) for key in keys)
    with frozen(NOON + throttle.KEPT):
        guess(house.maud.email, address=ELSEWHERE)
    assert db.session.scalar(select(func.count()).select_from(LoginAttempt)) == 3
    assert len(audit_lines()) == 2


@given(st.lists(st.integers(0, 400), min_size=1, max_size=60), st.sampled_from([1, 3, 10]))
def test_nobody_gets_more_tries_than_the_limit(pauses: list[int], allowed: int) -> None:
    """Someone who tries again after any pauses, but never when told to wait."""
    at, failures = NOON, list[datetime]()
    for pause in pauses:
        at += timedelta(seconds=pause)
        recent = [failure for failure in reversed(failures) if failure > at - throttle.MEMORY]
        if throttle.wait(recent[: throttle.Limit("", allowed).worth_reading], allowed, at) <= timedelta(0):
            failures.append(at)
    for first in failures:
        assert sum(first <= failure < first + throttle.WINDOW for failure in failures) <= allowed


def test_the_waits_grow() -> None:
    """Someone who tries at every first chance."""
    at, failures, waits = NOON, list[datetime](), list[int]()
    for _ in range(18):
        recent = [failure for failure in reversed(failures) if failure > at - throttle.MEMORY]
        wait = throttle.wait(recent[:15], 10, at)
        waits.append(max(0, round(wait.total_seconds())))
        at += max(wait, timedelta(seconds=0)) + timedelta(seconds=1)
        failures.append(at)
    assert waits[:10] == [0] * 10
    assert waits[10] > 280
    assert waits[11:16] == [60, 120, 240, 480, 900]
    assert set(waits[16:]) <= {900, 480}


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.5", "203.0.113.5"),
        ("::ffff:203.0.113.5", "203.0.113.5"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::", "2001:db8:1:2::/64"),
        (None, "unknown"),
        ("a socket", "unknown"),
    ],
)
def test_an_ipv6_household_counts_as_one(address: str | None, network: str) -> None:
    assert throttle.network_of(address) == network


@pytest.mark.race
def test_guesses_at_the_same_moment_are_counted_across_processes(
    house: House, database: Database, tmp_path: Path
) -> None:
    """Forty at once on two processes: ten are told that they are wrong, the rest to wait."""
    db.session.commit()
    db.session.remove()
    with serve(database.url, tmp_path, workers=2, threads=32) as server:
        host = server.url.removeprefix("http://")
        together = threading.Barrier(40)

        def try_once(number: int) -> int:
            form = open_form(host)
            together.wait(20)
            return send(host, *form, password=f"wrong {number}")

        with ThreadPoolExecutor(40) as pool:
            statuses = Counter(pool.map(try_once, range(40)))
        assert statuses == {422: 10, 429: 30}
    assert db.session.scalar(select(func.count()).select_from(LoginAttempt)) == 30


def open_form(host: str) -> tuple[str, str]:
    """Cookie and token of a fresh sign-in page."""
    with closing(http.client.HTTPConnection(host, timeout=60)) as connection:
        connection.request("GET", "/login")
        answer = connection.getresponse()
        token = re.search(r'name="csrf_token" value="([^"]+)"', answer.read().decode())
    assert token
    return str(answer.getheader("Set-Cookie")).split(";")[0], token[1]


def send(host: str, cookie: str, token: str, *, password: str) -> int:
    """The status of a try at Camille's account."""
    body = urlencode({"csrf_token": token, "email": "camille@maison-lutece.example", "password": password})
    headers = {"Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded"}
    with closing(http.client.HTTPConnection(host, timeout=60)) as connection:
        connection.request("POST", "/login", body, headers)
        answer = connection.getresponse()
        answer.read()
    return answer.status
