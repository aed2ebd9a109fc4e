"""Views of the room: sign in, sign out, language, theme, and everyone's first page."""

from __future__ import annotations

from collections.abc import Callable

import structlog
from flask import Blueprint, Response, request, url_for
from flask_login import current_user
from sqlalchemy.exc import SQLAlchemyError

import portal.web as web
from portal.access import ROLE_WORDS
from portal.audit import Actor
from portal.database import db
from portal.errors import Invalid
from portal.i18n import LANGUAGES
from portal.models import LoginSession
from portal.models.member import CODE
from portal.session import choices, cookies, service
from portal.session.errors import TooManyTries, WrongCredentials
from portal.session.forms import LanguageForm, LoginForm, ThemeForm
from portal.session.passwords import DEMO_PASSWORD, is_demo
from portal.session.places import first_page, inside, without_language
from portal.session.queries import demo_members
from portal.tenancy import current_member

session = Blueprint("session", __name__)
_log = structlog.get_logger(__name__)


@session.get("/")
def home() -> Response:
    """Everyone's own first page; who works nowhere yet is told whom to ask."""
    if not current_user.is_authenticated:
        return web.go(url_for("session.login"))
    page = first_page(current_member())
    return web.go(page) if page else web.render("session/no_venue.html")


@session.get("/login")
def login() -> Response:
    """The page to sign in on; who is signed in goes on to the first page."""
    if current_user.is_authenticated:
        return web.go(url_for("session.home"))
    return _login_page(LoginForm(formdata=None, email=request.args.get("email"), next=request.args.get("next")))


@session.post("/login")
def sign_in() -> Response:
    """Sign in; then the wanted page, if it is ours, or the first page."""
    form = LoginForm(next=request.args.get("next"))
    if not form.validate():
        return _login_page(form, 422)
    visitor = service.Visitor(request.remote_addr, request.user_agent.string)
    try:
        opened = service.sign_in(form.email.data, form.password.data, visitor=visitor, replaces=cookies.open_login())
    except (WrongCredentials, TooManyTries) as refusal:
        return _login_page(form, refusal.status, refusal)
    return _enter(*opened, wanted=form.next.data)


@session.post("/logout")
def logout() -> Response:
    """Sign out, at once and for good; harmless when nobody is signed in."""
    opened = cookies.open_login() or cookies.waiting_login()
    if opened:
        service.sign_out(opened, by=Actor.of_member(opened.member, door=service.DOOR))
    return cookies.take_back(web.go(url_for("session.login")))


@session.post("/lang")
def set_language() -> Response:
    """Show everything in this language from now on."""
    form = LanguageForm()
    if not form.validate():
        raise Invalid(field="lang")
    response = web.go(without_language(inside(form.next.data) or "/"))
    return choices.keep_language(response, form.lang.data)


@session.post("/theme")
def set_theme() -> Response:
    """Show everything in these colours from now on."""
    form = ThemeForm()
    if not form.validate():
        raise Invalid(field="theme")
    response = web.go(inside(form.next.data) or "/")
    return choices.keep_theme(response, form.theme.data)


@session.after_app_request
def remember_asked_language(response: Response) -> Response:
    """`?lang=` on any page switches the language, and is remembered like the choice in the menu."""
    asked = request.args.get("lang", "")
    is_page = request.method == "GET" and response.mimetype == "text/html" and response.status_code < 500
    if is_page and asked in LANGUAGES:
        _if_possible(lambda: choices.keep_language(response, asked))
    return response


@session.after_app_request
def note_seen(response: Response) -> Response:
    """Someone is working here; a stream that a forgotten page holds open does not count."""
    seen = cookies.loaded_login()
    if seen is not None and request.blueprint != "live" and service.is_due(seen):
        _if_possible(lambda: service.note_seen(seen))
    return response


def _login_page(form: LoginForm, status: int = 200, refusal: WrongCredentials | TooManyTries | None = None) -> Response:
    demo = {"demo_members": demo_members(), "demo_password": DEMO_PASSWORD, "roles": ROLE_WORDS} if is_demo() else {}
    response = web.render("session/login.html", status, form=form, refusal=refusal, **demo)
    if isinstance(refusal, TooManyTries):
        response.headers["Retry-After"] = str(refusal.seconds)
    return response


def _enter(login: LoginSession, token: str, *, wanted: str | None) -> Response:
    if login.awaits:
        page = "entry.code" if login.awaits == CODE else "entry.enrolment"
        return cookies.hand_out(web.go(url_for(page, next=inside(wanted))), login, token)
    choices.adopt(login.member)
    response = web.go(inside(wanted) or first_page(login.member) or url_for("session.home"))
    return cookies.hand_out(response, login, token)


def _if_possible(write: Callable[[], object]) -> None:
    """A page that is ready goes out even when a note about its reader cannot be written."""
    try:
        write()
    except SQLAlchemyError as error:
        db.session.rollback()
        _log.warning("note not written", error=str(error))
