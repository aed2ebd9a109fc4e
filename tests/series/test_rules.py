"""Rules of RFC 5545: read, written, followed on the wall clock, and told in both languages."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from flask import Flask
from flask_babel import force_locale

from portal.series.rules import InvalidRule, Rule, between, is_over, listed, read_rule
from portal.series.words import sentence

FIRST = datetime.fromisoformat("2027-03-02T18:00")  # a Tuesday


@pytest.mark.parametrize(
    "text",
    [
        "FREQ=DAILY",
        "FREQ=WEEKLY;BYDAY=TU,TH;UNTIL=20270312T235959",
        "FREQ=WEEKLY;INTERVAL=2;COUNT=10",
        "FREQ=MONTHLY;INTERVAL=3",
        "FREQ=YEARLY;COUNT=2",
    ],
)
def test_what_is_read_is_written_again(text: str) -> None:
    assert str(read_rule(text)) == text


def test_a_last_day_may_be_a_date_or_a_local_time() -> None:
    assert read_rule("RRULE:FREQ=DAILY;UNTIL=20270312") == read_rule("FREQ=DAILY;UNTIL=20270312T180000")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "FREQ=HOURLY",
        "INTERVAL=2",
        "FREQ=DAILY;FREQ=DAILY",
        "FREQ=DAILY;BYDAY=XX",
        "FREQ=DAILY;BYDAY=1MO",
        "FREQ=DAILY;INTERVAL=²",
        "FREQ=DAILY;COUNT=-1",
        "FREQ=DAILY;COUNT=999999999",
        "FREQ=DAILY;UNTIL=20270230",
        "FREQ=DAILY;UNTIL=20270312T180000Z",
        "FREQ=DAILY;BYSETPOS=1",
        "\x00",
    ],
)
def test_what_is_no_rule_is_refused(text: str) -> None:
    with pytest.raises(InvalidRule):
        read_rule(text)


@pytest.mark.parametrize(
    ("rule", "field"),
    [
        (Rule("WEEKLY", weekdays=(0,)), "weekdays"),
        (Rule("DAILY", interval=0), "interval"),
        (Rule("DAILY", interval=100), "interval"),
        (Rule("DAILY", count=0), "count"),
        (Rule("DAILY", count=105), "count"),
        (Rule("DAILY", until=date(2027, 3, 1)), "until"),
        (Rule("DAILY", until=date(2029, 3, 3)), "until"),
        (Rule("DAILY", until=date(2027, 4, 1), count=3), "count"),
    ],
)
def test_a_rule_that_cannot_be_followed_names_its_field(rule: Rule, field: str) -> None:
    with pytest.raises(InvalidRule) as refused:
        rule.check(FIRST)
    assert refused.value.field == field


def test_the_last_day_is_part_of_it() -> None:
    rule = Rule("WEEKLY", weekdays=(1, 3), until=date(2027, 3, 11))
    assert [wall.day for wall in listed(rule, FIRST)] == [2, 4, 9, 11]


def test_the_first_one_counts() -> None:
    assert [wall.day for wall in listed(Rule("DAILY", interval=2, count=3), FIRST)] == [2, 4, 6]


def test_a_month_without_the_31st_is_left_out() -> None:
    found = listed(Rule("MONTHLY", count=4), datetime.fromisoformat("2027-01-31T18:00"))
    assert [wall.month for wall in found] == [1, 3, 5, 7]


def test_29_february_comes_every_four_years() -> None:
    assert [
        wall.year
        for wall in between(
            Rule("YEARLY"), datetime.fromisoformat("2028-02-29T18:00"), date(2028, 3, 1), date(2037, 1, 1)
        )
    ] == [2032, 2036]


def test_a_preview_ends_after_104_occurrences_or_two_years() -> None:
    assert len(listed(Rule("DAILY"), FIRST)) == 104
    assert listed(Rule("MONTHLY"), FIRST)[-1] == datetime.fromisoformat("2029-03-02T18:00")


def test_it_goes_on_after_the_last_date_that_was_looked_at() -> None:
    rule = Rule("WEEKLY", count=4)
    assert [wall.day for wall in between(rule, FIRST, date(2027, 3, 9), date(2027, 3, 30))] == [16, 23]
    assert not is_over(rule, FIRST, date(2027, 3, 22))
    assert is_over(rule, FIRST, date(2027, 3, 23))
    assert not is_over(Rule("WEEKLY"), FIRST, date(2050, 1, 1))


@pytest.mark.parametrize(
    ("rule", "english"),
    [
        (Rule(weekdays=(1, 3), until=date(2027, 3, 12)), "every Tuesday and Thursday until Friday 12 March 2027"),
        (Rule("WEEKLY", interval=2, weekdays=(1,), count=5), "every 2 weeks on Tuesday, 5 times"),
        (Rule("DAILY"), "every day, without an end"),
        (Rule("DAILY", weekdays=(0, 4), count=1), "every day, on Monday and Friday only, 1 time"),
        (Rule("MONTHLY", interval=3), "every 3 months on the same date, without an end"),
        (Rule("YEARLY"), "every year on the same date, without an end"),
    ],
)  # fmt: skip
def test_it_is_told_in_a_sentence(app: Flask, rule: Rule, english: str) -> None:
    with app.test_request_context(), force_locale("en"):
        assert sentence(rule) == english
