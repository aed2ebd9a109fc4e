"""Free slots of a venue, and of one variant there."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import Response

from portal.api.guard import current_key, requires_scope
from portal.api.partner.blueprint import partner
from portal.api.partner.catalogue import slot_rows
from portal.api.partner.periods import Period, read_period
from portal.api.partner.queries import get_variant
from portal.api.schema import answer_json
from portal.bookings.availability import Need, day_slots, open_days
from portal.bookings.quotas.rules import capped, exhausted, uses_of
from portal.bookings.slots.assembly import need_of, plain_need_of
from portal.bookings.slots.queries import load_snapshot
from portal.clock import now
from portal.models import Venue
from portal.partners.scopes import Scope
from portal.uuids import as_uuid


@partner.get("/venues/<venue_id>/availability")
@requires_scope(Scope.AVAILABILITY_READ)
def show_availability(venue: Venue) -> Response:
    """Slots of one grid step for one guest, whatever the treatment."""
    period = read_period()
    return answer_json({"data": _free(venue, plain_need_of(venue), period)})


@partner.get("/venues/<venue_id>/availability/variants/<variant_id>")
@requires_scope(Scope.AVAILABILITY_READ)
def show_variant_availability(venue: Venue, variant_id: str) -> Response:
    """Slots of a variant, for as many guests as it is for."""
    period = read_period()
    variant = get_variant(venue, as_uuid(variant_id))
    need = need_of(venue, variant, guests=variant.guest_count)
    ids = {"treatment_id": str(variant.treatment.uuid), "variant_id": str(variant.uuid)}
    return answer_json({"data": {**_free(venue, need, period), **ids}})


def _free(venue: Venue, need: Need, period: Period) -> dict[str, Any]:
    """The slots of the single date, or the dates of the range with at least one slot."""
    at = now()
    quota = uses_of(venue, current_key(), first=period.first, last=period.last)
    need = replace(need, exhausted=exhausted(venue, quota, guests=need.guests))
    snapshot = load_snapshot(venue, first=period.first, last=period.last)
    found: dict[str, Any] = {"venue_id": str(venue.uuid)}
    if period.single:
        slots = day_slots(snapshot, need, period.first, at)
        slots = capped(slots, next(iter(quota), None), guests=need.guests)
        return found | {"date": period.first.isoformat(), "slots": slot_rows(slots)}
    days = open_days(snapshot, need, period.first, period.last, at)
    return found | {
        "from": period.first.isoformat(),
        "to": period.last.isoformat(),
        "days": [day.isoformat() for day in days],
    }
