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
    TEAM_MANAGE = "team:manage"
    TEAM_READ = "team:read"
    VISIT_TREAT = "visit:treat"


_OF_THERAPISTS = frozenset(
    {Permission.ABSENCE_ASK, Permission.OFFER_ANSWER, Permission.OFFER_READ, Permission.VISIT_TREAT}
)
_THERAPIST = frozenset({Permission.LIVE_LISTEN, Permission.NOTICE_CHOOSE}) | _OF_THERAPISTS
_ADMIN = frozenset(Permission) - _OF_THERAPISTS
_MANAGER = _ADMIN - {Permission.ORGANISATION_MANAGE}
_DESK = _MANAGER - {
    Permission.ABSENCE_DECIDE,
    Permission.BOOKING_OVERBOOK,
    Permission.CARE_READ,
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
