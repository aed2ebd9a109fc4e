"""Refusals of the booking verbs, in the words of the trade."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import ClassVar

from flask_babel import lazy_gettext as _l

from portal.errors import Conflict, Invalid, NotAllowed
from portal.models import Booking, Customer


class SlotUnavailable(Conflict):
    """The slot cannot be had: `reason` as in the partner API, the `interval` responsible, the nearest alternatives.

    `subject` is the room or person in the way, `cause` what keeps a chosen therapist (see slots/causes.py).
    """

    code = "slot_unavailable"
    message = _l("This time is no longer free.")

    def __init__(
        self,
        reason: str,
        *,
        interval: tuple[datetime, datetime],
        alternatives: Sequence[datetime] = (),
        cause: str | None = None,
        subject: int | None = None,
    ) -> None:
        super().__init__(field="starts_at")
        self.reason, self.interval, self.alternatives = reason, interval, list(alternatives)
        self.cause, self.subject = cause, subject


class ClockChanged(Conflict):
    """The venue has got another time zone since it was read: no time that was asked for is what it was."""

    code = "slot_unavailable"
    message = _l("The venue has just got another time zone. Please look at the times again.")


class GuestBlocked(Conflict):
    """The guest is refused at all venues: `customer`, who carries the reason. A manager may decide otherwise."""

    code = "guest_blocked"
    message = _l("This guest is blocked: only a manager may book all the same.")

    def __init__(self, customer: Customer) -> None:
        super().__init__(field="guest")
        self.customer = customer


class DuplicateExternalId(Conflict):
    """A booking with this external id exists at the venue: `booking` once it can be read, None while in flight."""

    code = "duplicate_external_id"
    message = _l("A booking with this reference exists already.")

    def __init__(self, booking: Booking | None = None) -> None:
        super().__init__(field="external_id")
        self.booking = booking


class OfferRefused(Conflict):
    """A therapist cannot have this offer; there is nothing for her to do."""


class NotOffered(NotAllowed):
    """The offer is somebody else's, or she no longer works here."""

    code = "unauthorized"
    message = _l("This offer is not addressed to you.")


class AlreadyTaken(OfferRefused):
    """A colleague was faster."""

    code = "already_taken"
    message = _l("Just taken by a colleague. Nothing to do.")


class AlreadyYours(OfferRefused):
    """She accepted it before."""

    code = "already_yours"
    message = _l("It is yours already. You can give it back from your day.")


class OfferCancelled(OfferRefused):
    """The booking is gone."""

    code = "offer_cancelled"
    message = _l("The spa cancelled this offer.")


class OfferExpired(OfferRefused):
    """Its time has begun, or she had answered before."""

    code = "offer_closed"
    message = _l("It is too late for this one.")


class NotQualified(OfferRefused):
    """The treatment is not among those she does."""

    code = "not_qualified"
    message = _l("This treatment is not among those you do. The desk has been told.")


class NotFree(OfferRefused):
    """She is busy, blocked or off shift at that time; `details["interval"]` says when."""

    code = "not_free"
    message = _l("You are not free at that time.")


class Stale(Conflict):
    """The form was drawn before somebody else's change."""

    code: ClassVar[str] = "stale"
    message = _l("Somebody has changed this booking in the meantime. Please look at it again.")


class BadTime(Invalid):
    """A start, an end or a length that cannot be."""

    code = "bad_time"
    message = _l("Please choose from 5 minutes to 12 hours, in steps of 5 minutes.")
