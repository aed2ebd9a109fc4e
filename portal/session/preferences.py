"""What a member has chosen for her own eyes: language and theme."""

from __future__ import annotations

from portal.audit import Actor, record
from portal.database import atomic
from portal.errors import Invalid
from portal.i18n import LANGUAGES
from portal.models import StaffMember

THEMES = ("light", "dark", "auto")
DOOR = "session"


def choose_language(member: StaffMember, language: str) -> StaffMember:
    """From now on the portal speaks `fr` or `en` to the member; no write when it did before. Raises Invalid."""
    if language not in LANGUAGES:
        raise Invalid(field="lang")
    return member if member.locale == language else _store_language(member, language)


def choose_theme(member: StaffMember, theme: str) -> StaffMember:
    """From now on the member sees the portal `light`, `dark` or as the device does (`auto`). Raises Invalid."""
    if theme not in THEMES:
        raise Invalid(field="theme")
    return member if member.theme == theme else _store_theme(member, theme)


@atomic
def _store_language(member: StaffMember, language: str) -> StaffMember:
    member.locale = language
    record(Actor.of_member(member, door=DOOR), "member:language_chosen", member, language=language)
    return member


@atomic
def _store_theme(member: StaffMember, theme: str) -> StaffMember:
    member.theme = theme
    record(Actor.of_member(member, door=DOOR), "member:theme_chosen", member, theme=theme)
    return member
