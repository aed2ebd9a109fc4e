"""The page that was wanted before signing in: only ever one of ours."""

from __future__ import annotations

from urllib.parse import unquote

import pytest

from portal.session.places import inside, without_language
from tests.factories import House
from tests.session.doorstep import knock
from tests.support.client import PageClient

OUTSIDE = [
    "",
    " ",
    "http://evil.example",
    "https://evil.example/login",
    "HTTPS://EVIL.EXAMPLE",
    "//evil.example",
    "///evil.example",
    "////evil.example",
    "//evil.example@localhost/",
    "//localhost@evil.example/",
    "/\\evil.example",
    "\\/evil.example",
    "\\\\evil.example",
    "/\\/evil.example",
    "\\evil.example",
    "/%5cevil.example",
    "/%5C%5Cevil.example",
    "/%2fevil.example",
    "/%2F%2Fevil.example",
    "%2f%2fevil.example",
    "/.//evil.example",
    "/..//evil.example",
    "/x/..//evil.example",
    "/\t/evil.example",
    "/\n/evil.example",
    "/\r/evil.example",
    "\t//evil.example",
    "\n//evil.example",
    " //evil.example",
    "\x00//evil.example",
    "/\x00/evil.example",
    "/%00/evil.example",
    "/%09/evil.example",
    "/%0a/evil.example",
    "/%0d%0aSet-Cookie: thermes=evil",
    "/my/day\r\nLocation: https://evil.example",
    "/\x7f/evil.example",
    "/\x85/evil.example",
    "／／evil.example",
    "/／evil.example",
    "/%EF%BC%8Fevil.example",
    "/＼evil.example",
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "java\nscript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "vbscript:x",
    "ftp://evil.example",
    "http:evil.example",
    "https:/evil.example",
    "http:///evil.example",
    "evil.example",
    "www.evil.example/x",
    "my/day",
    "./my/day",
    "../my/day",
    "?next=/my/day",
    "#top",
    "@evil.example",
    ":80",
    "/" + "x" * 2000,
]
INSIDE = [
    "/",
    "/my/day",
    "/v/lutetia/agenda/2026-11-20?by=room",
    "/v/lutetia/agenda/2026-11-20?by=room&booking=6f9b0a1e-8a52-4d0e-9a55-3a54b7f3a0c2#panel",
    "/search?q=anna%20b",
    "/search?from=https://partner.example//x",
    "/search?q=a%5Cb",
]


def test_the_table_is_long_enough() -> None:
    assert len(set(OUTSIDE)) >= 40


@pytest.mark.parametrize("url", OUTSIDE)
def test_an_address_outside_is_none(url: str) -> None:
    assert inside(url) is None


@pytest.mark.parametrize("url", INSIDE)
def test_an_address_inside_stays_as_it_is(url: str) -> None:
    assert inside(url) == url


def test_an_address_inside_fits_into_a_header() -> None:
    assert inside("/recherche?q=Hélène 美") == "/recherche?q=H%C3%A9l%C3%A8ne%20%E7%BE%8E"


def test_nothing_is_none() -> None:
    assert inside(None) is None


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True, scope="session")  # what an address is, no database says
@pytest.mark.parametrize("url", [url for url in OUTSIDE if "\x00" not in url])
def test_signing_in_leads_nowhere_else(client: PageClient, house: House, url: str) -> None:
    client.get("/login")
    data = {"email": house.therese.email, "password": "thermes-demo", "csrf_token": client.page.csrf_token, "next": url}
    assert client.post("/login", data=data).location == "/my/day"


@pytest.mark.parametrize("path", ["/lang", "/theme"])
@pytest.mark.parametrize("url", ["https://evil.example", "//evil.example", "/\\evil.example", "/%2fevil.example"])
def test_language_and_theme_lead_nowhere_else(client: PageClient, path: str, url: str) -> None:
    client.get("/login")
    data = {"lang": "fr", "theme": "dark", "csrf_token": client.page.csrf_token, "next": url}
    answer = client.post(path, data=data, headers={"HX-Request": "true"})
    assert answer.headers["HX-Redirect"] == "/"


def test_the_wanted_page_is_kept_through_a_wrong_password(client: PageClient, house: House) -> None:
    wanted = f"/v/lutetia/agenda/{house.day}?by=room"
    login = client.get(wanted).location or ""
    assert login.startswith("/login?next=")
    knock(client, house.camille.email, "wrong", path=login)
    answer = client.submit(".//main//form", {"email": house.camille.email, "password": "thermes-demo"})
    assert answer.location == wanted


def test_a_fragment_of_an_ended_session_leads_back_to_the_page_around_it(client: PageClient, house: House) -> None:
    page = f"/v/lutetia/agenda/{house.day}?by=room"
    answer = client.hx(page, headers={"HX-Current-URL": f"http://localhost{page}"})
    assert unquote(answer.headers["HX-Redirect"]) == f"/login?next={page}"
    answer = client.hx(page, headers={"HX-Current-URL": "http://evil.example/agenda"})
    assert answer.headers["HX-Redirect"] == "/login?next="


def test_a_choice_of_language_is_not_undone_by_the_address() -> None:
    assert without_language("/v/lutetia/agenda/2026-11-20?lang=fr&by=room") == "/v/lutetia/agenda/2026-11-20?by=room"
    assert without_language("/?lang=fr") == "/"
