"""What this room listens to in the outbox."""

from __future__ import annotations

from portal.notices.offers import tell_of_open_offers, tell_of_unanswered_offers, tell_of_withdrawn_offers
from portal.notices.post import carry_email, carry_sms
from portal.notices.pushing import carry_push
from portal.notices.sending import dispatch, follow_up
from portal.notices.service import MEMBER_NOTICE
from portal.notices.ways import BY_EMAIL, BY_PUSH, BY_SMS, SILENT
from portal.webhooks.delivery import Subscriber

NOTICE_SUBSCRIBERS: dict[str, list[Subscriber]] = {
    # Whoever opens offers of a booking, takes them back or has nobody left to ask publishes the first three about it.
    "offers.opened": [tell_of_open_offers],
    "offers.withdrawn": [tell_of_withdrawn_offers],
    "offers.unanswered": [tell_of_unanswered_offers],
    "booking.created": [tell_of_open_offers, tell_of_unanswered_offers],
    "booking.rescheduled": [tell_of_withdrawn_offers],
    "booking.cancelled": [tell_of_withdrawn_offers],
    MEMBER_NOTICE: [dispatch],
    BY_PUSH: [carry_push],
    BY_EMAIL: [carry_email],
    BY_SMS: [carry_sms],
    SILENT: [follow_up],
}
