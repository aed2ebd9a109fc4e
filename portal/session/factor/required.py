"""Who must show a second factor."""

from __future__ import annotations

from portal.access import Role
from portal.models import StaffMember
from portal.session.passwords import may_try_out


def must_have(member: StaffMember) -> bool:
    """Managers and admins, wherever others can reach the portal: neither in the demo nor on one's own machine."""
    return member.role in {Role.MANAGER, Role.ADMIN} and not may_try_out()
