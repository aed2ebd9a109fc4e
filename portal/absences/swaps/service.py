"""Shifts that change hands: asked, accepted by the colleague, approved by a manager. Days, then rows, then decide."""

from __future__ import annotations

from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError

import portal.audit as audit
from portal.absences.service import NOTE_LENGTH
from portal.absences.swaps.errors import AlreadyUp, Gone, Impossible, NotAccepted, NotYours
from portal.absences.swaps.facts import Facts, Work
from portal.absences.swaps.guard import exchange_obstacles, takers
from portal.absences.swaps.queries import find_open_swap, load_facts, lock_shifts, lock_swap
from portal.access import works_at
from portal.audit import Actor
from portal.bookings import claims
from portal.clock import now
from portal.database import atomic, db, violated_constraint
from portal.errors import Invalid
from portal.live.service import ABSENCES, announce
from portal.models import Shift, ShiftSwap, StaffMember, Venue
from portal.models.absence import ACCEPTED, APPROVED, ASKED, CANCELLED, DECLINED, EXPIRED
from portal.notices.absences import tell_desk_of_swap, tell_of_swap
from portal.team.queries import therapists_of


@atomic
def ask_swap(
    venue: Venue,
    *,
    shift: Shift,
    colleague: StaffMember | None = None,
    other: Shift | None = None,
    note: str | None = None,
    by: Actor,
) -> ShiftSwap:
    """Put a shift of one's own up: for a colleague's (`other`), to a colleague, or to whoever can take it.

    The same question twice is one. Raises NotYours, Gone once a shift has begun, AlreadyUp, Impossible with what is in
    the way, Invalid for a note that is too long.
    """
    if note and len(note) > NOTE_LENGTH:
        raise Invalid(_("Please use at most %(count)d characters.", count=NOTE_LENGTH), field="note")
    member, at = _member(by), now()
    _lock(venue, shift, other)
    if shift.member_id != member.id or (other is not None and (colleague is None or other.member_id != colleague.id)):
        raise NotYours()
    if min(one.starts_at for one in (shift, other) if one is not None) <= at:
        raise Gone()
    if (twin := _standing(venue, shift, at)) is not None:
        same = (colleague.id if colleague else None, other.id if other else None)
        if (twin.colleague_id, twin.other_shift_id) == same and twin.status == ASKED:
            return twin
        raise AlreadyUp()
    facts = check_possible(venue, shift, colleague, other)
    swap = ShiftSwap(
        organisation_id=venue.organisation_id, venue=venue, member=member, shift=shift, colleague=colleague,
        other_shift=other, note=note or None, status=ASKED, asked_at=at,
    )  # fmt: skip
    _save(swap)
    audit.record(by, "swap:asked", swap)
    tell_of_swap(venue, swap, *_asked(venue, facts, swap), by=by)
    announce(venue, ABSENCES)
    return swap


@atomic
def accept_swap(venue: Venue, *, swap: ShiftSwap, by: Actor) -> ShiftSwap:
    """The colleague says yes; who is first takes what is for whoever can. A repeat is harmless.

    Raises NotYours, Gone, Impossible.
    """
    member, at = _member(by), now()
    swap = _locked(venue, swap)
    if swap.status == ACCEPTED and swap.colleague_id == member.id:
        return swap
    _check_asked(venue, swap, member, at)
    check_possible(venue, swap.shift, member, swap.other_shift)
    swap.accept(member, at=at)
    audit.record(by, "swap:accepted", swap)
    tell_of_swap(venue, swap, swap.member, by=by)
    tell_desk_of_swap(venue, swap, by=by)
    announce(venue, ABSENCES)
    return swap


@atomic
def decline_swap(venue: Venue, *, swap: ShiftSwap, by: Actor) -> ShiftSwap:
    """The colleague who was asked says no. A repeat is harmless. Raises NotYours, Gone."""
    member, at = _member(by), now()
    swap = _locked(venue, swap)
    if swap.status == DECLINED and swap.colleague_id == member.id:
        return swap
    _check_asked(venue, swap, member, at)
    if swap.colleague_id is None:
        raise NotYours()
    swap.decline(at=at)
    audit.record(by, "swap:declined", swap)
    tell_of_swap(venue, swap, swap.member, by=by)
    announce(venue, ABSENCES)
    return swap


@atomic
def cancel_swap(venue: Venue, *, swap: ShiftSwap, by: Actor) -> ShiftSwap:
    """Whoever asked keeps the shift after all, until it is approved. A repeat is harmless. Raises NotYours, Gone."""
    swap = _locked(venue, swap)
    if swap.member_id != _member(by).id:
        raise NotYours()
    if swap.status == CANCELLED:
        return swap
    if swap.status not in {ASKED, ACCEPTED}:
        raise Gone()
    swap.cancel(at=now())
    audit.record(by, "swap:cancelled", swap)
    tell_of_swap(venue, swap, swap.colleague, by=by)
    announce(venue, ABSENCES)
    return swap


@atomic
def refuse_swap(venue: Venue, *, swap: ShiftSwap, reason: str, by: Actor) -> ShiftSwap:
    """A manager does not want it, for a reason that both read. Harmless twice. Raises Invalid, Gone."""
    swap, reason = _locked(venue, swap), reason.strip()
    if swap.status == "refused":
        return swap
    if swap.status not in {ASKED, ACCEPTED}:
        raise Gone()
    if not reason:
        raise Invalid(_("Please say why: it is read by whoever asked."), field="reason")
    if len(reason) > NOTE_LENGTH:
        raise Invalid(_("Please use at most %(count)d characters.", count=NOTE_LENGTH), field="reason")
    swap.refuse(reason, at=now(), by=_member(by))
    audit.record(by, "swap:refused", swap)
    tell_of_swap(venue, swap, swap.member, swap.colleague, by=by)
    announce(venue, ABSENCES)
    return swap


def lock_accepted(venue: Venue, swap: ShiftSwap, *, at: datetime) -> ShiftSwap:
    """The exchange that a manager is about to approve, held with its days and shifts.

    Raises NotAccepted, and Gone when it is over, or when a shift is no longer whose it was.
    """
    swap = _locked(venue, swap)
    if swap.status == APPROVED:
        return swap
    if swap.state_at(at) == ASKED:
        raise NotAccepted()
    other = swap.other_shift
    is_hers = swap.shift.member_id == swap.member_id and (other is None or other.member_id == swap.colleague_id)
    if swap.state_at(at) != ACCEPTED or swap.colleague is None or not is_hers:
        raise Gone()
    return swap


def check_possible(venue: Venue, shift: Shift, colleague: StaffMember | None, other: Shift | None) -> Facts:
    """What was read to decide. Raises Impossible with what is in the way; for whoever can, of everybody."""
    facts = load_facts(venue, *_span(shift, other))
    mine, zone = facts.shifts.get(shift.id), venue.timezone
    if mine is None or shift.member_id not in facts.people or (colleague and colleague.id not in facts.people):
        raise Impossible([])
    if colleague is None:
        each = takers(facts, mine, zone=zone)
        if all(each.values()):
            raise Impossible(list(dict.fromkeys(one for found in each.values() for one in found)))
    elif found := exchange_obstacles(facts, mine, facts.people[colleague.id], work_of(facts, other), zone=zone):
        raise Impossible(found)
    return facts


def work_of(facts: Facts, shift: Shift | None) -> Work | None:
    """The shift as it was read."""
    return None if shift is None else facts.shifts.get(shift.id)


def _asked(venue: Venue, facts: Facts, swap: ShiftSwap) -> list[StaffMember]:
    """Who is to answer: the colleague who was named, else everybody who could take it."""
    if swap.colleague is not None:
        return [swap.colleague]
    mine = facts.shifts[swap.shift.id]
    able = {person for person, obstacles in takers(facts, mine, zone=venue.timezone).items() if not obstacles}
    return [member for member in therapists_of(venue) if member.id in able]


def _check_asked(venue: Venue, swap: ShiftSwap, member: StaffMember, at: datetime) -> None:
    asked_another = swap.colleague_id is not None and swap.colleague_id != member.id
    if swap.member_id == member.id or not works_at(member, venue.id):
        raise NotYours()
    if swap.state_at(at) != ASKED or swap.shift.member_id != swap.member_id:
        raise Gone()
    if asked_another:
        raise NotYours()


def _standing(venue: Venue, shift: Shift, at: datetime) -> ShiftSwap | None:
    """The exchange for which the shift is up; one whose time has come makes way."""
    found = find_open_swap(venue, shift)
    if found is not None and found.state_at(at) == EXPIRED:
        found.cancel(at=at)
        db.session.flush()
        return None
    return found


def _lock(venue: Venue, *shifts: Shift | None) -> None:
    """Days first, then the shifts."""
    claims.lock_spans(venue.organisation_id, *[(one.starts_at, one.ends_at) for one in shifts if one is not None])
    lock_shifts(venue, *shifts)


def _locked(venue: Venue, swap: ShiftSwap) -> ShiftSwap:
    _lock(venue, swap.shift, swap.other_shift)
    return lock_swap(venue, swap)


def _save(swap: ShiftSwap) -> None:
    try:
        db.session.add(swap)
        db.session.flush()
    except IntegrityError as error:
        if "uq_shift_swap_open" in (violated_constraint(error) or "") or "shift_swap.shift_id" in str(error.orig):
            raise AlreadyUp() from error
        raise


def _span(shift: Shift, other: Shift | None) -> tuple[datetime, datetime]:
    both = [one for one in (shift, other) if one is not None]
    return min(one.starts_at for one in both), max(one.ends_at for one in both)


def _member(by: Actor) -> StaffMember:
    if by.member is None:
        raise NotYours()
    return by.member
