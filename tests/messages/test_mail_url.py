"""`PORTAL_MAIL_URL`: what it can say, and one clear sentence for what it cannot."""

from __future__ import annotations

import pytest

from portal.config import WrongSetting, read_settings
from portal.mail_url import MailServer, read_mail_url
from tests.support.portal_app import SETTINGS


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("smtp://mail.example", MailServer("mail.example", 25)),
        ("smtp://127.0.0.1:2525", MailServer("127.0.0.1", 2525)),
        ("smtps://mail.example", MailServer("mail.example", 465, tls=True)),
        ("smtp://mail.example?starttls=1", MailServer("mail.example", 587, starttls=True)),
        ("smtp://mail.example:25?starttls=0", MailServer("mail.example", 25)),
        ("smtp://u%40x:p%2Fw@mail.example:587?starttls=1&from=desk@spa.example",
         MailServer("mail.example", 587, "u@x", "p/w", starttls=True, sender="desk@spa.example")),
    ],
)  # fmt: skip
def test_what_it_says(url: str, server: MailServer) -> None:
    assert read_mail_url(url) == server


@pytest.mark.parametrize(
    "url",
    [
        "mail.example", "http://mail.example", "smtp://", "smtp://:geheim@", "smtp://u:geheim@mail.example:99999",
        "smtp://u:geheim@mail.example:0", "smtp://u:geheim@mail.example/folder", "smtp://u:geheim@mail.example?tls=1",
        "smtp://u:geheim@mail.example?starttls=yes", "smtp://u:geheim@mail.example?from=nobody",
        "smtp://u:geheim@[::1", "smtp://u:geheim@mail.example?starttls",
    ],
)  # fmt: skip
def test_a_wrong_one_stops_the_start_with_one_sentence(url: str) -> None:
    with pytest.raises(WrongSetting) as told:
        read_settings(**{**SETTINGS, "mail_url": url})
    assert str(told.value).startswith("PORTAL_MAIL_URL ")
    assert "geheim" not in str(told.value)
    assert "\n" not in str(told.value)


def test_none_is_fine() -> None:
    assert read_settings(**SETTINGS).mail_url is None
    assert read_settings(**{**SETTINGS, "mail_url": ""}).mail_url is None


def test_a_password_is_not_shown() -> None:
    assert "geheim" not in repr(read_mail_url("smtp://u:geheim@mail.example"))
