"""Her own picture and telephone number, which a member changes herself, whatever her role."""

from __future__ import annotations

import io

import pytest
from werkzeug.datastructures import FileStorage

from portal.database import db
from portal.models import StaffMember
from tests.factories import House
from tests.session.doorstep import audit_lines
from tests.support.client import PageClient
from tests.support.photos import picture
from tests.support.sign_in import sign_in

PHOTO, REMOVE, PHONE = "/my/account/photo", "/my/account/photo/remove", "/my/account/phone"


def form(action: str) -> str:
    return f".//form[@action='{action}']"


def keep(client: PageClient, content: bytes) -> int:
    page = client.get("/my/account/")
    token = page.text.split('name="csrf_token"')[1].split('value="')[1].split('"')[0]
    data = {"csrf_token": token, "photo": FileStorage(io.BytesIO(content), "me.jpg")}
    return client.post(PHOTO, data=data, content_type="multipart/form-data").status_code


@pytest.mark.parametrize("who", ["therese", "ada"])
def test_a_picture_of_her_own(client: PageClient, house: House, who: str) -> None:
    member: StaffMember = getattr(house, who)
    sign_in(client, member)
    assert client.get(PHOTO).status_code == 404
    assert keep(client, picture()) == 303
    db.session.refresh(member)
    assert f"{PHOTO}?v={member.photo}" in client.get("/my/account/").text
    shown = client.get(PHOTO)
    assert (shown.status_code, shown.content_type) == (200, "image/jpeg")
    assert shown.data[:3] == b"\xff\xd8\xff"


@pytest.mark.parametrize("content", [b"", b"<svg/>", b"\xff\xd8\xff nothing"])
def test_what_is_no_picture_changes_nothing(client: PageClient, house: House, content: bytes) -> None:
    sign_in(client, house.marc)
    assert keep(client, content) == 422
    assert "photo-error" in client.page.html
    assert client.get(PHOTO).status_code == 404


def test_it_is_removed(client: PageClient, house: House) -> None:
    sign_in(client, house.marc)
    keep(client, picture())
    client.get("/my/account/")
    token = client.page.html.split('name="csrf_token"')[1].split('value="')[1].split('"')[0]
    for _time in range(2):
        assert client.post(REMOVE, data={"csrf_token": token}).status_code == 303
    assert client.get(PHOTO).status_code == 404


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("06 39 98 01 02", "+33639980102"), ("+44 7700 900123", "+447700900123"), ("", None)],
)
def test_a_number_in_any_writing(client: PageClient, house: House, typed: str, kept: str | None) -> None:
    house.marc.phone = "+33639980001"
    sign_in(client, house.marc)
    client.get("/my/account/")
    for _time in range(2):
        assert client.submit(form(PHONE), {"phone": typed}).status_code == 303
        client.get("/my/account/")
    db.session.refresh(house.marc)
    assert house.marc.phone == kept
    assert [line.verb for line in audit_lines()].count("member:changed") == 1, "twice is harmless"


@pytest.mark.parametrize("typed", ["nonsense", "12", "0" * 41])
def test_a_number_that_is_none_is_told_beside_the_field(client: PageClient, house: House, typed: str) -> None:
    sign_in(client, house.therese)
    client.get("/my/account/")
    assert client.submit(form(PHONE), {"phone": typed}).status_code == 422
    assert "This is not a telephone number." in client.page.text
    db.session.refresh(house.therese)
    assert house.therese.phone is None
