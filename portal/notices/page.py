"""The page “Me”, assembled: what she is told, her browsers by the names that people give them, how a test went."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.models import LoginSession, Notice, PushSubscription, StaffMember
from portal.models.notice import DELIVERED, EMAIL, FAILED, PUSH, QUEUED, SENT, SKIPPED, SMS, Delivery
from portal.notices.choices import choices_of
from portal.notices.forms import ChoicesForm
from portal.notices.kinds import kinds_of
from portal.notices.queries import open_subscriptions
from portal.notices.service import zone_of
from portal.notices.ways import can_be_texted

WAY_WORDS = {PUSH: _l("Notification"), EMAIL: _l("E-mail"), SMS: _l("Text message")}
STATUS_WORDS = {
    QUEUED: _l("on its way"),
    SENT: _l("sent"),
    DELIVERED: _l("arrived"),
    FAILED: _l("could not be sent"),
    SKIPPED: _l("not sent"),
}
_ICONS = {QUEUED: "hourglass", SENT: "check", DELIVERED: "circle-check", FAILED: "triangle-alert", SKIPPED: "ban"}
# The first that is found names the browser, and the device; browsers claim to be many others too.
_BROWSERS = (("Edg", "Edge"), ("SamsungBrowser", "Samsung Internet"), ("Firefox", "Firefox"), ("FxiOS", "Firefox"),
             ("CriOS", "Chrome"), ("Chrome", "Chrome"), ("Safari", "Safari"))  # fmt: skip
_DEVICES = (("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"),
            ("Macintosh", "Mac"), ("Linux", "Linux"))  # fmt: skip
_GUIDES = (("iPhone", "apple"), ("iPad", "apple"), ("Android", "android"))


@dataclass(frozen=True, slots=True)
class Browser:
    """A browser in which she is told; `here` when it is the one that shows the page."""

    id: UUID
    name: str
    since: datetime
    used_at: datetime | None
    here: bool


@dataclass(frozen=True, slots=True)
class Way:
    """How a test went by one way."""

    name: str | LazyString
    word: str | LazyString
    icon: str
    status: str


@dataclass(frozen=True, slots=True)
class Test:
    """A test that was asked for; `waits` while there is something left to come."""

    id: UUID
    ways: Sequence[Way]
    waits: bool


def page_of(
    member: StaffMember, login: LoginSession, *, at: datetime, form: ChoicesForm | None = None
) -> dict[str, Any]:
    """What the page shows; with a `form` that was not valid, that one."""
    browsers = [one for one in open_subscriptions(member.organisation_id, member.id) if one.is_open(at)]
    return {
        "form": form or ChoicesForm.of(kinds_of(member), choices_of(member)),
        "browsers": [_browser(one, login) for one in browsers],
        "zone": zone_of(member),
        "device": _device(login.user_agent or ""),
        "has_sms": can_be_texted(member),
        "is_phone": member.is_therapist,
    }


def _device(agent: str) -> str:
    """Whose guide is unfolded."""
    return next((kind for sign, kind in _GUIDES if sign in agent), "desk")


def test_of(notice: Notice) -> Test:
    """How a test has gone so far."""
    waits = not notice.deliveries and not notice.done_at
    return Test(
        notice.uuid,
        [_way(delivery) for delivery in notice.deliveries],
        waits or any(_is_open(delivery) for delivery in notice.deliveries),
    )


def name_of_browser(user_agent: str | None) -> str:
    """`Chrome, Android`: what people call it."""
    agent = user_agent or ""
    found = [next((name for sign, name in known if re.search(sign, agent)), "") for known in (_BROWSERS, _DEVICES)]
    return ", ".join(filter(None, found)) or _("Unknown browser")


def _browser(one: PushSubscription, login: LoginSession) -> Browser:
    return Browser(one.uuid, name_of_browser(one.user_agent), one.created_at, one.used_at, one.session_id == login.id)


def _way(delivery: Delivery) -> Way:
    status = delivery.status
    return Way(WAY_WORDS[delivery.channel], STATUS_WORDS[status], _ICONS[status], status)


def _is_open(delivery: Delivery) -> bool:
    """A push is shown after it was sent; of the others nobody tells us more."""
    return delivery.status == QUEUED or (delivery.channel == PUSH and delivery.status == SENT)
