"""Bookings and guests as objects of the partner API, member by member; nothing else of a row leaves."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from flask_babel import force_locale
from flask_babel import gettext as _

import portal.api.partner.shapes as shapes
from portal.api.schema import write_instant
from portal.customers.queries import Guest
from portal.i18n import major, money
from portal.models import Booking, BookingItem, Customer, Venue
from portal.wording import called


def created_booking(booking: Booking) -> shapes.CreatedBooking:
    row: shapes.CreatedBooking = {
        "id": str(booking.uuid),
        "booking_number": booking.number,
        "status": booking.status,
        "start_at": write_instant(booking.starts_at),
        "variant_id": str(booking.item.variant.uuid),
        "guest_count": booking.guest_count,
        "external_reference": booking.external_reference,
        "external_id": booking.external_id,
        "total_price": _price(booking.price_minor, booking.currency),
        "payment_method": booking.payment_method,
        "payment_status": booking.payment_status,
        "client_type": booking.client_type,
    }
    if booking.test:
        row["test"] = True
    return row


def booking_detail(booking: Booking) -> shapes.BookingDetail:
    item = booking.item
    row: shapes.BookingDetail = {
        "id": str(booking.uuid),
        "booking_number": booking.number,
        "status": booking.status,
        "venue_id": str(booking.venue.uuid),
        "treatment_id": str(item.treatment.uuid),
        "variant_id": str(item.variant.uuid),
        "start_at": write_instant(booking.starts_at),
        "end_at": write_instant(booking.ends_at),
        "duration": item.duration,
        "guest_count": booking.guest_count,
        "guest": _guest(booking),
        "therapist": _therapist(booking),
        "notes": booking.notes,
        "external_reference": booking.external_reference,
        "external_id": booking.external_id,
        "price": {"amount": booking.price_minor, "currency": booking.currency},
        "total_price": _price(booking.price_minor, booking.currency),
        "client_type": booking.client_type,
        "payment_method": booking.payment_method,
        "payment_status": booking.payment_status,
        "created_at": write_instant(booking.created_at),
        "updated_at": write_instant(booking.updated_at),
        "cancellation": _cancellation(booking),
    }
    if booking.test:
        row["test"] = True
    return row


def customer_row(guest: Guest, currency: str) -> shapes.CustomerRow:
    customer = guest.customer
    return {
        "id": str(customer.uuid),
        "first_name": customer.first_name,
        "last_name": customer.last_name,
        "email": customer.email,
        "phone": customer.phone,
        "language": customer.language,
        "preferred_treatment_type": customer.preferred_treatment_type,
        "profile_completed": customer.profile_completed,
        "booking_count": guest.bookings,
        "last_visit_date": guest.last_visit.isoformat(),
        "total_spent": _price_text(guest.spent_minor, currency),
        "created_at": write_instant(customer.created_at),
        "updated_at": write_instant(customer.updated_at),
    }


def history_row(booking: Booking, venue: Venue) -> shapes.HistoryRow:
    local = booking.starts_at.astimezone(ZoneInfo(venue.timezone))
    row: shapes.HistoryRow = {
        "id": str(booking.uuid),
        "booking_number": booking.number,
        "booking_date": local.date().isoformat(),
        "booking_time": local.strftime("%H:%M:%S"),
        "duration": int((booking.ends_at - booking.starts_at).total_seconds()) // 60,
        "status": booking.status,
        "payment_method": booking.payment_method,
        "payment_status": booking.payment_status,
        "client_type": booking.client_type,
        "total_price": _price_text(booking.price_minor, booking.currency),
        "room_number": booking.room_number,
        "treatments": [_treatment_of(item, booking.venue, booking.currency) for item in booking.items],
        "created_at": write_instant(booking.created_at),
    }
    if booking.test:
        row["test"] = True
    return row


def _guest(booking: Booking) -> shapes.GuestOfBooking:
    customer = booking.customer or Customer()  # a partner always tells who comes
    return {
        "first_name": customer.first_name,
        "last_name": customer.last_name,
        "email": customer.email,
        "phone": customer.phone,
        "language": booking.guest_language,
        "room_number": booking.room_number,
    }


def _therapist(booking: Booking) -> shapes.TherapistOfBooking | None:
    if booking.therapist is None or booking.therapist_assigned_at is None:
        return None
    return {"id": str(booking.therapist.uuid), "assigned_at": write_instant(booking.therapist_assigned_at)}


def _cancellation(booking: Booking) -> shapes.Cancellation | None:
    if booking.cancelled_at is None:
        return None
    fee = booking.cancellation_fee_minor or 0
    return {
        "fee": _price(fee, booking.currency),
        "policy": _policy(booking, fee),
        "cancelled_at": write_instant(booking.cancelled_at),
    }


def _policy(booking: Booking, fee: int) -> str:
    percent = booking.cancellation_refund_percent or 0
    with force_locale(booking.guest_language):
        if fee == 0:
            return _("Cancelled free of charge.")
        if percent == 0:
            return _("Cancelled too late for a refund: the fee is %(fee)s.", fee=money(fee, booking.currency))
        told = {"percent": percent, "fee": money(fee, booking.currency)}
        return _("Cancelled late: %(percent)d%% is refunded, the fee is %(fee)s.", **told)


def _treatment_of(item: BookingItem, venue: Venue, currency: str) -> shapes.TreatmentOfRow:
    return {
        "id": str(item.treatment.uuid),
        "name": called(item.treatment.name, venue),
        "label": called(item.variant.label, venue),
        "duration": item.duration,
        "price": None if item.price_minor is None else _price_text(item.price_minor, currency),
    }


def _price(minor: int, currency: str) -> shapes.Price:
    return {"amount": float(major(minor, currency)), "currency": currency}


def _price_text(minor: int, currency: str) -> shapes.PriceText:
    return {"amount": f"{major(minor, currency):.2f}", "currency": currency}
