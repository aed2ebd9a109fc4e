"""How it fails: errors in the words of the trade, and the one place that turns them into a page, a toast or JSON."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, ClassVar, TypeVar

import structlog
from flask import Flask, Response, current_app, flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import LazyString, force_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.csrf import CSRFError
from gunicorn.http.errors import NoMoreData, ParseException
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolExhausted
from sqlalchemy.orm.exc import ObjectDeletedError, StaleDataError
from werkzeug.exceptions import BadHost, BadRequest, HTTPException, SecurityError

import portal.i18n as i18n
import portal.web as web
from portal.database import db, is_about_nobody

T = TypeVar("T")


class PortalError(Exception):
    """A refusal: a stable `code` for machines, a kind `message` for people, an HTTP `status`, perhaps a `field`."""

    code: ClassVar[str] = "refused"
    status: ClassVar[int] = 400
    message: str | LazyString = _l("This is not possible.")
    field: str | None = None

    def __init__(self, message: str | LazyString | None = None, *, field: str | None = None, **details: Any) -> None:
        self.message = message if message is not None else self.message
        self.field = field if field is not None else self.field
        self.details = details
        super().__init__(self.code)


class Invalid(PortalError):
    """What was sent breaks a rule; `field` names the input."""

    code = "invalid"
    status = 422
    message = _l("Please check what you entered.")


class NotSignedIn(PortalError):
    """Nobody is signed in, or the session has ended."""

    code = "not_signed_in"
    status = 401
    message = _l("Please sign in.")


class NotAllowed(PortalError):
    """A colleague without the right."""

    code = "not_allowed"
    status = 403
    message = _l("Your role does not allow this. Please ask a manager.")


class NotFound(PortalError):
    """Unknown, or another tenant's: the answer is the same."""

    code = "not_found"
    status = 404
    message = _l("There is nothing here.")


def known(found: T | None) -> T:
    """What was looked for. Raises NotFound when it is not there."""
    if found is None:
        raise NotFound()
    return found


class Conflict(PortalError):
    """The state has changed since the page was drawn, or somebody else was faster."""

    code = "conflict"
    status = 409
    message = _l("This has changed in the meantime.")


class TooMany(PortalError):
    """Too many tries; `details["retry_after"]` in seconds."""

    code = "too_many"
    status = 429
    message = _l("Too many attempts. Please wait a moment and try again.")


class Unavailable(PortalError):
    """The database cannot be reached or cannot write now."""

    code = "unavailable"
    status = 503
    message = _l("This is not possible right now. Nothing was lost; please try again in a moment.")


JsonDoor = Callable[[Exception], Response | None]
_log = structlog.get_logger()


def register_errors(app: Flask, *, json_doors: dict[str, JsonDoor]) -> None:
    """Answer every failure: below a path of `json_doors` in that API's own words, elsewhere as a page or a toast.

    The door is chosen by path, because a blueprint's handlers are not called for unknown URLs. A door that returns
    None leaves the failure to the pages.
    """

    def answer(error: Exception) -> ResponseReturnValue:
        if not isinstance(error, PortalError | HTTPException):
            error = _translated(error)
        for prefix, door in json_doors.items():
            if request.path == prefix or request.path.startswith(prefix + "/"):
                told = door(error)
                if told is not None:
                    return told
        return _page(error)

    app.register_error_handler(Exception, answer)


def _translated(error: Exception) -> Exception:
    """Failures below us, in our words; anything else is a bug and is logged with its trace."""
    db.session.rollback()
    if isinstance(error, ParseException | NoMoreData):
        return BadRequest()  # a body that came in pieces was broken: the server tells when it is read
    if isinstance(error, StaleDataError | ObjectDeletedError) or is_about_nobody(error):
        return Conflict()
    if isinstance(error, OperationalError | InterfaceError | PoolExhausted):
        _log.error("database unavailable", error=type(error).__name__, cause=str(getattr(error, "orig", "")))
        return Unavailable()
    _log.error("unhandled error", exc_info=error, route=str(request.url_rule), method=request.method)
    return error


def _page(error: Exception) -> ResponseReturnValue:
    if isinstance(error, NotSignedIn):
        return web.go(url_for("session.login", next=_wanted_page()))
    if isinstance(error, CSRFError):
        return _shown(400, _("This page has expired. Please reload it; what you typed is kept."))
    if isinstance(error, PortalError):
        return _refused(error)
    if isinstance(error, SecurityError | BadHost):
        return _addressed_wrongly()
    if isinstance(error, HTTPException) and (error.code or 500) < 400:
        return error
    if isinstance(error, HTTPException) and (error.code or 500) < 500:
        return _shown(error.code or 400, "", headers=error.get_headers(request.environ))
    return _broken(500)


def _addressed_wrongly() -> Response:
    """Without a host to trust no address can be built, and every page has some: a sentence must do."""
    text = _("Thermes cannot be reached under this name. Please check the address.")
    return current_app.response_class(f"{text}\n", 400, mimetype="text/plain")


def _wanted_page() -> str:
    if web.is_fragment_request():
        return web.ours(web.page_around())
    return request.full_path.rstrip("?") if request.method == "GET" else ""


def _refused(error: PortalError) -> ResponseReturnValue:
    if error.status >= 500:
        return _broken(error.status, error.message)
    conflict = isinstance(error, Conflict)
    if conflict and not web.is_fragment_request() and (page := web.page_before()):
        flash(str(error.message), "error")
        return redirect(page, 303)
    wait = error.details.get("retry_after")
    headers = [("Retry-After", str(wait))] if wait else []
    return _shown(error.status, str(error.message), stale=conflict, headers=headers)


def _shown(
    status: int, message: str, *, stale: bool = False, headers: Iterable[tuple[str, str]] = ()
) -> ResponseReturnValue:
    if web.is_fragment_request():
        response = web.refuse(message or _("Something went wrong. Please try again."), status, reload=stale)
    else:
        told = "" if status == NotFound.status else message  # its page says it better
        response = web.render(f"errors/{status if status in _PAGES else 400}.html", status, message=told)
    for name, value in headers:
        if name in {"Allow", "Retry-After"}:
            response.headers[name] = value
    return response


def _broken(status: int, message: str | LazyString = "") -> ResponseReturnValue:
    """A page that touches no database: neither the member's language nor the shell round the page is looked up."""
    language = i18n.browser_language()
    with force_locale(language):
        if web.is_fragment_request():
            return web.refuse(str(message) or _("Something went wrong. Please try again."), status)
        template = current_app.jinja_env.get_template(f"errors/{status}.html")
        body = template.render(current_locale=language, reference=g.get("request_id", "")[:8])
    response = web.answer(body, status)
    if status == Unavailable.status:
        response.headers["Retry-After"] = "5"
    return response


_PAGES = {400, 403, 404, 409, 413, 422, 429}
