"""What is there once is had once: the last admin, a letter's link, a code of the telephone, a recovery code.

Two do it at the same instant, in several rounds; the control takes the locks away and demands that both then have it.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select

from portal.audit import SYSTEM
from portal.clock import now
from portal.database import atomic, db
from portal.members.leaving.service import leave
from portal.members.queries import count_admins
from portal.members.service import change_member
from portal.models import Organisation, StaffMember
from portal.models.account import PASSWORD
from portal.session.factor.errors import WrongCode
from portal.session.factor.queries import find_factor
from portal.session.factor.service import takes
from portal.session.onetime.service import make_link, open_link, set_password, write_token
from tests.factories import House, make_member
from tests.members.people import as_desk, but
from tests.session.test_second_factor import code_of, set_up
from tests.support.rivals import DONE, at_once, both_had_it, nobody_waits

pytestmark = pytest.mark.race
ROUNDS = 4
Race = Callable[[Flask, House], list[str]]


def demote_each_other(app: Flask, house: House) -> list[str]:
    """Two admins, each of whom makes the other a receptionist."""
    pair = _two_admins(house)
    return at_once(app, _demote(house, *pair), _demote(house, *pair[::-1]))


def demote_each_other_beside_a_third(app: Flask, house: House) -> list[str]:
    """The same where a third one stays: whoever is no admin any more when it is her turn is turned away."""
    third = db.session.scalar(select(StaffMember).where(StaffMember.email == "cleo@example.org"))
    if third is None:
        make_member(house.organisation, house.lutetia, role="admin", email="cleo@example.org")
    return demote_each_other(app, house)


def let_each_other_go(app: Flask, house: House) -> list[str]:
    """Two admins: one takes the other's role while the other lets her go."""
    pair = _two_admins(house)
    return at_once(app, _demote(house, *pair), _let_go(house, *pair[::-1]))


def open_one_letter(app: Flask, house: House) -> list[str]:
    """Two browsers with one link choose a password."""
    link = make_link(house.marc, PASSWORD, by=SYSTEM)
    written = write_token(link.uuid)
    assert written is not None
    token = written[1]
    return at_once(app, *(_choose(token, f"plenty of warm water {number}") for number in range(2)))


def enter_one_code(app: Flask, house: House) -> list[str]:
    """The code that the telephone shows now, entered twice."""
    secret, _codes = _set_up_anew(house)
    return at_once(app, *[_enter(house.maud.id, code_of(secret))] * 2)


def enter_one_recovery_code(app: Flask, house: House) -> list[str]:
    """A recovery code, entered twice."""
    _secret, codes = _set_up_anew(house)
    return at_once(app, *[_enter(house.maud.id, codes[0])] * 2)


RACES = (
    demote_each_other,
    demote_each_other_beside_a_third,
    let_each_other_go,
    open_one_letter,
    enter_one_code,
    enter_one_recovery_code,
)


@pytest.mark.parametrize("race", RACES, ids=lambda race: race.__name__)
def test_one_has_it(app: Flask, house: House, race: Race) -> None:
    for _round in range(ROUNDS):
        told = race(app, house)
        assert told.count(DONE) == 1, told
        assert not {one for one in told if one[0].isupper()}, f"somebody saw a bug: {told}"
    assert _admins(house) >= 1


@pytest.mark.parametrize("race", RACES, ids=lambda race: race.__name__)
def test_without_the_locks_both_have_it(app: Flask, house: House, race: Race) -> None:
    with nobody_waits():
        told = [race(app, house) for _round in range(ROUNDS)]
    assert any(map(both_had_it, told)), f"They do not race, so the test above proves nothing: {told}"


def _set_up_anew(house: House) -> tuple[str, list[str]]:
    factor = find_factor(house.maud)
    if factor is not None:
        db.session.delete(factor)
        db.session.commit()
    return set_up(house.maud)


def _two_admins(house: House) -> tuple[int, int]:
    """Ada and Bea, admins again whatever became of them."""
    bea = db.session.scalar(select(StaffMember).where(StaffMember.email == "bea@example.org"))
    bea = bea or make_member(house.organisation, house.lutetia, role="admin", email="bea@example.org")
    for admin in (house.ada, bea):
        db.session.refresh(admin)
        admin.role, admin.active, admin.left_at = "admin", True, None
    db.session.commit()
    return house.ada.id, bea.id


def _demote(house: House, actor: int, other: int) -> Callable[[], object]:
    key, venues = house.organisation.id, {house.lutetia.id: 1}

    def work() -> None:
        by, member = db.session.get_one(StaffMember, actor), db.session.get_one(StaffMember, other)
        profile = but(member, role="receptionist", venues=venues)
        change_member(db.session.get_one(Organisation, key), member, profile, version=None, by=as_desk(by))

    return work


def _let_go(house: House, actor: int, other: int) -> Callable[[], object]:
    key = house.organisation.id

    def work() -> None:
        by, member = db.session.get_one(StaffMember, actor), db.session.get_one(StaffMember, other)
        leave(db.session.get_one(Organisation, key), member, ask_others=False, by=as_desk(by))

    return work


def _choose(token: str, password: str) -> Callable[[], object]:
    return lambda: set_password(open_link(token, PASSWORD), password)


def _enter(member: int, code: str) -> Callable[[], object]:
    @atomic
    def work() -> None:
        if not takes(db.session.get_one(StaffMember, member), code, at=now()):
            raise WrongCode()

    return work


def _admins(house: House) -> int:
    nobody = StaffMember(id=0)
    return count_admins(house.organisation, but=nobody)
