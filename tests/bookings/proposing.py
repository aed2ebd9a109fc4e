"""Short ways to a suggested time, and to what the desk answers."""

from __future__ import annotations

from sqlalchemy import select

from portal.audit import Actor
from portal.bookings.proposals.service import propose_time
from portal.database import db
from portal.models import Booking, CounterProposal, StaffMember
from tests.bookings.conftest import offer_to, phone
from tests.factories import House


def propose(house: House, booking: Booking, clock: str, member: StaffMember | None = None) -> CounterProposal:
    """The member, by default Thérèse, could at that local time of the house's day."""
    member = member or house.therese
    offer = offer_to(booking, member)
    return propose_time(house.lutetia, offer=offer, starts_at=house.at(clock), by=phone(member))


def desk(house: House) -> Actor:
    return Actor.of_member(house.camille, door="agenda")


def suggestions() -> list[tuple[str, str]]:
    """Whose suggestion each is and what became of it, in order."""
    db.session.rollback()
    query = select(CounterProposal).order_by(CounterProposal.id).execution_options(populate_existing=True)
    return [(one.offer.member.first_name, one.status) for one in db.session.scalars(query)]
