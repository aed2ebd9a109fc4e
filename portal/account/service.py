"""One's own account: password, address, sessions. The second factor is portal/session/factor/."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError

import portal.audit as audit
from portal.account.errors import AddressGone, NoAddress, SameAddress
from portal.audit import Actor
from portal.clock import now
from portal.customers.emails import is_email
from portal.customers.phones import parse_phone
from portal.database import atomic, db, is_storable
from portal.errors import Invalid, NotFound
from portal.models import EmailChange, LoginLink, LoginSession, StaffMember
from portal.models.account import NEW_ADDRESS, OLD_ADDRESS
from portal.session import queries, throttle
from portal.session.letters import Kind, send_link, tell
from portal.session.onetime.errors import DeadLink, TooManyLetters
from portal.session.onetime.queries import lock_change, lock_link, open_change, open_links
from portal.session.service import change_password, end_all_sessions, end_session, normal
from portal.session.stepup.service import prove

CHANGE_LIVES = timedelta(hours=24)
CHANGES = 3
LONGEST_PHONE = 20
BOTH = (OLD_ADDRESS, NEW_ADDRESS)


def renew_password(member: StaffMember, current: str, password: str, *, keep: LoginSession, by: Actor) -> None:
    """Another password, for whoever knows the present one; she stays signed in here and nowhere else.

    Raises WrongPassword, TooManyTries, Invalid with field `password`.
    """
    prove(member, current, by=by)
    change_password(member, password, by=by, keep=keep)


@atomic
def change_phone(member: StaffMember, typed: str, *, by: Actor) -> StaffMember:
    """Another number, or none; a national one is of the country in which she works first. Harmless when it is the same.

    Raises Invalid with field `phone`.
    """
    country = next((link.venue.country for link in member.venue_links), None)
    number = parse_phone(typed, country) if typed else None
    if typed and (number is None or len(number) > LONGEST_PHONE):
        raise Invalid(_("This is not a telephone number."), field="phone")
    member = queries.lock_member(member.id) or member
    if number != member.phone:
        member.phone = number
        member.version += 1
        audit.record(by, "member:changed", member, fields=["phone"])
    return member


@atomic
def end_one_session(member: StaffMember, session_id: UUID, *, by: Actor) -> LoginSession:
    """Sign her out in one of her browsers; harmless when she was. Raises NotFound."""
    login = queries.find_session_of(member, session_id)
    if login is None:
        raise NotFound()
    return end_session(login, by=by)


@atomic
def end_other_sessions(member: StaffMember, *, keep: LoginSession, by: Actor) -> int:
    """Sign her out everywhere else; says in how many browsers."""
    return end_all_sessions(member, by=by, keep=keep)


@atomic
def ask_email_change(member: StaffMember, address: str, *, by: Actor) -> EmailChange:
    """She wants to sign in with another address: a letter goes to the old one and one to the new, and both must agree.

    What she asked for before is forgotten. Whether somebody else has the address is told to its owner alone. Raises
    NoAddress, SameAddress, TooManyLetters.
    """
    at, address = now(), normal(address)
    if not is_storable(address) or not is_email(address):
        raise NoAddress()
    if address == member.email:
        raise SameAddress()
    _count(member)
    forget_email_change(member, by=by)
    change = EmailChange(
        uuid=uuid4(), organisation_id=member.organisation_id, member=member, address=address, created_at=at,
        expires_at=at + CHANGE_LIVES,
    )  # fmt: skip
    db.session.add(change)
    audit.record(by, "member:email_change_asked", member)
    for purpose, to in ((OLD_ADDRESS, member.email), (NEW_ADDRESS, address)):
        _write_to(change, purpose, to)
    return change


@atomic
def forget_email_change(member: StaffMember, *, by: Actor) -> None:
    """She keeps her address: neither letter opens anything any more. Harmless when there is none."""
    at, change = now(), open_change(member, at=now())
    if change is None:
        return
    change.end(at)
    for link in open_links(member, BOTH):
        link.end(at)
    audit.record(by, "member:email_change_forgotten", member)


@atomic
def confirm_address(link: LoginLink) -> EmailChange:
    """One of the two addresses agrees; with the second one the new address is hers, and she signs in anew elsewhere.

    Raises DeadLink, AddressGone.
    """
    current, at = lock_link(link.uuid), now()
    if current is None or current.change_id is None or not current.is_good(at):
        raise DeadLink()
    change = lock_change(current.change_id)
    member = queries.lock_member(current.member_id or 0)
    if change is None or member is None or not change.is_open(at) or not member.active:
        raise DeadLink()
    current.use(at)
    change.confirm(current.purpose, at)
    by = Actor.of_member(member, door="account")
    audit.record(by, "member:address_confirmed", member, which=current.purpose)
    if change.is_confirmed:
        _take_over(member, change, by=by)
    return change


def _take_over(member: StaffMember, change: EmailChange, *, by: Actor) -> None:
    if queries.find_member(change.address) is not None:
        raise AddressGone()
    old, member.email = member.email, change.address
    change.end(now())
    try:
        db.session.flush()
    except IntegrityError as error:
        raise AddressGone() from error
    audit.record(by, "member:email_changed", member)
    tell(member, Kind.EMAIL_CHANGED, to=old)
    end_all_sessions(member, by=by)


def _write_to(change: EmailChange, purpose: str, address: str) -> None:
    link = LoginLink(
        uuid=uuid4(), member=change.member, purpose=purpose, address=address, change=change,
        created_at=change.created_at, expires_at=change.expires_at,
    )  # fmt: skip
    db.session.add(link)
    db.session.flush()
    send_link(link)


def _count(member: StaffMember) -> None:
    queries.lock_sign_ins()
    at, limit = now(), throttle.limit_of("address-change", str(member.uuid), allowed=CHANGES)
    asked = queries.recent_failures(limit.key, since=at - throttle.MEMORY, at_most=limit.worth_reading)
    wait = throttle.wait(asked, limit.allowed, at)
    if wait > timedelta(0):
        raise TooManyLetters(wait)
    queries.note_attempts([limit.key], at=at)
