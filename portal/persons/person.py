"""Somebody as the rows of many tables know her."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ScalarSelect, Select, select

from portal.folding import fold
from portal.models import Booking, BookingItem, Customer, Offer, Participant

# A name of fewer letters stands in too many texts that are not hers.
LEAST_NAME = 4
GONE = "…"


@dataclass(frozen=True, slots=True)
class Person:
    """A guest of one organisation, and the words that lead to her.

    `names` are her public identifiers, those of guests merged into her included; `words` her name, addresses and
    numbers, folded; `address` is her e-mail as it is compared; `changes` what the desk did with her bookings, and
    `bookings_named` their public identifiers.
    """

    id: int
    organisation_id: int
    names: tuple[UUID, ...]
    words: tuple[str, ...]
    address: str | None
    changes: tuple[UUID, ...] = ()
    bookings_named: frozenset[str] = frozenset()

    @property
    def bookings(self) -> Select[Any]:
        """The keys of bookings that stand under her name."""
        return select(Booking.id).where(Booking.customer_id == self.id)

    @property
    def shared(self) -> Select[Any]:
        """The keys of other people's bookings and of classes that she takes part in."""
        hers = Participant.customer_id == self.id
        return select(Participant.booking_id).where(hers, Participant.booking_id.not_in(self.bookings))

    @property
    def items(self) -> Select[Any]:
        """The keys of her treatments."""
        return select(BookingItem.id).where(BookingItem.booking_id.in_(self.bookings))

    @property
    def offers(self) -> Select[Any]:
        return select(Offer.id).where(Offer.item_id.in_(self.items))

    @property
    def seats(self) -> Select[Any]:
        return select(Participant.id).where(Participant.customer_id == self.id)

    def mentions(self, text: str) -> bool:
        """Whether the text holds one of her words."""
        plain, digits = fold(text), "".join(filter(str.isdigit, text))
        return any(word in (digits if word.isdigit() else plain) for word in self.words)

    def scrubbed(self, kept: Any) -> Any:
        """A JSON document without the texts that mention her or name her."""
        match kept:
            case dict():
                return {name: self.scrubbed(value) for name, value in kept.items()}
            case list():
                return [self.scrubbed(value) for value in kept]
            case str() if kept in {str(name) for name in self.names} or self.mentions(kept):
                return GONE
        return kept


def words_of(customer: Customer, phones: list[str]) -> tuple[str, ...]:
    """What her name, address and numbers look like once texts are folded: numbers as digits without the country's code
    (as long as that leaves eight of them).
    """
    name = customer.name_key if len(customer.name_key) >= LEAST_NAME and " " in customer.name_key else ""
    swapped = fold(f"{customer.last_name or ''} {customer.first_name or ''}") if name else ""
    tails = [number.lstrip("+")[-8:] for number in phones if len(number) > 8]
    return tuple(dict.fromkeys(filter(None, (name, swapped, fold(customer.email or ""), *tails))))


def uuids(of: Any, keys: Select[Any]) -> ScalarSelect[Any]:
    """The public identifiers of rows of a model by their keys."""
    return select(of.uuid).where(of.id.in_(keys)).scalar_subquery()
