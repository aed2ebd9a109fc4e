"""Whom a letter is for."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from portal.database import db
from portal.models import StaffMember


def find_member_of(organisation_id: int, member_id: UUID) -> StaffMember | None:
    """A member of the organisation, with it."""
    query = select(StaffMember).where(StaffMember.organisation_id == organisation_id, StaffMember.uuid == member_id)
    return db.session.scalar(query.options(joinedload(StaffMember.organisation)))
