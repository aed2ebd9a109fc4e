"""Writing a notice: in the caller's transaction, once, wanted, when she is awake."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.audit import SYSTEM
from portal.clock import frozen, now
from portal.database import atomic, db
from portal.models import Notice, OutboxEvent
from portal.notices.service import GRACE, MEMBER_NOTICE, Kind, tell_member
from tests.factories import House, make_member
from tests.notices.conftest import choose, desk, moment, notices, states, work
from tests.support.smtpd import MailServer


def tell(house: House, key: str = "a", **given: object) -> Notice | None:
    words = {"venue": house.lutetia, "subject": None, "by": desk(house), **given}
    return tell_member(house.therese, Kind.TEST, key=key, **words)  # type: ignore[arg-type]  # short on purpose


def waiting() -> list[OutboxEvent]:
    query = select(OutboxEvent).where(OutboxEvent.type == MEMBER_NOTICE).order_by(OutboxEvent.id)
    return list(db.session.scalars(query))


def test_it_waits_in_the_outbox_for_the_worker(house: House) -> None:
    notice = tell(house, answer="perhaps", at=moment("2026-11-20T10:00:00+00:00"))
    assert notice is not None
    assert (notice.member, notice.venue, notice.kind) == (house.therese, house.lutetia, "test")
    assert notice.details == {"answer": "perhaps", "at": "2026-11-20T10:00:00+00:00"}
    assert [(event.subject, event.run_at) for event in waiting()] == [(notice.uuid, notice.due_at)]
    assert notice.due_at <= now()


def test_the_same_key_is_told_once_and_to_each_member(house: House) -> None:
    assert tell(house) is not None
    assert tell(house) is None
    assert tell(house, key="b") is not None
    assert tell_member(house.marc, Kind.TEST, venue=None, subject=None, key="a") is not None
    assert (len(notices(house.therese)), len(notices(house.marc)), len(waiting())) == (2, 1, 3)


def test_it_is_part_of_the_callers_transaction(house: House) -> None:
    @atomic
    def fail() -> None:
        tell(house)
        raise RuntimeError("the change itself fails")

    with pytest.raises(RuntimeError):
        fail()
    assert (notices(house.therese), waiting()) == ([], [])


def test_nobody_is_told_what_she_did_herself_does_not_want_or_has_left(house: House) -> None:
    def told(**given: object) -> Notice | None:
        words = {"venue": house.lutetia, "subject": None, "key": "x", "by": SYSTEM, **given}
        return tell_member(house.camille, Kind.SICK, **words)  # type: ignore[arg-type]  # short on purpose

    assert told(by=desk(house)) is None
    choose(house.camille, off=["sick"])
    assert told() is None
    choose(house.camille, off=["swap"])
    house.camille.active = False
    assert told() is None
    house.camille.active = True
    assert told() is not None


def test_an_unknown_kind_is_a_bug(house: House) -> None:
    with pytest.raises(ValueError, match="gossip"):
        tell_member(house.therese, "gossip", venue=None, subject=None, key="x")


@pytest.mark.parametrize(
    ("local", "urgent", "due"),
    [
        ("2026-11-20T20:59+01:00", False, "2026-11-20T20:59+01:00"),
        ("2026-11-20T21:00+01:00", False, "2026-11-21T07:30+01:00"),
        ("2026-11-21T03:00+01:00", False, "2026-11-21T07:30+01:00"),
        ("2026-11-21T07:30+01:00", False, "2026-11-21T07:30+01:00"),
        ("2026-11-20T21:00+01:00", True, "2026-11-20T21:00+01:00"),
        # The clock goes forward, and back, in these nights.
        ("2027-03-27T23:00+01:00", False, "2027-03-28T07:30+02:00"),
        ("2027-10-30T23:00+02:00", False, "2027-10-31T07:30+01:00"),
    ],
)
def test_quiet_hours_are_those_of_the_venues_clock(house: House, local: str, urgent: bool, due: str) -> None:
    choose(house.therese, quiet={"from": "21:00", "to": "07:30"})
    with frozen(moment(local)):
        notice = tell(house, urgent=urgent)
    assert notice is not None
    assert notice.due_at == moment(due)


def test_quiet_hours_within_a_day(house: House) -> None:
    choose(house.therese, quiet={"from": "13:00", "to": "14:00"})
    with frozen(moment("2026-11-20T13:20+01:00")):
        inside = tell(house)
    with frozen(moment("2026-11-20T22:20+01:00")):
        outside = tell(house, key="b")
    assert inside is not None
    assert outside is not None
    assert (inside.due_at, outside.due_at) == (moment("2026-11-20T14:00+01:00"), moment("2026-11-20T22:20+01:00"))


def test_without_a_venue_her_own_venues_clock_counts(house: House) -> None:
    house.lutetia.timezone = "Indian/Reunion"
    choose(house.therese, quiet={"from": "21:00", "to": "07:30"})
    with frozen(moment("2026-11-20T22:00+04:00")):
        notice = tell(house, venue=None)
        nowhere = tell_member(make_member(house.organisation), Kind.TEST, venue=None, subject=None, key="x")
    assert notice is not None
    assert notice.due_at == moment("2026-11-21T07:30+04:00")
    assert nowhere is not None


def test_quiet_hours_that_were_chosen_meanwhile_are_kept(house: House, mail: MailServer) -> None:
    with frozen(moment("2026-11-20T21:10+01:00")):
        tell(house, after=GRACE)
    choose(house.therese, quiet={"from": "21:00", "to": "07:30"})
    work(moment("2026-11-20T21:11+01:00"))
    assert (states(house.therese), mail.letters) == ([("test", "waiting")], [])
    assert notices(house.therese)[0].due_at == moment("2026-11-21T07:30+01:00")


def test_it_is_not_told_before_its_time_nor_to_one_who_left(house: House, mail: MailServer) -> None:
    tell(house, after=timedelta(seconds=10))
    work(after=5)
    assert states(house.therese) == [("test", "waiting")]
    house.therese.active = False
    work(after=11)
    assert (states(house.therese), mail.letters) == ([("test", "voided")], [])
