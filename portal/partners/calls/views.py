"""The last calls of a partner, and one of them with what was sent and answered."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Response, request

import portal.web as web
from portal.access import Permission, requires
from portal.models import Organisation
from portal.partners.calls.queries import get_call, last_calls
from portal.partners.page import zone_of
from portal.partners.queries import get_partner, keys_of
from portal.settings.page import around
from portal.uuids import as_uuid

partner_calls = Blueprint("partner_calls", __name__)


@partner_calls.get("/")
@requires(Permission.ORGANISATION_MANAGE)
def index(organisation: Organisation, partner: UUID) -> Response:
    """The last hundred, all or those that were refused, of all keys or of one."""
    found = get_partner(organisation, partner)
    key, refused = as_uuid(request.args.get("key", "")), request.args.get("only") == "refused"
    calls = last_calls(organisation, found, key=key, refused=refused)
    return web.render(
        "partners/calls.html#settings", partner=found, calls=calls, keys=keys_of(organisation, found),
        zone=zone_of(organisation), key=key, refused=refused, **around(organisation),
    )  # fmt: skip


@partner_calls.get("/<uuid:call>")
@requires(Permission.ORGANISATION_MANAGE)
def show(organisation: Organisation, partner: UUID, call: UUID) -> Response:
    """One call."""
    found = get_partner(organisation, partner)
    row, key = get_call(organisation, found, call)
    return web.render(
        "partners/call.html#settings", partner=found, call=row, key=key, zone=zone_of(organisation),
        **around(organisation),
    )  # fmt: skip
