"""Staff: who they are, where they work, what they can do, and how they are signed in."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import JSON, Boolean, CheckConstraint, ForeignKey, Index, SmallInteger, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.clock import now
from portal.database import Base, Key, OrganisationOwned, PublicId
from portal.models.organisation import Organisation
from portal.models.resource import Person
from portal.models.venue import Venue


class StaffMember(OrganisationOwned, Base):
    """A person of the organisation with one role. `email` is stored lower-cased and is the name to sign in with.

    Whoever was invited has none yet: `invited_as` is where the invitation went, and becomes hers when she accepts it,
    so that nobody takes an address that is not theirs. `photo` is the fingerprint of her picture, if there is one.
    """

    __tablename__ = "staff_member"
    __table_args__ = (
        CheckConstraint("role IN ('receptionist', 'therapist', 'manager', 'admin')", name="role_known"),
        CheckConstraint("gender IS NULL OR gender IN ('female', 'male')", name="gender_known"),
    )

    id: Mapped[Key]
    uuid: Mapped[PublicId]
    # Whoever reads it has somebody with an account before her; see has_account.
    email: Mapped[str] = mapped_column(String(255), unique=True, nullable=True)
    invited_as: Mapped[str | None] = mapped_column(String(255))
    password_hash: Mapped[str | None] = mapped_column(String(255))
    first_name: Mapped[str] = mapped_column(String(100))
    last_name: Mapped[str] = mapped_column(String(100))
    role: Mapped[str] = mapped_column(String(20))
    gender: Mapped[str | None] = mapped_column(String(10))
    phone: Mapped[str | None] = mapped_column(String(20))
    languages: Mapped[list[str]] = mapped_column(JSON, default=list)
    locale: Mapped[str | None] = mapped_column(String(2))
    theme: Mapped[str] = mapped_column(String(10), default="auto")
    preferences: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict, server_default="{}")
    photo: Mapped[str | None] = mapped_column(String(12))
    active: Mapped[bool] = mapped_column(Boolean, default=True)
    left_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1, server_default="1")
    resource_id: Mapped[int | None] = mapped_column(ForeignKey("resource.id"), unique=True)
    created_at: Mapped[datetime] = mapped_column(default=now)

    organisation: Mapped[Organisation] = relationship()
    resource: Mapped[Person | None] = relationship()
    venue_links: Mapped[list[VenueMember]] = relationship(back_populates="member")
    qualifications: Mapped[list[Qualification]] = relationship()

    # Flask-Login asks for these four.
    is_anonymous = False
    is_authenticated = True

    @property
    def is_active(self) -> bool:
        return self.active

    def get_id(self) -> str:
        return str(self.uuid)

    @property
    def name(self) -> str:
        """First and last name."""
        return f"{self.first_name} {self.last_name}".strip()

    @property
    def has_account(self) -> bool:
        """Whether she can sign in: an invitation that was not accepted gives no account."""
        return bool(self.email) and self.password_hash is not None

    @property
    def is_therapist(self) -> bool:
        return self.role == "therapist"

    @property
    def session_limits(self) -> tuple[timedelta, timedelta]:
        """How long a session of this member lives unused, and at most."""
        return OWN_PHONE if self.is_therapist else SHARED_DESK


class VenueMember(Base):
    """A member works at a venue. `priority` ranks therapists there for the waves of an offer: 1 is asked first."""

    __tablename__ = "venue_member"
    __table_args__ = (
        UniqueConstraint("venue_id", "member_id"),
        CheckConstraint("priority BETWEEN 1 AND 99", name="priority_range"),
    )

    id: Mapped[Key]
    venue_id: Mapped[int] = mapped_column(ForeignKey("venue.id"))
    member_id: Mapped[int] = mapped_column(ForeignKey("staff_member.id"), index=True)
    priority: Mapped[int] = mapped_column(SmallInteger, default=1)

    venue: Mapped[Venue] = relationship()
    member: Mapped[StaffMember] = relationship(back_populates="venue_links")


class Qualification(Base):
    """A treatment that a therapist can do; a therapist without any row can do all."""

    __tablename__ = "qualification"
    __table_args__ = (UniqueConstraint("member_id", "treatment_id"),)

    id: Mapped[Key]
    member_id: Mapped[int] = mapped_column(ForeignKey("staff_member.id"))
    treatment_id: Mapped[int] = mapped_column(ForeignKey("treatment.id"), index=True)


# How long a session lives: unused, and at most. A desk is shared, so its sessions end with the shift, yet outlast a
# quiet afternoon; a therapist's phone is her own and must show an offer after a week off.
SHARED_DESK = (timedelta(hours=4), timedelta(hours=14))
OWN_PHONE = (timedelta(days=14), timedelta(days=30))
# Between the password and the second factor.
WAITING = timedelta(minutes=15)
CODE, ENROLMENT = "code", "enrolment"


class LoginSession(Base):
    """A signed-in browser. The cookie holds a random token, this row its SHA-256; ending the row ends the session.

    `address` is the network that the browser came from, see portal/session/throttle.py. While it `awaits` the second
    factor, `code`, or that she sets one up, `enrolment`, it signs nobody in.
    """

    __tablename__ = "login_session"
    __table_args__ = (CheckConstraint("awaits IS NULL OR awaits IN ('code', 'enrolment')", name="awaits_known"),)

    id: Mapped[Key]
    uuid: Mapped[PublicId]
    member_id: Mapped[int] = mapped_column(ForeignKey("staff_member.id"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    user_agent: Mapped[str | None] = mapped_column(String(300))
    address: Mapped[str | None] = mapped_column(String(64))
    created_at: Mapped[datetime] = mapped_column(default=now)
    last_seen_at: Mapped[datetime] = mapped_column(default=now)
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    awaits: Mapped[str | None] = mapped_column(String(10))

    member: Mapped[StaffMember] = relationship()

    @classmethod
    def start(
        cls,
        member: StaffMember,
        *,
        token_hash: str,
        address: str | None,
        user_agent: str | None,
        at: datetime,
        awaits: str | None = None,
    ) -> LoginSession:
        """A session of this member from `at` on; one that `awaits` something waits a quarter of an hour."""
        return cls(
            member=member,
            token_hash=token_hash,
            address=address,
            user_agent=user_agent,
            created_at=at,
            last_seen_at=at,
            expires_at=at + (WAITING if awaits else member.session_limits[1]),
            awaits=awaits,
        )

    def is_open(self, at: datetime) -> bool:
        """Whether it still signs its member in: not ended, in use, not too old for the role of today, member active."""
        unused, at_most = self.member.session_limits
        ends = min(self.expires_at, self.created_at + at_most, self.last_seen_at + unused)
        return self.ended_at is None and self.member.active and at < ends

    def end(self, at: datetime) -> None:
        """End it; harmless when it has ended."""
        self.ended_at = self.ended_at or at


class LoginAttempt(Base):
    """A failed sign-in, kept as long as it counts: `key` is a hash of an account or of an address."""

    __tablename__ = "login_attempt"
    __table_args__ = (Index(None, "key", "at"),)

    id: Mapped[Key]
    key: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(default=now)
