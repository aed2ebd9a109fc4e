"""What the browser keeps for us: the token of its session, its language, its theme. Loads the member of a request."""

from __future__ import annotations

from datetime import timedelta
from typing import cast

from flask import Request, Response, current_app, g
from flask import session as form_session
from flask_login import current_user

import portal.i18n as i18n
from portal.extensions import login_manager
from portal.models import LoginSession, StaffMember
from portal.session import queries
from portal.session.service import hash_token

LANGUAGE, THEME = i18n.COOKIE, "thermes-theme"
_YEAR = timedelta(days=365)
_LONGEST_TOKEN = 100

# Our own session row decides; Flask-Login's fingerprint would only write into the signed cookie of the forms.
login_manager.session_protection = None


@login_manager.request_loader  # type: ignore[untyped-decorator]  # Flask-Login has no types
def load_member(request: Request) -> StaffMember | None:
    """The member whose open session the request's cookie names; no statement without a cookie."""
    token = request.cookies.get(token_name(), "")
    if not token or len(token) > _LONGEST_TOKEN or g.get("member_unreadable"):
        return None
    g.member_unreadable = True  # if reading fails, the page that says so must not try again
    found = queries.find_session(hash_token(token))
    g.member_unreadable = False
    g.login, g.waiting = (None, found) if found is not None and found.awaits else (found, None)
    return g.login.member if g.login else None


def open_login() -> LoginSession | None:
    """The open session of this request, if there is one."""
    return cast("LoginSession", g.login) if current_user.is_authenticated else None


def waiting_login() -> LoginSession | None:
    """The session of this request whose password is right and whose second step is not done yet."""
    return None if current_user.is_authenticated else cast("LoginSession | None", g.get("waiting"))


def loaded_login() -> LoginSession | None:
    """The same, but only if this request has asked who is there."""
    return cast("LoginSession | None", g.get("login"))


def token_name() -> str:
    """With https the browser itself refuses this cookie from a neighbouring host or by plain http."""
    return "__Host-thermes" if current_app.config["SETTINGS"].https else "thermes"


def hand_out(response: Response, login: LoginSession, token: str) -> Response:
    """Give the browser its token, and with the next form a new CSRF token: who was here before knows the old one."""
    forget_forms()
    return carry(response, login, token)


def forget_forms() -> None:
    """What the browser was given before is good for no form any more."""
    form_session.clear()
    g.pop("csrf_token", None)


def carry(response: Response, login: LoginSession, token: str) -> Response:
    """Give the browser its token along with a page whose forms are new already."""
    _set(response, token_name(), token, login.expires_at - login.created_at)
    return response


def take_back(response: Response) -> Response:
    """Make the browser forget the session and what it has kept of our pages; language and theme stay."""
    for left in ("_flashes", "chosen"):
        form_session.pop(left, None)
    response.delete_cookie(token_name(), path="/", secure=_https(), httponly=True, samesite="Lax")
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


def remember(response: Response, name: str, value: str) -> None:
    """Keep a choice in this browser for a year."""
    _set(response, name, value, _YEAR)


def _set(response: Response, name: str, value: str, age: timedelta) -> None:
    response.set_cookie(
        name, value, max_age=int(age.total_seconds()), path="/", secure=_https(), httponly=True, samesite="Lax"
    )


def _https() -> bool:
    return bool(current_app.config["SETTINGS"].https)
