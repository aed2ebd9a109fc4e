"""Who acts upon the team, as she is now."""

from __future__ import annotations

from portal.audit import Actor
from portal.database import db
from portal.errors import NotAllowed
from portal.members.errors import NotOverYou
from portal.models import StaffMember


def acting(by: Actor) -> StaffMember:
    """Whoever acts, read anew: asked once the team is locked, since a colleague may just have taken her role away.

    Raises NotAllowed when it is no member, NotOverYou when she has left.
    """
    if by.member is None:
        raise NotAllowed()
    db.session.refresh(by.member)
    if not by.member.active:
        raise NotOverYou()
    return by.member
