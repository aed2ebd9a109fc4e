"""One's own picture: seen and changed in one's own account, whatever the role."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, url_for
from flask_babel import gettext as _

import portal.pictures as pictures
import portal.web as web
from portal.access import Permission, requires
from portal.account.page import page_of
from portal.audit import Actor
from portal.clock import now
from portal.errors import Invalid, known
from portal.members import service
from portal.members.queries import photo_of
from portal.tenancy import current_login, current_member

own_photo = Blueprint("own_photo", __name__)


@own_photo.url_value_preprocessor
def let_pictures_in(_endpoint: str | None, _values: dict[str, Any] | None) -> None:
    """A photo is larger than any other form."""
    pictures.let_in()


@own_photo.get("")
@requires(Permission.ACCOUNT_KEEP)
def show() -> Response:
    """Her picture."""
    return pictures.answer(known(photo_of(current_member())).content)


@own_photo.post("")
@requires(Permission.ACCOUNT_KEEP)
def keep() -> Response:
    """Her picture, drawn anew."""
    member, form = current_member(), pictures.PhotoForm()
    try:
        service.set_photo(member.organisation, member, form.content(), by=_self())
    except Invalid as refusal:
        form.refuse(refusal)
        page = page_of(member, current_login(), at=now(), photo=form)
        return web.render("account/index.html", refusal.status, **page)
    return web.done(_account(), message=_("The photo is saved."))


@own_photo.post("/remove")
@requires(Permission.ACCOUNT_KEEP)
def remove() -> Response:
    """No picture any more."""
    member = current_member()
    service.remove_photo(member.organisation, member, by=_self())
    return web.done(_account(), message=_("The photo is removed."))


def _account() -> str:
    return url_for("account.index", _anchor="who")


def _self() -> Actor:
    return Actor.of_member(current_member(), door="account")
