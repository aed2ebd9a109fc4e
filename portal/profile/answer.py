"""How the writes of a profile end: with the fresh profile, or with the form that could not be taken over."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Response, url_for

import portal.web as web
from portal.audit import Actor
from portal.customers.queries import get_customer
from portal.models import Venue
from portal.profile.page import profile
from portal.tenancy import current_member

FRAGMENT = "profile/show.html#profile"


def saved(venue: Venue, customer: UUID, message: str, *, section: str) -> Response:
    """The profile as it is now, at the section that changed."""
    to = url_for("profile.show", venue=venue.slug, customer=customer, _anchor=section)
    shown = profile(venue, get_customer(venue, customer), reader=current_member())
    return web.done(to, message=message, fragment=FRAGMENT, **shown)


def again(venue: Venue, customer: UUID, status: int = 422, **forms: Any) -> Response:
    """The profile with what was sent, and beside it why it could not be taken over."""
    shown = profile(venue, get_customer(venue, customer), reader=current_member(), **forms)
    return web.render(FRAGMENT, status, **shown)


def me() -> Actor:
    """The member at the desk."""
    return Actor.of_member(current_member(), door="agenda")
