"""What the desk can choose from at a venue: treatments, therapists, rooms, ways to pay."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from portal.bookings.desk.queries import load_variants, most_booked
from portal.customers.queries import usual_of
from portal.i18n import label_of, name_of
from portal.models import Customer, Room, StaffMember, Treatment, Variant, Venue
from portal.team.queries import rooms_of, therapists_of
from portal.uuids import as_uuid


@dataclass(frozen=True, slots=True)
class Choices:
    """All of it, read once; whatever is not among it cannot be chosen."""

    variants: list[Variant]
    therapists: list[StaffMember]
    rooms: list[Room]

    @classmethod
    def of(cls, venue: Venue) -> Choices:
        return cls(load_variants(venue), therapists_of(venue), rooms_of(venue))

    def variant(self, text: str | None) -> Variant | None:
        """The variant of that uuid."""
        return next((one for one in self.variants if one.uuid == as_uuid(text)), None)

    def therapist(self, text: str | None) -> StaffMember | None:
        """The therapist of that uuid."""
        return next((one for one in self.therapists if one.uuid == as_uuid(text)), None)

    def room(self, text: str | None) -> Room | None:
        """The room of that uuid."""
        return next((one for one in self.rooms if one.uuid == as_uuid(text)), None)

    def people(self, resource_ids: Iterable[int]) -> tuple[StaffMember, ...]:
        """The therapists with these resources, in their order."""
        by_resource = {one.resource_id: one for one in self.therapists}
        return tuple(by_resource[one] for one in resource_ids if one in by_resource)

    def room_names(self, room_ids: Iterable[int]) -> tuple[str, ...]:
        """What these rooms are called in the reader's language."""
        by_id = {room.id: name_of(room) for room in self.rooms}
        return tuple(by_id[one] for one in room_ids if one in by_id)

    @property
    def menu(self) -> list[tuple[str, list[Variant]]]:
        """The variants by their treatment, for a list to choose from."""
        groups = groupby(self.variants, key=_treatment)
        return [(name_of(treatment), list(variants)) for treatment, variants in groups]

    @property
    def shortest(self) -> int:
        """The minutes of the shortest treatment: what is left free should hold at least one."""
        return min((one.duration for one in self.variants if not one.treatment.is_addon), default=30)

    def usual(self, venue: Venue, customer: Customer | None) -> Variant | None:
        """What the guest usually takes, else what is booked most at the venue, else the first of the menu."""
        known = usual_of(venue, customer).variant if customer else None
        keys = [known.id] if known else [most_booked(venue)]
        found = (one for one in self.variants if one.id in keys)
        return (
            next(found, None) or next((one for one in self.variants if one.is_default), None) or _first(self.variants)
        )


def words_of(variant: Variant) -> str:
    """`Massage relaxant, 60 min` in the reader's language."""
    return f"{name_of(variant.treatment)}, {label_of(variant)}"


def _treatment(variant: Variant) -> Treatment:
    return variant.treatment


def _first(variants: list[Variant]) -> Variant | None:
    return variants[0] if variants else None
