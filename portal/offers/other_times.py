"""The other times that she may suggest for what she is asked, and what has become of the one that she suggested."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _

from portal.bookings.moves.form import instant_of
from portal.bookings.proposals.finding import times_of
from portal.bookings.proposals.queries import list_proposals
from portal.bookings.proposals.times import MOST
from portal.clock import local_date
from portal.errors import Invalid
from portal.i18n import clock_time, inner_day_and_time, short_date
from portal.models import CounterProposal, Offer, StaffMember
from portal.models.proposal import EXPIRED, REFUSED


@dataclass(frozen=True, slots=True)
class OtherTime:
    """One time that she can suggest with a tap; `day` is told where it is another one."""

    starts_at: datetime
    day: str
    time: str
    spoken: str


@dataclass(frozen=True, slots=True)
class OtherTimes:
    """What may be suggested, None when nobody has looked yet; what waits for the desk and until when; or how the last
    one was answered (`told`).
    """

    times: list[OtherTime] | None = None
    waits: str = ""
    told: str = ""
    answer: str | None = None


NONE = OtherTimes()


def suggestions_of(offers: Sequence[Offer], member: StaffMember, *, at: datetime) -> Mapping[int, OtherTimes]:
    """By the key of each open offer to the member: what has become of her suggestions. No time is looked for."""
    asked = _asked(offers, at)
    made = _made(asked, member)
    return {offer.id: _other_times(offer, made[offer.id], None) for offer in asked}


def other_times_of(
    offers: Sequence[Offer], member: StaffMember, *, at: datetime, limit: int = MOST
) -> Mapping[int, OtherTimes]:
    """The same with the times; nothing to choose while a suggestion of hers waits. The offers have their visits."""
    asked = _asked(offers, at)
    made = _made(asked, member)
    free = [offer for offer in asked if not any(one.waits_at(at) for one in made[offer.id])]
    refused = {key: [one.starts_at for one in group if one.status == REFUSED] for key, group in made.items()}
    times = times_of(free, member, at=at, but=refused, limit=limit)
    return {
        offer.id: _other_times(offer, made[offer.id], [time.starts_at for time in times.get(offer.id, ())])
        for offer in asked
    }


def _asked(offers: Iterable[Offer], at: datetime) -> list[Offer]:
    return [offer for offer in offers if offer.may_suggest and offer.item.starts_at > at]


def _made(asked: Iterable[Offer], member: StaffMember) -> dict[int, list[CounterProposal]]:
    made: dict[int, list[CounterProposal]] = defaultdict(list)
    for proposal in list_proposals(member.organisation_id, [offer.id for offer in asked]):
        made[proposal.offer_id].append(proposal)
    return made


def chosen_time(text: str | None) -> datetime:
    """The start that a button sends. Raises Invalid for what none of them does."""
    found = instant_of(text)
    if found is None:
        raise Invalid(field="starts_at")
    return found


def _other_times(offer: Offer, made: Sequence[CounterProposal], starts: Iterable[datetime] | None) -> OtherTimes:
    last, zone = (made[-1] if made else None), offer.item.booking.venue.timezone
    if last is not None and last.is_open:
        when, until = _spoken(offer, last.starts_at), clock_time(last.expires_at, zone)
        same_day = local_date(last.expires_at, zone) == local_date(last.made_at, zone)
        until = until if same_day else inner_day_and_time(last.expires_at, zone)
        return OtherTimes(waits=_("You suggested %(when)s. The desk answers by %(until)s.", when=when, until=until))
    return OtherTimes(
        times=None if starts is None else [_other_time(offer, one) for one in starts],
        told=_told(offer, last) if last is not None else "",
        answer=last.answer if last is not None and last.status == REFUSED else None,
    )


def _told(offer: Offer, last: CounterProposal) -> str:
    told = {
        REFUSED: _("The spa cannot do %(when)s.", when=_spoken(offer, last.starts_at)),
        EXPIRED: _("Nobody has answered %(when)s in time.", when=_spoken(offer, last.starts_at)),
    }
    return told.get(last.status, "")


def _other_time(offer: Offer, starts_at: datetime) -> OtherTime:
    zone = offer.item.booking.venue.timezone
    day = local_date(starts_at, zone)
    is_other_day = day != local_date(offer.item.starts_at, zone)
    return OtherTime(
        starts_at=starts_at,
        day=short_date(day) if is_other_day else "",
        time=clock_time(starts_at, zone),
        spoken=_spoken(offer, starts_at),
    )


def _spoken(offer: Offer, instant: datetime) -> str:
    """The time alone on the day that she was asked for."""
    zone = offer.item.booking.venue.timezone
    same_day = local_date(instant, zone) == local_date(offer.item.starts_at, zone)
    return clock_time(instant, zone) if same_day else inner_day_and_time(instant, zone)
