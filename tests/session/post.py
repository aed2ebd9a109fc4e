"""What leaves by mail for the owner of an account, and the link in it."""

from __future__ import annotations

import re

import pytest

import portal.messages.mail as mail
from portal.messages.mail import Envelope
from portal.worker import run_once

LINK = re.compile(r"http://127\.0\.0\.1:8000(/(?:password|invitation|address)/[\w-]+)")


class Post:
    """A mail server that keeps what it is given; `collect` lets the worker do what is due."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.sent: list[Envelope] = []
        monkeypatch.setattr(mail, "deliver", self.sent.append)

    def collect(self) -> list[Envelope]:
        """The letters that leave now."""
        self.sent.clear()
        run_once()
        return list(self.sent)

    def link(self) -> str:
        """The path of the link in the one letter that leaves now."""
        (letter,) = self.collect()
        return link_in(letter)


def link_in(letter: Envelope) -> str:
    """The path that the letter's link leads to, the same in both of its forms."""
    found = LINK.search(letter.text)
    assert found is not None, letter.text
    assert found[0] in letter.html
    return found[1]
