"""What a notice says when its time has come, in the language of the moment; nothing when it is no longer true."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from flask_babel import gettext as _

from portal.i18n import clock_time, day_and_time, inner_day_and_time, name_of
from portal.models import BookingItem, Notice, Venue
from portal.models.booking_states import CANCELLED, CONFIRMED, ONGOING, PENDING
from portal.models.offer import CANCELLED as OFFER_CANCELLED
from portal.models.proposal import ACCEPTED, EXPIRED, REFUSED
from portal.notices.choices import choices_of
from portal.notices.kinds import OF_VISITS, Kind
from portal.notices.queries import find_accepted_proposal, find_item, find_offer, find_proposal, rooms_named
from portal.notices.staff_words import rota, sick, swap, time_off_answer, time_off_asked
from portal.notices.told import MY_DAY, Words
from portal.notices.visits import kind_of, rooms_of, visits_of_item

TEST_LASTS = timedelta(minutes=10)


def words_of(notice: Notice, *, at: datetime) -> Words | None:
    """The words for the member of the notice, never with a guest's name; None when there is nothing true to say."""
    kind = Kind(notice.kind)
    found = _of_visit(notice, at) if kind in OF_VISITS else _SPEAKERS[kind](notice, at)
    if found is None or found.until <= at:
        return None
    # A later notice about the same thing takes the place of the earlier one on the screen.
    return replace(found, tag=str(notice.subject or notice.uuid))


def _offer(notice: Notice, at: datetime) -> Words | None:
    offer = find_offer(notice.organisation_id, notice.subject)
    if offer is None or not offer.is_open or offer.item.booking.test or offer.item.starts_at <= at:
        return None
    told_for = notice.details.get("starts_at")
    if told_for and told_for != offer.item.starts_at.isoformat():
        return None
    title = _("An offer for you") if offer.because else _("New offer")
    return Words(title, _place(offer.item), f"{MY_DAY}#offer-{offer.uuid}", offer.item.starts_at, offer=True)


def _offer_withdrawn(notice: Notice, _at: datetime) -> Words | None:
    offer = find_offer(notice.organisation_id, notice.subject)
    if offer is None or offer.status != OFFER_CANCELLED:
        return None
    return Words(_("The spa cancelled this offer."), _when(offer.item), MY_DAY, offer.item.starts_at)


def _proposal_answer(notice: Notice, _at: datetime) -> Words | None:
    """What has become of a time that she suggested. An accepted one is a visit that is new in her day: who is told of
    that hears of it there.
    """
    proposal = find_proposal(notice.organisation_id, notice.subject)
    offer = find_offer(notice.organisation_id, proposal.offer.uuid) if proposal else None
    if proposal is None or offer is None:
        return None
    if proposal.status == ACCEPTED and not choices_of(notice.member).wants(Kind.BOOKING_GIVEN):
        return Words(_("Your suggestion was accepted"), _place(offer.item), MY_DAY, proposal.ends_at)
    titles = {
        REFUSED: _("Your suggestion was not taken up"),
        EXPIRED: _("Nobody has answered your suggestion in time"),
    }
    if proposal.status not in titles:
        return None
    when = day_and_time(proposal.starts_at, offer.item.booking.venue.timezone)
    answer = (proposal.answer,) if proposal.answer else ()
    return Words(
        titles[proposal.status],
        (when, _treatment(offer.item), *answer),
        MY_DAY,
        proposal.ends_at,
    )


def _proposed(notice: Notice, _at: datetime) -> Words | None:
    """A therapist suggests another time: told to the desk for as long as it can answer."""
    proposal = find_proposal(notice.organisation_id, notice.subject)
    offer = find_offer(notice.organisation_id, proposal.offer.uuid) if proposal else None
    if proposal is None or offer is None or not proposal.is_open or not offer.is_open:
        return None
    booking, zone = offer.item.booking, offer.item.booking.venue.timezone
    title = _("%(name)s suggests another time", name=offer.member.name)
    when = day_and_time(proposal.starts_at, zone)
    instead = _("instead of %(when)s", when=inner_day_and_time(offer.item.starts_at, zone))
    path = f"/v/{booking.venue.slug}/bookings/{booking.uuid}"
    return Words(title, (when, instead, _treatment(offer.item)), path, proposal.expires_at)


def _of_visit(notice: Notice, _at: datetime) -> Words | None:
    """What has become of the visit since she heard of it, if that is what the notice was written for."""
    item = find_item(notice.organisation_id, notice.subject)
    if item is None:
        return None
    here = visits_of_item(item, item.booking.status).get((notice.member_id, item.uuid))
    knew = notice.details.get("knew")
    kind = kind_of(knew, here.as_json() if here else None, is_off=item.booking.status == CANCELLED)
    if kind != notice.kind:
        return None
    venue, was = item.booking.venue, datetime.fromisoformat(knew["starts_at"]) if knew else item.starts_at
    until = max(item.ends_at, was) if here else was
    if kind == Kind.BOOKING_GIVEN:
        is_hers = find_accepted_proposal(notice.organisation_id, notice.member_id, item) is not None
        title = _("Your suggestion was accepted") if is_hers else _("New in your day")
        return Words(title, _place(item), MY_DAY, until)
    if kind == Kind.MOVED:
        return Words(_("Moved"), (*_place(item), _was_at(item, was, venue)), MY_DAY, until)
    if kind == Kind.ROOM_CHANGED:
        return Words(_("Another room"), (*_place(item), _was_in(notice, knew["rooms"] if knew else [])), MY_DAY, until)
    title = _("Cancelled") if kind == Kind.CANCELLED else _("Somebody else takes over")
    return Words(title, (day_and_time(was, venue.timezone), _treatment(item)), MY_DAY, until)


def _arrived(notice: Notice, _at: datetime) -> Words | None:
    item = find_item(notice.organisation_id, notice.subject)
    if item is None or item.booking.arrived_at is None or item.booking.status not in {PENDING, CONFIRMED}:
        return None
    if (notice.member_id, item.uuid) not in visits_of_item(item, item.booking.status):
        return None
    return Words(_("Your guest has arrived"), _place(item), MY_DAY, item.ends_at)


def _offer_unanswered(notice: Notice, _at: datetime) -> Words | None:
    item = find_item(notice.organisation_id, notice.subject)
    if item is None or item.booking.status not in {PENDING, ONGOING} or item.therapists_missing == 0:
        return None
    booking = item.booking
    path = f"/v/{booking.venue.slug}/bookings/{booking.uuid}"
    return Words(_("No therapist has taken this booking"), _place(item), path, item.starts_at)


def _test(notice: Notice, _at: datetime) -> Words:
    told = _("This is the test that you asked for. There is nothing to do.")
    return Words(_("It works"), (told,), "/my/settings", notice.created_at + TEST_LASTS)


def _place(item: BookingItem) -> tuple[str, ...]:
    """When, what and where, a line each."""
    venue = item.booking.venue
    rooms = ", ".join(name_of(room) for room in rooms_of(item))
    return (*_when(item), ", ".join(filter(None, (rooms, name_of(venue)))))


def _treatment(item: BookingItem) -> str:
    return name_of(item.treatment, at=item.booking.venue)


def _when(item: BookingItem) -> tuple[str, ...]:
    when = day_and_time(item.starts_at, item.booking.venue.timezone)
    minutes = _("%(minutes)d min", minutes=item.duration)
    return (f"{when}, {minutes}", _treatment(item))


def _was_at(item: BookingItem, was: datetime, venue: Venue) -> str:
    same_day = was.date() == item.starts_at.date()
    time = clock_time(was, venue.timezone) if same_day else day_and_time(was, venue.timezone)
    return _("It was %(before)s.", before=time)


def _was_in(notice: Notice, rooms: list[str]) -> str:
    named = rooms_named(notice.organisation_id, [UUID(room) for room in rooms])
    return _("It was %(before)s.", before=", ".join(name_of(room) for room in named))


_SPEAKERS: dict[Kind, Callable[[Notice, datetime], Words | None]] = {
    Kind.OFFER: _offer,
    Kind.OFFER_WITHDRAWN: _offer_withdrawn,
    Kind.PROPOSAL_ANSWER: _proposal_answer,
    Kind.PROPOSED: _proposed,
    Kind.ARRIVED: _arrived,
    Kind.OFFER_UNANSWERED: _offer_unanswered,
    Kind.TIME_OFF_ANSWER: time_off_answer,
    Kind.TIME_OFF_ASKED: time_off_asked,
    Kind.SICK: sick,
    Kind.ROTA: rota,
    Kind.SWAP: swap,
    Kind.TEST: _test,
}
