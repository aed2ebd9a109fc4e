"""Who acts upon the team, as she is now."""

from __future__ import annotations

from portal.audit import Actor
from portal.errors import NotAllowed
from portal.members.errors import NotOverYou
from portal.members.queries import read_anew
from portal.models import StaffMember


def acting(by: Actor) -> StaffMember:
    """Whoever acts, read anew: asked once the team is locked, since a colleague may just have taken her role away.

    Raises NotAllowed when it is no member, NotOverYou when she has left.
    """
    if by.member is None:
        raise NotAllowed()
    actor = read_anew(by.member)
    if actor is None or not actor.active:
        raise NotOverYou()
    return actor
