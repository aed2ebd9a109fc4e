"""Keys on the page: made and shown once, changed, revoked at once."""

from __future__ import annotations

import re
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import text

from portal.database import db
from portal.errors import Invalid
from portal.models import ApiKey
from portal.partners.errors import KeyEnded
from portal.partners.keys.service import change_key, revoke_key
from portal.partners.queries import keys_of
from portal.settings.errors import Stale
from tests.api.client import PartnerClient
from tests.factories import House
from tests.partners.conftest import admin, home, send, trail
from tests.support.client import PageClient

KEY = re.compile(r"sk_(?:live|test)_[0-9a-f]{8}_[0-9a-f]{48}")
WISH = {"name": "Production", "scopes": ["venues:read", "bookings:write"], "rate": "60", "venue": ""}


def test_shown_once_and_kept_nowhere(ada: PageClient, house: House, partner: PartnerClient) -> None:
    wish = WISH | {"uuid": str(uuid4()), "venue": str(house.marais.uuid)}
    shown = send(ada, home(house, "/keys/new"), wish)
    assert (shown.status_code, shown.headers["Cache-Control"]) == (201, "no-store")
    key = KEY.findall(shown.text)[0]
    assert [one["slug"] for one in partner.with_key(key).data("/venues")] == ["marais"]
    row = next(one for one in keys_of(house.organisation) if key.startswith(one.prefix))
    assert (row.scopes, row.rate_limit_per_min, row.created_by) == (WISH["scopes"], 60, house.ada)
    again = send(ada, home(house, "/keys/new"), wish)
    assert again.status_code == 303, "The form that is sent twice makes one key."
    pages = [ada.get(home(house, path)).text for path in ("", f"/keys/{row.uuid}")]
    assert not any(KEY.search(page) or key[-48:] in page for page in pages)
    assert "Set-Cookie" not in shown.headers
    assert key[-48:] not in _everything(), "Of the secret the hash alone is kept."
    assert row.secret_hash in _everything(), "The control: what is kept is found."


def test_what_is_wrong_is_said_and_nothing_is_made(ada: PageClient, house: House) -> None:
    wrong: tuple[dict[str, Any], ...] = (
        {"name": ""}, {"name": " \x00 "}, {"name": "x" * 201}, {"scopes": []}, {"scopes": ["bookings:delete"]},
        {"rate": "0"}, {"rate": "9" * 400}, {"rate": "many"}, {"venue": str(house.chamonix.uuid)}, {"venue": "x"},
    )  # fmt: skip
    for one in wrong:
        answer = send(ada, home(house, "/keys/new"), WISH | one)
        assert (answer.status_code, bool(KEY.search(answer.text))) == (422, False), one
    assert list(keys_of(house.organisation)) == [house.key_row]


def test_changed_from_the_next_request_on(ada: PageClient, house: House, partner: PartnerClient) -> None:
    page = home(house, f"/keys/{house.key_row.uuid}")
    form = {"name": "Reading", "scopes": ["venues:read"], "rate": "1", "version": str(house.key_row.version)}
    assert send(ada, page, form).status_code == 303
    assert partner.get("/venues/lutetia/treatments").status_code == 403
    assert partner.get("/venues").status_code == 429
    [told] = trail("key:changed")
    assert told["changes"]["rate_limit_per_min"] == [None, 1]
    assert send(ada, page, form | {"name": "Late"}).status_code == 409
    assert send(ada, page, form | {"scopes": ["rooms:read"], "version": "2"}).status_code == 422
    db.session.refresh(house.key_row)
    assert (house.key_row.name, house.key_row.scopes) == ("Reading", ["venues:read"])


def test_a_sandbox_key_rehearses(ada: PageClient, house: House, partner: PartnerClient, wish: object) -> None:
    key = KEY.findall(send(ada, home(house, "/keys/new"), WISH | {"test": "y"}).text)[0]
    assert key.startswith("sk_test_")
    made = partner.with_key(key).book(wish("10:00"))  # type: ignore[operator]  # the fixture's own type
    shown = partner.get(f"/bookings/{made['id']}").json or {}
    assert shown["data"]["test"] is True
    assert "Sandbox" in ada.get(home(house), headers={"Accept-Language": "en"}).text


def test_revoked_at_once_and_for_good(ada: PageClient, house: House, partner: PartnerClient) -> None:
    assert partner.get("/venues").status_code == 200
    page = home(house, f"/keys/{house.key_row.uuid}")
    assert send(ada, f"{page}/revoke").status_code == 303
    assert send(ada, f"{page}/revoke").status_code == 303
    assert partner.get("/venues").status_code == 401
    assert len(trail("key:revoked")) == 1
    assert send(ada, page, WISH).status_code == 409
    assert 'name="scopes"' not in ada.get(page).text


def test_the_rules_hold_whoever_asks(house: House) -> None:
    key, by = house.key_row, admin(house)
    same: dict[str, Any] = {"name": key.name, "scopes": key.scopes, "rate": None}
    change_key(house.organisation, key=key, version=key.version, by=by, **same)
    assert trail("key:changed") == [], "Nothing new is nothing told."
    with pytest.raises(Stale):
        change_key(house.organisation, key=key, version=7, by=by, **same | {"name": "X"})
    with pytest.raises(Invalid):
        change_key(house.organisation, key=key, version=None, by=by, **same | {"scopes": ["bookings:delete"]})
    revoke_key(key.prefix)
    with pytest.raises(KeyEnded):
        change_key(house.organisation, key=key, version=None, by=by, **same | {"name": "X"})


def _everything() -> str:
    """All that the database holds, as text."""
    names = [table.name for table in ApiKey.metadata.sorted_tables]
    return "\n".join(str(db.session.execute(text(f'SELECT * FROM "{name}"')).all()) for name in names)  # noqa: S608
