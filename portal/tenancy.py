"""Where: the venue or organisation in the URL becomes an object before the view runs; a stranger is told that there is
nothing.
"""

from __future__ import annotations

from functools import cache
from typing import Any, cast

from flask import g
from flask_login import current_user
from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import joinedload

from portal.access import Role, works_at
from portal.database import db, is_storable
from portal.errors import NotFound, NotSignedIn
from portal.folding import fold
from portal.models import LoginSession, Organisation, StaffMember, Venue


def current_member() -> StaffMember:
    """The member of staff who is signed in. Raises NotSignedIn."""
    if not current_user.is_authenticated:
        raise NotSignedIn()
    return cast("StaffMember", current_user._get_current_object())


def current_login() -> LoginSession:
    """The signed-in browser's session row, which `session` put on `g.login` when it found the member."""
    login: LoginSession | None = g.get("login") if current_user.is_authenticated else None
    if login is None:
        raise NotSignedIn()
    return login


def enter_venue(_endpoint: str | None, values: dict[str, Any] | None) -> None:
    """For every URL below `/v/<venue>`: replace the slug by the venue, if the member may see it.

    Raises NotSignedIn, and NotFound for an unknown venue and for a stranger's alike.
    """
    if values is None or "venue" not in values:
        return
    venue = find_venue(current_member(), slug=values["venue"])
    if venue is None:
        raise NotFound()
    g.venue = values["venue"] = venue


def enter_organisation(_endpoint: str | None, values: dict[str, Any] | None) -> None:
    """For every URL below `/o/<organisation>`: replace the slug by the organisation, if it is the member's own.

    Raises NotSignedIn, and NotFound for an unknown organisation and for a stranger's alike.
    """
    if values is None or "organisation" not in values:
        return
    own: Organisation = current_member().organisation
    if values["organisation"] != own.slug:
        raise NotFound()
    g.organisation = values["organisation"] = own


def find_venue(member: StaffMember, *, slug: str) -> Venue | None:
    """The venue of that slug, if it is one that the member may see."""
    if member.role != Role.ADMIN:
        return next((venue for venue in venues_of(member) if venue.slug == slug), None)
    asked = {"organisation": member.organisation_id, "slug": slug}
    return db.session.scalar(_by_slug(), asked) if is_storable(slug) else None


def may_enter(member: StaffMember, venue: Venue) -> bool:
    """Admins see all venues of their organisation, the others those they are linked to."""
    if member.organisation_id != venue.organisation_id:
        return False
    return member.role == Role.ADMIN or works_at(member, venue.id)


def venues_of(member: StaffMember) -> list[Venue]:
    """The active venues that the member may see, by name."""
    if member.role == Role.ADMIN:
        return list(db.session.scalars(_of_organisation(), {"organisation": member.organisation_id}))
    linked = [link.venue for link in member.venue_links]
    here = [venue for venue in linked if venue.organisation_id == member.organisation_id and venue.status == "active"]
    return sorted(here, key=lambda venue: (fold(venue.name), venue.id))


# These are made once, as every page of an admin asks them and making them takes longer than to run them.
@cache
def _by_slug() -> Select[Venue]:
    return (
        select(Venue)
        .where(
            Venue.organisation_id == bindparam("organisation"), Venue.slug == bindparam("slug"),
            Venue.status == "active",
        )
        .options(joinedload(Venue.organisation))
    )  # fmt: skip


@cache
def _of_organisation() -> Select[Venue]:
    query = select(Venue).where(Venue.organisation_id == bindparam("organisation"), Venue.status == "active")
    return query.order_by(Venue.name, Venue.id)
