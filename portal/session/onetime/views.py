"""Forgotten passwords, and what the links of letters open: a GET shows, only a POST acts."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, Response, flash, request, url_for
from flask_babel import force_locale
from flask_babel import gettext as _

import portal.web as web
from portal.errors import Invalid
from portal.i18n import language_of_letter
from portal.models import LoginLink, StaffMember
from portal.models.account import INVITATION, PASSWORD
from portal.session.onetime import service
from portal.session.onetime.errors import AddressTaken, DeadLink, TooManyLetters
from portal.session.onetime.forms import AddressForm, NewPasswordForm
from portal.session.throttle import network_of

onetime = Blueprint("onetime", __name__)

PAGES = {PASSWORD: "session/password.html", INVITATION: "session/invitation.html"}


@onetime.get("/password")
def forgotten() -> Response:
    """Where a letter with a link is asked for."""
    return web.render("session/forgotten.html", form=AddressForm(formdata=None, email=request.args.get("email")))


@onetime.post("/password")
def ask() -> Response:
    """The same answer for every address."""
    form = AddressForm()
    if not form.validate():
        return web.render("session/forgotten.html", 422, form=form)
    try:
        service.ask_password(form.email.data, network=network_of(request.remote_addr))
    except TooManyLetters as refusal:
        return _wait(form, refusal)
    return web.render("session/asked.html", minutes=service.LIVES[PASSWORD].seconds // 60)


@onetime.get("/password/<token>")
def password(token: str) -> Response:
    """Where a new password is chosen."""
    return _show(token, PASSWORD, NewPasswordForm(formdata=None))


@onetime.post("/password/<token>")
def choose(token: str) -> Response:
    """From now on the new password is hers; she signs in with it."""
    return _use(token, PASSWORD, service.set_password)


@onetime.get("/invitation/<token>")
def invitation(token: str) -> Response:
    """Where she who was invited chooses her password."""
    return _show(token, INVITATION, NewPasswordForm(formdata=None))


@onetime.post("/invitation/<token>")
def join(token: str) -> Response:
    """She has an account from now on, and signs in."""
    return _use(token, INVITATION, service.accept_invitation)


@onetime.after_request
def keep_secret(response: Response) -> Response:
    """The address is a key: no other site is told where somebody came from, and nobody lists it."""
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


def _show(token: str, purpose: str, form: NewPasswordForm, status: int = 200) -> Response:
    try:
        link = service.open_link(token, purpose)
    except DeadLink:
        return web.render("session/dead_link.html", DeadLink.status, purpose=purpose)
    with force_locale(language_of_letter(link.member)):
        return web.render(PAGES[purpose], status, form=form, link=link, token=token)


def _use(token: str, purpose: str, verb: Callable[[LoginLink, str], StaffMember]) -> Response:
    form = NewPasswordForm()
    try:
        link = service.open_link(token, purpose)
        if not form.validate():
            return _show(token, purpose, form, 422)
        member = verb(link, form.password.data)
    except DeadLink:
        return web.render("session/dead_link.html", DeadLink.status, purpose=purpose)
    except (Invalid, AddressTaken) as refusal:
        form.refuse(refusal)
        return _show(token, purpose, form, refusal.status)
    flash(_("Your password is set. Please sign in with it."), "success")
    return web.go(url_for("session.login", email=member.email))


def _wait(form: AddressForm, refusal: TooManyLetters) -> Response:
    response = web.render("session/forgotten.html", refusal.status, form=form, refusal=refusal)
    response.headers["Retry-After"] = str(refusal.seconds)
    return response
