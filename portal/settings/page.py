"""What stands around every page of the settings: where one can go."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import request, url_for
from flask_babel import gettext as _

from portal.models import Venue
from portal.settings import words


@dataclass(frozen=True, slots=True)
class Section:
    """A page of the settings."""

    label: str
    about: str
    href: str
    icon: str
    current: bool


def around(venue: Venue) -> dict[str, Any]:
    """The context of `settings/_frame.html`."""
    return {"sections": sections(venue), "settings_words": words}


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
    """The blueprint that answers; the ways to take a treatment belong to the menu."""
    return "menu" if request.blueprint == "variants" else request.blueprint


def _section(venue: Venue, endpoint: str, icon: str, label: str, about: str) -> Section:
    room, _dot, _page = endpoint.partition(".")
    # Pages of one blueprint belong to its only section, except those of the venue itself.
    is_current = (request.endpoint or "").startswith(endpoint) if room == "settings" else _room() == room
    return Section(label, about, url_for(endpoint, venue=venue.slug), icon, is_current)
