"""Who may: roles, permissions, one table, one decorator, and object rules as sentences."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from functools import wraps
from typing import ParamSpec, TypeVar

from flask_babel import lazy_gettext as _l
from flask_login import current_user

from portal.errors import NotAllowed, NotSignedIn
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

    AGENDA_READ = "agenda:read"
    BOOKING_CANCEL = "booking:cancel"
    BOOKING_READ = "booking:read"
    LIVE_LISTEN = "live:listen"
    OFFER_ANSWER = "offer:answer"
    OFFER_READ = "offer:read"


_DESK = frozenset({Permission.AGENDA_READ, Permission.BOOKING_CANCEL, Permission.BOOKING_READ, Permission.LIVE_LISTEN})
ROLE_PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.RECEPTIONIST: _DESK,
    Role.THERAPIST: frozenset({Permission.LIVE_LISTEN, Permission.OFFER_ANSWER, Permission.OFFER_READ}),
    Role.MANAGER: _DESK,
    Role.ADMIN: _DESK,
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


def works_at(member: StaffMember, venue_id: int) -> bool:
    """Whether the member is linked to the venue."""
    return any(link.venue_id == venue_id for link in member.venue_links)
