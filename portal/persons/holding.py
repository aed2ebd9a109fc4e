"""How the person map speaks of one table, and the rows of it that are somebody's."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from flask_babel import LazyString
from sqlalchemy import ColumnElement, and_, func, or_

from portal.database import Base
from portal.models import Booking, BookingItem, CustomerNote, GuestMessage, Notice, Offer, TicketOrder
from portal.persons import mending
from portal.persons.person import Person, uuids

Rows = Callable[[Person], ColumnElement[bool]]
Mend = Callable[[Person, dict[str, Any]], Any]
_NOTHING: Mapping[str, Any] = MappingProxyType({})


class Fate(StrEnum):
    """What erasing a person does to a row of hers."""

    GOES = "goes"
    STAYS = "stays"


@dataclass(frozen=True, kw_only=True)
class Holding:
    """One table. `rows` says which are hers. A row that STAYS does so without her: `emptied` columns get a value (or
    what a function of the person says), of `mended` ones every row is looked at; `plain` are the columns that stay as
    they are, and `why` is the reason.

    `told` names its part of an export, which leaves `untold` columns out; without it `untold_because` is why.
    """

    model: type[Base]
    rows: Rows
    fate: Fate
    what: LazyString
    why: LazyString | str = ""
    emptied: Mapping[str, Any] = field(default_factory=lambda: _NOTHING)
    mended: Mapping[str, Mend] = field(default_factory=lambda: _NOTHING)
    plain: str = ""
    told: str = ""
    untold: str = ""
    untold_because: str = ""

    @property
    def table(self) -> str:
        return str(self.model.__tablename__)


def of_bookings(column: Any) -> Rows:
    return lambda her: column.in_(her.bookings)


def of_items(column: Any) -> Rows:
    return lambda her: column.in_(her.items)


def hers(column: Any) -> Rows:
    return lambda her: column == her.id


def subjects(column: Any, her: Person) -> ColumnElement[bool]:
    """It is about her, or about a booking, a treatment, an offer or a message of hers."""
    messages = GuestMessage.booking_id.in_(her.bookings)
    return or_(
        column.in_(her.names),
        column.in_(uuids(Booking, her.bookings)),
        column.in_(uuids(BookingItem, her.items)),
        column.in_(uuids(Offer, her.offers)),
        column.in_(mending.uuids_where(GuestMessage, messages)),
        column.in_(mending.uuids_where(CustomerNote, CustomerNote.customer_id == her.id)),
    )


def orders(her: Person) -> ColumnElement[bool]:
    is_hers = TicketOrder.customer_id == her.id
    if her.address:
        is_hers = or_(is_hers, func.lower(TicketOrder.buyer_email) == her.address)
    return and_(TicketOrder.organisation_id == her.organisation_id, is_hers)


def messages(her: Person) -> ColumnElement[bool]:
    to_her = or_(*[mending.holds(GuestMessage.details, str(name)) for name in her.names])
    return or_(GuestMessage.booking_id.in_(her.bookings), and_(GuestMessage.booking_id.in_(her.shared), to_her))


def notices(her: Person) -> ColumnElement[bool]:
    return and_(Notice.organisation_id == her.organisation_id, subjects(Notice.subject, her))
