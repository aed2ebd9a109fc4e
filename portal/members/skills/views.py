"""Therapists × treatments: who can do what."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

import portal.web as web
from portal.access import Permission, may_manage_member, requires
from portal.audit import Actor
from portal.i18n import name_of
from portal.members.errors import NewerMember
from portal.members.skills import service
from portal.members.skills.queries import pairs_of, team_of, treatments_of
from portal.models import Venue
from portal.tenancy import current_member

skills = Blueprint("skills", __name__)

PAGE = "members/skills.html"
MOST = 20_000


@skills.get("/skills")
@requires(Permission.TEAM_READ)
def matrix(venue: Venue) -> Response:
    """The matrix, for managers to tick."""
    return web.render(PAGE, **_matrix(venue))


@skills.post("/skills")
@requires(Permission.TEAM_MANAGE)
def save(venue: Venue) -> Response:
    """Take over what is ticked."""
    ticked = set(request.form.getlist("can")[:MOST])
    try:
        by = Actor.of_member(current_member(), door="team")
        changed = service.set_skills(venue, _chosen(venue, ticked), seen=request.form.get("seen"), by=by)
    except NewerMember as refusal:
        return web.render(PAGE, refusal.status, **_matrix(venue, ticked=ticked, wrong=str(refusal.message)))
    told = ngettext("Saved: one person has changed.", "Saved: %(num)d people have changed.", len(changed))
    return web.done(url_for("skills.matrix", venue=venue.slug), message=told if changed else _("Nothing has changed."))


def _chosen(venue: Venue, ticked: set[str]) -> dict[int, list[int]]:
    """The treatments ticked for each therapist whom the form shows."""
    menu, shown = treatments_of(venue), request.form.getlist("of")
    return {
        one.id: [each.id for each in menu if f"{one.uuid} {each.uuid}" in ticked]
        for one in team_of(venue) if str(one.uuid) in shown
    }  # fmt: skip


def _matrix(venue: Venue, *, ticked: set[str] | None = None, wrong: str = "") -> dict[str, Any]:
    people, menu, pairs, by = team_of(venue), treatments_of(venue), pairs_of(venue), current_member()
    here = {one.id for one in menu}
    has_any = {member for member, _treatment in pairs}
    return {
        "venue": venue,
        "menu": menu,
        "people": [
            {
                "id": one.uuid,
                "name": one.name,
                "all": one.id not in has_any,
                "count": sum(member == one.id and treatment in here for member, treatment in pairs),
                "may": may_manage_member(by, one),
                "can": [
                    (f"{one.uuid} {each.uuid}" in ticked) if ticked is not None else (one.id, each.id) in pairs
                    for each in menu
                ],
            }
            for one in people
        ],
        "seen": service.state_of(pairs),
        "wrong": wrong,
        "name_of_treatment": name_of,
    }
