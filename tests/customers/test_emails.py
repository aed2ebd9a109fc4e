"""E-mail addresses."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.customers.emails import email_key, is_email


@pytest.mark.parametrize(
    "text", ["a@b.fr", "A.B+c@Example.co.uk", "é@exemple.fr", "marie@hôtel.fr", "guest@partner.test"]
)
def test_addresses(text: str) -> None:
    assert is_email(text)


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "x", "a@", "@b.fr", "a@b", "a b@c.fr", "a@b..fr", ".a@b.fr", "a@b.fr\n", "a@b.fr\0", "A <a@b.fr>",
        "a@[127.0.0.1]", f"{'a' * 250}@b.fr", "a\ud800@b.fr", "a@b.fr, c@d.fr", "a@localhost",
    ],
)  # fmt: skip
def test_what_is_no_address(text: str) -> None:
    assert not is_email(text)


def test_addresses_compare_without_case() -> None:
    assert email_key("Marie@Example.COM") == email_key("marie@example.com")


@given(st.text(max_size=300))
def test_an_address_and_its_key_fit_their_columns(text: str) -> None:
    assert len(email_key(text)) <= 255
    if is_email(text):
        assert len(text) <= 255
        assert "\0" not in text
