"""Builder functions with defaults: each makes and saves what it names. `make_house` is the cast of all tests."""

from __future__ import annotations

import hashlib
import itertools
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any, TypeVar

from portal.clock import local_instant, today
from portal.database import Base, db
from portal.models import (
    ApiKey,
    Customer,
    Organisation,
    Partner,
    Person,
    Qualification,
    Room,
    RoomType,
    Shift,
    StaffMember,
    Treatment,
    Variant,
    Venue,
    VenueMember,
)

T = TypeVar("T", bound=Base)
_count = itertools.count(1)

PASSWORD = "thermes-demo"
# Argon2id with the cheapest parameters, so that tests do not pay for strength.
PASSWORD_HASH = "$argon2id$v=19$m=8,t=1,p=1$N8+18fbOziMo+gMYn3HjZg$BjuKHDDEs1HX2GAihm8nF8xfxnN0NcLbyt8wsX9dtDE"
ALL_PARTNER_SCOPES = [
    "venues:read", "treatments:read", "customers:read", "bookings:read", "availability:read", "bookings:write",
]  # fmt: skip


def save(*rows: T) -> T:
    """Add the rows, commit, and give the first one back."""
    db.session.add_all(rows)
    db.session.commit()
    return rows[0]


def make_organisation(**given: Any) -> Organisation:
    number = next(_count)
    return save(Organisation(**{"slug": f"organisation-{number}", "name": f"Organisation {number}"} | given))


def make_venue(organisation: Organisation, **given: Any) -> Venue:
    """Open every day 09:00–20:00 in Paris, on a 30-minute grid, without buffers or notice."""
    number = next(_count)
    defaults = {
        "organisation": organisation,
        "slug": f"venue-{number}",
        "name": f"Spa {number}",
        "currency": "EUR",
        "country": "FR",
        "timezone": "Europe/Paris",
    }
    return save(Venue(**defaults | given))


def make_room_type(organisation: Organisation, name: str = "Cabine") -> RoomType:
    return save(RoomType(organisation_id=organisation.id, name=name))


def make_room(venue: Venue, room_type: RoomType | None = None, **given: Any) -> Room:
    defaults = {
        "organisation_id": venue.organisation_id,
        "venue_id": venue.id,
        "name": f"Cabine {next(_count)}",
        "room_type": room_type,
        "capacity": 1,
    }
    return save(Room(**defaults | given))


def make_member(organisation: Organisation, *venues: Venue, role: str = "therapist", **given: Any) -> StaffMember:
    """A member with the password of the demo, linked to `venues` with priority 1."""
    first = given.pop("first_name", f"Person{next(_count)}")
    priority = given.pop("priority", 1)
    defaults = {
        "organisation": organisation,
        "email": f"{first.lower()}-{next(_count)}@example.org",
        "password_hash": PASSWORD_HASH,
        "first_name": first,
        "last_name": "Test",
        "role": role,
        "locale": "en",
    }
    member = StaffMember(**defaults | given)
    if role == "therapist":
        member.resource = Person(organisation_id=organisation.id, name=member.name)
    member.venue_links = [VenueMember(venue=venue, priority=priority) for venue in venues]
    return save(member)


def make_shift(venue: Venue, member: StaffMember, day: date, *, start: time = time(9), end: time = time(20)) -> Shift:
    return save(Shift.planned(venue, member, day=day, start=start, end=end))


def lend(member: StaffMember, venue: Venue, day: date, *, start: time, end: time) -> Shift:
    """She works at that venue meanwhile: her shifts of that day elsewhere leave her the time."""
    given = Shift.planned(venue, member, day=day, start=start, end=end)
    with db.session.no_autoflush:
        for one in db.session.query(Shift).filter_by(member_id=member.id, day=day).all():
            if one.starts_at < given.ends_at and given.starts_at < one.ends_at:
                pieces = [(one.start_time, start), (end, one.end_time)]
                at, kept = one.venue, [piece for piece in pieces if piece[0] < piece[1]]
                db.session.delete(one)
                db.session.flush()
                save(*[Shift.planned(at, member, day=day, start=first, end=last) for first, last in kept])
    return save(given)


def make_treatment(venue: Venue, room_type: RoomType | None = None, **given: Any) -> Treatment:
    """A 60-minute massage for 95.00 with one default variant; `duration`, `guest_count`, `price_minor` change it."""
    number = next(_count)
    variant = {key: given.pop(key) for key in ("duration", "guest_count", "price_minor") if key in given}
    defaults = {
        "organisation_id": venue.organisation_id,
        "venue": venue,
        "name": f"Massage {number}",
        "name_en": f"Massage {number} (en)",
        "category": "massage",
        "room_type": room_type,
    }
    treatment = save(Treatment(**defaults | given))
    make_variant(treatment, is_default=True, **variant)
    return treatment


def make_variant(treatment: Treatment, **given: Any) -> Variant:
    defaults = {
        "treatment": treatment,
        "label": "60 min",
        "label_en": "60 min",
        "duration": 60,
        "price_minor": 9500,
        "guest_count": 1,
    }
    return save(Variant(**defaults | given))


def make_customer(organisation: Organisation, **given: Any) -> Customer:
    number = next(_count)
    defaults = {
        "organisation_id": organisation.id,
        "first_name": "Hélène",
        "last_name": "Dupont",
        "name_key": "helene dupont",
        "phone": f"+336{number:08d}",
    }
    return save(Customer(**defaults | given))


def make_partner(organisation: Organisation, **given: Any) -> Partner:
    """A partner without keys and quotas."""
    return save(Partner(**{"organisation_id": organisation.id, "name": f"Partner {next(_count)}"} | given))


def make_key(organisation: Organisation, **given: Any) -> tuple[str, ApiKey]:
    """A partner key with all scopes; returns the key as the partner holds it, and its row."""
    kind = "test" if given.get("test") else "live"
    prefix, secret = f"sk_{kind}_{next(_count):08x}", f"{next(_count):048x}"
    defaults = {
        "organisation_id": organisation.id,
        "name": "Staycation",
        "prefix": prefix,
        "secret_hash": hashlib.sha256(secret.encode()).hexdigest(),
        "scopes": ALL_PARTNER_SCOPES,
    }
    if "partner_id" not in given:
        given["partner_id"] = make_partner(organisation, name=f"{given.get('name', 'Staycation')} {prefix[8:]}").id
    return f"{prefix}_{secret}", save(ApiKey(**defaults | given))


def qualify(member: StaffMember, *treatments: Treatment) -> None:
    """From now on the member can do these treatments only (and those given before)."""
    save(*[Qualification(member_id=member.id, treatment_id=treatment.id) for treatment in treatments])


def at(venue: Venue, day: date, clock: str) -> datetime:
    """The UTC instant of a local `HH:MM` at the venue."""
    return local_instant(datetime.combine(day, time.fromisoformat(clock)), venue.timezone)


@dataclass
class House:
    """Maison Lutèce with two venues and its people, and Eve's organisation next door."""

    organisation: Organisation
    lutetia: Venue
    marais: Venue
    therese: StaffMember
    marc: StaffMember
    camille: StaffMember
    maud: StaffMember
    ada: StaffMember
    neighbour: Organisation
    chamonix: Venue
    eve: StaffMember
    massage: Treatment
    single: Variant
    duo: Variant
    rooms: list[Room]
    duo_room: Room
    day: date
    key: str
    key_row: ApiKey
    extra: dict[str, Any] = field(default_factory=dict)

    def at(self, clock: str, *, days: int = 0) -> datetime:
        """A local time of `lutetia` on the house's working day (tomorrow) or some days after it."""
        return at(self.lutetia, self.day + timedelta(days=days), clock)


def make_house() -> House:
    """Thérèse and Marc (therapists of lutetia, same rank, on shift 09:00–20:00 for a week from tomorrow), Camille
    (receptionist of lutetia), Maud (manager of lutetia), Ada (admin); two single rooms and one duo room; a massage of
    60 minutes for one (`single`) or two (`duo`) guests. Eve is admin of another organisation with the venue chamonix.
    """
    organisation = make_organisation(slug="maison-lutece", name="Maison Lutèce")
    lutetia = make_venue(organisation, slug="lutetia", name="Spa Lutèce", name_en="Spa Lutèce EN", venue_type="hotel")
    marais = make_venue(organisation, slug="marais", name="Spa du Marais")
    neighbour = make_organisation(slug="alpes-bien-etre", name="Alpes Bien-être")
    chamonix = make_venue(neighbour, slug="chamonix", name="Spa de Chamonix")
    people: dict[str, Any] = {
        "therese": make_member(organisation, lutetia, first_name="Thérèse", email="therese@maison-lutece.example",
                               gender="female"),
        "marc": make_member(organisation, lutetia, first_name="Marc", email="marc@maison-lutece.example",
                            gender="male"),
        "camille": make_member(organisation, lutetia, role="receptionist", first_name="Camille",
                               email="camille@maison-lutece.example"),
        "maud": make_member(organisation, lutetia, role="manager", first_name="Maud",
                            email="maud@maison-lutece.example"),
        "ada": make_member(organisation, role="admin", first_name="Ada", email="ada@maison-lutece.example"),
        "eve": make_member(neighbour, chamonix, role="admin", first_name="Eve", email="eve@alpes-bien-etre.example"),
    }  # fmt: skip
    room_type = make_room_type(organisation)
    rooms = [make_room(lutetia, room_type, name=f"Cabine {n}") for n in (1, 2)]
    duo_room = make_room(lutetia, room_type, name="Cabine duo", capacity=2)
    massage = make_treatment(lutetia, room_type, name="Massage relaxant", name_en="Relaxing massage")
    duo = make_variant(massage, label="Duo 60 min", label_en="Duo 60 min", guest_count=2, price_minor=18000)
    day = today(lutetia.timezone) + timedelta(days=1)
    for offset in range(7):
        for member in (people["therese"], people["marc"]):
            make_shift(lutetia, member, day + timedelta(days=offset))
    key, key_row = make_key(organisation)
    return House(
        organisation=organisation, lutetia=lutetia, marais=marais, neighbour=neighbour, chamonix=chamonix,
        massage=massage, single=massage.variants[0], duo=duo, rooms=rooms, duo_room=duo_room, day=day,
        key=key, key_row=key_row, **people,
    )  # fmt: skip
