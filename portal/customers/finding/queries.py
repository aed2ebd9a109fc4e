"""Finding the guests who can be meant by what was typed: everywhere in the house the same way."""

from __future__ import annotations

from functools import reduce
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, exists, false, func, or_, select, union_all
from sqlalchemy.orm import InstrumentedAttribute, aliased

from portal.customers.wanted import LEAST_LETTERS, Wanted
from portal.models import Booking, Customer, CustomerKey, Organisation
from portal.models.booking_states import CANCELLED
from portal.models.customer_key import EMAIL, LEAST_DIGITS, NAME, PHONE
from portal.models.customer_key import LONGEST as LONGEST_KEY

# Among so many guests the right one is looked for; whoever types one letter more leaves fewer.
MOST = 200
_PAST_ALL = "\U0010ffff"
# Who was put aside is not offered any more.
ACTIVE = Customer.deactivated_at.is_(None)


def meant(
    organisation: Organisation, wanted: Wanted, *only: ColumnElement[bool], most: int | None = MOST
) -> ColumnElement[bool]:
    """Whether a customer can be meant: all parts begin a word of the name, or the digits stand in the phone, or the
    part of the e-mail begins a word there.

    Of each way the first `most` in the order of what was typed, so that an exact name is never among those left out;
    conditions on Customer (`only`) are asked before that. With None there is no end: whoever lists all of them.
    """
    ways = [_found(organisation, *keys, only=only, most=most).subquery() for keys in _ways(wanted)]
    if not ways:
        return false()
    return Customer.id.in_(union_all(*[select(way.c.customer_id) for way in ways]))


def closest(organisation: Organisation, wanted: Wanted) -> tuple[Any, ...]:
    """The order of guests who can be meant: by what was typed, then whoever was booked last."""
    latest = (
        select(func.max(Booking.starts_at))
        .where(Booking.customer_id == Customer.id, Booking.status != CANCELLED)
        .where(Booking.organisation_id == organisation.id)
        .scalar_subquery()
    )
    return _closeness(wanted), latest.desc().nulls_last(), Customer.name_key, Customer.id


def _closeness(wanted: Wanted) -> ColumnElement[int]:
    """Of those who can be meant: 0 is exactly what was typed, 1 begins or ends with it, 2 has it inside.

    It looks at the guests alone: asking for their keys again would cost more than finding them.
    """
    exactly: list[ColumnElement[bool]] = []
    begins: list[ColumnElement[bool]] = []
    if wanted.words:
        named = and_(*[_SQUEEZED.contains(word, autoescape=True) for word in wanted.words])
        exactly.append(and_(named, func.length(_SQUEEZED) == sum(map(len, wanted.words))))
        begins.append(named)
    if len(wanted.digits) >= LEAST_DIGITS:
        exactly.append(_is_number(wanted))
        begins += [_begins(wanted), Customer.phone.endswith(wanted.digits)]
    if wanted.address:
        exactly.append(Customer.email_key == wanted.address)
        begins.append(Customer.email_key.contains(wanted.address, autoescape=True))
    if not begins:
        return case((false(), 0), else_=2)
    return case((or_(*exactly), 0), (or_(*begins), 1), else_=2)


def _without(column: ColumnElement[str], signs: str) -> ColumnElement[str]:
    return reduce(lambda text, sign: func.replace(text, sign, ""), signs, column)


# `jean-pierre d’arcy` as `jeanpierredarcy`.
_SQUEEZED = _without(Customer.name_key.expression, "-‐‑'’ʼ., ")


def _ways(wanted: Wanted) -> list[tuple[str, ...]]:
    """Beginnings that a guest must all have, for each way in which she can be meant; the most telling comes first."""
    if wanted.is_too_short:
        return []
    ways: list[tuple[str, ...]] = []
    if sum(map(len, wanted.words)) >= LEAST_LETTERS:
        ways.append(tuple(NAME + word for word in sorted(wanted.words, key=len, reverse=True)))
    ways += [(PHONE + part,) for part in _inside(wanted)]
    if len(wanted.address) >= LEAST_DIGITS:
        ways.append((EMAIL + wanted.address,))
    return ways


def _found(
    organisation: Organisation, first: str, *others: str, only: tuple[ColumnElement[bool], ...], most: int | None
) -> Select[int]:
    query = select(CustomerKey.customer_id).where(CustomerKey.organisation_id == organisation.id, _from(first))
    if only:
        query = query.join(Customer, Customer.id == CustomerKey.customer_id).where(*only)
    for other in others:
        beside = aliased(CustomerKey)
        has = exists().where(beside.customer_id == CustomerKey.customer_id, _from(other, beside.key))
        query = query.where(has)
    if most is None:
        return query
    return query.order_by(CustomerKey.key, CustomerKey.customer_id).limit(most)


def _from(text: str, key: InstrumentedAttribute[str] = CustomerKey.key) -> ColumnElement[bool]:
    """Whether a key begins so: a range, which both databases read from the index."""
    text = text[:LONGEST_KEY]
    return and_(key >= text, key < text + _PAST_ALL)


def _inside(wanted: Wanted) -> list[str]:
    """Runs of digits that may stand anywhere in an E.164 number: as typed, and without what is dialled before it."""
    parts = {wanted.digits, wanted.number, wanted.digits.removeprefix("0")}
    return sorted(part for part in parts if len(part) >= LEAST_DIGITS)


def _begins(wanted: Wanted) -> ColumnElement[bool]:
    """The number begins so, after its country's code where the digits begin with a trunk zero."""
    if wanted.international or not wanted.digits.startswith("0"):
        return Customer.phone.like(f"+{wanted.number}%")
    return or_(*[Customer.phone.like(f"+{code}{wanted.digits[1:]}%") for code in ("_", "__", "___")])


def _is_number(wanted: Wanted) -> ColumnElement[bool]:
    if wanted.international or not wanted.digits.startswith("0"):
        return Customer.phone == f"+{wanted.number}"
    return or_(*[Customer.phone.like(f"+{code}{wanted.digits[1:]}") for code in ("_", "__", "___")])
