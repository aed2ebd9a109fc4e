"""What a key may read: its venues, their menu, its bookings."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, bindparam, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from portal.api.partner.errors import OutOfReach, Unknown
from portal.customers.names import fold
from portal.database import db, is_storable
from portal.models import ApiKey, Booking, BookingItem, Treatment, Variant, Venue
from portal.uuids import as_uuid

CHANNEL = "partner"
# Partners book treatments; a class is joined at the desk.
APPOINTMENT = "appointment"
EXTERNAL = "ext:"
MAX_EXTERNAL = 255

# The two that each booking asks are built once: that takes as long as running them.
_VARIANT = (
    select(Variant)
    .join(Variant.treatment)
    .where(
        Variant.uuid == bindparam("uuid"),
        Variant.active,
        Treatment.active,
        Treatment.kind == APPOINTMENT,
        Treatment.organisation_id == bindparam("organisation_id"),
        Treatment.venue_id == bindparam("venue_id"),
    )
    .options(contains_eager(Variant.treatment))
)
_PUSHED = select(Booking.id).where(
    Booking.organisation_id == bindparam("organisation_id"),
    Booking.venue_id == bindparam("venue_id"),
    Booking.external_id == bindparam("external_id"),
)


def find_venues(key: ApiKey) -> list[Venue]:
    """The active venues of the key, by name."""
    query = select(Venue).where(_in_reach(key), Venue.status == "active")
    return sorted(db.session.scalars(query), key=lambda venue: (fold(venue.name), str(venue.uuid)))


def find_treatments(venue: Venue) -> list[Treatment]:
    """The active treatments that have an active variant, by sort order, then name."""
    found = db.session.scalars(
        _of_venue(venue)
        .join(Treatment.variants)
        .where(Variant.active)
        .order_by(Variant.sort_order.nulls_last(), Variant.guest_count, Variant.duration, Variant.id)
        .options(contains_eager(Treatment.variants))
        .execution_options(populate_existing=True)
    ).unique()
    return sorted(found, key=lambda one: (*_placed(one.sort_order), fold(one.name), str(one.uuid)))


def get_variant(venue: Venue, identifier: UUID | None) -> Variant:
    """The active variant of an active treatment of the venue, with its treatment. Raises Unknown."""
    variant = db.session.scalar(_VARIANT, {**_scope_of(venue), "uuid": identifier})
    if variant is None:
        raise Unknown("Variant not found")
    return variant


def find_pushed(venue: Venue, external_id: str) -> Booking | None:
    """The booking that was pushed under this id at the venue, with what its creation was answered with."""
    # Hardly ever is there one: its key alone is asked for first.
    known = db.session.scalar(_PUSHED, {**_scope_of(venue), "external_id": external_id})
    if known is None:
        return None
    items = selectinload(Booking.items).joinedload(BookingItem.variant, innerjoin=True)
    return db.session.scalar(select(Booking).where(Booking.id == known).options(items))


def get_booking(key: ApiKey, identifier: str) -> Booking:
    """The booking with this UUID, or with `ext:` and its external id or reference, with all that the API tells.

    Raises Unknown, and OutOfReach for one that the key's organisation did not make through the API.
    """
    if identifier.startswith(EXTERNAL):
        found = _find_external(key, identifier.removeprefix(EXTERNAL))
    else:
        uuid = as_uuid(identifier)
        found = db.session.scalar(_bookings().where(Booking.uuid == uuid)) if uuid else None
    if found is None:
        raise Unknown("BOOKING_NOT_FOUND")
    in_reach = found.organisation_id == key.organisation_id and key.venue_id in {None, found.venue_id}
    if not in_reach or found.channel != CHANNEL:
        raise OutOfReach("FORBIDDEN")
    return found


def _find_external(key: ApiKey, value: str) -> Booking | None:
    """The newest booking within the key's venues with this external id, else with this external reference."""
    if not _may_exist(value, MAX_EXTERNAL):
        return None
    venues = select(Venue.id).where(_in_reach(key))
    mine = _bookings().where(Booking.organisation_id == key.organisation_id, Booking.venue_id.in_(venues))
    for column in (Booking.external_id, Booking.external_reference):
        found = db.session.scalar(mine.where(column == value).order_by(Booking.id.desc()).limit(1))
        if found is not None:
            return found
    return None


def _may_exist(text: str, longest: int) -> bool:
    return 0 < len(text) <= longest and is_storable(text)


def _in_reach(key: ApiKey) -> ColumnElement[bool]:
    same = Venue.organisation_id == key.organisation_id
    return same if key.venue_id is None else and_(same, Venue.id == key.venue_id)


def _of_venue(venue: Venue) -> Select[Treatment]:
    return select(Treatment).where(
        Treatment.organisation_id == venue.organisation_id, Treatment.venue_id == venue.id, Treatment.active,
        Treatment.kind == APPOINTMENT,
    )  # fmt: skip


def _placed(sort_order: int | None) -> tuple[bool, int]:
    return sort_order is None, sort_order or 0


def _bookings() -> Select[Booking]:
    return select(Booking).options(
        joinedload(Booking.venue, innerjoin=True),
        joinedload(Booking.customer, innerjoin=True),
        joinedload(Booking.therapist),
        selectinload(Booking.items).options(
            joinedload(BookingItem.treatment, innerjoin=True), joinedload(BookingItem.variant, innerjoin=True)
        ),
    )


def _scope_of(venue: Venue) -> dict[str, int]:
    return {"organisation_id": venue.organisation_id, "venue_id": venue.id}
