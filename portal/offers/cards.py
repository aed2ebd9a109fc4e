"""An offer as its therapist may see it: nothing of the guest before she has accepted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from flask_babel import LazyString

from portal.bookings.broadcast import escalation_delay
from portal.bookings.words import DECLINE_WORDS
from portal.i18n import clock_time, day_and_time, name_of
from portal.models import BookingItem, Offer, OfferWish
from portal.models.offer import ACCEPTED, DECLINED, OPEN, WITHDRAWN
from portal.offers.answers import answer_of, own_guest
from portal.offers.other_times import NONE, OtherTimes
from portal.offers.words import because_note, gender_note, language_note, rooms_of, wish_note


@dataclass(frozen=True, slots=True)
class Card:
    """`state` is the offer's status, or `late` for one that cannot be had any more; `answer` is then the sentence.

    `because` says why it is for her in particular. She should answer by the `deadline`: then others are asked too, or
    the desk sees to it; after that it is open until the treatment begins. `others` is how many colleagues can take it
    as well. `is_fresh` marks the answer to a tap, which takes the focus.
    `busy` says what of hers keeps her from taking an open one. One that was `missed` a colleague took: she may wish to
    be told first the next time; `wished` says that she does.
    """

    id: UUID
    venue_slug: str
    venue: str
    because: str
    starts_at: datetime
    when: str
    minutes: int
    treatment: str
    rooms: str
    guests: int
    gender_note: str
    language_note: str
    out_of_hours: bool
    partner: str | None
    is_test: bool
    others: int
    sent_at: datetime
    deadline: datetime
    closes: str
    state: str
    answer: str
    other: OtherTimes
    is_fresh: bool = False
    busy: str = ""
    missed: bool = False
    wished: str = ""

    @property
    def where(self) -> str:
        """The venue, and the room or rooms where they are known."""
        return ", ".join(filter(None, (self.venue, self.rooms)))

    @property
    def is_open(self) -> bool:
        return self.state == OPEN

    @property
    def is_mine(self) -> bool:
        return self.state == ACCEPTED

    @property
    def has_turn(self) -> bool:
        """It is still up to her wave: the next one has not been asked."""
        return self.deadline < self.starts_at

    @property
    def is_hers_to_read(self) -> bool:
        """Open, or answered by her; not one that went away by itself."""
        return self.is_open or self.is_mine or self.is_fresh or self.state in {DECLINED, WITHDRAWN}

    @property
    def reasons(self) -> Mapping[str, LazyString]:
        """Why she may say no, in words; no reason is as good as any."""
        return DECLINE_WORDS


def card_of(
    offer: Offer,
    *,
    at: datetime,
    is_fresh: bool = False,
    other: OtherTimes = NONE,
    in_the_way: BookingItem | None = None,
    wish: OfferWish | None = None,
) -> Card:
    """The offer as it stands at an instant, with the `other` times that she could suggest, with what of hers is
    `in_the_way` of it, and with her `wish` to be told of the next one first.
    """
    card = _card(offer, offer.status, answer_of(offer, in_the_way=in_the_way), at=at, is_fresh=is_fresh, other=other)
    card = replace(card, wished=wish_note(wish)) if wish is not None and card.missed else card
    return replace(card, busy=own_guest(in_the_way)) if in_the_way is not None and offer.is_open else card


def late_card(offer: Offer, answer: str, *, at: datetime, other: OtherTimes = NONE) -> Card:
    """The offer that she could not have, with the reason in place of the buttons, and perhaps another time."""
    return _card(offer, "late", answer, at=at, is_fresh=True, other=other)


def soonest_first(card: Card) -> tuple[datetime, datetime]:
    """How cards are put in order: by the minute in which they should be answered, then by when they begin."""
    return card.deadline.replace(second=0, microsecond=0), card.starts_at


def deadline_of(offer: Offer, *, at: datetime) -> datetime:
    """Until when she should answer: as long as her wave has its turn, then until the treatment begins.

    What was closed keeps the deadline that it had, so that its card stays where it was.
    """
    turn = offer.sent_at + escalation_delay(offer.item.booking.venue)
    return min(turn, offer.item.starts_at) if (offer.closed_at or at) < turn else offer.item.starts_at


def _card(offer: Offer, state: str, answer: str, *, at: datetime, is_fresh: bool, other: OtherTimes) -> Card:
    item, booking = offer.item, offer.item.booking
    deadline = deadline_of(offer, at=at)
    return Card(
        id=offer.uuid,
        venue_slug=booking.venue.slug,
        venue=name_of(booking.venue),
        because=because_note(offer),
        starts_at=item.starts_at,
        when=day_and_time(item.starts_at, booking.venue.timezone),
        minutes=item.duration,
        treatment=name_of(item.treatment, at=booking.venue),
        rooms=rooms_of(item),
        guests=item.guest_count,
        gender_note=gender_note(item),
        language_note=language_note(booking),
        out_of_hours=item.out_of_hours,
        partner=booking.api_key.name if booking.api_key else None,
        is_test=booking.test,
        others=sum(one.is_open for one in item.offers if one.id != offer.id),
        sent_at=offer.sent_at,
        deadline=deadline,
        closes=clock_time(deadline, booking.venue.timezone),
        state=state,
        answer=answer,
        other=other,
        is_fresh=is_fresh,
        missed=offer.was_missed,
    )
