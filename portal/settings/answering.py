"""How a form of the settings is answered: saved, refused beside its fields, or met by somebody else's change."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from flask import Response, flash

import portal.web as web
from portal.audit import Actor
from portal.errors import Invalid
from portal.models import Organisation, Venue
from portal.settings.errors import BookingsHit, InUse, Stale
from portal.settings.forms import Clash, SettingsForm
from portal.settings.hits import Hit
from portal.settings.page import around
from portal.tenancy import current_member


def show(
    template: str,
    home: Venue | Organisation,
    form: SettingsForm,
    *,
    status: int = 200,
    clashes: Sequence[Clash] | None = None,
    hits: Sequence[Hit] | None = None,
    **context: Any,
) -> Response:
    """The page of a form, of a venue or of the organisation.

    `clashes` are there after somebody else's change, `hits` are what must be agreed to before saving.
    """
    words = {"form": form, "clashes": clashes, "hits": hits}
    return web.render(f"{template}#settings", status, **around(home), **context | words)


def attempt(
    template: str,
    home: Venue | Organisation,
    form: SettingsForm,
    act: Callable[[], Any],
    *,
    again: Callable[[], SettingsForm],
    to: str,
    message: str,
    **context: Any,
) -> Response:
    """Do what the form asks and go to `to`; else the form again with what is wrong, nothing lost.

    `again` is the form as the row stands by now: what somebody else has changed meanwhile is shown and asked about.
    """
    if not form.validate():
        return show(template, home, form, status=422, **context)
    try:
        act()
    except Stale:
        return show(template, home, form, status=409, clashes=form.meet(again()), **context)
    except BookingsHit as hit:
        return show(template, home, form, status=409, hits=hit.hits, **context)
    except InUse as used:
        form.refuse(used)
        return show(template, home, form, status=422, used=used.hits, **context)
    except Invalid as refused:
        form.refuse(refused)
        return show(template, home, form, status=422, **context)
    return saved(to, message)


def saved(to: str, message: str) -> Response:
    """It is done: the page `to` says so."""
    flash(message, "success")
    return web.go(to)


def desk() -> Actor:
    """Whoever sits at the desk."""
    return Actor.of_member(current_member(), door="agenda")
