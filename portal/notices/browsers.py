"""The browsers in which a member can be woken: switched on, recognised when she comes back, switched off."""

from __future__ import annotations

from uuid import UUID, uuid4

from flask_babel import lazy_gettext as _l

import portal.audit as audit
from portal.audit import Actor
from portal.clock import now
from portal.database import atomic, db, insert_into, is_storable
from portal.errors import Invalid, NotFound
from portal.models import LoginSession, PushSubscription, StaffMember
from portal.notices import push
from portal.notices.queries import lock_browser_at, lock_subscription, open_subscriptions

MOST_BROWSERS = 10
KEY_BYTES, SECRET_BYTES = 65, 16
DOOR = "phone"


class NoBrowser(Invalid):
    """What the browser has sent is no address of a push service, or not its keys."""

    message = _l("This browser cannot be reached. Please reload the page and try again.")


@atomic
def keep_browser(login: LoginSession, target: push.Target, *, user_agent: str) -> PushSubscription:
    """From now on the member of this session is told in the browser; whoever was told in it before is no longer.

    It ends with the session. Harmless when it was so. Of more than ten browsers the oldest are dropped. Raises
    NoBrowser.
    """
    if not _is_browser(target):
        raise NoBrowser(field="endpoint")
    at, member = now(), login.member
    agent = user_agent[:300] if is_storable(user_agent) else None
    browser = lock_browser_at(target.endpoint) or _new(login, target)
    was_open = browser.is_open(at) and browser.member_id == member.id
    browser.hand_to(login, p256dh=target.p256dh, auth=target.auth, user_agent=agent or None, at=at)
    db.session.flush()
    for oldest in open_subscriptions(member.organisation_id, member.id)[:-MOST_BROWSERS]:
        oldest.end(at)
    if not was_open:
        audit.record(Actor.of_member(member, door=DOOR), "member:browser_kept", browser)
    return browser


@atomic
def recognise(login: LoginSession, endpoint: str) -> bool:
    """Whether the browser that was kept at this address is still the member's: then it goes on in this session.

    Somebody else's is ended: what she is told must not be read by whoever has her telephone now.
    """
    browser = lock_browser_at(endpoint) if endpoint.isascii() and is_storable(endpoint) else None
    if browser is None or browser.ended_at is not None:
        return False
    if browser.member_id != login.member_id:
        browser.end(now())
        audit.record(Actor.of_member(login.member, door=DOOR), "member:browser_ended", browser)
        return False
    browser.session = login
    return True


@atomic
def end_browser(member: StaffMember, browser_id: UUID) -> PushSubscription:
    """Switch one of the member's browsers off; harmless when it was. Raises NotFound."""
    browser = lock_subscription(member.organisation_id, browser_id)
    if browser is None or browser.member_id != member.id:
        raise NotFound()
    if browser.ended_at is None:
        browser.end(now())
        audit.record(Actor.of_member(member, door=DOOR), "member:browser_ended", browser)
    return browser


def _new(login: LoginSession, target: push.Target) -> PushSubscription:
    """The row of an address that was not known; of two who keep it at once, the second one finds the first one's."""
    values = {
        "uuid": uuid4(), "organisation_id": login.member.organisation_id, "member_id": login.member_id,
        "session_id": login.id, "endpoint": target.endpoint, "endpoint_hash": PushSubscription.hash_of(target.endpoint),
        "p256dh": target.p256dh, "auth": target.auth, "created_at": now(), "ended_at": now(),
    }  # fmt: skip
    db.session.execute(insert_into(PushSubscription).values(**values).on_conflict_do_nothing())
    made = lock_browser_at(target.endpoint)
    if made is None:
        raise NoBrowser(field="endpoint")
    return made


def _is_browser(target: push.Target) -> bool:
    keys = push.is_key(target.p256dh, KEY_BYTES) and push.is_key(target.auth, SECRET_BYTES)
    return push.is_address(target.endpoint) and keys
