"""The team as a list, of one venue or of the whole organisation."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import url_for
from flask_babel import LazyString

from portal.access import ROLE_WORDS, Permission, Role, can, may_manage_member
from portal.i18n import name_of, phone
from portal.models import Organisation, StaffMember, Venue
from portal.team.queries import members_at, members_of
from portal.tenancy import may_enter, venues_of

# Whom one looks for first.
_ORDER = (Role.ADMIN, Role.MANAGER, Role.RECEPTIONIST, Role.THERAPIST)


@dataclass(frozen=True, slots=True)
class Row:
    """One member in a list."""

    id: UUID
    name: str
    role: LazyString
    venues: str
    phone: str
    email: str
    is_active: bool
    is_invited: bool
    photo: str
    href: str


def listing_at(venue: Venue, *, by: StaffMember, left: bool) -> dict[str, Any]:
    """The context of `team/index.html` for one venue; with `left` those who have left."""
    return {"venue": venue, "venues": venues_of(by), **_listing(members_at(venue), by=by, left=left)}


def listing_of(organisation: Organisation, *, by: StaffMember, left: bool) -> dict[str, Any]:
    """The same for the organisation."""
    found = {"organisation": organisation, "venues": venues_of(by)}
    return {**found, **_listing(members_of(organisation), by=by, left=left)}


def _listing(members: Iterable[StaffMember], *, by: StaffMember, left: bool) -> dict[str, Any]:
    shown = [one for one in members if one.active is not left]
    return {
        "groups": [(ROLE_WORDS[role], [_row(one, by) for one in shown if one.role == role]) for role in _ORDER],
        "left": left,
        "may_manage": can(by, Permission.TEAM_MANAGE),
        "may_see_all": can(by, Permission.ORGANISATION_MANAGE),
        "home": by.organisation,
    }


def _row(member: StaffMember, by: StaffMember) -> Row:
    """Of the venues she works at only those that the reader may enter."""
    return Row(
        id=member.uuid,
        name=member.name,
        role=ROLE_WORDS[Role(member.role)],
        venues=", ".join(sorted(name_of(link.venue) for link in member.venue_links if may_enter(by, link.venue))),
        phone=phone(member.phone),
        email=member.email or member.invited_as or "",
        is_active=member.active,
        is_invited=not member.has_account,
        photo=photo_address(member),
        href=_page_of(member) if may_manage_member(by, member) else "",
    )


def photo_address(member: StaffMember) -> str:
    """Where her picture is; nothing when there is none."""
    if member.photo is None:
        return ""
    home = member.organisation.slug
    return url_for("members.photo", organisation=home, member=member.uuid, v=member.photo)


def _page_of(member: StaffMember) -> str:
    return url_for("members.show", organisation=member.organisation.slug, member=member.uuid)
