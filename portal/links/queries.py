"""Reading what a signed link in a message names."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from portal.database import db
from portal.models import Notice, Offer, StaffMember
from portal.notices.kinds import Kind


def find_asked(notice_id: UUID) -> tuple[StaffMember, Offer] | None:
    """Whom the notice of an offer was written to, and the offer; None when there is none, or she has left."""
    query = select(Notice).where(Notice.uuid == notice_id, Notice.kind == Kind.OFFER, Notice.voided_at.is_(None))
    notice = db.session.scalar(query.options(joinedload(Notice.member).joinedload(StaffMember.organisation)))
    if notice is None or not notice.member.active:
        return None
    hers = select(Offer).where(
        Offer.organisation_id == notice.organisation_id, Offer.uuid == notice.subject,
        Offer.member_id == notice.member_id,
    )  # fmt: skip
    offer = db.session.scalar(hers)
    return (notice.member, offer) if offer is not None else None
