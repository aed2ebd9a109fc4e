"""How each route is asked: what stands for each variable of its address, and what is sent."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flask import Flask
from werkzeug.routing import Rule

from tests.matrix.world import Place, World

# What a place of the table that names an organisation holds.
ORGANISATIONS = {"maison-lutece": ("lutetia", "marais"), "alpes-bien-etre": ("chamonix",)}
# Answered by Flask for every route that answers GET; nothing of ours runs.
AUTOMATIC = {"HEAD", "OPTIONS"}


def routes(app: Flask) -> dict[str, Rule]:
    """Every route as the table names it: `GET agenda.day`."""
    return {
        f"{method} {rule.endpoint}": rule
        for rule in app.url_map.iter_rules()
        for method in sorted((rule.methods or set()) - AUTOMATIC)
    }


def address(app: Flask, route: str, world: World, place: str) -> str:
    """The route's address at a place of the table; AssertionError when it has a variable that is not known here."""
    rule = routes(app)[route]
    venue, thing, by_reference = _split(world, place)
    known = {
        "venue": venue.slug,
        "venue_id": venue.slug,
        "organisation": next((name for name, venues in ORGANISATIONS.items() if venue.slug in venues), ""),
        "day": world.house.day.isoformat(),
        "booking": thing.booking,
        "booking_id": thing.reference if by_reference else thing.booking,
        "item": thing.item,
        "offer": thing.offer,
        "proposal": thing.proposal,
        "payment": thing.payment,
        "series": thing.series,
        "guest": thing.member_of_session,
        "customer": thing.customer,
        "other": thing.twin,
        "merge": thing.merge,
        "batch": thing.batch,
        "note": thing.note,
        "link": thing.link,
        "change": thing.change,
        "key": thing.column,
        "member": thing.column,
        "block": thing.block,
        "venue_block": thing.venue_block,
        "absence": thing.absence,
        "browser": thing.browser,
        "language": "fr",
        "session": "00000000-0000-0000-0000-000000000001",
        "shift": thing.shift,
        "swap": thing.swap,
        "room": thing.room,
        "kind": thing.room_type,
        "treatment": thing.treatment,
        "variant": thing.variant,
        "template": thing.template,
        "person": thing.person,
        "partner": thing.partner,
        "call": thing.call,
        "wish": thing.wish,
        "variant_id": thing.variant,
        "customer_id": thing.customer,
        "token": "nobody-has-this-address-00000000000000000000",
        "filename": "css/app.css",
    }
    if rule.endpoint.startswith("classes."):
        known["booking"] = thing.session
    if rule.endpoint.startswith("asking."):
        known["booking"] = thing.pending
    if rule.endpoint.startswith("partner_keys."):
        known["key"] = thing.api_key
    unknown = rule.arguments - set(known)
    assert not unknown, f"Say in tests/matrix/asking.py what stands for {sorted(unknown)} of {rule.rule}"
    values = {name: known[name] for name in rule.arguments}
    url: str = app.url_map.bind("localhost").build(rule.endpoint, values, route.split(maxsplit=1)[0])
    return url


def partner_words(route: str, world: World, place: str) -> dict[str, Any]:
    """What a request of the partner API carries besides its address."""
    if route == "POST partner.create_booking":
        return {"json": wish(_split(world, place)[1])}
    if route == "POST partner.cancel_booking":
        return {"json": {"reason": "Guest is ill"}}
    if "availability" in route:
        return {"query_string": {"date": world.house.day.isoformat()}}
    return {}


def wish(thing: Place) -> dict[str, Any]:
    """A booking that can be had at the place of the variant."""
    return {
        "variant_id": thing.variant,
        "start_at": thing.free_at,
        "guest": {"first_name": "Léa", "last_name": "Martin", "phone": "+33612345678"},
        "price_paid": {"amount": 95, "currency": "EUR"},
    }


def places_of(place: str) -> Iterator[str]:
    """The venues that a place of the table names; of an organisation all."""
    if place in ORGANISATIONS:
        return iter(ORGANISATIONS[place])
    return iter(place.removesuffix(" by reference").split(" with ")) if place != "nowhere" else iter(())


def _split(world: World, place: str) -> tuple[Place, Place, bool]:
    slugs = list(places_of(place)) or ["lutetia"]
    return world.places[slugs[0]], world.places[slugs[-1]], place.endswith("by reference")
