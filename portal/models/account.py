"""How a member comes in beside her password: second factor, recovery codes, one-time links, another address."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.clock import now
from portal.database import Base, Key, OrganisationOwned, PublicId
from portal.models.member import StaffMember

PASSWORD, INVITATION, OLD_ADDRESS, NEW_ADDRESS = "password", "invitation", "old_address", "new_address"


class SecondFactor(OrganisationOwned, Base):
    """The secret that a member's telephone shares with us (RFC 6238), sealed; `key_id` names the key it is sealed with.

    Without `confirmed_at` it is being set up and asks nothing of anybody. `last_step` is the time step of the last code
    that was taken: it and all before are never taken again.
    """

    __tablename__ = "second_factor"

    id: Mapped[Key]
    member_id: Mapped[int] = mapped_column(ForeignKey("staff_member.id"), unique=True)
    key_id: Mapped[str] = mapped_column(String(16))
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    last_step: Mapped[int | None] = mapped_column(BigInteger)
    created_at: Mapped[datetime] = mapped_column(default=now)
    confirmed_at: Mapped[datetime | None]

    @property
    def is_on(self) -> bool:
        """Whether it is asked for at sign-in."""
        return self.confirmed_at is not None

    def confirm(self, at: datetime) -> None:
        self.confirmed_at = self.confirmed_at or at

    def take(self, step: int) -> bool:
        """Use the code of this time step up; False when it or a later one was taken before."""
        if self.last_step is not None and step <= self.last_step:
            return False
        self.last_step = step
        return True


class RecoveryCode(OrganisationOwned, Base):
    """A code that stands for the second factor once: `code_hash` is its SHA-256, of 80 random bits."""

    __tablename__ = "recovery_code"
    __table_args__ = (UniqueConstraint("member_id", "code_hash"),)

    id: Mapped[Key]
    member_id: Mapped[int] = mapped_column(ForeignKey("staff_member.id"))
    code_hash: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime] = mapped_column(default=now)
    used_at: Mapped[datetime | None]


class EmailChange(OrganisationOwned, Base):
    """A member wants to sign in with another address: it is hers once both the old and the new one have said yes."""

    __tablename__ = "email_change"

    id: Mapped[Key]
    uuid: Mapped[PublicId]
    member_id: Mapped[int] = mapped_column(ForeignKey("staff_member.id"), index=True)
    address: Mapped[str] = mapped_column(String(255))
    created_at: Mapped[datetime] = mapped_column(default=now)
    expires_at: Mapped[datetime]
    old_confirmed_at: Mapped[datetime | None]
    new_confirmed_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]

    member: Mapped[StaffMember] = relationship()

    @property
    def is_confirmed(self) -> bool:
        """Whether both have said yes."""
        return self.old_confirmed_at is not None and self.new_confirmed_at is not None

    def is_open(self, at: datetime) -> bool:
        """Whether it still waits for an answer."""
        return self.ended_at is None and at < self.expires_at

    def confirm(self, purpose: str, at: datetime) -> None:
        """One of the two says yes."""
        if purpose == OLD_ADDRESS:
            self.old_confirmed_at = self.old_confirmed_at or at
        else:
            self.new_confirmed_at = self.new_confirmed_at or at

    def end(self, at: datetime) -> None:
        """It is done, or nobody wants it any more; harmless when it was over."""
        self.ended_at = self.ended_at or at


class LoginLink(Base):
    """What a letter's link opens, once: a new password, an invitation, one half of another address.

    The letter holds a random token, this row its SHA-256, from the moment in which the letter is written. A row
    without `member_id` was asked for at the sign-in page; the worker alone looks whether anybody has the address.
    """

    __tablename__ = "login_link"
    __table_args__ = (
        CheckConstraint("purpose IN ('password', 'invitation', 'old_address', 'new_address')", name="purpose_known"),
        CheckConstraint("(change_id IS NOT NULL) = (purpose IN ('old_address', 'new_address'))", name="change_named"),
        Index("ix_login_link_member_id_purpose", "member_id", "purpose"),
    )

    id: Mapped[Key]
    uuid: Mapped[PublicId]
    member_id: Mapped[int | None] = mapped_column(ForeignKey("staff_member.id"))
    purpose: Mapped[str] = mapped_column(String(12))
    address: Mapped[str] = mapped_column(String(255))
    token_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    change_id: Mapped[int | None] = mapped_column(ForeignKey("email_change.id"))
    created_at: Mapped[datetime] = mapped_column(default=now)
    expires_at: Mapped[datetime] = mapped_column(index=True)
    used_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]

    member: Mapped[StaffMember | None] = relationship()
    change: Mapped[EmailChange | None] = relationship()

    @property
    def organisation_id(self) -> int | None:
        """Whose it is, once that is known."""
        return self.member.organisation_id if self.member else None

    def write(self, token_hash: str) -> None:
        """The letter is being written with a new token: one that left before opens nothing any more."""
        self.token_hash = token_hash

    def is_good(self, at: datetime) -> bool:
        """Whether it opens something: neither used, nor ended, nor too old."""
        return self.used_at is None and self.ended_at is None and at < self.expires_at

    def use(self, at: datetime) -> None:
        self.used_at = at

    def end(self, at: datetime) -> None:
        """A newer one stands in its place; harmless when it was over."""
        self.ended_at = self.ended_at or at


class MemberPhoto(OrganisationOwned, Base):
    """A member's picture as we have drawn it anew: a small square JPEG without anything else in it."""

    __tablename__ = "member_photo"

    id: Mapped[Key]
    uuid: Mapped[PublicId]
    member_id: Mapped[int] = mapped_column(ForeignKey("staff_member.id"), unique=True)
    content: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[datetime] = mapped_column(default=now)
