"""What stands around every page of the settings: where one can go."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import request, url_for
from flask_babel import gettext as _

from portal.access import Permission, can
from portal.models import Organisation, Venue
from portal.settings import words
from portal.tenancy import current_member

# Pages of these blueprints belong to the section of another one.
_PARTS = {
    "pictures": "settings.profile",
    "variants": "menu", "partner_keys": "partners", "partner_quotas": "partners", "partner_calls": "partners",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Section:
    """A page of the settings."""

    label: str
    about: str
    href: str
    icon: str
    current: bool


def around(home: Venue | Organisation) -> dict[str, Any]:
    """The context of `settings/_frame.html`, and of `settings/_organisation.html`."""
    if isinstance(home, Organisation):
        return {"organisation": home, "sections": [], "shared": shared(home), "settings_words": words}
    return {"venue": home, "sections": sections(home), "shared": shared(home.organisation), "settings_words": words}


def shared(organisation: Organisation) -> list[Section]:
    """What is decided for all venues at once, for those who may."""
    if not can(current_member(), Permission.ORGANISATION_MANAGE):
        return []
    return [
        _section(
            organisation, "team.of_organisation", "users", _("Everybody’s team"),
            _("Who works for the organisation, at whichever venue."),
        ),
        _section(
            organisation, "partners.index", "handshake", _("Partners"),
            _("Who books over the API: keys, quotas, last calls."),
        ),
        _section(
            organisation, "trail.index", "history", _("Audit trail"), _("Who did what, when and where."),
        ),
    ]  # fmt: skip


def sections(venue: Venue) -> list[Section]:
    """The pages of the settings, in their order."""
    return [
        _section(
            venue, "settings.profile", "building-2", _("The venue"),
            _("Names, texts, address, currency, VAT and the words that guests read."),
        ),
        _section(
            venue, "hours.edit", "clock", _("Opening hours"),
            _("Hours of the week, closures and special openings, days of deployment."),
        ),
        _section(
            venue, "venue_blocks.index", "ban", _("Blocks of the whole venue"),
            _("Times without bookings, every week or once: cleaning, works, a private event."),
        ),
        _section(
            venue, "settings.rules", "calendar-days", _("Booking rules"),
            _("Grid, turnover, notice, out of hours, holding a place, asking therapists."),
        ),
        _section(
            venue, "policy.edit", "coins", _("Cancellation and deposits"),
            _("What goes back when a guest cancels, and how a deposit is called."),
        ),
        _section(
            venue, "zone.edit", "map-pin", _("Time zone"), _("Every booking ahead is shown before it changes.")
        ),
        _section(venue, "rooms.index", "door-open", _("Rooms"), _("Types, capacity, order and closures.")),
        _section(
            venue, "menu.index", "leaf", _("Treatments"),
            _("The menu: names, lengths, prices, rooms, therapists and deposits."),
        ),
    ]  # fmt: skip


def _room() -> str | None:
    """The blueprint that answers, or the one that it is a part of."""
    return _PARTS.get(request.blueprint or "", request.blueprint)


def _section(home: Venue | Organisation, endpoint: str, icon: str, label: str, about: str) -> Section:
    room, _dot, _page = endpoint.partition(".")
    # Pages of one blueprint belong to its only section, except those of the venue itself.
    is_current = (request.endpoint or "").startswith(endpoint) if room == "settings" else _room() == room
    is_current = is_current or _room() == endpoint
    is_shared = isinstance(home, Organisation)
    href = url_for(endpoint, organisation=home.slug) if is_shared else url_for(endpoint, venue=home.slug)
    return Section(label, about, href, icon, is_current)
