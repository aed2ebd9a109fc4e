"""The person map: every table, and what it holds of a guest: which rows are hers, what she is told, what erasing does.

A test fails when a table is neither here nor in others.py, or one of its columns neither emptied nor said to stay.
"""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from sqlalchemy import and_, func, null, or_

from portal.clock import now
from portal.models import (
    ApiCall,
    Assignment,
    AuditEntry,
    Booking,
    BookingEvent,
    BookingItem,
    Change,
    Claim,
    CounterProposal,
    Customer,
    CustomerApart,
    CustomerConsent,
    CustomerKey,
    CustomerLink,
    CustomerNote,
    Delivery,
    GuestImportLine,
    GuestMerge,
    GuestMessage,
    HealthNote,
    Notice,
    Offer,
    OutboxEvent,
    Parked,
    Participant,
    Payment,
    Series,
    SoftHold,
    Ticket,
    TicketOrder,
    VisitLook,
)
from portal.persons import mending
from portal.persons.holding import Fate, Holding, hers, messages, notices, of_bookings, of_items, orders, subjects
from portal.persons.person import uuids

_ACCOUNTS = _l("Accounts: what was done when, for how much, and how it was paid.")
_TEAM = _l("The team’s own work: who was asked and who came.")
_TRAIL = _l("Who did what and when, without the guest.")
_NO_VALUE = null()


# In the order in which they can be taken away: what points at another row stands before it.
MAP: tuple[Holding, ...] = (
    Holding(
        model=OutboxEvent, what=_l("Waiting to be passed on"), fate=Fate.STAYS, why=_TRAIL,
        rows=lambda her: and_(
            OutboxEvent.organisation_id == her.organisation_id, subjects(OutboxEvent.subject, her)
        ),
        emptied={
            "payload": {}, "error": _NO_VALUE, "subject": mending.subject_without_her(OutboxEvent.subject),
            "done_at": lambda _her: func.coalesce(OutboxEvent.done_at, now()),
        },
        plain="id uuid type created_at run_at attempts lease_until failed_at organisation_id",
        untold_because="identifiers only",
    ),
    Holding(
        model=AuditEntry, what=_l("Trail of changes"), fate=Fate.STAYS, why=_TRAIL,
        rows=lambda her: and_(AuditEntry.organisation_id == her.organisation_id, subjects(AuditEntry.subject, her)),
        emptied={"details": {}, "subject": mending.subject_without_her(AuditEntry.subject)},
        plain="id organisation_id venue_id at actor_kind actor actor_name door verb",
        told="trail", untold="id organisation_id venue_id actor subject",
    ),
    Holding(
        model=ApiCall, what=_l("Calls of partners"), fate=Fate.GOES,
        rows=lambda her: and_(
            ApiCall.organisation_id == her.organisation_id,
            or_(
                ApiCall.booking.in_(uuids(Booking, her.bookings)),
                *[mending.holds(ApiCall.path, str(name)) for name in her.names],
            ),
        ),
        untold_because="what a partner asked for, without her name, address or number",
    ),
    Holding(
        model=CustomerKey, rows=hers(CustomerKey.customer_id), fate=Fate.GOES, what=_l("Search terms"),
        untold_because="follows from her name, address and number",
    ),
    Holding(
        model=CustomerNote, rows=hers(CustomerNote.customer_id), fate=Fate.GOES, what=_l("Notes"),
        told="notes", untold="id uuid customer_id author_id version organisation_id",
    ),
    Holding(
        model=CustomerConsent, rows=hers(CustomerConsent.customer_id), fate=Fate.GOES, what=_l("Consents"),
        told="consents", untold="id uuid customer_id actor organisation_id",
    ),
    Holding(
        model=CustomerLink, what=_l("Linked people"), fate=Fate.GOES,
        rows=lambda her: or_(CustomerLink.customer_id == her.id, CustomerLink.other_id == her.id),
        untold_because="told with the names of the others, see export.py",
    ),
    Holding(
        model=CustomerApart, what=_l("Guests compared with"), fate=Fate.GOES,
        rows=lambda her: or_(CustomerApart.customer_id == her.id, CustomerApart.other_id == her.id),
        untold_because="says only that somebody else is somebody else",
    ),
    Holding(
        model=GuestMerge, rows=hers(GuestMerge.customer_id), fate=Fate.GOES, what=_l("Merged guests"),
        told="merged", untold="id uuid customer_id kept organisation_id",
    ),
    Holding(
        model=GuestImportLine, what=_l("Lines of imported files"), fate=Fate.GOES,
        rows=lambda her: and_(
            GuestImportLine.organisation_id == her.organisation_id,
            or_(
                GuestImportLine.customer_id == her.id,
                *[mending.holds(GuestImportLine.cells, word) for word in her.words],
            ),
        ),
        told="imported", untold="id import_id customer_id organisation_id faults",
    ),
    Holding(
        model=HealthNote, rows=hers(HealthNote.customer_id), fate=Fate.GOES, what=_l("Health notes"),
        untold_because="opened for those who may see it, see export.py",
    ),
    Holding(
        model=Delivery, what=_l("How the team was told"), fate=Fate.GOES,
        rows=lambda her: Delivery.notice_id.in_(mending.ids_where(Notice, notices(her))),
        untold_because="what the team is told names no guest",
    ),
    Holding(
        model=Notice, rows=notices, fate=Fate.GOES, what=_l("What the team was told"),
        untold_because="what the team is told names no guest",
    ),
    Holding(
        model=GuestMessage, rows=messages, fate=Fate.GOES, what=_l("Messages to the guest"),
        told="messages", untold="id uuid change_id details organisation_id",
    ),
    Holding(
        model=Parked, rows=of_bookings(Parked.booking_id), fate=Fate.GOES, what=_l("Bookings picked up"),
        untold_because="a booking that somebody at the desk is moving",
    ),
    Holding(
        model=VisitLook, rows=of_items(VisitLook.item_id), fate=Fate.GOES, what=_l("What therapists knew"),
        untold_because="what a therapist last saw of her own day",
    ),
    Holding(
        model=SoftHold, what=_l("What is being typed"), fate=Fate.STAYS,
        why=_l("A form that somebody at the desk has open."),
        rows=lambda her: SoftHold.organisation_id == her.organisation_id,
        mended={"draft": mending.without_mentions},
        plain="id uuid member_id resource_id starts_at ends_at expires_at venue_id organisation_id",
        untold_because="gone after minutes",
    ),
    Holding(
        model=Change, what=_l("Steps that can be undone"), fate=Fate.STAYS, why=_TEAM,
        rows=lambda her: and_(Change.organisation_id == her.organisation_id, Change.uuid.in_(her.changes)),
        emptied={"undone_at": func.coalesce(Change.undone_at, Change.at)},
        mended={"before": mending.states_without},
        plain="id uuid member_id at verb after venue_id organisation_id",
        untold_because="what a booking was before it is what it is",
    ),
    Holding(
        model=Series, what=_l("Series"), fate=Fate.STAYS, why=_TEAM,
        rows=lambda her: and_(
            Series.organisation_id == her.organisation_id,
            or_(*[mending.holds(Series.template, str(name)) for name in her.names]),
        ),
        emptied={"ended_on": func.coalesce(Series.ended_on, Series.made_until), "version": Series.version + 1},
        mended={"template": mending.template_without},
        plain="id uuid rule first skipped made_until created_by_id created_at venue_id organisation_id",
        told="series", untold="id uuid created_by_id version organisation_id",
    ),
    Holding(
        model=CounterProposal, what=_l("Suggestions of therapists"), fate=Fate.STAYS, why=_TEAM,
        rows=lambda her: CounterProposal.offer_id.in_(her.offers),
        emptied={"answer": _NO_VALUE},
        plain="id uuid offer_id room_id starts_at ends_at status made_at expires_at closed_at closed_by venue_id"
        " organisation_id",
        untold_because="who of the team was asked when",
    ),
    Holding(
        model=Offer, rows=of_items(Offer.item_id), what=_l("Offers to therapists"), fate=Fate.STAYS, why=_TEAM,
        emptied={"reason": mending.code_or_nothing(Offer.reason, "desk"), "because": _NO_VALUE},
        plain="id uuid item_id member_id rank status sent_at delivered_at seen_at answered_at closed_at venue_id"
        " organisation_id",
        untold_because="who of the team was asked when",
    ),
    Holding(
        model=Assignment, rows=of_items(Assignment.item_id), what=_l("Who treated"), fate=Fate.STAYS, why=_TEAM,
        plain="id item_id member_id assigned_at ended_at",
        told="treated_by", untold="id",
    ),
    Holding(
        model=Claim, rows=of_items(Claim.item_id), what=_l("Rooms and times"), fate=Fate.STAYS, why=_TEAM,
        plain="id resource_id item_id block_id starts_at ends_at active overbooked venue_id organisation_id",
        untold_because="the booking says when it was",
    ),
    Holding(
        model=BookingEvent, what=_l("History of bookings"), fate=Fate.STAYS, why=_TRAIL,
        rows=lambda her: BookingEvent.booking_id.in_(her.bookings),
        mended={"details": mending.known_details},
        plain="id booking_id at verb from_status to_status actor_kind actor actor_name door",
        told="history", untold="id actor actor_kind",
    ),
    Holding(
        model=BookingEvent, what=_l("History of shared bookings"), fate=Fate.STAYS,
        why=_l("The history of other people’s bookings, without the name."),
        rows=lambda her: BookingEvent.booking_id.in_(her.shared),
        mended={"details": mending.details_without},
        plain="id booking_id at verb from_status to_status actor_kind actor actor_name door",
        untold_because="other people’s bookings",
    ),
    Holding(
        model=Ticket, what=_l("Tickets"), fate=Fate.STAYS, why=_ACCOUNTS,
        rows=lambda her: Ticket.order_id.in_(mending.ids_where(TicketOrder, orders(her))),
        emptied={"attendee_name": _NO_VALUE},
        plain="id uuid order_id ticket_type_id secret code status redeemed_at created_at organisation_id",
        told="tickets", untold="id uuid order_id secret organisation_id",
    ),
    Holding(
        model=TicketOrder, rows=orders, what=_l("Ticket orders"), fate=Fate.STAYS, why=_ACCOUNTS,
        emptied={"customer_id": _NO_VALUE, "buyer_name": "–", "buyer_email": _NO_VALUE},
        plain="id uuid number event_id status total_minor currency expires_at created_at venue_id organisation_id",
        told="orders", untold="id uuid customer_id organisation_id",
    ),
    Holding(
        model=Payment, what=_l("Payments"), fate=Fate.STAYS, why=_ACCOUNTS,
        rows=lambda her: or_(Payment.booking_id.in_(her.bookings), Payment.participant_id.in_(her.seats)),
        emptied={"note": _NO_VALUE},
        plain="id uuid booking_id participant_id kind method amount_minor currency at actor actor_name voided_at"
        " voided_by_name venue_id organisation_id",
        told="payments", untold="id uuid participant_id actor organisation_id",
    ),
    Holding(
        model=Participant, what=_l("Places in classes and couples"), fate=Fate.STAYS, why=_ACCOUNTS,
        rows=lambda her: or_(
            Participant.customer_id == her.id,
            and_(Participant.booking_id.in_(her.bookings), Participant.customer_id.is_(None)),
        ),
        emptied={"customer_id": _NO_VALUE, "name": _NO_VALUE},
        plain="id uuid booking_id position status price_minor payment_status arrived_at joined_at left_at venue_id"
        " organisation_id",
        told="places", untold="id uuid customer_id organisation_id",
    ),
    Holding(
        model=BookingItem, rows=of_bookings(BookingItem.booking_id), what=_l("Treatments"), fate=Fate.STAYS,
        why=_ACCOUNTS,
        emptied={"gender_preference": _NO_VALUE, "requested_id": _NO_VALUE},
        plain="id uuid booking_id treatment_id variant_id position starts_at ends_at buffer_minutes guest_count"
        " price_minor room_pinned out_of_hours therapists_assigned offered_rank next_wave_at alerted_at venue_id"
        " organisation_id",
        told="treatments",
        untold="id uuid buffer_minutes room_pinned therapists_assigned offered_rank next_wave_at alerted_at"
        " organisation_id",
    ),
    Holding(
        model=Booking, rows=hers(Booking.customer_id), what=_l("Bookings"), fate=Fate.STAYS, why=_ACCOUNTS,
        emptied={
            "notes": _NO_VALUE, "room_number": _NO_VALUE, "external_id": _NO_VALUE, "external_reference": _NO_VALUE,
            "cancellation_reason": _NO_VALUE, "customer_id": _NO_VALUE, "version": Booking.version + 1,
        },
        plain="id uuid number status channel api_key_id created_by_id test client_type payment_method payment_status"
        " price_minor currency guest_count guest_language starts_at ends_at therapist_id therapist_assigned_at"
        " series_id series_date deposit_required_minor deposit_due_at arrived_at began_at finished_at cancelled_at"
        " cancelled_by cancellation_fee_minor cancellation_refund_percent cancellation_tiers created_at updated_at"
        " venue_id organisation_id",
        told="bookings", untold="id customer_id api_key_id created_by_id series_id version organisation_id",
    ),
    Holding(
        model=Customer, rows=hers(Customer.id), fate=Fate.GOES, what=_l("Profile"),
        told="profile", untold="id organisation_id email_key name_key order_key version",
    ),
)  # fmt: skip
