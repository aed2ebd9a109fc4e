"""Who may: roles, permissions, one table, one decorator, and object rules as sentences."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from functools import wraps
from typing import ParamSpec, TypeVar

from flask_babel import lazy_gettext as _l
from flask_login import current_user

from portal.errors import NotAllowed, NotSignedIn
from portal.models.change import Change
from portal.models.customer_facts import CustomerNote
from portal.models.member import StaffMember

P = ParamSpec("P")
R = TypeVar("R")


class Role(StrEnum):
    """What a member of staff is; one each."""

    RECEPTIONIST = "receptionist"
    THERAPIST = "therapist"
    MANAGER = "manager"
    ADMIN = "admin"


ROLE_WORDS = {
    Role.RECEPTIONIST: _l("Receptionist"),
    Role.THERAPIST: _l("Therapist"),
    Role.MANAGER: _l("Manager"),
    Role.ADMIN: _l("Administrator"),
}


class Permission(StrEnum):
    """`thing:action`, in alphabetical order."""

    ABSENCE_ASK = "absence:ask"
    ABSENCE_DECIDE = "absence:decide"
    ABSENCE_READ = "absence:read"
    ACCOUNT_KEEP = "account:keep"
    AGENDA_READ = "agenda:read"
    BLOCK_MANAGE = "block:manage"
    BOOKING_CANCEL = "booking:cancel"
    BOOKING_CREATE = "booking:create"
    BOOKING_EDIT = "booking:edit"
    BOOKING_FOLLOW = "booking:follow"
    BOOKING_OVERBOOK = "booking:overbook"
    BOOKING_READ = "booking:read"
    CARE_READ = "care:read"
    CHANGE_UNDO = "change:undo"
    CLASS_MANAGE = "class:manage"
    CUSTOMER_CREATE = "customer:create"
    CUSTOMER_EDIT = "customer:edit"
    CUSTOMER_ERASE = "customer:erase"
    CUSTOMER_EXPORT = "customer:export"
    CUSTOMER_FLAG = "customer:flag"
    CUSTOMER_IMPORT = "customer:import"
    CUSTOMER_MERGE = "customer:merge"
    CUSTOMER_READ = "customer:read"
    LIVE_LISTEN = "live:listen"
    NOTICE_CHOOSE = "notice:choose"
    OFFER_ANSWER = "offer:answer"
    OFFER_READ = "offer:read"
    ORGANISATION_MANAGE = "organisation:manage"
    PAYMENT_RECORD = "payment:record"
    SETTINGS_MANAGE = "settings:manage"
    ROTA_MANAGE = "rota:manage"
    ROTA_READ = "rota:read"
    TEAM_MANAGE = "team:manage"
    TEAM_READ = "team:read"
    VISIT_TREAT = "visit:treat"


_OF_THERAPISTS = frozenset(
    {Permission.ABSENCE_ASK, Permission.OFFER_ANSWER, Permission.OFFER_READ, Permission.VISIT_TREAT}
)
_OF_ALL = frozenset({Permission.ACCOUNT_KEEP, Permission.LIVE_LISTEN, Permission.NOTICE_CHOOSE})
_THERAPIST = _OF_ALL | _OF_THERAPISTS
_ADMIN = frozenset(Permission) - _OF_THERAPISTS
_MANAGER = _ADMIN - {Permission.ORGANISATION_MANAGE}
_DESK = _MANAGER - {
    Permission.ABSENCE_DECIDE,
    Permission.BOOKING_OVERBOOK,
    Permission.CARE_READ,
    Permission.SETTINGS_MANAGE,
    Permission.ROTA_MANAGE,
    Permission.CUSTOMER_ERASE,
    Permission.CUSTOMER_EXPORT,
    Permission.CUSTOMER_FLAG,
    Permission.CUSTOMER_IMPORT,
    Permission.TEAM_MANAGE,
}
ROLE_PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.RECEPTIONIST: _DESK,
    Role.THERAPIST: _THERAPIST,
    Role.MANAGER: _MANAGER,
    Role.ADMIN: _ADMIN,
}


def can(member: StaffMember, permission: Permission) -> bool:
    """Whether the member's role carries the permission."""
    return permission in ROLE_PERMISSIONS[Role(member.role)]


def requires(permission: Permission) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Let only members with this permission in. Stamps the view, so that a test can see it.

    Raises NotSignedIn or NotAllowed.
    """

    def guard(view: Callable[P, R]) -> Callable[P, R]:
        @wraps(view)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
            if not current_user.is_authenticated:
                raise NotSignedIn()
            if not can(current_user, permission):
                raise NotAllowed()
            return view(*args, **kwargs)

        guarded.permission = permission  # type: ignore[attr-defined]  # the stamp that the guard test reads
        return guarded

    return guard


def may_undo(member: StaffMember, change: Change) -> bool:
    """Whether the member may take a change back: her own, and as a manager anybody's."""
    return change.member_id == member.id or can(member, Permission.BOOKING_OVERBOOK)


def may_change_note(member: StaffMember, note: CustomerNote) -> bool:
    """Whether the member may change or delete a note about a guest: her own, and as a manager anybody's."""
    return note.author_id == member.id or can(member, Permission.CUSTOMER_FLAG)


def works_at(member: StaffMember, venue_id: int) -> bool:
    """Whether the member is linked to the venue."""
    return any(link.venue_id == venue_id for link in member.venue_links)


# Whom a manager manages; those beside and above her are an admin's.
_BELOW_MANAGERS = frozenset({Role.RECEPTIONIST, Role.THERAPIST})


def may_manage_member(member: StaffMember, other: StaffMember) -> bool:
    """Whether the member may change what is kept of another: an admin of everybody in her organisation, a manager of
    the receptionists and therapists who work at a venue of hers.
    """
    if member.organisation_id != other.organisation_id:
        return False
    if member.role == Role.ADMIN:
        return True
    return member.role == Role.MANAGER and other.role in _BELOW_MANAGERS and bool(_venues(member) & _venues(other))


def may_release_member(member: StaffMember, other: StaffMember) -> bool:
    """Whether she may give another a new role, or let her leave: a manager only whom works at no venue but hers."""
    is_whole = member.role == Role.ADMIN or _venues(other) <= _venues(member)
    return may_manage_member(member, other) and is_whole


def may_give_role(member: StaffMember, role: str) -> bool:
    """Whether she may make somebody this: an admin anything, a manager a receptionist or a therapist."""
    return member.role == Role.ADMIN or (member.role == Role.MANAGER and role in _BELOW_MANAGERS)


def may_place_at(member: StaffMember, venue_id: int) -> bool:
    """Whether she may say who works at this venue of her organisation: an admin everywhere, a manager at hers."""
    return member.role == Role.ADMIN or (member.role == Role.MANAGER and venue_id in _venues(member))


def _venues(member: StaffMember) -> set[int]:
    return {link.venue_id for link in member.venue_links}
