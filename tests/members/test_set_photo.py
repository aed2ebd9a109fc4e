"""A photo: drawn anew, small and square, without what cameras write beside it; what is none is refused kindly."""

from __future__ import annotations

import io
import struct
import zlib

import pytest
from PIL import Image

from portal.members.service import set_photo
from portal.pictures import NoPicture, TooLarge, square
from tests.factories import House
from tests.members.people import as_desk
from tests.support.client import PageClient
from tests.support.sign_in import sign_in


def picture(width: int = 640, height: int = 480, kind: str = "JPEG", mode: str = "RGB") -> bytes:
    """A picture with the place where it was taken."""
    out = io.BytesIO()
    image = Image.new(mode, (width, height), "red")
    exif = Image.Exif()
    exif[0x010E] = "NEEDLE-48.8566"
    exif[0x0112] = 6
    image.save(out, kind, exif=exif)
    return out.getvalue()


@pytest.mark.parametrize(("kind", "mode"), [("JPEG", "RGB"), ("PNG", "RGBA"), ("PNG", "P"), ("WEBP", "RGB")])
def test_nothing_but_the_picture_is_left(kind: str, mode: str) -> None:
    drawn = square(picture(kind=kind, mode=mode), 256)
    with Image.open(io.BytesIO(drawn)) as made:
        assert (made.format, made.size, made.mode) == ("JPEG", (256, 256), "RGB")
        assert not made.getexif()
    assert b"NEEDLE" in picture(kind=kind, mode=mode)
    assert b"NEEDLE" not in drawn


def bomb(width: int, height: int) -> bytes:
    """A PNG of a few bytes that says it holds that many pixels."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = [(b"IHDR", head), (b"IDAT", zlib.compress(b"\0" * 100)), (b"IEND", b"")]
    parts = (
        struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body)) for name, body in chunks
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


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
        parts = [
            b'--edge\r\nContent-Disposition: form-data; name="csrf_token"\r\n\r\n' + token.encode(),
            b'--edge\r\nContent-Disposition: form-data; name="photo"; filename="a.jpg"\r\n\r\n' + content,
            b"--edge--\r\n",
        ]
        body, kind = b"\r\n".join(parts), "multipart/form-data; boundary=edge"
        return client.post(f"{url}/photo", data=body, content_type=kind).status_code

    assert send(b"no picture at all") == 422
    assert "not a picture that can be used" in client.page.text
    large = picture() + b"\0" * (3 * 1024 * 1024)
    assert send(large) == 303, "a photo may be larger than any other form"
    assert house.marc.photo is not None
    client.get(url)
    assert client.submit(f".//form[@action='{url}/photo/remove']").status_code == 303
    assert house.marc.photo is None
