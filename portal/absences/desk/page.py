"""What the desk's pages about absences show."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import g
from flask_login import current_user

import portal.web as web
from portal.absences import words
from portal.absences.answering import standing_there
from portal.absences.desk.forms import ApproveForm, RefuseForm
from portal.absences.desk.queries import News, away_at, away_with, news_of, waiting_at
from portal.absences.impact import impact_of
from portal.absences.queries import blocks_holding
from portal.absences.swaps.page import card_at
from portal.absences.swaps.queries import open_swaps_at
from portal.access import Permission, can
from portal.clock import now
from portal.models import TimeOff, Venue
from portal.tenancy import current_member


def listing(venue: Venue, *, refused: UUID | None = None, form: RefuseForm | None = None) -> dict[str, Any]:
    """The context of `absences/desk/index.html`; `form` is that of the exchange whose refusal lacked something."""
    at = now()
    return {
        "venue": venue,
        "waiting": [(off, len(standing_there(venue, off))) for off in waiting_at(venue, at=at)],
        "away": away_at(venue, at=at),
        "swaps": [card_at(swap, at=at) for swap in open_swaps_at(venue, at=at)],
        "refused": refused,
        "refusal": form or RefuseForm(formdata=None),
        "at": at,
        "may_decide": can(current_member(), Permission.ABSENCE_DECIDE),
        "words": words,
    }


def detail(
    venue: Venue,
    off: TimeOff,
    *,
    approval: ApproveForm | None = None,
    refusal: RefuseForm | None = None,
    wrong: str = "",
) -> dict[str, Any]:
    """The context of `absences/desk/show.html`; `wrong` is why it was not approved."""
    is_open = off.is_waiting or off.is_approved
    there = standing_there(venue, off) if is_open else []
    approval = approval or ApproveForm(formdata=None)
    approval.seen.data = ",".join(sorted({str(one.key) for one in there}))
    approval.leave.data = False
    blocks = blocks_holding(off.member, off.batch) if off.is_approved and off.batch else []
    return {
        "venue": venue,
        "off": off,
        "impact": impact_of(off.member, off.starts_at, off.ends_at, at=now(), only=venue) if is_open else None,
        "elsewhere": sum(one.booking is None for one in there),
        "others": away_with(venue, off),
        "block": next((one for one in blocks if one.venue_id == venue.id), None),
        "approval": approval,
        "refusal": refusal or RefuseForm(formdata=None),
        "wrong": wrong,
        "is_over": off.ends_at <= now(),
        "may_decide": can(current_member(), Permission.ABSENCE_DECIDE),
        "words": words,
    }


def absence_news() -> News | None:
    """What every page of the desk tells, read once an answer; nothing for others, and for fragments."""
    if "absence_news" not in g:
        venue = g.get("venue")
        is_desk = current_user.is_authenticated and can(current_member(), Permission.ABSENCE_READ)
        g.absence_news = news_of(venue, at=now()) if venue and is_desk and not web.is_fragment_request() else None
    return g.absence_news  # type: ignore[no-any-return]  # what stands in flask's g has no type
