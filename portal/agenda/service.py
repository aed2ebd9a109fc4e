"""What a member may change of the agenda itself: how she sees it."""

from __future__ import annotations

from dataclasses import asdict

from portal.agenda.look import SAVED, Look
from portal.audit import Actor, record
from portal.database import atomic
from portal.models import StaffMember


@atomic
def save_look(member: StaffMember, look: Look, *, by: Actor) -> StaffMember:
    """The member sees every agenda like this from now on; filters are not kept. Harmless when nothing is new."""
    kept = {name: value for name, value in asdict(look).items() if name in SAVED}
    if member.preferences.get("agenda") != kept:
        member.preferences = {**member.preferences, "agenda": kept}
        record(by, "member:look_chosen", member, **kept)
    return member


@atomic
def switch_keys(member: StaffMember, *, on: bool, by: Actor) -> StaffMember:
    """Whether letters alone are shortcuts on the agenda. Harmless when nothing is new."""
    if member.preferences.get("shortcuts", True) != on:
        member.preferences = {**member.preferences, "shortcuts": on}
        record(by, "member:keys_switched", member, on=on)
    return member
