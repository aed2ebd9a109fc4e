"""`flask keys`: one line on standard output, the key alone."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from portal.database import db
from portal.models import ApiKey
from tests.commands.conftest import Command
from tests.factories import House

CREATE = ("keys", "create", "--organisation", "maison-lutece", "--name", "Staycation")


def status(app: Flask, key: str) -> int:
    return app.test_client().get("/v1/venues", headers={"Authorization": f"Bearer {key}"}).status_code


def test_create_prints_the_key_alone(app: Flask, flask: Command, house: House) -> None:
    result = flask(*CREATE)
    assert result.exit_code == 0, result.output
    assert re.fullmatch(r"sk_live_[0-9a-f]{8}_[0-9a-f]{48}\n", result.stdout)
    assert result.stderr == ""
    assert status(app, result.stdout.strip()) == 200


def test_create_takes_every_option(flask: Command, house: House) -> None:
    scopes = ("--scope", "venues:read", "--scope", "bookings:write")
    result = flask(*CREATE, "--venue", "lutetia", *scopes, "--test", "--rate", "30")
    assert result.stdout.startswith("sk_test_")
    row = db.session.query(ApiKey).filter_by(prefix=result.stdout.rsplit("_", 1)[0]).one()
    assert (row.venue_id, row.scopes, row.test) == (house.lutetia.id, ["venues:read", "bookings:write"], True)
    assert row.rate_limit_per_min == 30


def test_without_rate_there_is_no_limit_and_without_scopes_all_of_them(flask: Command, house: House) -> None:
    result = flask(*CREATE, "--surface", "management")
    row = db.session.query(ApiKey).filter_by(prefix=result.stdout.rsplit("_", 1)[0]).one()
    assert row.rate_limit_per_min is None
    assert "tickets:write" in row.scopes


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--organisation", "nobody"], "There is no organisation “nobody”."),
        (["--venue", "chamonix"], "There is no venue “chamonix” in “maison-lutece”."),
        (["--scope", "all:write"], "Unknown scope: all:write"),
        (["--rate", "0"], "A rate limit is at least 1 per minute."),
        (["--name", "  "], "A key needs a name of at most 200 characters."),
    ],
)
def test_a_wrong_wish_is_one_sentence_and_no_key(flask: Command, house: House, words: list[str], sentence: str) -> None:
    before = db.session.query(ApiKey).count()
    result = flask(*CREATE, *words)
    assert (result.exit_code, result.stdout, result.stderr) == (1, "", f"Error: {sentence}\n")
    assert db.session.query(ApiKey).count() == before


def test_revoke_ends_a_key_at_once_and_again_harmlessly(app: Flask, flask: Command, house: House) -> None:
    key = flask(*CREATE).stdout.strip()
    prefix = key.rsplit("_", 1)[0]
    assert re.fullmatch(r"sk_live_[0-9a-f]{8}", prefix)
    result = flask("keys", "revoke", prefix)
    assert (result.exit_code, result.stdout) == (0, f"{prefix} is revoked.\n")
    assert status(app, key) == 401
    assert flask("keys", "revoke", prefix).exit_code == 0


def test_revoke_of_an_unknown_key_is_one_sentence(flask: Command, house: House) -> None:
    result = flask("keys", "revoke", "sk_live_00000000")
    expected = "Error: There is no key that begins with sk_live_00000000.\n"
    assert (result.exit_code, result.stdout, result.stderr) == (1, "", expected)
