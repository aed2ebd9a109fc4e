"""All tables, shared by all rooms. Importing this package registers every model."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, String

from portal.database import Base
from portal.models.absence import ShiftSwap, TimeOff
from portal.models.account import EmailChange, LoginLink, MemberPhoto, RecoveryCode, SecondFactor
from portal.models.api_key import ApiKey, RateWindow
from portal.models.audit_entry import AuditEntry
from portal.models.booking import Booking
from portal.models.booking_event import BookingEvent
from portal.models.booking_item import Assignment, BookingItem
from portal.models.change import Change
from portal.models.claim import Claim
from portal.models.customer import Customer
from portal.models.customer_facts import CustomerConsent, CustomerLink, CustomerNote
from portal.models.customer_key import CustomerKey
from portal.models.desk import Parked, SoftHold
from portal.models.event import Event
from portal.models.feed import CalendarFeed
from portal.models.guest_import import GuestImport, GuestImportLine
from portal.models.guest_merge import CustomerApart, GuestMerge
from portal.models.health import HealthNote
from portal.models.look import VisitLook
from portal.models.member import LoginAttempt, LoginSession, Qualification, StaffMember, VenueMember
from portal.models.message import GuestMessage, LiveEvent, OutboxEvent
from portal.models.notice import Delivery, Notice, PushSubscription
from portal.models.offer import Offer
from portal.models.order import TicketOrder
from portal.models.organisation import Counter, Organisation
from portal.models.participant import Participant
from portal.models.partner import ApiCall, Partner, PartnerQuota
from portal.models.payment import Payment
from portal.models.proposal import CounterProposal
from portal.models.resource import Person, Resource, Room, RoomType
from portal.models.rota import RotaTemplate
from portal.models.series import Series
from portal.models.shift import Block, Shift
from portal.models.ticket import Ticket, TicketType
from portal.models.treatment import Treatment, Variant
from portal.models.venue import OpeningHours, SpecialDay, Venue, VenueBlock, VenuePicture
from portal.models.wish import OfferWish


def _bound_texts() -> None:
    """SQLite ignores the length of a VARCHAR: say it again as a check, so that both databases refuse alike."""
    for table in Base.metadata.tables.values():
        for column in table.columns:
            if isinstance(column.type, String) and column.type.length:
                check = f"length({column.name}) <= {column.type.length}"
                table.append_constraint(CheckConstraint(check, name=f"{column.name}_length"))


_bound_texts()

__all__ = [
    "ApiCall",
    "ApiKey",
    "Assignment",
    "AuditEntry",
    "Block",
    "Booking",
    "BookingEvent",
    "BookingItem",
    "CalendarFeed",
    "Change",
    "Claim",
    "Counter",
    "CounterProposal",
    "Customer",
    "CustomerApart",
    "CustomerConsent",
    "CustomerKey",
    "CustomerLink",
    "CustomerNote",
    "Delivery",
    "EmailChange",
    "Event",
    "GuestImport",
    "GuestImportLine",
    "GuestMerge",
    "GuestMessage",
    "HealthNote",
    "LiveEvent",
    "LoginAttempt",
    "LoginLink",
    "LoginSession",
    "MemberPhoto",
    "Notice",
    "Offer",
    "OfferWish",
    "OpeningHours",
    "Organisation",
    "OutboxEvent",
    "Parked",
    "Participant",
    "Partner",
    "PartnerQuota",
    "Payment",
    "Person",
    "PushSubscription",
    "Qualification",
    "RateWindow",
    "RecoveryCode",
    "Resource",
    "Room",
    "RoomType",
    "RotaTemplate",
    "SecondFactor",
    "Series",
    "Shift",
    "ShiftSwap",
    "SoftHold",
    "SpecialDay",
    "StaffMember",
    "Ticket",
    "TicketOrder",
    "TicketType",
    "TimeOff",
    "Treatment",
    "Variant",
    "Venue",
    "VenueBlock",
    "VenueMember",
    "VenuePicture",
    "VisitLook",
]
