"""What a guest is found by: the beginnings that her name, phone and e-mail address can be typed from."""

from __future__ import annotations

import re
from typing import Any

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.database import Base
from portal.folding import sound

LONGEST = 64
LEAST_DIGITS = 3
NAME, PHONE, EMAIL = "n", "p", "e"
# Whole, not beginnings: whoever shares one of these with another guest may be the same person.
SOUND, TAIL = "s", "t"
TAIL_DIGITS = 8
# Compared by code point on both databases, so that «begins with» is a range of the index.
KeyText = String(LONGEST).with_variant(String(LONGEST, collation="C"), "postgresql")
_WORD = re.compile(r"[^\W_]+")


class CustomerKey(Base):
    """One beginning of one guest: a letter for its kind, and the text from there on.

    A name stands here from each of its words on, without what stands between its letters; a phone from each of its
    digits on, so that any part of it is a beginning; an address from each of its words on. Beside these stand what her
    name sounds like and the last digits of her number, by which guests who are there twice are noticed.
    """

    __tablename__ = "customer_key"
    __table_args__ = (
        Index(None, "organisation_id", "key", "customer_id"),
        {"sqlite_with_rowid": False},
    )

    customer_id: Mapped[int] = mapped_column(ForeignKey("customer.id", ondelete="CASCADE"), primary_key=True)
    key: Mapped[str] = mapped_column(KeyText, primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))


def keys_of(name_key: str, phone: str | None, email_key: str | None) -> set[str]:
    """All beginnings of a guest: of her folded name, her E.164 number and her folded address."""
    words = _WORD.findall(name_key)
    names = {"".join(words[place:]) for place in range(len(words))}
    digits = (phone or "").lstrip("+")
    numbers = {digits[place:] for place in range(len(digits) - LEAST_DIGITS + 1)}
    address = email_key or ""
    addresses = {address[word.start() :] for word in _WORD.finditer(address)}
    found = [(NAME, one) for one in names] + [(PHONE, one) for one in numbers] + [(EMAIL, one) for one in addresses]
    return {f"{kind}{text}"[:LONGEST] for kind, text in [*found, *_alike(name_key, digits)]}


def _alike(name_key: str, digits: str) -> list[tuple[str, str]]:
    heard, tail = sound(name_key), digits[-TAIL_DIGITS:] if len(digits) > TAIL_DIGITS else ""
    return [(kind, text) for kind, text in ((SOUND, heard), (TAIL, tail)) if text]


def key_rows(customer: Any) -> list[dict[str, Any]]:
    """The rows of a stored guest."""
    keys = keys_of(customer.name_key, customer.phone, customer.email_key)
    known = {"customer_id": customer.id, "organisation_id": customer.organisation_id}
    return [known | {"key": key} for key in sorted(keys)]
