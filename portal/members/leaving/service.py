"""Who leaves: what was done stays, what was to come is given to others first, and no door opens any more."""

from __future__ import annotations

from uuid import uuid4

import portal.audit as audit
from portal.absences.rehome.queries import venues_hit, visits_hit
from portal.absences.rehome.service import Action, Step, rehome
from portal.access import Role, may_release_member
from portal.audit import Actor
from portal.bookings.news import Worked, tell_shifts
from portal.bookings.waves import carry_on
from portal.clock import now
from portal.database import atomic, db
from portal.live.service import ABSENCES, announce
from portal.members.acting import acting
from portal.members.errors import LastAdmin, NotOverYou, NotYourself, StillTreats
from portal.members.leaving.queries import exchanges_of, find_departure, lock_shifts_to_come
from portal.members.queries import (
    browsers_of,
    count_admins,
    count_visits,
    feed_of,
    last_visit_end,
    lock_staff,
    open_offers,
)
from portal.models import Organisation, StaffMember, TimeOff
from portal.models.absence import APPROVED
from portal.models.account import INVITATION, NEW_ADDRESS, OLD_ADDRESS, PASSWORD
from portal.session.onetime.service import end_links
from portal.session.service import end_all_sessions


@atomic
def prepare_departure(organisation: Organisation, member: StaffMember, *, by: Actor) -> TimeOff | None:
    """Time off from now to the end of her last visit, on whose page others are found for each of them.

    Asked for again it is the same one, longer if need be. None when there is no visit left. Raises NotOverYou,
    NotYourself, LastAdmin.
    """
    member = _leaving(organisation, member, by)
    return _departure(organisation, member, by)


@atomic
def leave(organisation: Organisation, member: StaffMember, *, ask_others: bool, by: Actor) -> StaffMember:
    """She is gone: signed out, not asked, not planned, not told of anything any more; her history stays.

    Harmless twice. With `ask_others` everybody who can is asked for the visits that are left. Raises NotOverYou,
    NotYourself, LastAdmin, StillTreats, Overturned when a visit has changed at this moment.
    """
    member = _leaving(organisation, member, by)
    if not member.active:
        return member
    if count_visits(member, at=now()):
        if not ask_others:
            raise StillTreats()
        _ask_others(organisation, member, by)
        if count_visits(member, at=now()):
            raise StillTreats()
    member.active, member.left_at = False, now()
    member.version += 1
    db.session.flush()
    _take_offers_back(member)
    shifts = _take_shifts_back(organisation, member)
    end_all_sessions(member, by=by)
    end_links(member, PASSWORD, INVITATION, OLD_ADDRESS, NEW_ADDRESS)
    feed = feed_of(member)
    if feed is not None:
        db.session.delete(feed)
    for browser in browsers_of(member):
        browser.end(now())
    audit.record(by, "member:left", member, shifts=shifts)
    return member


@atomic
def come_back(organisation: Organisation, member: StaffMember, *, by: Actor) -> StaffMember:
    """She works here again, and signs in as before. Harmless twice. Raises NotOverYou."""
    member = lock_staff(organisation, member)
    if not may_release_member(acting(by), member):
        raise NotOverYou()
    if not member.active:
        member.active, member.left_at = True, None
        member.version += 1
        audit.record(by, "member:came_back", member)
    return member


def _leaving(organisation: Organisation, member: StaffMember, by: Actor) -> StaffMember:
    member = lock_staff(organisation, member)
    actor = acting(by)
    if not may_release_member(actor, member):
        raise NotOverYou()
    if actor.id == member.id:
        raise NotYourself()
    if member.role == Role.ADMIN and member.has_account and not count_admins(organisation, but=member):
        raise LastAdmin()
    return member


def _departure(organisation: Organisation, member: StaffMember, by: Actor) -> TimeOff | None:
    at = now()
    end = last_visit_end(member, at=at)
    if end is None:
        return None
    known = find_departure(organisation, member, at=at)
    if known is not None:
        known.stretch(known.starts_at, max(known.ends_at, end))
        return known
    off = TimeOff(
        uuid=uuid4(), organisation_id=member.organisation_id, member=member, kind="other", status=APPROVED,
        starts_at=at, ends_at=end, asked_at=at, decided_at=at, decided_by=by.member,
    )  # fmt: skip
    db.session.add(off)
    db.session.flush()
    audit.record(by, "absence:departure", off)
    return off


def _ask_others(organisation: Organisation, member: StaffMember, by: Actor) -> None:
    off, at = _departure(organisation, member, by), now()
    if off is None:
        return
    for venue in venues_hit(member, off.starts_at, off.ends_at, at=at):
        visits = visits_hit(venue, member, off.starts_at, off.ends_at, at=at)
        steps = [Step(item=one.item, action=Action.ASK, version=one.version) for one in visits]
        rehome(venue, off=off, steps=steps, tell_guests=False, by=by)


def _take_offers_back(member: StaffMember) -> None:
    at = now()
    offers = open_offers(member)
    for offer in offers:
        offer.take_back(at=at)
    db.session.flush()
    for offer in offers:
        carry_on(offer.item.booking.venue, offer.item, at=at)


def _take_shifts_back(organisation: Organisation, member: StaffMember) -> int:
    """Nobody works them any more, and nobody exchanges them; says how many there were."""
    at = now()
    shifts = lock_shifts_to_come(organisation, member, at=at)
    for swap in exchanges_of(organisation, member, shifts):
        swap.cancel(at=at)
        announce(swap.venue, ABSENCES)
    for venue in {shift.venue for shift in shifts}:
        mine = [shift for shift in shifts if shift.venue_id == venue.id]
        stood = [Worked.of(shift) for shift in mine]
        for shift in mine:
            shift.remove()
        tell_shifts(venue, *stood)
    return len(shifts)
