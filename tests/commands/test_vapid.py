"""`flask keys vapid`, and the setting that it makes."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from portal.config import WrongSetting, flask_config, read_settings
from portal.vapid import new_private_key, public_key_of
from tests.commands.conftest import Command


def test_it_prints_a_line_of_settings(flask: Command) -> None:
    result = flask("keys", "vapid")
    assert result.exit_code == 0
    found = re.fullmatch(
        r"# Browsers know it as ([\w-]{87})\..*\nPORTAL_VAPID_PRIVATE_KEY=([\w-]{43})\n", result.stdout
    )
    assert found, result.stdout
    assert public_key_of(found[2]) == found[1]
    settings = read_settings(environment="testing", vapid_private_key=found[2])
    assert flask_config(settings)["VAPID_PUBLIC_KEY"] == found[1]


def test_each_is_another_one() -> None:
    assert new_private_key() != new_private_key()


@pytest.mark.parametrize("key", ["x", "A" * 43, "A" * 44, "é" * 43, "_" * 43, "-----BEGIN PRIVATE KEY-----"])
def test_a_wrong_key_stops_the_start_without_telling_it(key: str) -> None:
    with pytest.raises(WrongSetting, match="PORTAL_VAPID_PRIVATE_KEY must be a key that `flask keys vapid`") as told:
        read_settings(environment="testing", vapid_private_key=key)
    assert key not in str(told.value).replace("PORTAL_VAPID_PRIVATE_KEY", "") or key == "x"


@pytest.mark.parametrize("subject", ["spa@lutece.example", "http://spa.example", "mailto:", "https://spa.example/x"])
def test_a_wrong_subject_stops_the_start(subject: str) -> None:
    with pytest.raises(WrongSetting, match="PORTAL_VAPID_SUBJECT must look like mailto:"):
        read_settings(environment="testing", vapid_subject=subject)


def test_whom_a_push_service_may_turn_to() -> None:
    known = read_settings(environment="testing", vapid_subject="https://spa.example")
    assert known.push_subject == "https://spa.example"
    implied = read_settings(environment="testing", mail_url="smtp://mail.example?from=desk@spa.example")
    assert implied.push_subject == "mailto:desk@spa.example"
    assert read_settings(environment="testing").push_subject == "mailto:no-reply@localhost"


def test_production_without_a_key_is_warned(app: Flask, flask: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    production = read_settings(environment="production", secret_key="0123456789abcdef", base_url="https://spa.example")
    monkeypatch.setitem(app.config, "SETTINGS", production)
    assert "PORTAL_VAPID_PRIVATE_KEY is empty" in flask("check").output


def test_the_demo_keeps_one(tmp_path: object) -> None:
    settings = read_settings(environment="demo", instance_path=str(tmp_path))
    first, second = (flask_config(settings)["VAPID_PRIVATE_KEY"] for _ in range(2))
    assert first == second
    assert public_key_of(first)
    assert settings.sms_url == "file:"
