"""What is kept of a member, as a plain value: the form makes it, the service takes it over."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from babel import Locale

from portal.i18n import language
from portal.models import StaffMember

# What a spa's people speak; others stay as they are.
LANGUAGES = ("fr", "en", "es", "it", "de", "pt", "nl", "ar", "ru", "zh", "ja", "ko", "tr", "pl")
BEST, LAST = 1, 99


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """`venues` maps the key of a venue to her rank there, 1 being asked first."""

    first_name: str
    last_name: str
    role: str
    gender: str | None = None
    phone: str | None = None
    languages: tuple[str, ...] = ()
    venues: Mapping[int, int] = field(default_factory=dict)


def profile_of(member: StaffMember) -> Profile:
    """As it is kept."""
    return Profile(
        first_name=member.first_name, last_name=member.last_name, role=member.role, gender=member.gender,
        phone=member.phone, languages=tuple(member.languages or ()),
        venues={link.venue_id: link.priority for link in member.venue_links},
    )  # fmt: skip


def language_name(code: str) -> str:
    """`français`, `French`: in the reader's language."""
    return str(Locale.parse(language()).languages.get(code, code))
