"""Sends what the outbox asks for: a link, whose token is made now, or the news that something has changed."""

from __future__ import annotations

import portal.audit as audit
import portal.messages.mail as mail
from portal.account.letters import link_letter, notice_letter
from portal.account.queries import find_member_of
from portal.audit import SYSTEM
from portal.clock import now
from portal.database import atomic
from portal.messages.mail import Envelope, Undeliverable
from portal.models import OutboxEvent, StaffMember
from portal.models.account import NEW_ADDRESS
from portal.session.letters import ACCOUNT_LINK, ACCOUNT_NOTICE, Kind
from portal.session.onetime.service import write_token
from portal.session.queries import find_member
from portal.webhooks.delivery import Subscriber


def send_link(event: OutboxEvent) -> None:
    """Write the letter, with a token that stands nowhere else, unless its link is not wanted any more.

    Raises OSError or SMTPException when the server wants it later: then the next letter has another token.
    """
    written = write_token(event.subject) if event.subject else None
    if written is None:
        return
    link, token = written
    taken = link.purpose == NEW_ADDRESS and find_member(link.address) is not None
    member = link.member
    if member is not None:
        _deliver(member, link_letter(link, token, uuid=event.uuid, at=now(), taken=taken))


def send_notice(event: OutboxEvent) -> None:
    """Say what has changed. Raises OSError or SMTPException when the server wants it later."""
    member = find_member_of(event.organisation_id, event.subject) if event.subject else None
    to = event.payload.get("to") or (member.email if member else None)
    if member is not None and to:
        _deliver(member, notice_letter(member, Kind(event.payload["kind"]), to=to, uuid=event.uuid, at=now()))


def _deliver(member: StaffMember, envelope: Envelope) -> None:
    try:
        mail.deliver(envelope)
    except Undeliverable:
        _note_undeliverable(member)


@atomic
def _note_undeliverable(member: StaffMember) -> None:
    audit.record(SYSTEM, "member:letter_undeliverable", member)


ACCOUNT_SUBSCRIBERS: dict[str, list[Subscriber]] = {ACCOUNT_LINK: [send_link], ACCOUNT_NOTICE: [send_notice]}
