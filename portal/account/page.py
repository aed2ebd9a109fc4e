"""The page of one's own account, assembled."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from flask import current_app

from portal.account.forms import PhoneForm, blank_forms
from portal.i18n import phone
from portal.models import EmailChange, LoginSession, StaffMember
from portal.notices.page import name_of_browser
from portal.notices.service import zone_of
from portal.seal import can_seal
from portal.session.factor.pictures import Picture, picture_of
from portal.session.factor.queries import count_codes, find_factor
from portal.session.factor.required import must_have
from portal.session.onetime.queries import open_change
from portal.session.queries import sessions_of

ON, OFF, BEGUN = "on", "off", "begun"


@dataclass(frozen=True, slots=True)
class Session:
    """A browser in which she is signed in; `here` when it is the one that shows the page."""

    id: UUID
    name: str
    network: str
    since: datetime
    seen_at: datetime
    here: bool


@dataclass(frozen=True, slots=True)
class Factor:
    """How her second step stands: on, off, or `begun`, which shows a picture."""

    state: str
    since: datetime | None
    codes_left: int
    may_end: bool
    can_begin: bool
    picture: Picture | None


def page_of(member: StaffMember, login: LoginSession, *, at: datetime, **forms: Any) -> dict[str, Any]:
    """What the page shows; of its forms those that are given, the others blank."""
    return {
        "forms": blank_forms() | {"phone": PhoneForm(formdata=None, phone=phone(member.phone))} | forms,
        "sessions": [_session(one, login) for one in sessions_of(member, at=at)],
        "factor": _factor(member),
        "change": _change(member, at),
        "zone": zone_of(member),
        "is_phone": member.is_therapist,
    }


def _session(one: LoginSession, login: LoginSession) -> Session:
    name = name_of_browser(one.user_agent)
    return Session(one.uuid, name, one.address or "", one.created_at, one.last_seen_at, one.id == login.id)


def _factor(member: StaffMember) -> Factor:
    found = find_factor(member)
    state = OFF if found is None else ON if found.is_on else BEGUN
    return Factor(
        state=state,
        since=found.confirmed_at if found else None,
        codes_left=count_codes(member) if state == ON else 0,
        may_end=not must_have(member),
        can_begin=can_seal(),
        picture=picture_of(member, current_app.config["SETTINGS"].base_url) if state == BEGUN else None,
    )


def _change(member: StaffMember, at: datetime) -> EmailChange | None:
    return open_change(member, at=at)
