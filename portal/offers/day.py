"""A therapist's day, assembled from what was read: the visit now, what she is asked, today, the days after."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import groupby
from uuid import UUID

from flask_babel import gettext as _

from portal.clock import local_date, today
from portal.i18n import clock_time, day_and_time, day_name, language, name_of, short_date
from portal.models import BookingItem, Offer, OfferWish, StaffMember, VisitLook
from portal.models.booking_states import CANCELLED, CONFIRMED, ONGOING, PENDING, UNDERWAY
from portal.offers.cards import Card, card_of, soonest_first
from portal.offers.other_times import NONE, OtherTimes
from portal.offers.words import language_note, rooms_of
from portal.visits.looks import News, news_of
from portal.visits.preferences import Preference, preferences_of

BEHIND = timedelta(hours=36)
AHEAD = timedelta(days=400)
# From when on a therapist may begin, and for how long a treatment that nobody has finished stays on top.
EARLY, OVERTIME = timedelta(minutes=30), timedelta(hours=4)
NEAR, MINUTE = timedelta(hours=2), timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Known:
    """What she knew of her visits when she last looked, by the treatments' keys; none for who has never looked, to whom
    all would be new. About the guests `noted` (their keys) there are health notes. `suggestions` that she made for
    what she is asked, by the offers' keys. For what she wishes to be told first (`wishes`).
    """

    looks: Mapping[int, VisitLook] = field(default_factory=dict)
    noted: Collection[int] = ()
    suggestions: Mapping[int, OtherTimes] = field(default_factory=dict)
    wishes: Sequence[OfferWish] = ()


@dataclass(frozen=True, slots=True)
class Visit:
    """One treatment of hers; `id` is the booking item's, `status` the booking's; `shown` tells an arrival too."""

    id: UUID
    booking: UUID
    venue_slug: str
    venue: str
    day: date
    day_name: str
    starts_at: datetime
    time: str
    ends: str
    minutes: int
    guest: str
    guests: int
    language_note: str
    treatment: str
    rooms: str
    notes: str | None
    status: str
    shown: str
    minutes_to_start: int
    minutes_left: int
    minutes_over: int
    can_give_back: bool
    can_start: bool
    can_finish: bool
    news: News | None
    was: str
    preferences: list[Preference]
    has_guest: bool
    is_noted: bool

    @property
    def is_running(self) -> bool:
        return self.status == ONGOING or self.minutes_to_start <= 0 < self.minutes_left

    @property
    def is_near(self) -> bool:
        """Whether it is running or begins soon enough to be told in minutes."""
        return self.is_running or self.minutes_to_start < NEAR // MINUTE

    @property
    def starts_in(self) -> str:
        """`1 h 23`, for what is more than an hour away."""
        hours, minutes = divmod(self.minutes_to_start, 60)
        return _("%(hours)d h %(minutes)s", hours=hours, minutes=f"{minutes:02d}")

    @property
    def has_facts(self) -> bool:
        """Whether there is anything to know about it beside when, where and for whom."""
        return bool(self.has_guest or self.notes or self.language_note)

    @property
    def can_go_on(self) -> bool:
        return self.status == ONGOING

    @property
    def asks(self) -> bool:
        """Whether she is to confirm that she has seen what changed."""
        return self.news is not None and self.news.asks


@dataclass(frozen=True, slots=True)
class Gone:
    """A visit that she knew of and that is no longer hers; `why` in words."""

    id: UUID
    when: str
    guest: str
    treatment: str
    why: str


@dataclass(frozen=True, slots=True)
class Wished:
    """What she is told first the next time; `until` is a day in words."""

    id: UUID
    venue_slug: str
    venue: str
    treatment: str
    until: str


@dataclass(frozen=True, slots=True)
class Day:
    """What the page shows; `read_at` is the venue's clock when it was read."""

    offers: list[Card]
    unseen: list[UUID]
    unlooked: list[UUID]
    gone: list[Gone]
    current: Visit | None
    today: list[Visit]
    later: list[tuple[str, list[Visit]]]
    wished: list[Wished]
    many_venues: bool
    read_at: str

    @property
    def open_offers(self) -> int:
        return sum(card.is_open for card in self.offers)


def day_of(
    member: StaffMember,
    offers: Sequence[Offer],
    items: Sequence[BookingItem],
    gone: Sequence[VisitLook],
    known: Known,
    *,
    at: datetime,
) -> Day:
    """The page of the member at an instant. Today is each venue's own today."""
    visits = [(_visit(item, known, at=at), item) for item in items]
    todays = [visit for visit, item in visits if visit.day == today(item.booking.venue.timezone)]
    later = [visit for visit, item in visits if visit.day > today(item.booking.venue.timezone)]
    ahead = [visit for visit, item in visits if item.ends_at > at and item.booking.status in {PENDING, *UNDERWAY}]
    running = [visit for visit, item in visits if visit.status == ONGOING and item.ends_at > at - OVERTIME]
    zones = [item.booking.venue.timezone for item in items] or [offer.item.booking.venue.timezone for offer in offers]
    current = next(iter((*running, *ahead)), None)
    shown = [*todays, *later, *([current] if current else [])]
    return Day(
        offers=sorted((_card(offer, known, items, at=at) for offer in offers), key=soonest_first),
        unseen=[offer.uuid for offer in offers if offer.is_open and offer.seen_at is None],
        unlooked=[visit.id for visit, item in visits if visit in shown and _is_unlooked(visit, item, known)],
        gone=[_gone(look) for look in gone],
        current=current,
        today=todays,
        later=[(name, list(group)) for name, group in groupby(later, key=lambda visit: visit.day_name)],
        wished=[_wished(wish) for wish in known.wishes],
        many_venues=len(member.venue_links) > 1,
        read_at=clock_time(at, zones[0]) if zones else "",
    )


def _card(offer: Offer, known: Known, visits: Sequence[BookingItem], *, at: datetime) -> Card:
    treatment = offer.item.treatment_id
    return card_of(
        offer,
        at=at,
        other=known.suggestions.get(offer.id, NONE),
        in_the_way=_in_the_way(offer.item, visits),
        wish=next((wish for wish in known.wishes if wish.treatment_id == treatment), None),
    )


def _in_the_way(asked: BookingItem, visits: Sequence[BookingItem]) -> BookingItem | None:
    """What she treats at the time of an item that she was asked for: the one that begins first."""
    overlapping = (one for one in visits if one.starts_at < asked.ends_at and one.ends_at > asked.starts_at)
    standing = (one for one in overlapping if one.id != asked.id and one.booking.status in {PENDING, *UNDERWAY})
    return next(standing, None)


def _is_unlooked(visit: Visit, item: BookingItem, known: Known) -> bool:
    return not visit.asks and (visit.news is not None or item.id not in known.looks)


def _visit(item: BookingItem, known: Known, *, at: datetime) -> Visit:
    booking, venue = item.booking, item.booking.venue
    day = local_date(item.starts_at, venue.timezone)
    news = news_of(item, known.looks.get(item.id), at=at) if known.looks else None
    guest = booking.customer
    return Visit(
        id=item.uuid,
        booking=booking.uuid,
        venue_slug=venue.slug,
        venue=name_of(venue),
        day=day,
        day_name=day_name(day, today=today(venue.timezone)),
        starts_at=item.starts_at,
        time=clock_time(item.starts_at, venue.timezone),
        ends=clock_time(item.ends_at, venue.timezone),
        minutes=item.duration,
        guest=(guest.first_name or "") if guest else "",
        guests=item.guest_count,
        language_note=language_note(booking),
        treatment=name_of(item.treatment, at=item.booking.venue),
        rooms=rooms_of(item),
        notes=booking.notes,
        status=booking.status,
        shown="arrived" if booking.arrived_at and booking.status == CONFIRMED else booking.status,
        minutes_to_start=_minutes(item.starts_at - at),
        minutes_left=_minutes(item.ends_at - at),
        minutes_over=max(0, -_minutes(item.ends_at - at)),
        can_give_back=booking.is_open and item.starts_at > at,
        can_start=booking.status == CONFIRMED and item.starts_at - EARLY <= at,
        can_finish=booking.status == ONGOING,
        news=news,
        was=_was(news, item) if news else "",
        preferences=preferences_of(guest) if guest else [],
        has_guest=guest is not None,
        is_noted=guest is not None and guest.id in known.noted,
    )


def _was(news: News, item: BookingItem) -> str:
    """How it stood before, in one line."""
    zone, told = item.booking.venue.timezone, []
    if news.starts_at is not None:
        same_day = local_date(news.starts_at, zone) == local_date(item.starts_at, zone)
        told.append(clock_time(news.starts_at, zone) if same_day else day_and_time(news.starts_at, zone))
    elif news.ends_at is not None:
        told.append(_("until %(time)s", time=clock_time(news.ends_at, zone)))
    if news.rooms is not None:
        names = [(english if language() == "en" else None) or name for name, english in news.rooms]
        told.append(", ".join(names) or _("no room"))
    return _("was %(before)s", before=", ".join(told)) if told else ""


def _gone(look: VisitLook) -> Gone:
    item = look.item
    booking = item.booking
    starts_at = datetime.fromisoformat(look.known["starts_at"])
    return Gone(
        id=item.uuid,
        when=day_and_time(starts_at, booking.venue.timezone),
        guest=(booking.customer.first_name or "") if booking.customer else "",
        treatment=name_of(item.treatment, at=item.booking.venue),
        why=_("Cancelled") if booking.status == CANCELLED else _("Given to a colleague"),
    )


def _wished(wish: OfferWish) -> Wished:
    venue = wish.venue
    until = short_date(local_date(wish.ends_at, venue.timezone))
    return Wished(wish.uuid, venue.slug, name_of(venue), name_of(wish.treatment), until)


def _minutes(span: timedelta) -> int:
    return math.ceil(span.total_seconds() / 60)
