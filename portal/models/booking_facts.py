"""What can be asked of a booking: questions that change nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal.models.booking_states import CONFIRMED, PAID_STATUSES, PENDING, SETTLED, UNDERWAY

if TYPE_CHECKING:
    from sqlalchemy.orm import Mapped

    from portal.models.booking_item import BookingItem
    from portal.models.customer import Customer
    from portal.models.member import StaffMember
    from portal.models.participant import Participant


class BookingFacts:
    """The questions, for the columns that `Booking` has."""

    if TYPE_CHECKING:
        status: Mapped[str]
        payment_status: Mapped[str]
        price_minor: Mapped[int]
        guest_count: Mapped[int]
        customer: Mapped[Customer | None]
        participants: Mapped[list[Participant]]
        items: Mapped[list[BookingItem]]

    @property
    def is_open(self) -> bool:
        """It can still be cancelled, moved or staffed."""
        return self.status in {PENDING, CONFIRMED}

    @property
    def is_paid(self) -> bool:
        return self.payment_status in PAID_STATUSES

    @property
    def is_underway(self) -> bool:
        """It is staffed and not over."""
        return self.status in UNDERWAY

    @property
    def is_settled(self) -> bool:
        """Nothing is left to collect from the guest, nor from any member of a class."""
        settled = self.payment_status in SETTLED or self.price_minor == 0
        return settled and not any(one.owes for one in self.participants)

    @property
    def guest_name(self) -> str:
        """Under whom it stands; empty for a nameless guest and for a class."""
        return self.customer.name if self.customer else ""

    @property
    def is_session(self) -> bool:
        """It is a class or an event that guests join, not the visit of one guest or of a couple."""
        return self.item.treatment.kind != "appointment"

    @property
    def is_for_several(self) -> bool:
        """It is the visit of a couple (or more), of whom one may come without the other."""
        return self.guest_count > 1 and not self.is_session

    @property
    def price_for_one(self) -> int:
        """What each of several guests costs, in minor units of the currency, rounded down."""
        return self.price_minor // self.guest_count

    @property
    def item(self) -> BookingItem:
        """The first item: the only one of bookings with a single treatment."""
        return self.items[0]

    @property
    def requested(self) -> StaffMember | None:
        """The therapist whom the guest asked for."""
        return self.item.requested
