"""The organisations of the demo with their venues and rooms."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, time, timedelta
from typing import Any

from portal.clock import start_of_day
from portal.demo.idents import ident
from portal.models import Organisation, Room, RoomType, SpecialDay, Venue, VenueBlock

# What a late cancellation costs: everything back until the day before, half until two hours before, then nothing.
TIERS: list[dict[str, int]] = [
    {"min_hours": 24, "max_hours": 8760, "refund_percent": 100},
    {"min_hours": 2, "max_hours": 24, "refund_percent": 50},
    {"min_hours": 0, "max_hours": 2, "refund_percent": 0},
]


NEAR = timedelta(days=8)


@dataclass(frozen=True)
class Site:
    """A venue as the demo describes it; rooms are (French name, English name, capacity)."""

    slug: str
    name: str
    rooms: list[tuple[str, str, int]]
    details: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class House:
    """An organisation as the demo describes it."""

    slug: str
    name: str
    sites: list[Site]


HOUSES = [
    House(
        "maison-lutece",
        "Maison Lutèce",
        [
            Site(
                "lutetia",
                "Spa Lutèce",
                [
                    ("Cabine Seine", "Seine room", 1),
                    ("Cabine Montmartre", "Montmartre room", 1),
                    ("Cabine Bastille", "Bastille room", 1),
                    ("Cabine Opéra", "Opéra room", 1),
                    ("Cabine Passy", "Passy room", 1),
                    ("Cabine duo Pont-Neuf", "Pont-Neuf couple room", 2),
                ],
                {
                    "name_en": "Lutèce Spa",
                    "venue_type": "hotel",
                    "description": "Le spa de l’hôtel Lutetia : six cabines, un hammam et une piscine sous verrière.",
                    "description_en": "The spa of the Lutetia hotel: six rooms, a hammam and a pool under glass.",
                    "landing_subtitle": "Un temps pour soi, au cœur de Saint-Germain-des-Prés",
                    "address": "45 boulevard Raspail",
                    "postal_code": "75006",
                    "city": "Paris",
                    "opening_time": time(9),
                    "closing_time": time(20),
                    "slot_interval": 30,
                    "room_turnover_buffer_minutes": 10,
                    "inter_venue_buffer_minutes": 30,
                    "deposit_wording": "arrhes",
                },
            ),
            Site(
                "marais",
                "Thermes du Marais",
                [("Cabine Vosges", "Vosges room", 1), ("Cabine Sévigné", "Sévigné room", 1),
                 ("Cabine Turenne", "Turenne room", 1)],
                {
                    "name_en": "Marais Day Spa",
                    "description": "Un spa de jour dans un hôtel particulier du XVIIᵉ siècle.",
                    "description_en": "A day spa in a 17th-century town house.",
                    "landing_subtitle": "Une parenthèse à deux pas de la place des Vosges",
                    "address": "18 rue de Turenne",
                    "postal_code": "75004",
                    "city": "Paris",
                    "opening_time": time(10),
                    "closing_time": time(20),
                    "slot_interval": 15,
                    "room_turnover_buffer_minutes": 5,
                    "inter_venue_buffer_minutes": 30,
                    "minimum_notice_minutes": 30,
                    "massage_wording": "modelage",
                },
            ),
        ],
    ),
    House(
        "alpes-bien-etre",
        "Alpes Bien-être",
        [
            Site(
                "chamonix",
                "Spa de Chamonix",
                [("Cabine Mont-Blanc", "Mont Blanc room", 1), ("Cabine Drus", "Drus room", 1),
                 ("Cabine duo Aiguille", "Aiguille couple room", 2)],
                {
                    "name_en": "Chamonix Spa",
                    "description": "Après la montagne : chaleur, vapeur et mains expertes.",
                    "description_en": "After the mountain: warmth, steam and expert hands.",
                    "address": "60 place de l’Aiguille du Midi",
                    "postal_code": "74400",
                    "city": "Chamonix-Mont-Blanc",
                    "opening_time": time(10),
                    "closing_time": time(20),
                    "room_turnover_buffer_minutes": 10,
                    "schedule_type": "specific_days",
                    "days_of_week": [0, 2, 3, 4, 5, 6],
                    "recurring_start_date": date(2024, 1, 2),
                    "allow_out_of_hours_booking": True,
                    "out_of_hours_surcharge_percent": 20,
                    "deposit_wording": "acompte",
                },
            )
        ],
    ),
    House(
        "indigo",
        "Indigo Océan",
        [
            Site(
                "saint-denis",
                "Indigo Saint-Denis",
                [("Cabine Vanille", "Vanilla room", 1), ("Cabine Ylang", "Ylang room", 1)],
                {
                    "name_en": "Indigo Saint-Denis",
                    "description": "Les plantes de La Réunion, face à l’océan.",
                    "description_en": "The plants of Réunion island, facing the ocean.",
                    "address": "12 boulevard Gabriel-Macé",
                    "postal_code": "97400",
                    "city": "Saint-Denis",
                    "country": "RE",
                    "timezone": "Indian/Reunion",
                    "opening_time": time(8),
                    "closing_time": time(19),
                    "room_turnover_buffer_minutes": 10,
                },
            )
        ],
    ),
]  # fmt: skip


def make_organisation(house: House) -> Organisation:
    """The tenant itself."""
    return Organisation(uuid=ident("organisation", house.slug), slug=house.slug, name=house.name)


def make_venue(organisation: Organisation, site: Site) -> Venue:
    """The venue, without its rooms."""
    common = {"country": "FR", "currency": "EUR", "timezone": "Europe/Paris", "cancellation_tiers": TIERS}
    return Venue(
        uuid=ident("venue", site.slug),
        organisation=organisation,
        slug=site.slug,
        name=site.name,
        opening_hours=[],
        **(common | site.details),
    )


def make_room_type(organisation: Organisation) -> RoomType:
    """The kind of room that all treatments of an organisation ask for."""
    return RoomType(
        uuid=ident("room-type", organisation.slug),
        organisation_id=organisation.id,
        name="Cabine de soin",
        name_en="Treatment room",
    )


def make_rooms(venue: Venue, site: Site, room_type: RoomType) -> list[Room]:
    """The venue's rooms in the order of the agenda."""
    return [
        Room(
            uuid=ident("room", site.slug, name),
            organisation_id=venue.organisation_id,
            venue_id=venue.id,
            room_type=room_type,
            name=name,
            name_en=name_en,
            capacity=capacity,
            sort_order=position,
        )
        for position, (name, name_en, capacity) in enumerate(site.rooms)
    ]


def make_archived_room(venue: Venue, room_type: RoomType) -> Room:
    """A room of old, in which nobody is received any more."""
    return Room(
        uuid=ident("room", venue.slug, "archived"),
        organisation_id=venue.organisation_id,
        venue_id=venue.id,
        room_type=room_type,
        name="Ancienne cabine",
        name_en="Former room",
        capacity=1,
        active=False,
    )


def make_special_days(venue: Venue, today: date) -> list[SpecialDay]:
    """Christmas Eve, shorter everywhere; at the day spa Christmas and New Year's Day are closed.

    None of them lies among the days that have bookings.
    """
    years = (today.year, today.year + 1)
    eves = [date(year, 12, 24) for year in years]
    found = [SpecialDay(venue_id=venue.id, day=day, opens=time(10), closes=time(17), note="Réveillon") for day in eves]
    if venue.slug == "marais":
        closed = [date(year, month, day) for year in years for month, day in ((1, 1), (12, 25))]
        found += [SpecialDay(venue_id=venue.id, day=day, note="Jour férié") for day in closed]
    return [one for one in found if one.day > today + NEAR]


def make_venue_blocks(venue: Venue, today: date) -> list[VenueBlock]:
    """Rooms are cleaned on Monday mornings, from after the days that have bookings on; in a month, works."""
    owner = {"organisation_id": venue.organisation_id, "venue_id": venue.id}
    works = start_of_day(today + timedelta(days=28), venue.timezone)
    return [
        VenueBlock(
            uuid=ident("venue-block", venue.slug, "cleaning"), reason="Grand ménage des cabines", weekdays=[1],
            start_time=venue.opening_time, end_time=time(venue.opening_time.hour + 1), first_day=today + NEAR, **owner,
        ),
        VenueBlock(
            uuid=ident("venue-block", venue.slug, "works"), reason="Révision du hammam", starts_at=works,
            ends_at=start_of_day(today + timedelta(days=30), venue.timezone), **owner,
        ),
    ]  # fmt: skip
