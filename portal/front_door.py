"""The front door: every blueprint, its URL prefix and its guard, on one page.

Guards: `STAFF` — a signed-in member, below `/v/<venue>` one who may see that venue, below `/o/<organisation>` one of
its own; `KEY` — an API key, checked by each operation; `PUBLIC` — anyone; `DEVICE` — one that holds a signed token and
sends no cookie.
"""

from __future__ import annotations

from enum import Enum
from functools import partial

from flask import Blueprint, Flask

import portal.tenancy as tenancy
from portal.absences.desk.views import away
from portal.absences.rehome.views import rehome
from portal.absences.swaps.views import exchanges, swaps
from portal.absences.views import absences
from portal.account.views import account, addresses
from portal.agenda.key_views import keys
from portal.agenda.views import agenda
from portal.api.partner import partner
from portal.api.partner.errors import answer as partner_answer
from portal.blocks.views import blocks
from portal.bookings.asking.views import asking
from portal.bookings.desk.views import desk
from portal.bookings.edit_views import details
from portal.bookings.moves.views import moves
from portal.bookings.proposals.views import proposals
from portal.bookings.views import bookings
from portal.bookings.visit_views import visits
from portal.classes.views import classes
from portal.customers.listing.views import guest_list
from portal.customers.views import guests
from portal.duplicates.views import duplicates
from portal.errors import JsonDoor
from portal.extensions import csrf
from portal.feeds.views import feeds
from portal.headers import refuse_foreign_origin
from portal.health import health
from portal.imports.views import imports
from portal.installed.views import installed
from portal.links.views import links
from portal.live.views import live
from portal.members.leaving.views import leaving
from portal.members.photo_views import own_photo
from portal.members.skills.views import skills
from portal.members.views import members
from portal.notices.views import me, receipts
from portal.offers.views import offers
from portal.offers.wish_views import wishes
from portal.partners.calls.views import partner_calls
from portal.partners.keys.views import partner_keys
from portal.partners.quotas.views import partner_quotas
from portal.partners.views import partners
from portal.persons.views import persons
from portal.profile.fact_views import guest_facts
from portal.profile.health_views import guest_health
from portal.profile.note_views import guest_notes
from portal.profile.views import profiles
from portal.search.views import search
from portal.series.views import series
from portal.session.entry.views import entry
from portal.session.onetime.views import onetime
from portal.session.views import session
from portal.settings.blocks.views import venue_blocks
from portal.settings.hours.views import hours
from portal.settings.menu.variant_views import variants
from portal.settings.menu.views import menu
from portal.settings.picture.views import pictures
from portal.settings.policy.views import policy
from portal.settings.rooms.views import rooms
from portal.settings.venue.views import settings
from portal.settings.zone.views import zone
from portal.shifts.cover_views import cover
from portal.shifts.pattern_views import patterns
from portal.shifts.plan_views import copies, publishings
from portal.shifts.views import rota
from portal.team.views import team
from portal.today.views import today
from portal.trail.views import trail
from portal.tray.views import tray
from portal.undo.views import undo
from portal.visits.views import treating

JSON_DOORS: dict[str, JsonDoor] = {"/v1": partner_answer}


class Guard(Enum):
    """Who may knock at all; what they may do inside is said on each view."""

    STAFF = "staff"
    KEY = "key"
    PUBLIC = "public"
    DEVICE = "device"


ROOMS: list[tuple[Blueprint, str, Guard]] = [
    (health, "", Guard.PUBLIC),
    (session, "", Guard.PUBLIC),
    (entry, "", Guard.PUBLIC),
    (onetime, "", Guard.PUBLIC),
    (account, "/my/account", Guard.STAFF),
    (own_photo, "/my/account/photo", Guard.STAFF),
    (addresses, "", Guard.PUBLIC),
    (agenda, "/v/<venue>/agenda", Guard.STAFF),
    (keys, "/v/<venue>/agenda", Guard.STAFF),
    (bookings, "/v/<venue>/bookings", Guard.STAFF),
    (desk, "/v/<venue>/bookings", Guard.STAFF),
    (details, "/v/<venue>/bookings", Guard.STAFF),
    (visits, "/v/<venue>/bookings", Guard.STAFF),
    (moves, "/v/<venue>/bookings", Guard.STAFF),
    (asking, "/v/<venue>/bookings", Guard.STAFF),
    (proposals, "/v/<venue>/suggestions", Guard.STAFF),
    (blocks, "/v/<venue>/blocks", Guard.STAFF),
    (undo, "/v/<venue>/changes", Guard.STAFF),
    (series, "/v/<venue>/series", Guard.STAFF),
    (classes, "/v/<venue>/classes", Guard.STAFF),
    (today, "/v/<venue>/today", Guard.STAFF),
    (tray, "/v/<venue>/tray", Guard.STAFF),
    (guests, "/v/<venue>/guests", Guard.STAFF),
    (persons, "/v/<venue>/guests", Guard.STAFF),
    (duplicates, "/v/<venue>/guests", Guard.STAFF),
    (imports, "/v/<venue>/guests", Guard.STAFF),
    (guest_list, "/v/<venue>/guests", Guard.STAFF),
    (profiles, "/v/<venue>/guests", Guard.STAFF),
    (guest_notes, "/v/<venue>/guests", Guard.STAFF),
    (guest_facts, "/v/<venue>/guests", Guard.STAFF),
    (guest_health, "/v/<venue>/guests", Guard.STAFF),
    (search, "/v/<venue>/search", Guard.STAFF),
    (offers, "", Guard.STAFF),
    (wishes, "", Guard.STAFF),
    (treating, "", Guard.STAFF),
    (feeds, "", Guard.STAFF),
    (absences, "/my", Guard.STAFF),
    (away, "/v/<venue>/absences", Guard.STAFF),
    (me, "/my", Guard.STAFF),
    (receipts, "/notices", Guard.DEVICE),
    (installed, "", Guard.PUBLIC),
    (links, "", Guard.PUBLIC),
    (rehome, "/v/<venue>/absences", Guard.STAFF),
    (swaps, "/my", Guard.STAFF),
    (exchanges, "/v/<venue>/exchanges", Guard.STAFF),
    (settings, "/v/<venue>/settings", Guard.STAFF),
    (pictures, "/v/<venue>/settings/picture", Guard.STAFF),
    (policy, "/v/<venue>/settings/cancellation", Guard.STAFF),
    (hours, "/v/<venue>/settings/hours", Guard.STAFF),
    (venue_blocks, "/v/<venue>/settings/blocks", Guard.STAFF),
    (zone, "/v/<venue>/settings/timezone", Guard.STAFF),
    (rooms, "/v/<venue>/settings/rooms", Guard.STAFF),
    (menu, "/v/<venue>/settings/treatments", Guard.STAFF),
    (variants, "/v/<venue>/settings/treatments", Guard.STAFF),
    (rota, "/v/<venue>/rota", Guard.STAFF),
    (copies, "/v/<venue>/rota", Guard.STAFF),
    (publishings, "/v/<venue>/rota", Guard.STAFF),
    (patterns, "/v/<venue>/rota", Guard.STAFF),
    (cover, "/v/<venue>/rota", Guard.STAFF),
    (team, "", Guard.STAFF),
    (members, "/o/<organisation>/team", Guard.STAFF),
    (leaving, "/o/<organisation>/team", Guard.STAFF),
    (skills, "/v/<venue>/team", Guard.STAFF),
    (partners, "/o/<organisation>/partners", Guard.STAFF),
    (partner_calls, "/o/<organisation>/partners/<uuid:partner>/calls", Guard.STAFF),
    (partner_quotas, "/o/<organisation>/partners/<uuid:partner>/quotas/<venue>", Guard.STAFF),
    (partner_keys, "/o/<organisation>/partners/<uuid:partner>/keys", Guard.STAFF),
    (trail, "/o/<organisation>/trail", Guard.STAFF),
    (live, "/live", Guard.STAFF),
    (partner, "/v1", Guard.KEY),
]

# Routes without a permission of their own, each with its reason; a test fails on an unlisted or a stale one.
PUBLIC: dict[str, str] = {
    "health.healthz": "tells a load balancer that the process lives",
    "health.readyz": "tells a load balancer that the database is there and migrated",
    "session.login": "nobody is signed in yet",
    "session.sign_in": "nobody is signed in yet",
    "session.set_language": "the sign-in page can be read in both languages",
    "session.set_theme": "the sign-in page follows the theme",
    "session.home": "sends everyone to their own first page, or to sign in",
    "session.logout": "signing out twice is harmless",
    "entry.code": "whoever has given the right password is not signed in yet",
    "entry.enter_code": "whoever has given the right password is not signed in yet",
    "entry.enrolment": "whoever has given the right password sets the second step up first",
    "entry.enrol": "whoever has given the right password sets the second step up first",
    "onetime.forgotten": "whoever has forgotten the password cannot sign in",
    "onetime.ask": "whoever has forgotten the password cannot sign in; every address has the same answer",
    "onetime.password": "whoever holds the letter chooses a new password; the link only shows",
    "onetime.choose": "whoever holds the letter chooses a new password, once",
    "onetime.invitation": "whoever was invited has no account yet; the link only shows",
    "onetime.join": "whoever was invited chooses a password, once",
    "addresses.show": "whoever holds the letter agrees to an address; the link only shows",
    "addresses.confirm": "whoever holds the letter agrees to an address, once",
    "feeds.read": "a calendar program has no session: the address itself is the secret, 256 random bits",
    "static": "style sheets, scripts, fonts and pictures",
    "installed.manifest": "a browser reads it before anybody signs in",
    "installed.service_worker": "the browser fetches it by itself; it holds nothing of anybody",
    "installed.offline": "what is shown without network, to whoever has no kept day",
    "links.show": "the signed link of one offer to one member, sent to her alone; it only shows",
    "links.accept": "whoever holds the signed link answers for the member, until the offer closes",
    "links.decline": "whoever holds the signed link answers for the member, until the offer closes",
    "receipts.received": "a device without a session says that it has shown a notice; its token is signed",
    "receipts.seen": "a device without a session says that a notice was tapped; its token is signed",
    "partner.openapi": "the description of the API is public",
}


def open_front_door(app: Flask) -> None:
    """Register every room."""
    for blueprint, prefix, guard in ROOMS:
        if guard in {Guard.KEY, Guard.DEVICE}:
            csrf.exempt(blueprint)
        app.register_blueprint(blueprint, url_prefix=prefix)
    apis = frozenset(blueprint.name for blueprint, _, guard in ROOMS if guard is Guard.KEY)
    app.before_request(partial(refuse_foreign_origin, apis=apis))
    app.url_value_preprocessor(tenancy.enter_venue)
    app.url_value_preprocessor(tenancy.enter_organisation)
