"""What the desk does about a suggested time: take it, which moves the visit, or refuse it."""

from __future__ import annotations

from datetime import datetime

from flask_babel import gettext as _

import portal.audit as audit
from portal.audit import Actor
from portal.bookings import claims
from portal.bookings.asking.service import StaffedMeanwhile
from portal.bookings.moving import Move, move_booking
from portal.bookings.news import footprint_of_proposal, tell_asked, tell_ghosts, tell_proposals
from portal.bookings.proposals.errors import ProposalClosed
from portal.bookings.proposals.queries import reread_proposal
from portal.bookings.proposals.service import tell_answer
from portal.bookings.queries import lock_booking
from portal.changes.queries import last_change
from portal.changes.record import recording
from portal.clock import now
from portal.database import atomic
from portal.errors import Invalid
from portal.messages.service import Kind, tell_guest
from portal.models import Booking, CounterProposal, Venue
from portal.models.booking_states import CANCELLED, PENDING
from portal.models.proposal import ACCEPTED, EXPIRED, REFUSED, WITHDRAWN
from portal.notices.service import GRACE

ANSWER_LENGTH = 300


@atomic
def accept_counter_proposal(venue: Venue, *, proposal: CounterProposal, by: Actor) -> Booking:
    """The visit moves to the suggested time and is hers; its guest and she are told. One undo takes it all back.

    A repeat is harmless. Raises StaffedMeanwhile when a colleague was faster, ProposalClosed, and SlotUnavailable when
    the time cannot be had any more.
    """
    at, stands = now(), proposal.offer.item.booking
    shift = proposal.starts_at - proposal.offer.item.starts_at
    here = (stands.starts_at, stands.ends_at)
    claims.lock_spans(venue.organisation_id, here, (here[0] + shift, here[1] + shift))
    booking = lock_booking(venue, stands)
    proposal = reread_proposal(venue, proposal)
    if proposal.status == ACCEPTED:
        return booking
    _check_waits(booking, proposal, at=at)
    offer, was = proposal.offer, booking.starts_at
    ghost = footprint_of_proposal(venue, offer, proposal)
    with recording(venue, "proposal:accepted", booking, by=by):
        proposal.close(ACCEPTED, at=at, by_name=by.name)
        booking.remember("proposal_accepted", by=by, at=at, from_status=booking.status, therapist=offer.member.name)
        move = Move(starts_at=proposal.starts_at, therapist=offer.member)
        booking = move_booking(venue, booking=booking, item=offer.item, move=move, by=by)
    audit.record(by, "proposal:accepted", proposal, starts_at=proposal.starts_at.isoformat())
    tell_answer(venue, proposal, by=by, after=GRACE)
    change = last_change(venue, by.member) if by.member else None
    tell_guest(venue, booking, Kind.MOVED, by=by, change=change, was=was)
    tell_ghosts(venue, ghost)
    tell_asked(venue, booking)
    return booking


@atomic
def refuse_counter_proposal(
    venue: Venue, *, proposal: CounterProposal, by: Actor, reason: str | None = None
) -> Booking:
    """The visit stays where it is; she is told, with the reason if there is one. Her offer stays open as it was.

    A repeat is harmless. Raises ProposalClosed, StaffedMeanwhile, Invalid for a reason that is too long.
    """
    reason = (reason or "").strip() or None
    if reason and len(reason) > ANSWER_LENGTH:
        raise Invalid(_("Please use at most %(count)d characters.", count=ANSWER_LENGTH), field="reason")
    at = now()
    booking = lock_booking(venue, proposal.offer.item.booking)
    proposal = reread_proposal(venue, proposal)
    if proposal.status == REFUSED:
        return booking
    _check_waits(booking, proposal, at=at)
    proposal.close(REFUSED, at=at, by_name=by.name, answer=reason)
    booking.remember(
        "proposal_refused", by=by, at=at, from_status=booking.status, therapist=proposal.offer.member.name,
        reason=reason,
    )  # fmt: skip
    audit.record(by, "proposal:refused", proposal)
    tell_answer(venue, proposal, by=by)
    tell_proposals(venue, booking)
    tell_asked(venue, booking)
    return booking


def _check_waits(booking: Booking, proposal: CounterProposal, *, at: datetime) -> None:
    if booking.status == CANCELLED:
        raise ProposalClosed(_("The booking is cancelled."))
    if booking.status != PENDING or proposal.offer.item.therapists_missing == 0:
        raise StaffedMeanwhile()
    if proposal.status == EXPIRED or (proposal.is_open and not proposal.waits_at(at)):
        raise ProposalClosed(_("Nobody has answered this suggestion in time."))
    if proposal.status == WITHDRAWN:
        raise ProposalClosed(
            _("%(name)s has taken this suggestion back.", name=proposal.offer.member.name)
            if proposal.closed_by
            else _("The booking has changed in the meantime.")
        )
    if not proposal.is_open:
        raise ProposalClosed()
