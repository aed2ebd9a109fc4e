"""What columns are called when a person reads her own data."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.i18n import date_and_time, money, phone
from portal.persons.map import MAP

# By the name of a part of an export.
PARTS: dict[str, LazyString] = {one.told: one.what for one in MAP if one.told} | {
    "linked_people": _l("Linked people"),
    "health_notes": _l("Health notes"),
}

_LABELS: dict[str, LazyString] = {
    "first_name": _l("First name"),
    "last_name": _l("Last name"),
    "email": _l("E-mail"),
    "phone": _l("Phone"),
    "language": _l("Language"),
    "text": _l("Text"),
    "notes": _l("Note"),
    "note": _l("Note"),
    "number": _l("Number"),
    "booking": _l("Booking no."),
    "status": _l("Status"),
    "starts_at": _l("From"),
    "ends_at": _l("To"),
    "at": _l("When"),
    "created_at": _l("Created"),
    "updated_at": _l("Last change"),
    "venue": _l("Venue"),
    "treatment": _l("Treatment"),
    "variant": _l("Variant"),
    "therapist": _l("Therapist"),
    "member": _l("Therapist"),
    "price_minor": _l("Price"),
    "amount_minor": _l("Amount"),
    "total_minor": _l("Total"),
    "deposit_required_minor": _l("Deposit asked for"),
    "cancellation_fee_minor": _l("Cancellation fee"),
    "method": _l("Paid by"),
    "payment_method": _l("Paid by"),
    "payment_status": _l("Payment"),
    "kind": _l("Kind"),
    "channel": _l("Channel"),
    "given": _l("Given"),
    "way": _l("How"),
    "actor_name": _l("By"),
    "author_name": _l("By"),
    "created_by_name": _l("By"),
    "by_name": _l("By"),
    "verb": _l("What"),
    "subject": _l("Subject"),
    "body": _l("Text"),
    "address": _l("Sent to"),
    "sent_at": _l("Sent"),
    "name": _l("Name"),
    "relation": _l("Relation"),
    "allergies": _l("Allergies"),
    "contraindications": _l("Contraindications"),
    "remarks": _l("Areas to avoid, remarks"),
    "consent": _l("Agreed to be kept"),
    "preferences": _l("Preferences"),
    "preferred_therapist": _l("Preferred therapist"),
    "preferred_treatment_type": _l("Preferred treatment"),
    "email_consent": _l("News by e-mail"),
    "sms_consent": _l("News by text message"),
    "room_number": _l("Room number"),
    "cancellation_reason": _l("Reason of the cancellation"),
    "external_reference": _l("Reference"),
    "guest_count": _l("Guests"),
    "id": _l("Identifier"),
}  # fmt: skip


def label_of_column(name: str) -> str:
    """The column in words; as it is called where it has none."""
    found = _LABELS.get(name)
    return str(found) if found else name.removesuffix("_minor").replace("_", " ").capitalize()


def shown(name: str, value: Any, row: dict[str, Any], *, zone: str, currency: str) -> str:
    """A value as a person reads it."""
    match value:
        case None | "" | [] | {}:
            return "–"
        case bool():
            return _("yes") if value else _("no")
        case datetime():
            return date_and_time(value, zone)
        case date():
            return value.isoformat()
        case int() if name.endswith("_minor"):
            return money(value, str(row.get("currency") or currency))
        case str() if name == "phone":
            return phone(value)
        case dict():
            return ", ".join(
                f"{key}: {shown(key, one, row, zone=zone, currency=currency)}" for key, one in value.items()
            )
        case list():
            return ", ".join(shown(name, one, row, zone=zone, currency=currency) for one in value)
    return str(value)
