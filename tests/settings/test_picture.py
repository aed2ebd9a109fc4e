"""The venue's picture: drawn anew, shown where the venue is chosen, replaced, taken away; what is none is refused."""

from __future__ import annotations

import io

import pytest
from PIL import Image
from sqlalchemy import func, select

from portal.database import db
from portal.models import VenuePicture
from portal.pictures import NoPicture, TooLarge
from portal.settings.picture.service import SIZE, remove_picture, set_picture
from tests.factories import House
from tests.settings.conftest import manager, told, trail
from tests.support.client import PageClient
from tests.support.photos import as_file, bomb, picture
from tests.support.sign_in import sign_in

PAGE = "/v/lutetia/settings/picture/"


def kept() -> int:
    return db.session.scalar(select(func.count()).select_from(VenuePicture)) or 0


def test_drawn_anew_replaced_and_taken_away(house: House) -> None:
    venue = set_picture(house.lutetia, picture(), by=manager(house))
    first = venue.picture
    set_picture(venue, picture(kind="PNG", mode="L", width=30, height=900), by=manager(house))
    assert first not in {None, venue.picture}
    assert kept() == 1
    with Image.open(io.BytesIO(db.session.scalars(select(VenuePicture.content)).one())) as drawn:
        assert (drawn.format, drawn.size, dict(drawn.getexif())) == ("JPEG", SIZE, {})
    for _twice in range(2):
        remove_picture(venue, by=manager(house))
    assert (venue.picture, kept(), len(trail("venue:picture"))) == (None, 0, 3)
    assert "venue" in told()


@pytest.mark.parametrize(
    ("content", "refusal"), [(b"<svg onload='alert(1)'/>", NoPicture), (bomb(50_000, 50_000), TooLarge)]
)
def test_what_is_none_changes_nothing(house: House, content: bytes, refusal: type[Exception]) -> None:
    set_picture(house.lutetia, picture(), by=manager(house))
    before = house.lutetia.picture
    with pytest.raises(refusal):
        set_picture(house.lutetia, content, by=manager(house))
    assert (house.lutetia.picture, kept()) == (before, 1)


def test_colleagues_see_it_where_the_venue_is_chosen(house: House, client: PageClient) -> None:
    set_picture(house.lutetia, picture(), by=manager(house))
    url = f"/v/lutetia/settings/picture/shown?v={house.lutetia.picture}"
    sign_in(client, house.camille)
    client.get(f"/v/lutetia/agenda/{house.day}")
    assert client.page.one(f".//header//img[@src='{url}']") is not None
    answer = client.get(url)
    assert (answer.status_code, answer.mimetype) == (200, "image/jpeg")
    assert answer.headers["Cache-Control"].startswith("private")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    sign_in(client, house.ada)
    client.get(f"/v/marais/agenda/{house.day}")
    assert client.page.one(f".//header//nav//img[@src='{url}']").get("loading") == "lazy"
    sign_in(client, house.eve)
    assert client.get(url).status_code == 404


def test_the_page(house: House, maud: PageClient) -> None:
    maud.get(PAGE)
    token = maud.page.csrf_token

    def send(content: bytes) -> int:
        body, kind = as_file("photo", content, token)
        return maud.post(PAGE, data=body, content_type=kind).status_code

    assert send(b"") == send(picture()[:200]) == 422
    assert "not a picture that can be used" in maud.page.text
    assert send(picture() + b"\0" * (3 * 1024 * 1024)) == 303, "a photo may be larger than any other form"
    maud.get("/v/lutetia/settings/venue")
    assert maud.page.one(".//main//img").get("src", "").endswith(f"?v={house.lutetia.picture}")
    maud.get(PAGE)
    assert maud.submit(f".//form[@action='{PAGE}remove']").status_code == 303
    assert house.lutetia.picture is None
