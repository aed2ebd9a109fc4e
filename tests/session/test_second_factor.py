"""The second factor: asked for after the password, each code once, guessed at rarely, required of managers outside."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pyotp
import pytest
from sqlalchemy import select

from portal.audit import SYSTEM
from portal.clock import frozen, now
from portal.database import db
from portal.models import RecoveryCode, SecondFactor, StaffMember
from portal.seal import CannotBeRead
from portal.session.factor import service
from portal.session.factor.codes import STEP
from portal.session.factor.errors import AlreadyOn, Required, WrongCode
from portal.session.factor.queries import find_factor
from portal.session.factor.service import secret_of
from portal.session.passwords import hash_password
from tests.factories import House
from tests.session.doorstep import audit_lines, knock
from tests.session.post import Post
from tests.support.client import PageClient

NewClient = Callable[[], PageClient]
CODE, ENROL = ".//main//form[@action='/login/code']", ".//main//form[@action='/login/second-step']"


def set_up(member: StaffMember) -> tuple[str, list[str]]:
    """The secret in her telephone, and her recovery codes. What she confirmed with was a minute ago."""
    with frozen(now() - timedelta(minutes=2)):
        service.begin(member, by=SYSTEM)
        secret = secret_of(member)
        assert secret is not None
        return secret, service.confirm(member, code_of(secret), by=SYSTEM)


def code_of(secret: str) -> str:
    """What her telephone shows."""
    return str(pyotp.TOTP(secret).at(now()))


def try_code(client: PageClient, code: str) -> int:
    client.get("/login/code")
    return client.submit(CODE, {"code": code}).status_code


def is_inside(client: PageClient) -> bool:
    return client.get("/my/account/").status_code == 200


@pytest.fixture
def outside(monkeypatch: pytest.MonkeyPatch) -> None:
    """As where others can reach the portal."""
    monkeypatch.setattr("portal.session.factor.required.may_try_out", lambda: False)


def test_the_password_alone_opens_nothing(client: PageClient, house: House) -> None:
    secret, _codes = set_up(house.maud)
    answer = knock(client, house.maud.email, path="/login?next=/v/lutetia/team/")
    assert answer.location.startswith("/login/code?next=")
    for path in ("/v/lutetia/team/", "/my/account/", "/"):
        assert client.get(path).location.startswith("/login")
    client.get(answer.location)
    answer = client.submit(CODE, {"code": f" {code_of(secret)[:3]} {code_of(secret)[3:]} "})
    assert answer.location == "/v/lutetia/team/"
    assert is_inside(client)


def test_the_session_is_another_one_after_the_code(client: PageClient, house: House) -> None:
    secret, _codes = set_up(house.maud)
    knock(client, house.maud.email)
    waiting = client.get_cookie("thermes")
    try_code(client, code_of(secret))
    after = client.get_cookie("thermes")
    assert waiting is not None
    assert after is not None
    assert waiting.value != after.value
    client.set_cookie("thermes", waiting.value)
    assert not is_inside(client)


def test_a_code_is_taken_once(new_client: NewClient, house: House) -> None:
    secret, _codes = set_up(house.maud)
    one, other = new_client(), new_client()
    for client in (one, other):
        knock(client, house.maud.email)
    code = code_of(secret)
    assert try_code(one, code) == 303
    assert try_code(other, code) == 422
    assert not is_inside(other)
    with frozen(now() + timedelta(seconds=STEP)):
        assert try_code(other, code_of(secret)) == 303


@pytest.mark.parametrize(("off", "status"), [(-90, 422), (-30, 303), (30, 303), (90, 422)])
def test_a_clock_may_be_half_a_minute_off(client: PageClient, house: House, off: int, status: int) -> None:
    secret, _codes = set_up(house.maud)
    knock(client, house.maud.email)
    with frozen(now() + timedelta(seconds=off)):
        code = code_of(secret)
    assert try_code(client, code) == status


def test_the_sixth_wrong_code_waits_though_it_be_right(client: PageClient, house: House) -> None:
    secret, _codes = set_up(house.maud)
    knock(client, house.maud.email)
    assert [try_code(client, "000000") for _time in range(5)] == [422] * 5
    assert try_code(client, code_of(secret)) == 429
    with frozen(now() + timedelta(minutes=6)):
        assert try_code(client, code_of(secret)) == 303


def test_a_recovery_code_stands_for_a_code_once(new_client: NewClient, house: House, post: Post) -> None:
    _secret, codes = set_up(house.maud)
    post.collect()
    one, other = new_client(), new_client()
    for client in (one, other):
        knock(client, house.maud.email)
    assert try_code(one, codes[3].lower().replace("-", " ")) == 303
    assert try_code(other, codes[3]) == 422
    assert [letter.subject for letter in post.collect()] == ["A recovery code was used"]
    kept = db.session.scalars(select(RecoveryCode)).all()
    assert len(kept) == 10
    assert not any(code.replace("-", "") in str(vars(row)) for code in codes for row in kept)


def test_the_secret_is_sealed_and_belongs_to_her(house: House) -> None:
    secret, _codes = set_up(house.maud)
    factor = db.session.scalars(select(SecondFactor)).one()
    assert secret.encode() not in factor.sealed
    factor.member_id = house.ada.id
    db.session.commit()
    with pytest.raises(CannotBeRead):
        service.takes(house.ada, "123456", at=now())


def test_managers_set_it_up_before_they_come_in(client: PageClient, house: House, outside: None, post: Post) -> None:
    house.maud.password_hash = hash_password("plenty of warm water")
    answer = knock(client, house.maud.email, "plenty of warm water")
    assert answer.location.startswith("/login/second-step")
    assert not is_inside(client)
    client.get(answer.location)
    secret = secret_of(house.maud)
    assert secret is not None
    assert "-".join(secret[n : n + 4] for n in range(0, 32, 4)) in client.page.text
    assert client.submit(ENROL, {"code": "000000"}).status_code == 422
    assert client.submit(ENROL, {"code": code_of(secret)}).status_code == 200
    assert len(client.page.all(".//main//ul[@class='factor-codes']/li")) == 10
    assert is_inside(client)
    assert [letter.subject for letter in post.collect()] == ["The second step is set up"]


@pytest.mark.parametrize("name", ["therese", "camille"])
def test_nobody_else_has_to(client: PageClient, house: House, outside: None, name: str) -> None:
    member: StaffMember = getattr(house, name)
    member.password_hash = hash_password("plenty of warm water")
    assert "/login" not in knock(client, member.email, "plenty of warm water").location


def test_in_the_demo_nobody_is_asked(client: PageClient, house: House) -> None:
    assert knock(client, house.maud.email).location == f"/v/lutetia/agenda/{house.lutetia.today()}"


def test_what_is_on_is_not_begun_again_and_a_manager_keeps_it(house: House, outside: None) -> None:
    set_up(house.maud)
    with pytest.raises(AlreadyOn):
        service.begin(house.maud, by=SYSTEM)
    with pytest.raises(Required):
        service.turn_off(house.maud, by=SYSTEM)
    set_up(house.therese)
    service.turn_off(house.therese, by=SYSTEM)
    assert find_factor(house.therese) is None


def test_a_wrong_first_code_turns_nothing_on(house: House) -> None:
    service.begin(house.maud, by=SYSTEM)
    with pytest.raises(WrongCode):
        service.confirm(house.maud, "12345", by=SYSTEM)
    factor = find_factor(house.maud)
    assert factor is not None
    assert not factor.is_on


def test_each_step_leaves_a_line_without_secrets(client: PageClient, house: House) -> None:
    secret, codes = set_up(house.maud)
    knock(client, house.maud.email)
    try_code(client, "000000")
    try_code(client, code_of(secret))
    verbs = [line.verb for line in audit_lines()]
    assert verbs == [
        "member:second_factor_begun",
        "member:second_factor_on",
        "member:password_given",
        "member:code_refused",
        "member:signed_in",
    ]
    told = " ".join(str(vars(line)) for line in audit_lines())
    assert not any(word in told for word in (secret, *codes))
