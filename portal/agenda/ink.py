"""Words and icons of the cards. A full day has hundreds of them, so they are drawn once a language and process."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import current_app
from flask_babel import gettext as _
from markupsafe import Markup

from portal.agenda.look import STATES
from portal.i18n import language

_SIGNS = {
    "alerted": "triangle-alert", "asked_for": "heart", "couple": "link-2", "series": "refresh-cw",
    "noted": "sticky-note", "partner": "handshake", "unpaid": "coins", "test": "flask-conical",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Ink:
    """`signs` are icons by name; `words` and `states` (icon and word) those of a visit's state."""

    nameless: str
    signs: dict[str, Markup]
    words: dict[str, str]
    states: dict[str, Markup]


def ink() -> Ink:
    """The ink of the reader's language."""
    kept: dict[str, Ink] = current_app.extensions.setdefault("agenda ink", {})
    return kept.get(language()) or kept.setdefault(language(), _drawn())


def _drawn() -> Ink:
    ui: Any = current_app.jinja_env.globals["ui"]
    return Ink(
        nameless=_("Guest without a name"),
        signs={sign: ui.icon(icon) for sign, icon in _SIGNS.items()},
        words={state: ui.state_word(state).unescape() for state in STATES},
        states={state: ui.state(state) for state in STATES},
    )
