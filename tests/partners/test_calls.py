"""The last calls of a partner: after the answer, in one statement, without anybody's name, number or words."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError
from werkzeug.test import TestResponse

from portal.api import calls
from portal.clock import frozen, now
from portal.database import db
from portal.models import ApiCall
from portal.partners.calls import service
from portal.partners.calls.masking import MASK, answered, code_of, sent
from portal.partners.calls.service import KEPT, trim_calls
from portal.worker import forget
from tests.api.client import PartnerClient
from tests.api.conftest import MakeWish
from tests.factories import House, make_key, save
from tests.partners.conftest import home
from tests.support.client import PageClient
from tests.support.statements import Statements

SECRETS = ("Quasimodo", "Esmeralda", "612345678", "belle@example.org", "Noix", "fenêtre", "Chambre")
GUEST = {"first_name": "Quasimodo", "last_name": "Esmeralda", "phone": "06 12 34 56 78", "email": "belle@example.org"}


def last() -> ApiCall:
    db.session.expire_all()
    return db.session.scalars(select(ApiCall).order_by(ApiCall.id.desc()).limit(1)).one()


def left(response: TestResponse) -> TestResponse:
    """The answer has left: what a server does with it then."""
    response.close()
    return response


def test_a_booking_is_noted_without_its_guest(
    ada: PageClient, house: House, partner: PartnerClient, wish: MakeWish
) -> None:
    body = wish("10:00", guest=GUEST, notes="Allergie : Noix", external_id="STAY-1", room="Chambre 7")
    made = left(partner.post("/venues/lutetia/bookings", json=body)).json or {}
    call = last()
    assert (call.status, call.method, call.path) == (201, "POST", "/v1/venues/lutetia/bookings")
    assert (call.external_id, str(call.booking), call.code) == ("STAY-1", made["data"]["id"], None)
    kept = f"{call.request} {call.answer}"
    assert not [word for word in SECRETS if word in kept], "Nothing of the guest is kept."
    assert all(word in kept for word in (str(house.single.uuid), "120.0", '"first_name": "•••"', "booking_number"))
    left(partner.post(f"/bookings/{made['data']['id']}/cancel", json={"reason": "Elle a sauté par la fenêtre"}))
    left(partner.get("/bookings/ext:STAY-1"))
    left(partner.get("/venues/lutetia/customers"))
    page = ada.get(home(house, "/calls/")).text
    for row in db.session.scalars(select(ApiCall)):
        page += ada.get(home(house, f"/calls/{row.uuid}")).text
    assert not [word for word in SECRETS if word in page]


def test_refusals_are_noted_with_their_code(house: House, partner: PartnerClient, wish: MakeWish) -> None:
    left(partner.post("/venues/lutetia/bookings", json=wish("03:00")))
    assert (last().status, last().code) == (409, "slot_unavailable · outside_hours")
    left(partner.post("/venues/lutetia/bookings", data="no json", content_type="application/json"))
    assert (last().status, last().code, last().request) == (400, "Invalid JSON body", None)
    left(partner.get("/venues/nowhere"))
    assert (last().status, last().booking) == (404, None)
    count = db.session.scalar(select(func.count(ApiCall.id)))
    left(partner.with_key("sk_live_00000000_" + "0" * 48).get("/venues"))
    assert db.session.scalar(select(func.count(ApiCall.id))) == count, "A stranger's calls are nobody's."


def test_it_costs_the_answer_nothing_and_one_statement_afterwards(
    partner: PartnerClient, wish: MakeWish, statements: Callable[[], AbstractContextManager[Statements]]
) -> None:
    with statements() as sent_before:
        response = partner.post("/venues/lutetia/bookings", json=wish("10:00"))
    assert not [sql for sql in sent_before if "api_call" in sql]
    with statements() as after:
        left(response)
    after.at_most(1)
    assert last().status == 201


def test_a_line_that_cannot_be_written_spoils_nothing(
    partner: PartnerClient, wish: MakeWish, monkeypatch: pytest.MonkeyPatch
) -> None:
    def locked(_call: ApiCall) -> None:
        raise OperationalError("insert", {}, Exception("database is locked"))

    monkeypatch.setattr(calls, "keep_call", locked)
    assert left(partner.post("/venues/lutetia/bookings", json=wish("10:00"))).status_code == 201


ODD: tuple[Any, ...] = (
    {"variant_id": "Esmeralda", "external_id": "belle@example.org", "start_at": "Quasimodo"},
    {"guest": "Quasimodo", "price_paid": {"amount": {"x": "Esmeralda"}, "Chambre": "Noix"}},
    {"guest": {"first_name": {"id": "Quasimodo"}}, "notes": ["fenêtre"], "currency": "Esmeralda"},
    {"guest_count": 10**400, "price_paid": [[[[[[[["Noix"]]]]]]]], "external_reference": "+33612345678"},
    {"external_id": "\ud800", "start_at": "\x00", "Esmeralda": 1},
)


@pytest.mark.parametrize("body", ODD, ids=str)
def test_odd_bodies_leave_nothing(body: dict[str, Any]) -> None:
    kept = sent(body) or ""
    assert not [word for word in SECRETS if word in kept], kept
    kept.encode()


def test_what_is_kept_is_short() -> None:
    assert len(answered({"data": [{"status": "x" * 300}] * 5000}) or "") < 2100
    assert code_of("STAY-1") == "STAY-1"
    assert code_of("+33612345678") == MASK
    assert code_of("x" * 256) is None


def test_the_last_hundred_of_each_key_stay(house: House) -> None:
    _text, other = make_key(house.organisation)
    for key, many in ((house.key_row, KEPT + 7), (other, 3)):
        save(*[_row(key.id, house) for _one in range(many)])
    assert trim_calls(at=now()) == 7
    db.session.commit()
    with frozen(now() + service.KEPT_FOR + timedelta(hours=1)):
        assert forget() >= KEPT + 3, "The worker forgets what is old."
    assert db.session.scalar(select(func.count(ApiCall.id))) == 0


def test_the_page_filters_in_few_statements(
    ada: PageClient, house: House, statements: Callable[[], AbstractContextManager[Statements]]
) -> None:
    save(*[_row(house.key_row.id, house, path=f"/v1/{status}", status=status) for status in (200, 409) for _ in "ab"])
    _text, theirs = make_key(house.neighbour)
    save(_row(theirs.id, house, organisation_id=house.neighbour.id, path="/v1/secret"))
    with statements() as made:
        page = ada.get(home(house, "/calls/")).text
    made.at_most(9)
    assert page.count("/v1/200") == page.count("/v1/409") == 2
    assert "/v1/secret" not in page
    refused = ada.get(home(house, f"/calls/?only=refused&key={house.key_row.uuid}")).text
    assert ("/v1/200" in refused, "/v1/409" in refused) == (False, True)
    assert ada.get(home(house, "/calls/?key=nonsense&only=%00")).status_code == 200
    hidden = db.session.scalars(select(ApiCall.uuid).where(ApiCall.path == "/v1/secret")).one()
    assert ada.get(home(house, f"/calls/{hidden}")).status_code == 404


def _row(key_id: int, house: House, **given: Any) -> ApiCall:
    usual = {"organisation_id": house.organisation.id, "path": "/v1/venues", "status": 200}
    return ApiCall(api_key_id=key_id, method="GET", duration_ms=3, **usual | given)
