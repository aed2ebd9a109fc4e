"""The page of one member, assembled for whoever reads it."""

from __future__ import annotations

from typing import Any

from portal.access import ROLE_WORDS, Permission, Role, can, may_manage_member, may_place_at, may_release_member
from portal.errors import NotAllowed, NotFound
from portal.i18n import name_of, phone
from portal.members.forms import AddressForm, LeaveForm, ProfileForm, ResetForm
from portal.members.profile import language_name
from portal.members.queries import venues_in
from portal.models import Organisation, StaffMember, Venue
from portal.pictures import PhotoForm
from portal.session.factor.queries import find_factor
from portal.tenancy import may_enter


def page_of(organisation: Organisation, member: StaffMember, *, by: StaffMember, **forms: Any) -> dict[str, Any]:
    """What the page shows; of its forms those that are given. Raises NotFound, NotAllowed."""
    check_reach(by, member)
    places = venues_in(organisation)
    factor = find_factor(member)
    return {
        "organisation": organisation,
        "someone": member,
        "role_word": ROLE_WORDS[Role(member.role)],
        "elsewhere": _elsewhere(member, by),
        "venues": [link.venue for link in member.venue_links if may_enter(by, link.venue)],
        "may_release": may_release_member(by, member) and by.id != member.id,
        "may_reset": can(by, Permission.ORGANISATION_MANAGE) and by.id != member.id,
        "has_factor": factor is not None and factor.is_on,
        "profile": forms.get("profile") or ProfileForm.of(by, places, member, sent=False),
        "clashes": forms.get("clashes", []),
        "photo": forms.get("photo") or PhotoForm(formdata=None),
        "invitation": forms.get("invitation") or AddressForm(formdata=None, email=member.invited_as),
        "reset": forms.get("reset") or ResetForm(formdata=None, prefix="reset-"),
        "leaving": LeaveForm(formdata=None),
    }


def check_reach(by: StaffMember, member: StaffMember) -> None:
    """Raises NotFound for somebody whom she does not work with, NotAllowed for whom she does not manage."""
    if may_manage_member(by, member):
        return
    shared = {link.venue_id for link in by.venue_links} & {link.venue_id for link in member.venue_links}
    if not shared and by.id != member.id:
        raise NotFound()
    raise NotAllowed()


def clashes_of(form: ProfileForm, member: StaffMember) -> list[tuple[str, str]]:
    """Each field in which the form says something else than what a colleague has stored meanwhile."""
    now = {
        "first_name": member.first_name,
        "last_name": member.last_name,
        "role": member.role,
        "gender": member.gender or "",
        "phone": phone(member.phone),
    }
    shown = {"role": str(ROLE_WORDS[Role(member.role)])}
    found = [
        (str(form[name].label.text), shown.get(name, text) or "–")
        for name, text in now.items()
        if (form[name].data or "").replace(" ", "") != text.replace(" ", "")
    ]
    if set(form.languages.data or ()) != set(member.languages or ()):
        found.append((str(form.languages.label.text), ", ".join(map(language_name, member.languages or ())) or "–"))
    here = {str(link.venue.uuid): link.venue for link in member.venue_links}
    if set(form.venues.data or ()) != {key for key in here if key in dict(form.venues.choices)}:
        found.append((str(form.venues.label.text), ", ".join(map(name_of, _chosen(form, here))) or "–"))
    return found


def _chosen(form: ProfileForm, here: dict[str, Venue]) -> list[Venue]:
    return [venue for key, venue in here.items() if key in dict(form.venues.choices)]


def _elsewhere(member: StaffMember, by: StaffMember) -> int:
    """At how many venues she works that are not the reader's to say."""
    return sum(not may_place_at(by, link.venue_id) for link in member.venue_links)
