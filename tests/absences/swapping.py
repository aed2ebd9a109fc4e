"""Short ways to put a shift up and to see whose it is."""

from __future__ import annotations

from datetime import time, timedelta
from typing import Any

from sqlalchemy import select

from portal.absences.swaps.service import accept_swap, ask_swap
from portal.database import db
from portal.models import Shift, ShiftSwap, StaffMember
from tests.absences.conftest import phone
from tests.factories import House, make_member, make_shift


def shift_of(house: House, member: StaffMember, days: int = 0) -> Shift:
    """The member's shift so many days after the house's day."""
    query = select(Shift).where(Shift.member_id == member.id).order_by(Shift.starts_at)
    return db.session.scalars(query).all()[days]


def colleague(house: House, name: str = "Inès", *, on_shift: bool = False, **given: Any) -> StaffMember:
    """A therapist of the venue without a shift on the house's day unless she is `on_shift`."""
    made = make_member(house.organisation, house.lutetia, first_name=name, **given)
    if on_shift:
        make_shift(house.lutetia, made, house.day)
    return made


def evening(house: House, member: StaffMember, days: int) -> Shift:
    """A shift of hers from two to eight on another day."""
    return make_shift(house.lutetia, member, house.day + timedelta(days=days), start=time(14), end=time(20))


def ask(house: House, shift: Shift, **given: Any) -> ShiftSwap:
    return ask_swap(house.lutetia, shift=shift, **given, by=phone(shift.member))


def accepted(house: House, shift: Shift, taker: StaffMember, **given: Any) -> ShiftSwap:
    """Asked of the taker, who has accepted."""
    swap = ask(house, shift, colleague=taker, **given)
    return accept_swap(house.lutetia, swap=swap, by=phone(taker))
