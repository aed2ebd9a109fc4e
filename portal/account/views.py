"""One's own account: password, address, second step, sessions; and the letters that confirm another address."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, url_for
from flask_babel import force_locale, ngettext
from flask_babel import gettext as _

import portal.web as web
from portal.access import Permission, requires
from portal.account import service
from portal.account.errors import AddressGone
from portal.account.forms import AddressForm, ConfirmForm, FactorForm, PasswordForm, PhoneForm
from portal.account.page import page_of
from portal.audit import Actor
from portal.clock import now
from portal.errors import Invalid, PortalError, TooMany
from portal.i18n import language_of_letter
from portal.session.factor import service as factor
from portal.session.onetime.errors import DeadLink
from portal.session.onetime.service import open_link
from portal.session.stepup.service import prove
from portal.tenancy import current_login, current_member

account = Blueprint("account", __name__)
addresses = Blueprint("addresses", __name__)

PAGE = "account/index.html"


@account.get("/")
@requires(Permission.ACCOUNT_KEEP)
def index() -> Response:
    """Everything about how she signs in, and where she is."""
    return _page()


@account.post("/password")
@requires(Permission.ACCOUNT_KEEP)
def renew_password() -> Response:
    """Another password; she is signed out everywhere else."""
    form, member = PasswordForm(prefix="password-"), current_member()
    if not form.validate():
        return _page(422, password=form)
    try:
        service.renew_password(member, form.current.data, form.password.data, keep=current_login(), by=_self())
    except (Invalid, TooMany) as refusal:
        return _refused(form, refusal, "password")
    return _done(_("Your password is changed. You are signed out everywhere else."))


@account.post("/phone")
@requires(Permission.ACCOUNT_KEEP)
def change_phone() -> Response:
    """Another number, or none."""
    form = PhoneForm()
    if not form.validate():
        return _page(422, phone=form)
    try:
        service.change_phone(current_member(), form.phone.data or "", by=_self())
    except Invalid as refusal:
        return _refused(form, refusal, "phone")
    return _done(_("Your telephone number is saved."), "who")


@account.post("/address")
@requires(Permission.ACCOUNT_KEEP)
def ask_address() -> Response:
    """Another address, once both agree."""
    form, member = AddressForm(prefix="address-"), current_member()
    if not form.validate():
        return _page(422, address=form)
    try:
        prove(member, form.current.data, by=_self())
        service.ask_email_change(member, form.address.data, by=_self())
    except (Invalid, TooMany) as refusal:
        return _refused(form, refusal, "address")
    return _done(_("Two letters are on their way: please open the link in both."))


@account.post("/address/forget")
@requires(Permission.ACCOUNT_KEEP)
def forget_address() -> Response:
    """She keeps the address that she has."""
    service.forget_email_change(current_member(), by=_self())
    return _done(_("Your address stays as it is."))


@account.post("/second-step")
@requires(Permission.ACCOUNT_KEEP)
def begin_factor() -> Response:
    """A picture for her telephone."""
    return _prove_and(factor.begin, _("Now let your telephone read the picture."))


@account.post("/second-step/confirm")
@requires(Permission.ACCOUNT_KEEP)
def confirm_factor() -> Response:
    """Her telephone has it; the recovery codes are shown this once."""
    form = ConfirmForm(prefix="confirm-")
    if not form.validate():
        return _page(422, confirm=form)
    try:
        codes = factor.confirm(current_member(), form.code.data, by=_self())
    except Invalid as refusal:
        return _refused(form, refusal, "confirm")
    return web.render("account/codes.html", codes=codes, is_phone=current_member().is_therapist)


@account.post("/second-step/codes")
@requires(Permission.ACCOUNT_KEEP)
def renew_codes() -> Response:
    """New recovery codes, shown this once."""
    form = FactorForm(prefix="factor-")
    if not form.validate():
        return _page(422, factor_form=form)
    try:
        prove(current_member(), form.current.data, by=_self())
    except (Invalid, TooMany) as refusal:
        return _refused(form, refusal, "factor_form")
    codes = factor.renew_codes(current_member(), by=_self())
    return web.render("account/codes.html", codes=codes, is_phone=current_member().is_therapist)


@account.post("/second-step/end")
@requires(Permission.ACCOUNT_KEEP)
def end_factor() -> Response:
    """The password alone is enough again."""
    return _prove_and(factor.turn_off, _("The second step is turned off."))


@account.post("/sessions/<uuid:session>/end")
@requires(Permission.ACCOUNT_KEEP)
def end_session(session: UUID) -> Response:
    """Sign out in one of her browsers."""
    service.end_one_session(current_member(), session, by=_self())
    return _done(_("You are signed out there."))


@account.post("/sessions/end")
@requires(Permission.ACCOUNT_KEEP)
def end_others() -> Response:
    """Sign out everywhere but here."""
    count = service.end_other_sessions(current_member(), keep=current_login(), by=_self())
    return _done(ngettext("You are signed out in %(num)d browser.", "You are signed out in %(num)d browsers.", count))


@addresses.get("/address/<token>")
def show(token: str) -> Response:
    """What a letter asks: is this address really to be hers?"""
    try:
        link = open_link(token, *service.BOTH)
    except DeadLink:
        return web.render("session/dead_link.html", DeadLink.status, purpose="address")
    with force_locale(language_of_letter(link.member)):
        return web.render("account/address.html", link=link, token=token)


@addresses.post("/address/<token>")
def confirm(token: str) -> Response:
    """It is."""
    try:
        change = service.confirm_address(open_link(token, *service.BOTH))
    except DeadLink:
        return web.render("session/dead_link.html", DeadLink.status, purpose="address")
    except AddressGone as refusal:
        return web.render("account/confirmed.html", refusal.status, refusal=refusal)
    return web.render("account/confirmed.html", change=change)


@addresses.after_request
def keep_secret(response: Response) -> Response:
    """The address is a key: no other site is told where somebody came from, and nobody lists it."""
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


def _prove_and(verb: Any, message: str) -> Response:
    form, member = FactorForm(prefix="factor-"), current_member()
    if not form.validate():
        return _page(422, factor_form=form)
    try:
        prove(member, form.current.data, by=_self())
    except (Invalid, TooMany) as refusal:
        return _refused(form, refusal, "factor_form")
    verb(member, by=_self())
    return _done(message, "factor")


def _page(status: int = 200, **forms: Any) -> Response:
    return web.render(PAGE, status, **page_of(current_member(), current_login(), at=now(), **forms))


def _refused(form: Any, refusal: PortalError, name: str) -> Response:
    form.refuse(refusal)
    response = _page(refusal.status, **{name: form})
    if isinstance(refusal, TooMany):
        response.headers["Retry-After"] = str(refusal.details["retry_after"])
    return response


def _done(message: str, anchor: str | None = None) -> Response:
    return web.done(url_for("account.index", _anchor=anchor), message=message)


def _self() -> Actor:
    return Actor.of_member(current_member(), door="account")
