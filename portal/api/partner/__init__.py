"""The partner API: one file per noun. Importing the nouns registers their operations with the blueprint."""

from __future__ import annotations

from portal.api.partner.availability import show_availability, show_variant_availability
from portal.api.partner.blueprint import partner
from portal.api.partner.bookings import cancel_booking, create_booking, show_booking
from portal.api.partner.customers import list_customer_bookings, list_customers
from portal.api.partner.openapi import openapi
from portal.api.partner.treatments import list_treatments
from portal.api.partner.venues import list_venues, show_venue

__all__ = [
    "cancel_booking",
    "create_booking",
    "list_customer_bookings",
    "list_customers",
    "list_treatments",
    "list_venues",
    "openapi",
    "partner",
    "show_availability",
    "show_booking",
    "show_variant_availability",
    "show_venue",
]
