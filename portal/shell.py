"""What stands around every page of a signed-in member: where she is, where she can go, who she is, what is live."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Flask, g, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

import portal.web as web
from portal.access import ROLE_WORDS, Permission, Role, can
from portal.clock import now
from portal.i18n import name_of
from portal.models import StaffMember, Venue
from portal.tenancy import current_member, venues_of

SETTINGS = {
    "settings", "policy", "hours", "venue_blocks", "zone", "pictures", "rooms", "menu", "variants", "partners",
    "partner_keys", "partner_quotas", "partner_calls", "trail",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Link:
    """An entry of the navigation or of the venue menu; `badge` names a number that is drawn beside it, `picture` is
    the address of one that stands before it."""

    label: str
    href: str
    icon: str = ""
    current: bool = False
    badge: str = ""
    picture: str = ""


# Where the entry «Guests» is the current one.
GUEST_ROOMS = frozenset(
    {
        "guests", "guest_list", "profile", "guest_notes", "guest_facts", "guest_health", "persons", "duplicates",
        "imports",
    }
)  # fmt: skip


def register_shell(app: Flask) -> None:
    """Hand the names that templates/layouts/ uses to every whole page; fragments stand inside one already."""
    app.context_processor(_around)


def _around() -> dict[str, Any]:
    if web.is_fragment_request() or not current_user.is_authenticated:
        return {}
    member = current_member()
    venue: Venue | None = g.get("venue")
    venues = venues_of(member)
    shown = venue or (venues[0] if len(venues) == 1 else None)
    return {
        "nav": list(_nav(member, venue or next(iter(venues), None))),
        "venue_label": name_of(shown) if shown else member.organisation.name,
        "venue_picture": picture_url(shown) if shown and can(member, Permission.AGENDA_READ) else "",
        "venue_zone": shown.timezone if shown else next((one.timezone for one in venues), None),
        "venue_links": list(_venue_links(member, venues, venue)),
        "person_label": member.name,
        "person_initials": f"{member.first_name[:1]}{member.last_name[:1]}",
        "person_role": ROLE_WORDS[Role(member.role)],
        "live_url": _live_url(member, venue),
        "search_venue": venue if venue and can(member, Permission.CUSTOMER_READ) else None,
    }


def _nav(member: StaffMember, venue: Venue | None) -> list[Link]:
    if can(member, Permission.OFFER_READ):
        day = url_for("offers.day")
        return [
            Link(_("Offers"), f"{day}#offers", "hand-heart", badge="offers"),
            Link(_("My day"), f"{day}#my-day", "clock", current=request.endpoint == "offers.day"),
            Link(
                _("Week"), url_for("absences.week"), "calendar-days", current=request.blueprint in {"absences", "swaps"}
            ),
            Link(_("Me"), url_for("me.settings"), "user", current=request.blueprint in {"me", "feeds"}),
        ]
    if venue is None or not can(member, Permission.AGENDA_READ):
        return []
    links = [
        Link(
            _("Agenda"),
            url_for("agenda.today", venue=venue.slug),
            "calendar-days",
            current=request.blueprint in {"agenda", "bookings", "visits"},
        ),
        Link(
            _("Today"),
            url_for("today.board", venue=venue.slug),
            "user-round-check",
            current=request.blueprint == "today",
        ),
        Link(
            _("Guests"),
            url_for("guest_list.index", venue=venue.slug),
            "users",
            current=request.blueprint in GUEST_ROOMS,
        ),
        Link(
            _("Rota"),
            url_for("rota.current", venue=venue.slug),
            "clock",
            current=request.blueprint in {"rota", "copies", "publishing", "patterns", "cover"},
        ),
        Link(
            _("Absences"),
            url_for("away.index", venue=venue.slug),
            "calendar-off",
            current=request.blueprint in {"away", "rehome", "exchanges"},
            badge="absences",
        ),
        Link(
            _("Team"),
            url_for("team.at_venue", venue=venue.slug),
            "users",
            current=request.blueprint in {"team", "members", "leaving", "skills"},
        ),
    ]
    if can(member, Permission.SETTINGS_MANAGE):
        here = request.blueprint in SETTINGS
        links.append(Link(_("Settings"), url_for("settings.index", venue=venue.slug), "settings", current=here))
    return links


def _venue_links(member: StaffMember, venues: list[Venue], shown: Venue | None) -> list[Link]:
    """The same page of the other venues; a therapist's page holds all of hers together."""
    if not can(member, Permission.AGENDA_READ):
        return []
    return [
        Link(
            name_of(venue), url_for("agenda.today", venue=venue.slug), current=venue == shown,
            picture=picture_url(venue),
        )
        for venue in venues
    ]  # fmt: skip


def picture_url(venue: Venue) -> str:
    """Where the venue's picture is, if it has one; another picture has another address."""
    return url_for("pictures.show", venue=venue.slug, v=venue.picture) if venue.picture else ""


def _live_url(member: StaffMember, venue: Venue | None) -> str | None:
    """The stream of this page, from the moment it is drawn on."""
    if not can(member, Permission.LIVE_LISTEN):
        return None
    since = now().isoformat(timespec="seconds")
    if venue is None and can(member, Permission.OFFER_READ):
        return url_for("live.mine", since=since)
    return url_for("live.venue", venue=venue.slug, since=since) if venue else None
