"""Reading links and changes of addresses. Whoever holds a link knows no house."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from portal.database import db
from portal.models import EmailChange, LoginLink, StaffMember


def find_link(token_hash: str) -> LoginLink | None:
    """The link with this token, with its member and what she wants to change."""
    query = select(LoginLink).where(LoginLink.token_hash == token_hash)
    return db.session.scalar(query.options(joinedload(LoginLink.member), joinedload(LoginLink.change)))


def lock_link(link_id: UUID) -> LoginLink | None:
    """A link as of now, locked until the end of the transaction."""
    query = select(LoginLink).where(LoginLink.uuid == link_id).with_for_update()
    return db.session.scalar(query.execution_options(populate_existing=True))


def open_links(member: StaffMember, purposes: Sequence[str]) -> list[LoginLink]:
    """The links of a member for these purposes that were neither used nor ended."""
    query = select(LoginLink).where(
        LoginLink.member_id == member.id, LoginLink.purpose.in_(purposes),
        LoginLink.used_at.is_(None), LoginLink.ended_at.is_(None),
    )  # fmt: skip
    return list(db.session.scalars(query.order_by(LoginLink.id)))


def asked_links(at_most: int) -> list[LoginLink]:
    """What was asked for at the sign-in page and waits for the worker; those that another one has are left out."""
    query = select(LoginLink).where(LoginLink.member_id.is_(None), LoginLink.ended_at.is_(None))
    return list(db.session.scalars(query.order_by(LoginLink.id).limit(at_most).with_for_update(skip_locked=True)))


def has_asked() -> bool:
    """Whether anything waits at all."""
    query = select(LoginLink.id).where(LoginLink.member_id.is_(None), LoginLink.ended_at.is_(None))
    return db.session.scalar(query.limit(1)) is not None


def open_change(member: StaffMember, *, at: datetime) -> EmailChange | None:
    """The other address that the member wants, as long as it waits for an answer."""
    query = select(EmailChange).where(
        EmailChange.member_id == member.id, EmailChange.ended_at.is_(None), EmailChange.expires_at > at
    )
    return db.session.scalar(query.order_by(EmailChange.id.desc()).limit(1))


def lock_change(change_id: int) -> EmailChange | None:
    """A change as of now, locked."""
    query = select(EmailChange).where(EmailChange.id == change_id).with_for_update()
    return db.session.scalar(query.execution_options(populate_existing=True))
