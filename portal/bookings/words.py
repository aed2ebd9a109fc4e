"""How the desk reads what a booking's columns say."""

from __future__ import annotations

from datetime import datetime

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.i18n import inner_day_and_time, money
from portal.models import BookingEvent, Offer, Participant
from portal.models.offer import AWAY, BLOCKED, BUSY, FAR, OFF, UNSKILLED
from portal.payments.words import kinds

DOOR_WORDS = {
    "agenda": _l("at the desk"),
    "phone": _l("from a phone"),
    "partner": _l("through the partner API"),
    "api": _l("through the API"),
    "worker": _l("automatically"),
    "demo": _l("in the demo data"),
}
PAYMENT_METHOD_WORDS = {
    "room": _l("Hotel room bill"),
    "card": _l("Card"),
    "card_on_site": _l("Card at the desk"),
    "tap_to_pay": _l("Contactless"),
    "cash": _l("Cash"),
    "offert": _l("On the house"),
    "gift_amount": _l("Gift card"),
    "voucher": _l("Voucher"),
    "external_voucher": _l("Partner's voucher"),
    "partner_billed": _l("Billed to the partner"),
}
PAYMENT_STATUS_WORDS = {
    "pending": _l("To pay"),
    "awaiting_payment": _l("Waiting for payment"),
    "paid": _l("Paid"),
    "failed": _l("Payment failed"),
    "refunded": _l("Refunded"),
    "charged": _l("Charged"),
    "charged_to_room": _l("Charged to the room"),
    "card_saved": _l("Card on file"),
    "expired": _l("Payment expired"),
    "offert": _l("Complimentary"),
    "pending_partner_billing": _l("To bill to the partner"),
    "pending_room_charge": _l("To charge to the room"),
    "pending_voucher_check": _l("Voucher to check"),
}
UNPAID = frozenset({"pending", "awaiting_payment", "failed", "expired"})
CLIENT_TYPE_WORDS = {
    "hotel": _l("Hotel guest"),
    "staycation": _l("Staycation guest"),
    "classpass": _l("ClassPass guest"),
    "external": _l("Guest from outside"),
}
OFFER_WORDS = {
    "open": _l("Asked"),
    "accepted": _l("Accepted"),
    "declined": _l("Declined"),
    "withdrawn": _l("Gave it back"),
    "taken": _l("A colleague was faster"),
    "cancelled": _l("No longer asked"),
}
DECLINE_WORDS = {
    "not_free": _l("Not free"),
    "too_far": _l("Too far"),
    "not_my_treatment": _l("Not my treatment"),
    "too_late": _l("Too late in the day"),
    "other": _l("Another reason"),
}
UNABLE_WORDS = {
    BUSY: _l("Has another guest then"),
    AWAY: _l("Away"),
    BLOCKED: _l("Time is blocked"),
    OFF: _l("Does not work then"),
    FAR: _l("On the way between two venues"),
    UNSKILLED: _l("Does not do this treatment any more"),
}
GENDER_WORDS = {"female": _l("A woman, if possible"), "male": _l("A man, if possible")}
_EVENT_WORDS = {
    "requested": _l("Booking received"),
    "created": _l("Booking received"),
    "room_changed": _l("Another room was chosen"),
    "unread": _l("The therapist has not confirmed a late change"),
    "arrived": _l("The guest has arrived"),
    "begun": _l("The treatment has begun"),
    "completed": _l("The treatment is over"),
    "noshow": _l("The guest did not come"),
    "cancelled": _l("Booking cancelled"),
    "moved": _l("Booking moved"),
    "asked": _l("The next therapists were asked"),
    "asked_rest": _l("All the others were asked at once"),
    "alerted": _l("Nobody is left to be asked"),
    "edited": _l("Details changed"),
    "undone": _l("The last step was undone"),
    "put_back": _l("An older state was put back"),
}


def event_sentence(event: BookingEvent) -> str:
    """What happened, in one sentence."""
    if told := _about_therapist(event):
        return told
    if reason := event.details.get("overbooked"):
        return _("Overbooked on purpose: %(reason)s", reason=reason)
    if reason := event.details.get("despite"):
        return _("Booked although the guest is blocked: %(reason)s", reason=reason)
    if event.details.get("flagged"):
        return _("Booking received, for a guest who is blocked")
    if event.verb == "moved" and event.details.get("zone"):
        return _("The venue has another time zone; the time on the clock stays")
    if event.verb == "arrived" and event.details.get("guest"):
        return _("%(name)s has arrived", name=event.details["guest"])
    if event.verb == "payment":
        return payment_sentence(event)
    return _about_guest(event) or str(_EVENT_WORDS.get(event.verb, _("Booking changed")))


def _about_therapist(event: BookingEvent) -> str | None:
    """What a therapist did, or what was done about her; None for everything else."""
    name = event.details.get("therapist")
    if event.verb == "asked_for" and not name:
        return _("The guest asks for nobody any more")
    if event.verb == "taken_back":
        return _("No longer asked: %(names)s", names=", ".join(event.details.get("names", [])))
    if not name:
        return None
    sentences = {
        "accepted": _("%(name)s accepted the booking", name=name),
        "declined": _("%(name)s declined the booking", name=name),
        "withdrawn": _("%(name)s gave the booking back", name=name),
        "assigned": _("Given to %(name)s", name=name),
        "unassigned": _("Taken from %(name)s", name=name),
        "handed_over": _("%(name)s takes it over from %(giver)s", name=name, giver=event.details.get("giver", "")),
        "asked_for": _("The guest asks for %(name)s", name=name),
        "proposal_withdrawn": _("%(name)s took the suggestion of another time back", name=name),
        "proposal_accepted": _("The time that %(name)s suggested was accepted", name=name),
        "proposal_refused": _("The time that %(name)s suggested was refused", name=name),
    }
    return _proposed(event, name) if event.verb == "proposed" else sentences.get(event.verb)


def _proposed(event: BookingEvent, name: str) -> str:
    instant, zone = datetime.fromisoformat(event.details["starts_at"]), event.booking.venue.timezone
    return _("%(name)s suggested %(when)s", name=name, when=inner_day_and_time(instant, zone))


def _about_guest(event: BookingEvent) -> str | None:
    """What happened with one of several guests; None for everything else."""
    name = event.details.get("guest") or _("the second guest")
    sentences = {
        "joined": _("%(name)s joined", name=name),
        "left": _("%(name)s gave the place up", name=name),
        "attended": _("%(name)s took part", name=name),
        "missed": _("%(name)s did not come", name=name),
        "expected": _("%(name)s is expected again", name=name),
        "named": _("The second guest is %(name)s", name=name),
        "guest_named": _("The guest is %(name)s", name=name),
        "parted": _("For one guest from now on: %(name)s does not come", name=name)
        + (f" ({reason})" if (reason := event.details.get("reason")) else ""),
    }
    return sentences.get(event.verb)


def payment_sentence(event: BookingEvent) -> str:
    """Which line of the ledger was written or voided, in the venue's words, and for which member of a class."""
    details = event.details
    amount = money(int(details.get("amount", 0)), str(details.get("currency", "EUR")))
    kind = kinds(event.booking.venue).get(str(details.get("kind")))
    told = _("%(what)s: %(amount)s", what=kind, amount=amount) if kind else _("Booking changed")
    if details.get("voided"):
        told = _("Voided in the ledger: %(amount)s", amount=amount)
    return f"{told}, {details['guest']}" if details.get("guest") else told


def guest_label(participant: Participant) -> str:
    """How one of several guests is called: by name, else by number."""
    return participant.label or _("guest %(number)s", number=participant.position + 1)


def offer_sentence(offer: Offer) -> str:
    """How she answered."""
    return str(OFFER_WORDS.get(offer.status, offer.status))
