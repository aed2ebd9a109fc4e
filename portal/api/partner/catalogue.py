"""Venues, their menu and their free slots as objects of the partner API; nothing else of a row leaves."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import portal.api.partner.shapes as shapes
from portal.bookings.availability import Slot
from portal.i18n import major
from portal.models import Treatment, Variant, Venue
from portal.wording import called


def venue_row(venue: Venue) -> shapes.VenueRow:
    return {
        "id": str(venue.uuid),
        "slug": venue.slug,
        "name": venue.name,
        "name_en": venue.name_en,
        "description": venue.description,
        "description_en": venue.description_en,
        "address": venue.address,
        "postal_code": venue.postal_code,
        "city": venue.city,
        "country": venue.country,
        "currency": venue.currency,
        "venue_type": venue.venue_type,
        "timezone": venue.timezone,
        "image": venue.image,
        "cover_image": venue.cover_image,
    }


def venue_detail(venue: Venue) -> shapes.VenueDetail:
    return {
        "id": str(venue.uuid),
        "slug": venue.slug,
        "name": venue.name,
        "image": venue.image,
        "cover_image": venue.cover_image,
        "city": venue.city,
        "country": venue.country,
        "currency": venue.currency,
        "venue_type": venue.venue_type,
        "description": venue.description,
        "landing_subtitle": venue.landing_subtitle,
        "timezone": venue.timezone,
        "status": venue.status,
        "vat": float(venue.vat),
        "opening_time": venue.opening_time.isoformat("seconds"),
        "closing_time": venue.closing_time.isoformat("seconds"),
        "slot_interval": venue.slot_interval,
        "schedule_type": venue.schedule_type,
        "days_of_week": venue.days_of_week,
        "recurrence_interval": venue.recurrence_interval,
        "recurring_start_date": _day(venue.recurring_start_date),
        "recurring_end_date": _day(venue.recurring_end_date),
        "offert": venue.offert,
        "booking_hold_enabled": venue.booking_hold_enabled,
        "booking_hold_duration_minutes": venue.booking_hold_duration_minutes,
        "allow_out_of_hours_booking": venue.allow_out_of_hours_booking,
        "out_of_hours_surcharge_percent": venue.out_of_hours_surcharge_percent,
    }


def treatment_row(treatment: Treatment, venue: Venue) -> shapes.TreatmentRow:
    """In the venue's words: guests read them. Of `treatment.variants`, the active ones, there is at least one."""
    currency = venue.currency
    default = next((variant for variant in treatment.variants if variant.is_default), treatment.variants[0])
    return {
        "id": str(treatment.uuid),
        "slug": treatment.slug,
        "name": called(treatment.name, venue),
        "name_en": _said(treatment.name_en, venue),
        "description": _said(treatment.description, venue),
        "description_en": _said(treatment.description_en, venue),
        "category": _said(treatment.category, venue),
        "service_for": treatment.service_for,
        "duration": default.duration,
        "price": _menu_price(default, currency),
        "price_on_request": default.price_on_request,
        "currency": currency,
        "lead_time": treatment.lead_time_minutes,
        "image": treatment.image,
        "sort_order": treatment.sort_order,
        "is_bestseller": treatment.is_bestseller,
        "is_addon": treatment.is_addon,
        "is_bundle": treatment.is_bundle,
        "bundle_id": treatment.bundle_id,
        "available_days": treatment.available_days,
        "variants": [_variant_row(variant, venue) for variant in treatment.variants],
    }


def slot_rows(slots: Sequence[Slot]) -> list[shapes.SlotRow]:
    return [
        {
            "time": slot.local_time.strftime("%H:%M"),
            "out_of_hours": slot.out_of_hours,
            "available_capacity": slot.capacity,
        }
        for slot in slots
    ]


def _variant_row(variant: Variant, venue: Venue) -> shapes.VariantRow:
    return {
        "id": str(variant.uuid),
        "label": called(variant.label, venue),
        "label_en": _said(variant.label_en, venue),
        "duration": variant.duration,
        "price": _menu_price(variant, venue.currency),
        "price_on_request": variant.price_on_request,
        "guest_count": variant.guest_count,
        "is_default": variant.is_default,
        "sort_order": variant.sort_order,
    }


def _said(text: str | None, venue: Venue) -> str | None:
    return None if text is None else called(text, venue)


def _menu_price(variant: Variant, currency: str) -> float | None:
    if variant.price_on_request or variant.price_minor is None:
        return None
    return float(major(variant.price_minor, currency))


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
