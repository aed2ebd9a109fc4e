"""Guests who were one person under two names: what was merged, and pairs that are two people after all."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    Index,
    String,
    UniqueConstraint,
    and_,
    exists,
    or_,
    select,
    text,
    union_all,
)
from sqlalchemy.orm import Mapped, aliased, mapped_column, relationship

from portal.clock import now
from portal.database import Base, Key, OrganisationOwned, PublicId
from portal.models.customer import Customer


class GuestMerge(OrganisationOwned, Base):
    """The guest `lost` became `customer`. For as long as it is not undone she is still found: by her public identifier
    and by `phone`, the number of hers that `customer` does not have.

    `kept` is what an undo needs (see portal/duplicates/memento.py); it is forgotten when the time for that is over.
    """

    __tablename__ = "guest_merge"
    __table_args__ = (
        Index(
            "uq_guest_merge_lost",
            "lost",
            unique=True,
            postgresql_where=text("undone_at IS NULL"),
            sqlite_where=text("undone_at IS NULL"),
        ),
        Index("uq_guest_merge_phone", "organisation_id", "phone", unique=True),
        Index(None, "organisation_id", "at"),
    )

    id: Mapped[Key]
    uuid: Mapped[PublicId]
    customer_id: Mapped[int] = mapped_column(ForeignKey("customer.id"), index=True)
    lost: Mapped[UUID]
    phone: Mapped[str | None] = mapped_column(String(20))
    kept: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    at: Mapped[datetime] = mapped_column(default=now)
    by_name: Mapped[str] = mapped_column(String(200))
    undone_at: Mapped[datetime | None]

    customer: Mapped[Customer] = relationship()

    @property
    def is_undone(self) -> bool:
        return self.undone_at is not None

    def undo(self, at: datetime) -> None:
        """Both are there again: nothing of it is remembered."""
        self.undone_at, self.phone, self.kept = at, None, {}


class CustomerApart(OrganisationOwned, Base):
    """Somebody has looked: these two are not the same person, however alike they are. The order means nothing."""

    __tablename__ = "customer_apart"
    __table_args__ = (
        UniqueConstraint("customer_id", "other_id"),
        CheckConstraint("customer_id <> other_id", name="two_people"),
    )

    id: Mapped[Key]
    customer_id: Mapped[int] = mapped_column(ForeignKey("customer.id"))
    other_id: Mapped[int] = mapped_column(ForeignKey("customer.id"), index=True)
    at: Mapped[datetime] = mapped_column(default=now)
    by_name: Mapped[str] = mapped_column(String(200))


def is_called(name: UUID) -> ColumnElement[bool]:
    """Whether a guest goes by the public identifier: her own, or that of somebody who became her.

    Both are looked up and her row is read by its key: PostgreSQL answers an OR of the two by reading all guests.
    """
    her = aliased(Customer)
    own = select(her.id).where(her.uuid == name)
    became = select(GuestMerge.customer_id).where(GuestMerge.lost == name, GuestMerge.undone_at.is_(None))
    return Customer.id.in_(union_all(own, became))


def told_apart(one: Any, other: Any) -> ColumnElement[bool]:
    """Whether somebody said that two guests, given by their keys, are two people."""
    return exists().where(between(one, other))


def between(one: Any, other: Any) -> ColumnElement[bool]:
    """Of a line that tells guests apart, whether it is about these two."""
    return or_(
        and_(CustomerApart.customer_id == one, CustomerApart.other_id == other),
        and_(CustomerApart.customer_id == other, CustomerApart.other_id == one),
    )
