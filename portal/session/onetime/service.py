"""Links in letters: asked for, made when the letter is written, used once."""

from __future__ import annotations

import secrets
from datetime import timedelta
from uuid import UUID, uuid4

from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError

import portal.audit as audit
from portal.audit import Actor
from portal.clock import now
from portal.database import atomic, db, is_storable
from portal.models import LoginLink, StaffMember
from portal.models.account import INVITATION, PASSWORD
from portal.session import passwords, queries, throttle
from portal.session.letters import Kind, send_link, tell
from portal.session.onetime.errors import AddressTaken, DeadLink, TooManyLetters
from portal.session.onetime.queries import asked_links, find_link, has_asked, lock_link, open_links
from portal.session.service import DOOR, end_all_sessions, hash_token, normal

LIVES = {PASSWORD: timedelta(minutes=30), INVITATION: timedelta(hours=72)}
LETTERS_PER_ADDRESS, LETTERS_PER_NETWORK = 3, 20
_BATCH = 50


@atomic
def ask_password(address: str, *, network: str) -> None:
    """Somebody has forgotten her password. The same is done for every address: the worker alone looks whose it is.

    At most 3 letters to an address and 20 asked for from one network in five minutes. Raises TooManyLetters.
    """
    queries.lock_sign_ins()
    at, account = now(), normal(address)
    limits = [
        throttle.limit_of("letter", account, allowed=LETTERS_PER_ADDRESS),
        throttle.limit_of("letters-of", network, allowed=LETTERS_PER_NETWORK),
    ]
    for limit in limits:
        asked = queries.recent_failures(limit.key, since=at - throttle.MEMORY, at_most=limit.worth_reading)
        wait = throttle.wait(asked, limit.allowed, at)
        if wait > timedelta(0):
            raise TooManyLetters(wait)
    queries.note_attempts([limit.key for limit in limits], at=at)
    if is_storable(account):
        asked_for = {"uuid": uuid4(), "purpose": PASSWORD, "address": account[:255], "created_at": at}
        db.session.execute(insert(LoginLink).values(**asked_for, expires_at=at + LIVES[PASSWORD]))


def answer_asked() -> int:
    """Write to those whose address was given, and forget the others; says how many were looked at."""
    return _answer_asked() if has_asked() else 0


@atomic
def make_link(member: StaffMember, purpose: str, *, by: Actor) -> LoginLink:
    """A link of her own leaves by letter; one that left before for the same purpose opens nothing any more."""
    address = member.email if purpose == PASSWORD else member.invited_as or member.email
    at = now()
    end_links(member, purpose)
    link = LoginLink(
        uuid=uuid4(), member=member, purpose=purpose, address=address, created_at=at, expires_at=at + LIVES[purpose]
    )
    db.session.add(link)
    db.session.flush()
    audit.record(by, f"member:{purpose}_link_made", member)
    send_link(link)
    return link


def end_links(member: StaffMember, *purposes: str) -> None:
    """What left before for these purposes opens nothing any more. Called within a verb."""
    for link in open_links(member, purposes):
        link.end(now())


@atomic
def write_token(link_id: UUID) -> tuple[LoginLink, str] | None:
    """The link, and a token for the letter that is being written, stored nowhere; None when it is not wanted any more.

    A letter that is written again has another token.
    """
    link = lock_link(link_id)
    if link is None or link.member is None or not link.member.active or not link.is_good(now()):
        return None
    token = secrets.token_urlsafe(32)
    link.write(hash_token(token))
    return link, token


def open_link(token: str, *purposes: str) -> LoginLink:
    """What the link of a letter opens. Changes nothing: programs that look at links in mail come here too.

    Raises DeadLink.
    """
    link = find_link(hash_token(token)) if len(token) <= _LONGEST else None
    if link is None or link.purpose not in purposes or not _fits(link):
        raise DeadLink()
    return link


def set_password(link: LoginLink, password: str) -> StaffMember:
    """A new password for who has forgotten hers; all her sessions end, her second factor stays.

    Raises DeadLink, Invalid with field `password`, Unavailable.
    """
    member = _member_of(link)
    passwords.refuse_weak(password, member)
    return _store(link, passwords.hash_password(password))


def accept_invitation(link: LoginLink, password: str) -> StaffMember:
    """The address is hers from now on, with a password; an account that exists is never touched.

    Raises DeadLink, Invalid with field `password`, AddressTaken, Unavailable.
    """
    member = _member_of(link)
    passwords.refuse_weak(password, member)
    return _join(link, passwords.hash_password(password))


@atomic
def _answer_asked() -> int:
    asked = asked_links(_BATCH)
    for link in asked:
        member = queries.find_member(link.address)
        db.session.delete(link)
        if member is not None and member.active and member.has_account:
            make_link(member, PASSWORD, by=Actor("visitor", "", DOOR))
    return len(asked)


@atomic
def _store(link: LoginLink, password_hash: str) -> StaffMember:
    member = _used(link)
    member.password_hash = password_hash
    by = Actor.of_member(member, door=DOOR)
    audit.record(by, "member:password_reset", member)
    end_all_sessions(member, by=by)
    tell(member, Kind.PASSWORD_CHANGED)
    return member


@atomic
def _join(link: LoginLink, password_hash: str) -> StaffMember:
    member = _used(link)
    if queries.find_member(link.address) is not None:
        raise AddressTaken()
    member.email, member.invited_as, member.password_hash = link.address, None, password_hash
    audit.record(Actor.of_member(member, door=DOOR), "member:joined", member)
    try:
        db.session.flush()
    except IntegrityError as error:
        raise AddressTaken() from error
    return member


def _used(link: LoginLink) -> StaffMember:
    """The link's member, locked; from now on it opens nothing. Raises DeadLink."""
    current = lock_link(link.uuid)
    member = queries.lock_member(current.member_id) if current is not None and current.member_id else None
    if current is None or member is None or not _fits(current):
        raise DeadLink()
    current.use(now())
    return member


def _fits(link: LoginLink) -> bool:
    """Whether it still does what it was made for."""
    member = link.member
    if member is None or not member.active or not link.is_good(now()):
        return False
    if link.purpose == PASSWORD:
        return member.has_account and member.email == link.address
    return link.purpose != INVITATION or (not member.has_account and member.invited_as == link.address)


def _member_of(link: LoginLink) -> StaffMember:
    if link.member is None:
        raise DeadLink()
    return link.member


_LONGEST = 100
