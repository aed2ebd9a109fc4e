"""What a device says about a notice: that it has shown it, that she has tapped on it."""

from __future__ import annotations

from uuid import UUID

from portal.clock import now
from portal.database import atomic
from portal.live.service import announce
from portal.models import Notice
from portal.models.notice import PUSH
from portal.notices.kinds import Kind
from portal.notices.queries import find_offer, lock_receipt


@atomic
def note_received(notice_id: UUID) -> None:
    """A browser has shown the push; no other way is taken then. Harmless when it was noted before."""
    notice, at = lock_receipt(notice_id), now()
    if notice is None or not notice.has_left:
        return
    notice.receive(at)
    if delivery := notice.by(PUSH):
        delivery.arrive(at)
    _tell_offer(notice)


@atomic
def note_seen(notice_id: UUID) -> None:
    """She has tapped on it."""
    notice, at = lock_receipt(notice_id), now()
    if notice is None or not notice.has_left:
        return
    notice.see(at)
    if delivery := notice.by(PUSH):
        delivery.arrive(at)
    _tell_offer(notice)


def _tell_offer(notice: Notice) -> None:
    """The desk sees by the offer itself that it has arrived."""
    offer = find_offer(notice.organisation_id, notice.subject) if notice.kind == Kind.OFFER else None
    if offer is not None:
        offer.deliver(at=now())
        announce(offer.item.booking.venue, f"asked:{offer.item.booking.uuid}")
