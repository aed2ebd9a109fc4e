"""After the password: the code, or the page on which the second factor is set up."""

from __future__ import annotations

from flask import Blueprint, Response, current_app, request, url_for

import portal.web as web
from portal.errors import PortalError
from portal.models import LoginSession
from portal.models.member import CODE, ENROLMENT
from portal.session import cookies
from portal.session.entry import service
from portal.session.entry.forms import CodeForm
from portal.session.errors import TooManyTries
from portal.session.factor.errors import WrongCode
from portal.session.factor.pictures import picture_of
from portal.session.places import first_page, inside
from portal.session.service import Visitor

entry = Blueprint("entry", __name__)


@entry.get("/login/code")
def code() -> Response:
    """Where the code is asked for; who has not given her password goes back to that."""
    waiting = cookies.waiting_login()
    if waiting is None or waiting.awaits != CODE:
        return web.go(url_for("session.login", next=request.args.get("next")))
    return _code_page(CodeForm(formdata=None, next=request.args.get("next")))


@entry.post("/login/code")
def enter_code() -> Response:
    """The code is right: she is in."""
    waiting, form = cookies.waiting_login(), CodeForm()
    if waiting is None or waiting.awaits != CODE:
        return web.go(url_for("session.login"))
    if not form.validate():
        return _code_page(form, 422)
    try:
        login, token = service.enter_code(waiting, form.code.data, visitor=_visitor())
    except (WrongCode, TooManyTries) as refusal:
        return _code_page(form, refusal.status, refusal)
    return cookies.hand_out(web.go(_wanted(login, form)), login, token)


@entry.get("/login/second-step")
def enrolment() -> Response:
    """Where a manager sets the second step up before she comes in."""
    waiting = cookies.waiting_login()
    if waiting is None or waiting.awaits != ENROLMENT:
        return web.go(url_for("session.login", next=request.args.get("next")))
    return _enrolment_page(waiting, CodeForm(formdata=None, next=request.args.get("next")))


@entry.post("/login/second-step")
def enrol() -> Response:
    """It is set up: she is in, and reads her recovery codes, once."""
    waiting, form = cookies.waiting_login(), CodeForm()
    if waiting is None or waiting.awaits != ENROLMENT:
        return web.go(url_for("session.login"))
    if not form.validate():
        return _enrolment_page(waiting, form, 422)
    try:
        (login, token), codes = service.enrol(waiting, form.code.data, visitor=_visitor())
    except WrongCode as refusal:
        return _enrolment_page(waiting, form, refusal.status, refusal)
    cookies.forget_forms()
    return cookies.carry(web.render("session/codes.html", codes=codes, to=_wanted(login, form)), login, token)


def _code_page(form: CodeForm, status: int = 200, refusal: PortalError | None = None) -> Response:
    response = web.render("session/code.html", status, form=form, refusal=refusal)
    if isinstance(refusal, TooManyTries):
        response.headers["Retry-After"] = str(refusal.seconds)
    return response


def _enrolment_page(
    waiting: LoginSession, form: CodeForm, status: int = 200, refusal: PortalError | None = None
) -> Response:
    picture = picture_of(waiting.member, current_app.config["SETTINGS"].base_url)
    return web.render("session/second_step.html", status, form=form, refusal=refusal, picture=picture)


def _wanted(login: LoginSession, form: CodeForm) -> str:
    return inside(form.next.data) or first_page(login.member) or url_for("session.home")


def _visitor() -> Visitor:
    return Visitor(request.remote_addr, request.user_agent.string)
