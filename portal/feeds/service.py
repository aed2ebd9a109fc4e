"""Giving out the address of one's calendar, taking it back, and reading what stands there."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta

import portal.audit as audit
from portal.audit import Actor
from portal.clock import now
from portal.database import atomic, db
from portal.errors import NotFound
from portal.feeds import queries
from portal.feeds.calendar import calendar_of
from portal.models import CalendarFeed, StaffMember

# How far back visits are told, and for how long one that is gone is told to be: a program that only hears of what is
# there would keep showing it.
BEHIND = timedelta(days=30)
AHEAD = timedelta(days=400)
READ_EVERY = timedelta(minutes=5)


@atomic
def renew_feed(member: StaffMember, *, with_surname: bool, by: Actor) -> tuple[CalendarFeed, str]:
    """A new address for the member's calendar, and its token, which is stored nowhere; the old address ends."""
    at, token = now(), secrets.token_urlsafe(32)
    feed = queries.lock_feed(member)
    if feed is None:
        feed = CalendarFeed(organisation_id=member.organisation_id, member_id=member.id)
        db.session.add(feed)
    feed.token_hash, feed.with_surname, feed.created_at, feed.read_at = hash_of(token), with_surname, at, None
    audit.record(by, "feed:renewed", member, with_surname=with_surname)
    return feed, token


@atomic
def end_feed(member: StaffMember, *, by: Actor) -> None:
    """The address answers no more; harmless when there is none."""
    feed = queries.lock_feed(member)
    if feed is not None:
        db.session.delete(feed)
        audit.record(by, "feed:ended", member)


def read_feed(token: str) -> bytes:
    """The calendar behind an address, in the language of its member.

    Notes at most every five minutes that it was read. Raises NotFound.
    """
    feed = queries.find_feed(hash_of(token))
    if feed is None:
        raise NotFound()
    member, at = feed.member, now()
    if feed.read_at is None or feed.read_at <= at - READ_EVERY:
        _note_read(feed)
    start, end = at - BEHIND, at + AHEAD
    return calendar_of(
        member,
        queries.list_visits(member, start=start, end=end, gone_since=start),
        queries.list_shifts(member, start=start, end=end),
        language=member.locale or "fr",
        with_surname=feed.with_surname,
        since=feed.created_at,
    )


@atomic
def _note_read(feed: CalendarFeed) -> None:
    feed.read_at = now()


def hash_of(token: str) -> str:
    """What is stored of a token: 256 random bits need no slow hash."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
