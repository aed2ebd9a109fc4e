"""An organisation of the demo with all that stands before the first booking."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

from portal.database import Base, db
from portal.demo import guests, keys, menu, people, rota, sites
from portal.demo.keys import SANDBOX, STAYCATION
from portal.demo.people import Colleague
from portal.demo.sites import House
from portal.models import (
    ApiKey,
    Block,
    Customer,
    Organisation,
    Resource,
    Room,
    Shift,
    StaffMember,
    Treatment,
    Venue,
)

Row = TypeVar("Row", bound=Base)

GUESTS = {"maison-lutece": 300, "alpes-bien-etre": 40, "indigo": 40}


@dataclass
class Therapist:
    """A therapist as the planner sees her: `place` is hers in the list, `can_do` is empty when she does everything."""

    member: StaffMember
    place: int
    can_do: frozenset[int]

    def is_qualified(self, treatment: Treatment) -> bool:
        return not self.can_do or treatment.id in self.can_do

    def works_at(self, venue: Venue) -> bool:
        return any(link.venue is venue for link in self.member.venue_links)

    def rank_at(self, venue: Venue) -> int:
        """Her rank in the waves of that venue's offers."""
        return next(link.priority for link in self.member.venue_links if link.venue is venue)


@dataclass
class Cast:
    """The organisation, saved: everybody and everything has its key."""

    organisation: Organisation
    venues: list[Venue]
    rooms: dict[int, list[Room]]
    menus: dict[int, list[Treatment]]
    members: list[StaffMember]
    therapists: list[Therapist]
    guests: list[Customer]
    partner: ApiKey
    classpass: ApiKey
    sandbox: ApiKey | None
    shifts: list[Shift] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)

    def desk_of(self, venue: Venue) -> StaffMember:
        """Whoever books at the desk of the venue."""
        return next(
            member
            for member in self.members
            if member.role == people.RECEPTION and any(link.venue is venue for link in member.venue_links)
        )


def make_cast(house: House, password_hash: str, at: datetime) -> Cast:
    """Save the organisation with its venues, rooms, menus, people, keys, guests, shifts and breaks."""
    organisation = _save([sites.make_organisation(house)])[0]
    venues = _save([sites.make_venue(organisation, site) for site in house.sites])
    room_type = _save([sites.make_room_type(organisation)])[0]
    rooms = {v.id: _save(sites.make_rooms(v, s, room_type)) for v, s in zip(venues, house.sites, strict=True)}
    menus = {venue.id: _save(menu.make_menu(venue, room_type)) for venue in venues}
    db.session.add_all([day for venue in venues for day in sites.make_special_days(venue, venue.today())])
    db.session.add_all([block for venue in venues for block in sites.make_venue_blocks(venue, venue.today())])
    db.session.add_all([sites.make_archived_room(venues[-1], room_type), menu.make_archived(venues[0], room_type)])
    colleagues = people.STAFF[house.slug]
    by_slug = {venue.slug: venue for venue in venues}
    members = _save([people.make_member(organisation, one, by_slug, password_hash) for one in colleagues])
    partners = _save(keys.make_partners(organisation))
    given = [*keys.KEYS[house.slug], keys.CLASSPASS]
    rows = _save([keys.make_key(organisation, key, partners) for key in given])
    cast = Cast(
        organisation=organisation,
        venues=venues,
        rooms=rooms,
        menus=menus,
        members=members,
        therapists=_therapists(colleagues, members, [one for dishes in menus.values() for one in dishes]),
        guests=_save(guests.make_guests(organisation, GUESTS[house.slug], at)),
        partner=next(row for row in rows if row.name == STAYCATION.name),
        classpass=next(row for row in rows if row.name == keys.CLASSPASS.name),
        sandbox=next((row for row in rows if row.name == SANDBOX.name), None),
    )
    _plan_work(cast)
    return cast


def _therapists(
    colleagues: list[Colleague], members: list[StaffMember], treatments: list[Treatment]
) -> list[Therapist]:
    found: list[Therapist] = []
    for colleague, member in zip(colleagues, members, strict=True):
        if colleague.role == people.THERAPIST:
            skills = _save(people.make_qualifications(member, colleague, treatments))
            found.append(Therapist(member, len(found), frozenset(skill.treatment_id for skill in skills)))
    return found


def _plan_work(cast: Cast) -> None:
    """Shifts until after the next clock change; breaks and a closed room in the weeks that have bookings."""
    for therapist in cast.therapists:
        venues = [link.venue for link in therapist.member.venue_links]
        cast.shifts += rota.make_shifts(therapist.member, therapist.place, venues, venues[0].today())
    _save(cast.shifts)
    stars = {therapist.member.id for therapist in cast.therapists if rota.is_star(therapist.place)}
    soon = [shift for shift in cast.shifts if _has_break(shift, among_stars=shift.member_id in stars)]
    people_by_member: dict[int, Resource] = {
        therapist.member.id: therapist.member.resource for therapist in cast.therapists if therapist.member.resource
    }
    cast.blocks = rota.make_breaks(soon, people_by_member)
    home = cast.venues[0]
    if len(cast.rooms[home.id]) > 3:
        cast.blocks.append(rota.make_closure(cast.rooms[home.id][-2], home, home.today()))
    _save(cast.blocks)
    _save([rota.claim_of(block) for block in cast.blocks])
    for venue in cast.venues:
        shifts, template = rota.make_desk(cast.desk_of(venue), venue, venue.today())
        _save([template])
        for shift in shifts:
            shift.template_id = template.id
        _save(shifts)


def _has_break(shift: Shift, *, among_stars: bool) -> bool:
    """In the weeks that have bookings; the stars, whom a visitor wants to find free, until today."""
    days_ahead = (shift.day - shift.venue.today()).days
    return days_ahead <= (0 if among_stars else rota.DAYS_BACK)


def _save(rows: Sequence[Row]) -> list[Row]:
    db.session.add_all(rows)
    db.session.flush()
    return list(rows)
