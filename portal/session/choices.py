"""Language and theme at the door: kept in the browser, for the member, and from the sign-in page into the portal."""

from __future__ import annotations

from collections.abc import Callable

from flask import Response
from flask import session as form_session
from flask_login import current_user

from portal.models import StaffMember
from portal.session import cookies
from portal.session.preferences import choose_language, choose_theme
from portal.tenancy import current_member

_VERBS: dict[str, Callable[[StaffMember, str], StaffMember]] = {"language": choose_language, "theme": choose_theme}


def keep_language(response: Response, language: str) -> Response:
    """Remember the language in this browser, and for the member."""
    cookies.remember(response, cookies.LANGUAGE, language)
    return _keep(response, "language", language)


def keep_theme(response: Response, theme: str) -> Response:
    """Remember the theme in this browser, and for the member."""
    cookies.remember(response, cookies.THEME, theme)
    return _keep(response, "theme", theme)


def adopt(member: StaffMember) -> None:
    """What was chosen on the sign-in page is what the member, now known, wants."""
    for kind, value in form_session.get("chosen", {}).items():
        _VERBS[kind](member, value)


def _keep(response: Response, kind: str, value: str) -> Response:
    if current_user.is_authenticated:
        _VERBS[kind](current_member(), value)
    else:
        form_session["chosen"] = {**form_session.get("chosen", {}), kind: value}
    return response
