"""The team: invite, change, picture, second step. Who leaves is portal/members/leaving/."""

from __future__ import annotations

from uuid import uuid4

from flask_babel import gettext as _
from sqlalchemy import delete

import portal.audit as audit
from portal.access import Role, may_give_role, may_manage_member, may_place_at, may_release_member
from portal.audit import Actor
from portal.clock import now
from portal.customers.emails import is_email
from portal.database import atomic, db, is_storable
from portal.errors import Conflict, Invalid
from portal.members.acting import acting
from portal.members.errors import AlreadyInTeam, LastAdmin, NewerMember, NotOverYou, StillTreats
from portal.members.profile import BEST, LAST, Profile, profile_of
from portal.members.queries import count_admins, count_visits, has_address, lock_staff, photo_of
from portal.models import MemberPhoto, Organisation, Person, StaffMember, VenueMember
from portal.models.account import INVITATION
from portal.pictures import fingerprint, square
from portal.session.factor.service import remove as remove_factor
from portal.session.letters import Kind, tell
from portal.session.onetime.service import end_links, make_link
from portal.session.service import end_all_sessions, normal

SIDE = 256
GENDERS = ("female", "male")


@atomic
def invite_member(organisation: Organisation, address: str, profile: Profile, *, by: Actor) -> StaffMember:
    """Somebody new: she stands in the team at once, and has an account once she has opened the letter.

    Raises NotOverYou, Invalid with its field, AlreadyInTeam. Whether another house knows the address is not told.
    """
    address = _address(address)
    _check(profile)
    actor = acting(by)
    if not may_give_role(actor, profile.role) or not all(may_place_at(actor, key) for key in profile.venues):
        raise NotOverYou()
    if has_address(organisation, address):
        raise AlreadyInTeam()
    member = StaffMember(
        uuid=uuid4(), organisation=organisation, invited_as=address, first_name=profile.first_name,
        last_name=profile.last_name, role=profile.role, gender=profile.gender, phone=profile.phone,
        languages=list(profile.languages), locale=organisation.default_language,
    )  # fmt: skip
    member.venue_links = [VenueMember(venue_id=key, priority=rank) for key, rank in profile.venues.items()]
    _be_bookable(member)
    db.session.add(member)
    db.session.flush()
    audit.record(by, "member:invited", member, role=profile.role)
    make_link(member, INVITATION, by=by)
    return member


@atomic
def invite_again(organisation: Organisation, member: StaffMember, address: str, *, by: Actor) -> StaffMember:
    """The letter leaves once more, perhaps to another address; the earlier one opens nothing any more.

    Raises NotOverYou, Conflict when she has an account, NoAddress, AlreadyInTeam.
    """
    address = _address(address)
    member = _managed(organisation, member, by)
    if member.has_account or not member.active:
        raise Conflict()
    if has_address(organisation, address, but=member.id):
        raise AlreadyInTeam()
    member.invited_as = address
    make_link(member, INVITATION, by=by)
    return member


@atomic
def change_member(
    organisation: Organisation, member: StaffMember, profile: Profile, *, version: int | None, by: Actor
) -> StaffMember:
    """Take over what is new about her. In another role she signs in anew. Harmless when nothing is.

    Raises NotOverYou, Invalid with its field, NewerMember, LastAdmin, StillTreats while guests are booked with her at
    a venue that she leaves, or as a therapist.
    """
    _check(profile)
    member = _managed(organisation, member, by)
    if version is not None and member.version != version:
        raise NewerMember()
    before, actor = profile_of(member), acting(by)
    if profile == before:
        return member
    if profile.role != before.role:
        _change_role(organisation, member, profile.role, by=by)
    _place(member, profile, actor)
    member.first_name, member.last_name = profile.first_name, profile.last_name
    member.gender, member.phone, member.languages = profile.gender, profile.phone, list(profile.languages)
    _be_bookable(member)
    member.version += 1
    after = profile_of(member)
    changed = [name for name in Profile.__slots__ if getattr(before, name) != getattr(after, name)]
    audit.record(by, "member:changed", member, fields=changed)
    return member


@atomic
def set_photo(organisation: Organisation, member: StaffMember, content: bytes, *, by: Actor) -> StaffMember:
    """Her picture, drawn anew. Raises NotOverYou, NoPicture, TooLarge."""
    drawn = square(content, SIDE)
    member = _managed(organisation, member, by, herself=True)
    photo = photo_of(member)
    if photo is None:
        photo = MemberPhoto(organisation_id=member.organisation_id, member_id=member.id, content=drawn)
        db.session.add(photo)
    photo.content, photo.created_at = drawn, now()
    member.photo = fingerprint(drawn)
    audit.record(by, "member:photo_set", member)
    return member


@atomic
def remove_photo(organisation: Organisation, member: StaffMember, *, by: Actor) -> StaffMember:
    """No picture any more; harmless when there was none. Raises NotOverYou."""
    member = _managed(organisation, member, by, herself=True)
    db.session.execute(delete(MemberPhoto).where(MemberPhoto.member_id == member.id))
    if member.photo is not None:
        member.photo = None
        audit.record(by, "member:photo_removed", member)
    return member


@atomic
def reset_factor(organisation: Organisation, member: StaffMember, *, by: Actor) -> StaffMember:
    """She has lost her telephone: the second step is gone, she is signed out and told. Admins alone do that.

    Raises NotOverYou, also for oneself: whoever has stolen a session must not be rid of it.
    """
    member, actor = lock_staff(organisation, member), acting(by)
    if actor.role != Role.ADMIN or actor.id == member.id:
        raise NotOverYou()
    remove_factor(member)
    end_all_sessions(member, by=by)
    audit.record(by, "member:second_factor_reset", member)
    if member.has_account:
        tell(member, Kind.FACTOR_RESET)
    return member


def _managed(organisation: Organisation, member: StaffMember, by: Actor, *, herself: bool = False) -> StaffMember:
    """The member, locked. Raises NotOverYou."""
    member = lock_staff(organisation, member)
    actor = acting(by)
    if not may_manage_member(actor, member) and not (herself and actor.id == member.id):
        raise NotOverYou()
    return member


def _change_role(organisation: Organisation, member: StaffMember, role: str, *, by: Actor) -> None:
    actor = acting(by)
    if not may_give_role(actor, role) or not may_release_member(actor, member):
        raise NotOverYou()
    if member.role == Role.ADMIN and not count_admins(organisation, but=member):
        raise LastAdmin()
    if member.is_therapist and count_visits(member, at=now()):
        raise StillTreats(field="role")
    member.role = role
    end_all_sessions(member, by=by)
    end_links(member, "password")


def _place(member: StaffMember, profile: Profile, actor: StaffMember) -> None:
    """Her venues, as far as they are the actor's to give; of the others nothing changes."""
    links = {link.venue_id: link for link in member.venue_links}
    for key in set(links) ^ set(profile.venues):
        if not may_place_at(actor, key):
            raise NotOverYou()
        if key in links:
            if count_visits(member, at=now(), venue_id=key):
                raise StillTreats(field="venues")
            db.session.delete(links[key])
            member.venue_links.remove(links[key])
    for key, rank in profile.venues.items():
        if key not in links:
            member.venue_links.append(VenueMember(venue_id=key, priority=rank))
        elif links[key].priority != rank:
            if not may_place_at(actor, key):
                raise NotOverYou()
            links[key].priority = rank
    db.session.flush()


def _be_bookable(member: StaffMember) -> None:
    """Whoever treats has a time that can be taken; it carries her name, and stays hers in another role."""
    if member.is_therapist and member.resource is None:
        member.resource = Person(organisation_id=member.organisation.id, name=member.name[:200])
    elif member.resource is not None:
        member.resource.name = member.name[:200]


def _check(profile: Profile) -> None:
    for name in ("first_name", "last_name"):
        text = getattr(profile, name)
        if not text or len(text) > 100 or not is_storable(text):
            raise Invalid(_("Please enter a name of at most 100 characters."), field=name)
    if profile.role not in set(Role):
        raise Invalid(_("Please choose from the list."), field="role")
    if profile.gender not in {None, *GENDERS}:
        raise Invalid(_("Please choose from the list."), field="gender")
    if not all(BEST <= rank <= LAST for rank in profile.venues.values()):
        raise Invalid(_("Ranks are whole numbers from 1 to 99."), field="venues")
    if profile.role != Role.ADMIN and not profile.venues:
        raise Invalid(_("Please choose at least one venue."), field="venues")


def _address(text: str) -> str:
    address = normal(text)
    if not is_storable(address) or not is_email(address):
        raise Invalid(_("This is not an e-mail address."), field="email")
    return address
