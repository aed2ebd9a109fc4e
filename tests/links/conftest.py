"""Thérèse has an e-mail with a link in her hand, and is signed in nowhere."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from portal.models import Booking
from tests.factories import House
from tests.notices.conftest import Book, book, mail, said, work
from tests.support.smtpd import MailServer

__all__ = ["Book", "book", "link_in", "mail", "work"]


def link_in(mail: MailServer, first_name: str) -> str:
    """The path of the link in the newest letter to her."""
    letter = next(letter for letter in reversed(mail.letters) if first_name in letter["To"])
    found = re.search(r"http://127\.0\.0\.1:8000(/offer/[\w.-]+)", said(letter))
    assert found, said(letter)
    return found[1]


@pytest.fixture
def booking(app: Flask, house: House, book: Book) -> Booking:
    return book("10:00", notes="Sore back")


@pytest.fixture
def link(booking: Booking, mail: MailServer) -> str:
    work()
    return link_in(mail, "Thérèse")
