"""What every template may use: formats, names, macros."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from flask import Flask, request
from flask_babel import get_locale, get_translations
from flask_login import current_user
from jinja2.runtime import Macro
from markupsafe import Markup

import portal.clock as clock
import portal.i18n as i18n
import portal.wording as wording


def register_templating(app: Flask) -> None:
    """Macros of `templates/ui/` become globals: a block that is rendered alone does not see its page's imports."""
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters["dense"] = dense
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]  # the extension that Flask-Babel adds
        gettext=lambda text: get_translations().ugettext(text),
        ngettext=lambda one, many, number: get_translations().ungettext(one, many, number),
        newstyle=True,
    )
    # A macro sees the globals of the moment in which its module is made: the namespace stands before its macros do.
    macros = SimpleNamespace()
    app.jinja_env.globals.update(
        by_deposit=wording.by_deposit,
        called=wording.called,
        clock_time=i18n.clock_time,
        date_and_time=i18n.date_and_time,
        dated=i18n.dated,
        day_and_time=i18n.day_and_time,
        inner_day_and_time=i18n.inner_day_and_time,
        get_locale=get_locale,
        label_of=i18n.label_of,
        long_date=i18n.long_date,
        money=i18n.money,
        name_of=i18n.name_of,
        now=clock.now,
        phone=i18n.phone,
        short_date=i18n.short_date,
        typed_amount=i18n.typed_amount,
        ui=macros,
    )
    vars(macros).update(_macros(app))
    app.context_processor(_everywhere)


def dense(text: Markup) -> Markup:
    """Without the indentation that a template has for its readers: a full day of it travels for nothing."""
    for width in (32, 16, 8, 4, 2, 1):  # any indentation below 64 is a sum of these
        text = text.replace("\n" + " " * width, "\n")
    while "\n\n" in text:
        text = text.replace("\n\n", "\n")
    return text


def _everywhere() -> dict[str, Any]:
    theme = getattr(current_user, "theme", None) or request.cookies.get("thermes-theme", "auto")
    return {
        "current_locale": i18n.language(),
        "current_theme": theme if theme in {"light", "dark", "auto"} else "auto",
        "member": current_user if current_user.is_authenticated else None,
    }


def _macros(app: Flask) -> dict[str, Callable[..., str]]:
    found: dict[str, Callable[..., str]] = {}
    for file in sorted((Path(app.template_folder or "") / "ui").glob("*.html")):
        module = app.jinja_env.get_template(f"ui/{file.name}").module
        found |= {name: macro for name, macro in vars(module).items() if isinstance(macro, Macro)}
    # A page has dozens of icons, of a few kinds.
    return found | {"icon": lru_cache(maxsize=1024)(found["icon"])}
