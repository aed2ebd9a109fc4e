"""Profiles for the tests of the room."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from portal.audit import Actor
from portal.members.profile import Profile, profile_of
from portal.models import StaffMember


def as_desk(member: StaffMember) -> Actor:
    """The member at work on the team."""
    return Actor.of_member(member, door="team")


def new(**given: Any) -> Profile:
    """Inès, therapist."""
    return Profile(**{"first_name": "Inès", "last_name": "Benali", "role": "therapist"} | given)


def but(member: StaffMember, **given: Any) -> Profile:
    """What is kept of the member, but for this."""
    return replace(profile_of(member), **given)
