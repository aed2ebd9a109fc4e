"""A photo: drawn anew, small and square, without what cameras write beside it; what is none is refused kindly."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from portal.members.service import set_photo
from portal.pictures import NoPicture, TooLarge, square
from tests.factories import House
from tests.members.people import as_desk
from tests.support.client import PageClient
from tests.support.photos import as_file, bomb, picture
from tests.support.sign_in import sign_in


@pytest.mark.parametrize(("kind", "mode"), [("JPEG", "RGB"), ("PNG", "RGBA"), ("PNG", "P"), ("WEBP", "RGB")])
def test_nothing_but_the_picture_is_left(kind: str, mode: str) -> None:
    drawn = square(picture(kind=kind, mode=mode), 256)
    with Image.open(io.BytesIO(drawn)) as made:
        assert (made.format, made.size, made.mode) == ("JPEG", (256, 256), "RGB")
        assert not made.getexif()
    assert b"NEEDLE" in picture(kind=kind, mode=mode)
    assert b"NEEDLE" not in drawn


@pytest.mark.parametrize(
    ("content", "refusal"),
    [
        (b"", NoPicture),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", NoPicture),
        (b"GIF89a" + b"\0" * 50, NoPicture),
        (picture()[:200], NoPicture),
        (bomb(50_000, 50_000), TooLarge),
        (bomb(100, 100), NoPicture),
        (b"x" * (10 * 1024 * 1024 + 1), TooLarge),
    ],
    ids=["nothing", "svg", "gif", "half a file", "bomb", "broken", "heavy"],
)
def test_what_is_none_is_refused(content: bytes, refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        square(content, 256)


def test_colleagues_see_it_and_others_do_not(client: PageClient, house: House) -> None:
    set_photo(house.organisation, house.marc, picture(), by=as_desk(house.maud))
    url = f"/o/maison-lutece/team/{house.marc.uuid}/photo"
    sign_in(client, house.camille)
    answer = client.get(url)
    assert (answer.status_code, answer.mimetype) == (200, "image/jpeg")
    assert answer.headers["Cache-Control"].startswith("private")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    client.get(f"/v/lutetia/agenda/{house.day}")
    assert f"{url}?v={house.marc.photo}" in client.page.html
    sign_in(client, house.eve)
    assert client.get(url).status_code == 404


def test_through_the_page_and_away_again(client: PageClient, house: House) -> None:
    sign_in(client, house.maud)
    url = f"/o/maison-lutece/team/{house.marc.uuid}"
    client.get(url)
    token = client.page.csrf_token

    def send(content: bytes) -> int:
        body, kind = as_file("photo", content, token)
        return client.post(f"{url}/photo", data=body, content_type=kind).status_code

    assert send(b"no picture at all") == 422
    assert "not a picture that can be used" in client.page.text
    large = picture() + b"\0" * (3 * 1024 * 1024)
    assert send(large) == 303, "a photo may be larger than any other form"
    assert house.marc.photo is not None
    client.get(url)
    assert client.submit(f".//form[@action='{url}/photo/remove']").status_code == 303
    assert house.marc.photo is None
