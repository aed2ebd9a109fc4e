"""Who was asked, what has become of it, and who comes next: as the desk sees it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from flask_babel import gettext as _

from portal.bookings.asking.queries import members_of, ways_told
from portal.bookings.availability import eligible_therapists
from portal.bookings.broadcast import wave_after, work_of
from portal.bookings.proposals.words import sentence_of
from portal.bookings.slots.facts import Therapist
from portal.bookings.slots.queries import load_snapshot
from portal.bookings.slots.snapshot import Snapshot
from portal.bookings.waves import is_to_staff
from portal.bookings.words import DECLINE_WORDS, UNABLE_WORDS, offer_sentence
from portal.clock import local_date
from portal.models import Booking, BookingItem, Offer, StaffMember, Venue
from portal.models.notice import EMAIL, FAILED, PUSH, SKIPPED, SMS, Delivery


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that became of what she was asked, and when."""

    word: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Another time at which she could: `sentence` follows her name; it waits for an answer until `until`."""

    id: UUID
    sentence: str
    until: datetime


@dataclass(frozen=True, slots=True)
class Asked:
    """One therapist who was asked; `answer` is how it stands, `why` her reason for declining."""

    offer: UUID
    name: str
    is_open: bool
    answer: str
    why: str
    steps: list[Step]
    suggestion: Suggestion | None = None


@dataclass(frozen=True, slots=True)
class Asking:
    """One treatment. `next_names` are asked at `next_at`; none of them: then the desk is alerted. `free` could be
    given it right away. `has_rest` says that somebody is left to be told at once.
    """

    item: UUID
    people: list[Asked]
    is_waiting: bool
    is_alerted: bool
    asked_at: datetime | None
    next_at: datetime | None
    next_names: list[str]
    free: list[StaffMember]
    has_rest: bool

    @property
    def suggested(self) -> list[Asked]:
        """Who could at another time."""
        return [one for one in self.people if one.suggestion is not None]

    @property
    def is_asked(self) -> bool:
        return any(one.is_open for one in self.people)


def asking_of(venue: Venue, booking: Booking, *, at: datetime) -> list[Asking]:
    """Of each treatment that therapists were asked about, or that still needs one."""
    waiting = [item for item in booking.items if is_to_staff(booking, item, at=at)]
    shown = [item for item in booking.items if item.offers or item in waiting]
    if not shown:
        return []
    told = ways_told(venue, [offer.uuid for item in shown for offer in item.offers])
    snapshot = _snapshot(venue, booking) if waiting else None
    return [_asking(venue, item, snapshot if item in waiting else None, told, at=at) for item in shown]


def _snapshot(venue: Venue, booking: Booking) -> Snapshot:
    first, last = (local_date(instant, venue.timezone) for instant in (booking.starts_at, booking.ends_at))
    return load_snapshot(venue, first=first, last=last)


def _asking(
    venue: Venue, item: BookingItem, snapshot: Snapshot | None, told: Mapping[UUID, Sequence[Delivery]], *, at: datetime
) -> Asking:
    wave = wave_after(venue, item, snapshot, at=at) if snapshot else None
    free = _free(snapshot, item) if snapshot else []
    open_to = {offer.member_id for offer in item.offers if offer.is_open}
    refused = {offer.member_id for offer in item.offers if offer.was_refused_by_her}
    people = members_of(venue, {one.member_id for one in (*free, *(wave.therapists if wave else ()))})
    sent = [offer.sent_at for offer in item.offers if offer.is_open and offer.rank == item.offered_rank]
    return Asking(
        item=item.uuid,
        people=[_asked(venue, offer, told.get(offer.uuid, ()), at=at) for offer in item.offers],
        is_waiting=snapshot is not None,
        is_alerted=item.alerted_at is not None,
        asked_at=max(sent, default=None),
        next_at=item.next_wave_at if snapshot else None,
        next_names=[people[one.member_id].name for one in wave.therapists] if wave else [],
        free=sorted((people[one.member_id] for one in free), key=_by_name),
        has_rest=any(one.member_id not in open_to | refused for one in free),
    )


def _free(snapshot: Snapshot, item: BookingItem) -> list[Therapist]:
    """All who could do it then, whether they have refused it or not, and whatever the guest prefers."""
    serving = {assignment.member_id for assignment in item.current_assignments}
    anyone = replace(work_of(item), gender=None, declined=frozenset())
    able = (snapshot.team[person] for person in eligible_therapists(snapshot, anyone))
    return [therapist for therapist in able if therapist.member_id not in serving]


def _asked(venue: Venue, offer: Offer, told: Iterable[Delivery], *, at: datetime) -> Asked:
    made = offer.proposal if offer.proposal is not None and offer.proposal.waits_at(at) else None
    return Asked(
        offer=offer.uuid,
        name=offer.member.name,
        is_open=offer.is_open,
        answer=offer_sentence(offer),
        why=_why(offer),
        steps=list(_steps(offer, told)),
        suggestion=Suggestion(made.uuid, sentence_of(venue, offer, made), made.expires_at) if made else None,
    )


def _why(offer: Offer) -> str:
    words = UNABLE_WORDS if offer.was_given_up else DECLINE_WORDS
    return str(words.get(offer.reason or "", ""))


def _steps(offer: Offer, told: Iterable[Delivery]) -> Iterable[Step]:
    yield Step(_("asked"), offer.sent_at)
    for one in told:
        if one.status not in {FAILED, SKIPPED} and one.sent_at is not None:
            yield Step(_way(one.channel), one.sent_at)
    if offer.delivered_at is not None:
        yield Step(_("delivered"), offer.delivered_at)
    if offer.seen_at is not None:
        yield Step(_("seen"), offer.seen_at)
    if offer.answered_at is not None:
        yield Step(_("answered"), offer.answered_at)


def _way(channel: str) -> str:
    return {PUSH: _("notified"), EMAIL: _("e-mail sent"), SMS: _("text message sent")}[channel]


def _by_name(member: StaffMember) -> tuple[str, int]:
    return member.name, member.id
