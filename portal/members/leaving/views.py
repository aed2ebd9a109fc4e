"""Who leaves: what is still to come, who takes it over, and the end of it; and who comes back."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, request, url_for
from flask_babel import gettext as _

import portal.web as web
from portal.absences.rehome.errors import Overturned
from portal.access import Permission, may_release_member, requires
from portal.audit import Actor
from portal.errors import NotAllowed, known
from portal.members.errors import LastAdmin, NotYourself, StillTreats
from portal.members.forms import LeaveForm
from portal.members.leaving import service
from portal.members.leaving.page import leave_page
from portal.members.page import check_reach
from portal.members.queries import get_member, venues_in
from portal.models import Organisation, StaffMember
from portal.tenancy import current_member, may_enter

leaving = Blueprint("leaving", __name__)

PAGE = "members/leave.html"


@leaving.get("/<uuid:member>/leave")
@requires(Permission.TEAM_MANAGE)
def ask(organisation: Organisation, member: UUID) -> Response:
    """What is still to come, before she goes."""
    return _page(organisation, _reached(organisation, member))


@leaving.post("/<uuid:member>/leave/replacements")
@requires(Permission.TEAM_MANAGE)
def prepare(organisation: Organisation, member: UUID) -> Response:
    """To the page on which others are found for her visits at one venue."""
    found = _reached(organisation, member)
    venue = next((one for one in venues_in(organisation) if one.slug == request.form.get("venue")), None)
    if not may_enter(current_member(), known(venue)):
        return web.go(url_for("leaving.ask", organisation=organisation.slug, member=member))
    off = service.prepare_departure(organisation, found, by=_by())
    if off is None:
        return web.go(url_for("leaving.ask", organisation=organisation.slug, member=member))
    return web.go(url_for("rehome.preview", venue=known(venue).slug, absence=off.uuid))


@leaving.post("/<uuid:member>/leave")
@requires(Permission.TEAM_MANAGE)
def leave(organisation: Organisation, member: UUID) -> Response:
    """She is gone."""
    found, form = _reached(organisation, member), LeaveForm()
    try:
        service.leave(organisation, found, ask_others=form.wants_to_ask, by=_by())
    except (StillTreats, LastAdmin, NotYourself, Overturned) as refusal:
        return _page(organisation, get_member(organisation, member), refusal.status, wrong=str(refusal.message))
    to = url_for("members.show", organisation=organisation.slug, member=member)
    return web.done(to, message=_("%(name)s has left. All that was done stays.", name=found.name))


@leaving.post("/<uuid:member>/return")
@requires(Permission.TEAM_MANAGE)
def come_back(organisation: Organisation, member: UUID) -> Response:
    """She works here again."""
    found = service.come_back(organisation, _reached(organisation, member), by=_by())
    to = url_for("members.show", organisation=organisation.slug, member=member)
    return web.done(to, message=_("%(name)s is back in the team.", name=found.name))


def _reached(organisation: Organisation, member_id: UUID) -> StaffMember:
    """Somebody whom she may let go. Raises NotFound, NotAllowed."""
    found = get_member(organisation, member_id)
    check_reach(current_member(), found)
    if not may_release_member(current_member(), found):
        raise NotAllowed()
    return found


def _page(organisation: Organisation, member: StaffMember, status: int = 200, **more: Any) -> Response:
    return web.render(PAGE, status, **leave_page(organisation, member, by=current_member()), **more)


def _by() -> Actor:
    return Actor.of_member(current_member(), door="team")
