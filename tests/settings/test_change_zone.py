"""Another time zone: what the clock shows stays, instants and claims follow; gaps, folds, conflicts are named first."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from portal.blocks.service import block_time
from portal.bookings.availability import Grant, decide
from portal.bookings.service import accept_booking
from portal.bookings.slots.facts import Need
from portal.bookings.slots.queries import load_snapshot
from portal.bookings.words import event_sentence
from portal.clock import frozen, local_instant, now
from portal.database import db
from portal.errors import Invalid
from portal.models import Booking, Claim, OutboxEvent, Shift, Venue, VenueMember
from portal.settings.errors import Stale
from portal.settings.zone.facts import Case, Plan
from portal.settings.zone.plan import carried_over, case_of, fingerprint, span_over
from portal.settings.zone.service import Unseen, change_zone, preview
from tests.blocks.conftest import person
from tests.bookings.conftest import offer_to, phone
from tests.factories import House, make_room, make_shift, make_treatment, save
from tests.settings.conftest import Book, accept, manager, trail
from tests.support.client import PageClient

PARIS, LONDON, REUNION, NEW_YORK = "Europe/Paris", "Europe/London", "Indian/Reunion", "America/New_York"
PAGE = "/v/lutetia/settings/timezone/"


def instant(zone: str, *wall: int) -> datetime:
    return local_instant(datetime(*wall), zone)  # type: ignore[arg-type]  # noqa: DTZ001  (a wall time)


def change(house: House, zone: str, *, reason: str | None = None) -> Plan:
    plan = preview(house.lutetia, timezone=zone, at=now())
    return change_zone(
        house.lutetia, timezone=zone, seen=fingerprint(plan), reason=reason, version=house.lutetia.version,
        by=manager(house),
    )  # fmt: skip


def wall(instant: datetime, zone: str) -> str:
    return f"{instant.astimezone(ZoneInfo(zone)):%m-%d %H:%M}"


@pytest.mark.parametrize(
    ("old", "new", "at", "there", "case"),
    [
        (PARIS, LONDON, (2027, 1, 15, 10, 0), datetime(2027, 1, 15, 10, 0, tzinfo=UTC), None),
        (PARIS, REUNION, (2027, 7, 15, 10, 0), datetime(2027, 7, 15, 6, 0, tzinfo=UTC), None),
        # Paris leaves out 2 to 3 on 28 March 2027; on Réunion that time exists.
        (REUNION, PARIS, (2027, 3, 28, 2, 30), datetime(2027, 3, 28, 1, 0, tzinfo=UTC), Case.GAP),
        # Paris has 2 to 3 twice on 31 October 2027: it is the first.
        (REUNION, PARIS, (2027, 10, 31, 2, 30), datetime(2027, 10, 31, 0, 30, tzinfo=UTC), Case.FOLD),
        # Between the two changes of the clock New York is an hour nearer.
        (PARIS, NEW_YORK, (2027, 3, 20, 9, 0), datetime(2027, 3, 20, 13, 0, tzinfo=UTC), None),
    ],
)
def test_the_wall_time_is_the_promise(
    old: str, new: str, at: tuple[int, ...], there: datetime, case: Case | None
) -> None:
    stands = instant(old, *at)
    assert carried_over(stands, old, new) == there
    assert case_of(stands, old, new) == case


def test_a_span_that_a_gap_would_swallow_keeps_its_length() -> None:
    start, end = instant(REUNION, 2027, 3, 28, 2, 10), instant(REUNION, 2027, 3, 28, 2, 40)
    starts, ends = span_over(start, end, REUNION, PARIS)
    assert (starts, ends - starts) == (datetime(2027, 3, 28, 1, 0, tzinfo=UTC), timedelta(minutes=30))


def test_bookings_claims_shifts_and_blocks_follow(house: House, book: Book) -> None:
    house.lutetia.room_turnover_buffer_minutes = 15
    booking = book("10:00")
    accept(house, booking, house.therese)
    [block] = block_time(
        house.lutetia, resources=[person(house.marc)], starts_at=house.at("13:00"), ends_at=house.at("14:00"),
        kind="break", by=manager(house),
    )  # fmt: skip
    shift = db.session.scalars(select(Shift).where(Shift.member_id == house.marc.id)).first()
    assert shift is not None
    before = {claim.id: wall(claim.starts_at, PARIS) + wall(claim.ends_at, PARIS) for claim in claims_of(booking)}
    was = (wall(shift.starts_at, PARIS), wall(shift.ends_at, PARIS))
    plan = change(house, REUNION)

    db.session.expire_all()
    assert (len(plan.carried), plan.special, house.lutetia.timezone) == (1, [], REUNION)
    assert wall(booking.starts_at, REUNION).endswith("10:00")
    assert (booking.starts_at, booking.ends_at) == (booking.item.starts_at, booking.item.ends_at)
    after = {claim.id: wall(claim.starts_at, REUNION) + wall(claim.ends_at, REUNION) for claim in claims_of(booking)}
    assert after == before
    assert (wall(shift.starts_at, REUNION), wall(shift.ends_at, REUNION)) == was
    assert wall(block.starts_at, REUNION).endswith("13:00")
    [held] = [claim for claim in block.claims if claim.active]
    assert (held.starts_at, held.ends_at) == (block.starts_at, block.ends_at)
    # Nothing was promised that cannot be kept: the slot is still hers, and the next one is free.
    assert not _is_free(house, "10:00", rooms=0)
    assert _is_free(house, "12:00")
    [event] = db.session.scalars(select(OutboxEvent).where(OutboxEvent.type == "booking.rescheduled"))
    assert event.payload["previous"]["starts_at"] != booking.starts_at.isoformat()
    assert "time zone" in event_sentence(booking.events[-1]) or "fuseau" in event_sentence(booking.events[-1])
    assert trail("venue:zone_changed") == [{"timezone": [PARIS, REUNION], "bookings": [None, 1]}]


def test_what_has_begun_stays_at_its_instant(house: House, book: Book) -> None:
    begun, ahead = book("10:00"), book("15:00")
    accept(house, begun, house.therese)
    stood = begun.starts_at
    with frozen(house.at("10:30")):
        change(house, LONDON)
    db.session.expire_all()
    assert begun.starts_at == stood
    assert wall(ahead.starts_at, LONDON).endswith("15:00")


def test_a_gap_and_a_fold_are_named(house: House, book: Book) -> None:
    house.lutetia.timezone = REUNION
    house.lutetia.opening_time, house.lutetia.closing_time = time(0), time(23)
    for day in (date(2027, 3, 28), date(2027, 10, 31)):
        make_shift(house.lutetia, house.therese, day, start=time(0), end=time(12))
    bookings = [
        book(starts_at=instant(REUNION, 2027, 3, 28, 2, 30)), book(starts_at=instant(REUNION, 2027, 10, 31, 2, 30)),
    ]  # fmt: skip
    plan = preview(house.lutetia, timezone=PARIS, at=now())
    assert [one.cases for one in plan.special] == [{Case.GAP}, {Case.FOLD}]
    change(house, PARIS)
    db.session.expire_all()
    assert [wall(one.starts_at, PARIS) for one in bookings] == ["03-28 03:00", "10-31 02:30"]
    assert [one.ends_at - one.starts_at for one in bookings] == [timedelta(hours=1)] * 2


def test_two_that_the_fold_kept_apart_meet(house: House, book: Book) -> None:
    """Half past two came twice in Paris on that day, and comes once on Réunion."""
    house.lutetia.opening_time, house.lutetia.closing_time = time(0), time(23)
    house.lutetia.slot_interval = 30
    make_shift(house.lutetia, house.therese, date(2027, 10, 31), start=time(0), end=time(12))
    first = book(starts_at=datetime(2027, 10, 31, 0, 30, tzinfo=UTC), desk=True, therapists=(house.therese,))
    second = book(starts_at=datetime(2027, 10, 31, 1, 30, tzinfo=UTC), desk=True, therapists=(house.therese,))
    plan = preview(house.lutetia, timezone=REUNION, at=now())
    assert {one.hit.booking for one in plan.conflicts} == {first.uuid, second.uuid}
    with pytest.raises(Invalid) as refused:
        change(house, REUNION)
    assert refused.value.field == "reason"
    assert house.lutetia.timezone == PARIS
    change(house, REUNION, reason="Déménagement")
    db.session.expire_all()
    assert first.starts_at == second.starts_at
    assert sum(claim.overbooked for claim in (*claims_of(first), *claims_of(second))) >= 1
    assert second.events[-1].details.get("overbooked") or first.events[-1].details.get("overbooked")


def test_somebody_who_is_elsewhere_then(house: House, book: Book) -> None:
    """Thérèse treats at the Marais when it is ten on Réunion: seven in Paris. So does the break that moves there."""
    save(VenueMember(venue=house.marais, member=house.therese))
    house.marais.opening_time = time(5)
    early = make_shift(house.marais, house.therese, house.day, start=time(5), end=time(8, 30))
    make_room(house.marais)
    there = make_treatment(house.marais)
    other = book("07:00", venue=house.marais, variant=there.variants[0])
    accept_booking(house.marais, offer=offer_to(other, house.therese), by=phone(house.therese))
    db.session.delete(early)  # her shift was taken from the plan, the visit was not
    db.session.commit()
    booking = book("10:00")
    accept(house, booking, house.therese)
    zone = _zone_in_which(house, "10:00", other.starts_at)
    plan = preview(house.lutetia, timezone=zone, at=now())
    assert [(one.hit.booking, one.busy) for one in plan.conflicts] == [(booking.uuid, ("Thérèse Test",))]
    assert plan.covered == ()
    block_time(
        house.lutetia, resources=[person(house.therese)], starts_at=house.at("11:00"), ends_at=house.at("11:30"),
        kind="break", by=manager(house),
    )  # fmt: skip
    later = preview(house.lutetia, timezone=_zone_in_which(house, "11:00", other.starts_at), at=now())
    assert [(one.resource, one.visit_starts) for one in later.covered] == [("Thérèse Test", other.starts_at)]
    assert fingerprint(replace(later, covered=())) != fingerprint(later)
    change(house, zone, reason="Erreur de saisie")
    db.session.expire_all()
    assert not any(claim.overbooked for claim in claims_of(other))
    assert [claim.resource.kind for claim in claims_of(booking) if claim.overbooked] == ["person"]


def test_a_time_that_is_over_there_is_named(house: House, book: Book) -> None:
    book("10:00")
    with frozen(house.at("09:30")):
        plan = preview(house.lutetia, timezone="Asia/Tokyo", at=now())
    assert [one.cases for one in plan.special] == [{Case.PAST}]


def test_what_was_not_shown_is_shown_first(house: House, book: Book) -> None:
    plan = preview(house.lutetia, timezone=LONDON, at=now())
    book("10:00")
    with pytest.raises(Unseen):
        change_zone(
            house.lutetia, timezone=LONDON, seen=fingerprint(plan), reason=None, version=None, by=manager(house)
        )
    with pytest.raises(Stale):
        change_zone(house.lutetia, timezone=LONDON, seen="", reason=None, version=999, by=manager(house))
    with pytest.raises(Invalid):
        change_zone(house.lutetia, timezone="Mars/Base", seen="", reason=None, version=None, by=manager(house))
    assert house.lutetia.timezone == PARIS


def test_another_venue_keeps_its_clock(house: House, book: Book) -> None:
    make_room(house.marais)
    save(VenueMember(venue=house.marais, member=house.marc))
    make_shift(house.marais, house.marc, house.day + timedelta(days=10))
    other = db.session.scalars(select(Shift).where(Shift.venue_id == house.marais.id)).one()
    stood = other.starts_at
    change(house, REUNION)
    db.session.expire_all()
    assert (other.starts_at, house.marais.timezone) == (stood, PARIS)


def test_shifts_that_would_overlap_are_refused(house: House) -> None:
    save(VenueMember(venue=house.marais, member=house.marc))
    make_shift(house.marais, house.marc, house.day + timedelta(days=1), start=time(5), end=time(8))
    # Two of one day that touch must not stand in each other's way while they move.
    make_shift(house.lutetia, house.therese, house.day + timedelta(days=9), start=time(9), end=time(13))
    make_shift(house.lutetia, house.therese, house.day + timedelta(days=9), start=time(13), end=time(20))
    plan = preview(house.lutetia, timezone="Asia/Tokyo", at=now())
    assert [(one.name, one.start) for one in plan.clashes] == [("Marc Test", time(9))]
    with pytest.raises(Invalid):
        change(house, "Asia/Tokyo")
    assert house.lutetia.timezone == PARIS
    change(house, LONDON)


def test_the_page(house: House, maud: PageClient, book: Book) -> None:
    booking = book("10:00")
    maud.get(PAGE)
    maud.get(f"{PAGE}?timezone={REUNION}")
    assert "10:00" in maud.page.text
    assert maud.page.one(f".//*[@data-booking='{booking.uuid}']") is not None
    save_form = ".//form[@method='post'][@action='/v/lutetia/settings/timezone/']"
    assert maud.submit(save_form).status_code == 422  # the box was not ticked
    form = maud.page.values_of(maud.page.one(save_form))
    late = book("15:00")
    answer = maud.post(PAGE, data=form | {"confirm": "y"})
    assert answer.status_code == 409
    assert maud.page.one(f".//*[@data-booking='{late.uuid}']") is not None
    form = maud.page.values_of(maud.page.one(save_form))
    assert maud.post(PAGE, data=form | {"confirm": "y"}).status_code == 303
    assert house.lutetia.timezone == REUNION
    assert maud.get(f"{PAGE}?timezone=Mars/Base").status_code == 422


def claims_of(booking: Booking) -> list[Claim]:
    return [claim for item in booking.items for claim in item.claims if claim.active]


def _is_free(house: House, clock: str, *, rooms: int = 1) -> bool:
    venue: Venue = house.lutetia
    starts_at = local_instant(datetime.combine(house.day, time.fromisoformat(clock)), venue.timezone)
    snapshot = load_snapshot(venue, first=house.day, last=house.day)
    need = Need(duration=60, guests=2 if not rooms else 1, treatment_id=house.massage.id)
    return isinstance(decide(snapshot, need, starts_at, now()), Grant)


def _zone_in_which(house: House, clock: str, there: datetime) -> str:
    """The zone of a fixed offset in which the clock shows that time of the house's day at the instant."""
    shown = datetime.combine(house.day, time.fromisoformat(clock), tzinfo=UTC)
    hours = round((shown - there) / timedelta(hours=1))
    return f"Etc/GMT{-hours:+d}"
