"""What is noted about a guest beside her contact data: notes, consents, and whom she books for."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import Boolean, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.clock import now
from portal.database import Base, Key, OrganisationOwned, PublicId
from portal.models.customer import Customer

CHANNELS = ("email", "sms")
# How a guest said yes or no.
WAYS = ("desk", "phone", "form", "online", "reply", "partner", "import")
RELATIONS = ("partner", "family", "friend", "assistant", "other")


class CustomerNote(OrganisationOwned, Base):
    """What the team should know of a guest, in the words of its author. Nothing about her health stands here."""

    __tablename__ = "customer_note"
    __table_args__ = (Index(None, "customer_id", "created_at"),)

    id: Mapped[Key]
    uuid: Mapped[PublicId]
    customer_id: Mapped[int] = mapped_column(ForeignKey("customer.id"))
    text: Mapped[str] = mapped_column(String(2000))
    pinned: Mapped[bool] = mapped_column(Boolean, default=False)
    author_id: Mapped[int | None] = mapped_column(ForeignKey("staff_member.id"))
    author_name: Mapped[str] = mapped_column(String(200))
    created_at: Mapped[datetime] = mapped_column(default=now)
    updated_at: Mapped[datetime] = mapped_column(default=now)
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012

    @property
    def is_edited(self) -> bool:
        return self.updated_at > self.created_at


class CustomerConsent(OrganisationOwned, Base):
    """A line of the ledger of consents to marketing: `given` or withdrawn, by which way. Lines are never changed.

    What holds now stands on the guest herself; messages about a booking of hers need no consent.
    """

    __tablename__ = "customer_consent"
    __table_args__ = (
        CheckConstraint("channel IN ('email', 'sms')", name="channel_known"),
        CheckConstraint("way IN ('desk', 'phone', 'form', 'online', 'reply', 'partner', 'import')", name="way_known"),
        Index(None, "customer_id", "at"),
    )

    id: Mapped[Key]
    uuid: Mapped[PublicId]
    customer_id: Mapped[int] = mapped_column(ForeignKey("customer.id"))
    channel: Mapped[str] = mapped_column(String(10))
    given: Mapped[bool] = mapped_column(Boolean)
    way: Mapped[str] = mapped_column(String(10))
    note: Mapped[str | None] = mapped_column(String(300))
    at: Mapped[datetime] = mapped_column(default=now)
    actor: Mapped[UUID | None]
    actor_name: Mapped[str] = mapped_column(String(200))


class CustomerLink(OrganisationOwned, Base):
    """`customer` books for `other`, who is her partner, child, guest …"""

    __tablename__ = "customer_link"
    __table_args__ = (
        UniqueConstraint("customer_id", "other_id"),
        CheckConstraint("customer_id <> other_id", name="two_people"),
        CheckConstraint("relation IN ('partner', 'family', 'friend', 'assistant', 'other')", name="relation_known"),
    )

    id: Mapped[Key]
    uuid: Mapped[PublicId]
    customer_id: Mapped[int] = mapped_column(ForeignKey("customer.id"))
    other_id: Mapped[int] = mapped_column(ForeignKey("customer.id"), index=True)
    relation: Mapped[str] = mapped_column(String(10), default="other")
    created_at: Mapped[datetime] = mapped_column(default=now)
    created_by_name: Mapped[str] = mapped_column(String(200))

    customer: Mapped[Customer] = relationship(foreign_keys=customer_id)
    other: Mapped[Customer] = relationship(foreign_keys=other_id)
