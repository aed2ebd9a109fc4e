"""The rate limit: one number per key, counted by the database for all processes."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from portal import clock
from portal.database import db
from portal.models import RateWindow
from tests.api.client import PartnerClient
from tests.factories import House, make_key

AT = datetime(2030, 5, 12, 12, 0, 20, tzinfo=UTC)
NEXT_MINUTE = str(int(datetime(2030, 5, 12, 12, 1, tzinfo=UTC).timestamp()))
HEADERS = ("X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset")


@pytest.fixture
def limited(partner: PartnerClient, house: House) -> PartnerClient:
    """A key with two requests a minute."""
    key, _row = make_key(house.organisation, rate_limit_per_min=2)
    return partner.with_key(key)


def test_counts_down_and_refuses(limited: PartnerClient) -> None:
    with clock.frozen(AT):
        answers = [limited.get("/venues") for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 429, 429]
    told = [tuple(answer.headers[name] for name in HEADERS) for answer in answers]
    assert told == [("2", left, NEXT_MINUTE) for left in ("1", "0", "0", "0")]
    assert answers[2].json == {"error": "Rate limit exceeded"}
    assert [answer.headers.get("Retry-After") for answer in answers] == [None, None, "40", "40"]


def test_a_new_minute_begins_afresh(limited: PartnerClient) -> None:
    for second in (0, 59, 60):
        with clock.frozen(AT.replace(second=0) + timedelta(seconds=second)):
            assert limited.get("/venues").status_code == 200
    assert limited.get("/venues").headers["X-RateLimit-Remaining"] == "1"


def test_every_answer_counts_and_says_so(limited: PartnerClient) -> None:
    with clock.frozen(AT):
        refused = limited.get("/venues/nowhere")
        assert (refused.status_code, refused.headers["X-RateLimit-Remaining"]) == (404, "1")
        refused = limited.post("/venues/lutetia/bookings", data="nonsense")
        assert (refused.status_code, refused.headers["X-RateLimit-Remaining"]) == (400, "0")
        assert limited.get("/venues").status_code == 429


def test_the_limit_comes_before_the_scope(partner: PartnerClient, house: House) -> None:
    key, _row = make_key(house.organisation, rate_limit_per_min=1, scopes=[])
    with clock.frozen(AT):
        assert [partner.with_key(key).get("/venues").status_code for _ in range(2)] == [403, 429]


def test_requests_without_a_good_key_count_for_nobody(limited: PartnerClient) -> None:
    with clock.frozen(AT):
        for _ in range(3):
            answer = limited.with_key(None).get("/venues")
            assert not any(name in answer.headers for name in HEADERS)
        assert limited.get("/venues").status_code == 200


def test_each_key_has_its_own_minute(limited: PartnerClient, partner: PartnerClient, house: House) -> None:
    other, _row = make_key(house.organisation, rate_limit_per_min=2)
    with clock.frozen(AT):
        assert [limited.get("/venues").status_code for _ in range(3)] == [200, 200, 429]
        assert partner.with_key(other).get("/venues").status_code == 200


def test_without_a_limit_there_is_no_header_and_no_row(partner: PartnerClient) -> None:
    answer = partner.get("/venues")
    assert not any(name in answer.headers for name in (*HEADERS, "Retry-After"))
    assert db.session.scalars(select(RateWindow)).all() == []


def test_old_minutes_are_forgotten(limited: PartnerClient) -> None:
    for minutes in (0, 1, 10):
        with clock.frozen(AT + timedelta(minutes=minutes)):
            limited.get("/venues")
    assert len(db.session.scalars(select(RateWindow)).all()) == 1


def test_all_processes_count_together(limited: PartnerClient, house: House) -> None:
    key, row = make_key(house.organisation, rate_limit_per_min=20)
    many = limited.with_key(key)

    def ask(_number: int) -> int:
        with clock.frozen(AT):
            return many.get("/venues").status_code

    with ThreadPoolExecutor(8) as pool:
        answers = Counter(pool.map(ask, range(60)))
    assert answers == {200: 20, 429: 40}
    assert db.session.scalar(select(RateWindow.hits).where(RateWindow.api_key_id == row.id)) == 60
