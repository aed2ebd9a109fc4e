"""Numbers and times that nobody types: refused with a page that can be read, nothing saved."""

from __future__ import annotations

import pytest

from tests.factories import House
from tests.support.client import PageClient

SETTINGS = "/v/lutetia/settings"


@pytest.mark.parametrize("path", ["/hours/", "/hours/special", "/rules", "/cancellation/", "/rooms/new"])
def test_odd_values(house: House, maud: PageClient, path: str) -> None:
    maud.get(f"{SETTINGS}{path}")
    form = maud.page.one(f".//form[@method='post'][@action='{SETTINGS}{path}']")
    values, version = maud.page.values_of(form), house.lutetia.version
    for odd in ("\x00", "9" * 400, "\x01\x7f", "x" * 10_000):
        fields = {name: odd for name in values if name not in {"csrf_token", "version", "drawn"}}
        assert maud.post(f"{SETTINGS}{path}", data=values | fields).status_code == 422
    assert house.lutetia.version == version
