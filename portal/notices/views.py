"""The page “Me”: what I am told and how; and the receipts of the devices that tell it."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Response, request, url_for
from flask_babel import gettext as _

import portal.web as web
from portal.access import Permission, requires
from portal.clock import now
from portal.errors import NotFound
from portal.notices import service
from portal.notices.browsers import NoBrowser, end_browser, keep_browser, recognise
from portal.notices.choices import choices_of
from portal.notices.forms import BrowserForm, ChoicesForm
from portal.notices.kinds import kinds_of
from portal.notices.page import page_of, test_of
from portal.notices.queries import get_notice
from portal.notices.receipts import note_received, note_seen
from portal.notices.tokens import RECEIPT, notice_of
from portal.notices.ways import can_be_texted
from portal.tenancy import current_login, current_member

me = Blueprint("me", __name__)
receipts = Blueprint("receipts", __name__)


@me.get("/settings")
@requires(Permission.NOTICE_CHOOSE)
def settings() -> Response:
    """Everything about how she is told; with `test` how that one has gone."""
    member = current_member()
    asked = request.args.get("test", type=UUID)
    test = test_of(get_notice(member, asked)) if asked else None
    return web.render("notices/me.html#test", test=test, **page_of(member, current_login(), at=now()))


@me.post("/settings")
@requires(Permission.NOTICE_CHOOSE)
def choose() -> Response:
    """What she wants to be told, and when not."""
    member = current_member()
    form = ChoicesForm.of(kinds_of(member))
    if not form.validate():
        return web.render("notices/me.html#choices", 422, **page_of(member, current_login(), at=now(), form=form))
    member = service.choose(member, form.choices(choices_of(member), has_sms=can_be_texted(member)))
    page = page_of(member, current_login(), at=now())
    return web.done(url_for("me.settings"), message=_("Saved."), fragment="notices/me.html#choices", **page)


@me.post("/settings/test")
@requires(Permission.NOTICE_CHOOSE)
def send_test() -> Response:
    """Send me one now."""
    notice = service.ask_test(current_member())
    to = url_for("me.settings", test=notice.uuid, _anchor="test")
    page = page_of(current_member(), current_login(), at=now())
    test = test_of(notice)
    return web.done(to, message=_("The test is on its way."), fragment="notices/me.html#test", test=test, **page)


@me.post("/push")
@requires(Permission.NOTICE_CHOOSE)
def keep() -> Response:
    """This browser wants to be told. Raises NoBrowser."""
    form = BrowserForm()
    if not form.validate():
        raise NoBrowser(field="endpoint")
    keep_browser(current_login(), form.target, user_agent=request.user_agent.string)
    page = page_of(current_member(), current_login(), at=now())
    told = _("You are told on this device from now on.")
    return web.done(url_for("me.settings"), message=told, fragment="notices/me.html#browsers", **page)


@me.post("/push/known")
@requires(Permission.NOTICE_CHOOSE)
def known() -> tuple[str, int]:
    """Is this browser, which was switched on before, still hers? Raises NotFound."""
    if not recognise(current_login(), request.form.get("endpoint", "")):
        raise NotFound()
    return "", 204


@me.post("/push/<uuid:browser>/end")
@requires(Permission.NOTICE_CHOOSE)
def end(browser: UUID) -> Response:
    """A browser of hers is not told any more. Raises NotFound."""
    end_browser(current_member(), browser)
    page = page_of(current_member(), current_login(), at=now())
    told = _("You are no longer told on that device.")
    return web.done(url_for("me.settings"), message=told, fragment="notices/me.html#browsers", **page)


@receipts.post("/<token>/received")
def received(token: str) -> tuple[str, int]:
    """A device has shown the notice. Raises NotFound."""
    note_received(_named(token))
    return "", 204


@receipts.post("/<token>/seen")
def seen(token: str) -> tuple[str, int]:
    """She has tapped on it. Raises NotFound."""
    note_seen(_named(token))
    return "", 204


def _named(token: str) -> UUID:
    """The notice that a receipt names. Raises NotFound."""
    notice_id = notice_of(token, RECEIPT)
    if notice_id is None:
        raise NotFound()
    return notice_id
