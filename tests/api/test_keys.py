"""Keys: made, shown once, recognised on every request, ended at once."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from portal import clock
from portal.api import keys
from portal.database import db
from portal.errors import Invalid, NotFound
from portal.models import ApiKey, AuditEntry
from portal.partners.keys.service import create_key, revoke_key
from portal.partners.scopes import SURFACES
from tests.api.client import PartnerClient
from tests.api.wishes import make_wish
from tests.factories import ALL_PARTNER_SCOPES, House, make_key
from tests.support.statements import Statements

MISSING = (401, {"error": "Missing API key"})
INVALID = (401, {"error": "Invalid or revoked API key"})


def test_a_new_key_is_shown_once_and_works(partner: PartnerClient, house: House) -> None:
    text, row = create_key(house.organisation, name="ClassPass")
    assert re.fullmatch(r"sk_live_[0-9a-f]{8}_[0-9a-f]{48}", text)
    assert text.startswith(row.prefix + "_")
    assert text.split("_")[-1] not in repr(vars(row)), "The secret is kept as a hash only."
    assert (row.scopes, row.rate_limit_per_min, row.venue_id) == (ALL_PARTNER_SCOPES, None, None)
    assert partner.with_key(text).get("/venues").status_code == 200


def test_a_sandbox_key_says_so(house: House) -> None:
    text, row = create_key(house.organisation, name="Sandbox", test=True)
    assert text.startswith("sk_test_")
    assert row.test


def test_a_key_can_be_narrow(house: House) -> None:
    _text, row = create_key(
        house.organisation, name="Narrow", venue=house.lutetia, scopes=["venues:read", "venues:read"], rate=60
    )
    assert (row.venue_id, row.scopes, row.rate_limit_per_min) == (house.lutetia.id, ["venues:read"], 60)


def test_a_management_key_has_the_scopes_of_its_surface(house: House) -> None:
    _text, row = create_key(house.organisation, name="Our site", surface="management")
    assert row.scopes == list(SURFACES["management"])
    assert "bookings:write" in row.scopes


@pytest.mark.parametrize(
    "wrong",
    [{"name": " "}, {"name": "x" * 201}, {"surface": "public"}, {"scopes": ["bookings:delete"]}, {"rate": 0}],
    ids=str,
)
def test_a_wrong_wish_makes_no_key(house: House, wrong: dict[str, object]) -> None:
    with pytest.raises(Invalid):
        create_key(house.organisation, **{"name": "X", **wrong})  # type: ignore[arg-type]  # wrong on purpose
    assert db.session.scalars(select(ApiKey)).all() == [house.key_row]


def test_a_key_is_not_narrowed_to_a_neighbours_venue(house: House) -> None:
    with pytest.raises(Invalid):
        create_key(house.organisation, name="X", venue=house.chamonix)


def test_a_revoked_key_ends_at_once(partner: PartnerClient, house: House) -> None:
    assert partner.get("/venues").status_code == 200
    revoke_key(house.key_row.prefix)
    revoke_key(house.key_row.prefix)
    response = partner.get("/venues")
    assert (response.status_code, response.json) == INVALID
    verbs = db.session.scalars(select(AuditEntry.verb).where(AuditEntry.subject == house.key_row.uuid)).all()
    assert verbs == ["key:revoked"], "Ending twice is harmless and said once."


def test_an_unknown_key_cannot_be_revoked(house: House) -> None:
    with pytest.raises(NotFound):
        revoke_key("sk_live_ffffffff")


def test_no_header_is_a_missing_key(partner: PartnerClient) -> None:
    for headers in ({}, {"Authorization": "Basic dXNlcjpwYXNz"}, {"X-Api-Key": ""}, {"Authorization": "Bearer "}):
        response = partner.with_key(None).get("/venues", headers=headers)
        assert (response.status_code, response.json) == MISSING, headers
        assert response.headers["WWW-Authenticate"] == "Bearer"


MALFORMED = (
    "sk_live_00000000_" + "0" * 48,
    "sk_live_00000000",
    "nonsense",
    "é" * 60,
    "sk_live_\xff\xfe\xfd_" + "a" * 48,
    "x" * 8000,
    "sk_live_" + "١" * 8 + "_" + "0" * 48,
    "%00",
    "sk_live_' OR 1=1 --",
)


@pytest.mark.parametrize(("header", "scheme"), [("Authorization", "Bearer "), ("X-Api-Key", "")])
def test_a_malformed_or_unknown_key_is_invalid(partner: PartnerClient, header: str, scheme: str) -> None:
    for text in MALFORMED:
        headers = {header: (scheme + text).encode().decode("latin-1")}
        response = partner.with_key(None).get("/venues", headers=headers)
        assert (response.status_code, response.json) == INVALID, text


def test_the_secret_counts_to_its_last_digit(partner: PartnerClient, house: House) -> None:
    other = house.key[:-1] + ("0" if house.key[-1] != "0" else "1")
    assert partner.with_key(other).get("/venues").status_code == 401
    assert partner.with_key(house.key.upper()).get("/venues").status_code == 401
    assert partner.with_key(house.key + "0").get("/venues").status_code == 401


def test_both_headers_work_and_bearer_wins(partner: PartnerClient, house: House) -> None:
    anonymous = partner.with_key(None)
    other, _row = make_key(house.neighbour)
    assert anonymous.get("/venues", headers={"X-Api-Key": house.key}).status_code == 200
    assert anonymous.get("/venues", headers={"Authorization": f"bEaReR {house.key}"}).status_code == 200
    both = {"Authorization": f"Bearer {house.key}", "X-Api-Key": other}
    assert {venue["slug"] for venue in anonymous.data("/venues", headers=both)} == {"lutetia", "marais"}
    wrong = {"Authorization": "Bearer nonsense", "X-Api-Key": house.key}
    assert anonymous.get("/venues", headers=wrong).status_code == 401


def test_a_management_key_is_no_partner(partner: PartnerClient, house: House) -> None:
    text, _row = make_key(house.organisation, surface="management")
    response = partner.with_key(text).get("/venues")
    assert (response.status_code, response.json) == INVALID


def test_recognising_takes_one_statement(
    partner: PartnerClient, house: House, statements: Callable[[], AbstractContextManager[Statements]]
) -> None:
    partner.get("/venues")
    with statements() as sent:
        assert partner.get("/venues").status_code == 200
    sent.at_most(2)


def test_last_use_is_noted_once_a_minute_and_never_for_a_refusal(partner: PartnerClient, house: House) -> None:
    at = clock.now().replace(microsecond=0)
    with clock.frozen(at):
        partner.get("/venues/nowhere")
        assert house.key_row.last_used_at is None
        partner.get("/venues")
        assert house.key_row.last_used_at == at
    with clock.frozen(at + timedelta(seconds=59)):
        partner.get("/venues")
        assert house.key_row.last_used_at == at
    with clock.frozen(at + timedelta(seconds=60)):
        partner.get("/venues")
        assert house.key_row.last_used_at == at + timedelta(seconds=60)


def test_a_use_that_cannot_be_noted_spoils_nothing(
    partner: PartnerClient, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    def locked(_key_id: int, _at: datetime) -> None:
        raise OperationalError("update", {}, Exception("database is locked"))

    monkeypatch.setattr(keys, "_write_use", locked)
    partner.book(make_wish(house))
    assert house.key_row.last_used_at is None
