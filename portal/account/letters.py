"""What the owner of an account reads, in her language: a link to open, or that something has changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from flask import current_app
from flask_babel import force_locale
from flask_babel import gettext as _

from portal.messages.mail import Envelope
from portal.models import LoginLink, StaffMember
from portal.session.letters import Kind


@dataclass(frozen=True, slots=True)
class Words:
    """A letter without its greeting; `path` is what its button opens."""

    title: str
    lines: tuple[str, ...]
    button: str = ""
    path: str = ""


def link_letter(link: LoginLink, token: str, *, uuid: UUID, at: datetime, taken: bool) -> Envelope:
    """The letter with a link. A new address that is somebody's already gets one without: nothing happens to it."""
    member = link.member
    if member is None:
        raise ValueError("a link is written to somebody")
    with force_locale(_language(member)):
        words = _taken() if taken else _of_link(link, member, token)
        return _envelope(member, link.address, words, uuid=uuid, at=at)


def notice_letter(member: StaffMember, kind: Kind, *, to: str, uuid: UUID, at: datetime) -> Envelope:
    """The letter that says what has changed."""
    with force_locale(_language(member)):
        return _envelope(member, to, _of_notice(kind), uuid=uuid, at=at)


def _of_link(link: LoginLink, member: StaffMember, token: str) -> Words:
    house = member.organisation.name
    match link.purpose:
        case "invitation":
            return Words(
                _("%(house)s invites you to Thermes", house=house),
                (
                    _("Thermes is where %(house)s plans its days: who comes when, and who treats whom.", house=house),
                    _("Choose a password to begin. The link opens once, within three days."),
                ),
                _("Begin"),
                f"/invitation/{token}",
            )
        case "old_address":
            return Words(
                _("Another address for your account"),
                (
                    _("You want to sign in with %(address)s from now on.", address=link.change and link.change.address),
                    _("Both addresses must agree. If it was not you, do not open the link, and change your password."),
                ),
                _("I agree"),
                f"/address/{token}",
            )
        case "new_address":
            return Words(
                _("Is this your address?"),
                (
                    _("You want to sign in to Thermes with this address from now on."),
                    _("Both addresses must agree. If it was not you, simply do nothing."),
                ),
                _("Yes, it is mine"),
                f"/address/{token}",
            )
    return Words(
        _("A new password"),
        (
            _("Somebody, we hope you, has asked for a new password for your account."),
            _("The link opens once, within 30 minutes. If it was not you, simply do nothing: your password stays."),
        ),
        _("Choose a new password"),
        f"/password/{token}",
    )


def _taken() -> Words:
    return Words(
        _("Nothing has changed"),
        (
            _("Somebody wanted to use this address for another account. It is yours already, so nothing happens."),
            _("If it was you, please choose another address, or sign in with this one."),
        ),
    )


def _of_notice(kind: Kind) -> Words:
    not_me = _("If it was not you, please choose a new password at once and tell your manager.")
    told = {
        Kind.PASSWORD_CHANGED: (_("Your password was changed"), _("You were signed out everywhere else.")),
        Kind.FACTOR_ON: (_("The second step is set up"), _("From now on a code is asked for after your password.")),
        Kind.FACTOR_OFF: (_("The second step was turned off"), _("Your password alone opens your account again.")),
        Kind.FACTOR_RESET: (
            _("Your second step was reset"),
            _("An administrator of your house has done that. Set it up again when you sign in."),
        ),
        Kind.CODES_RENEWED: (_("New recovery codes were made"), _("The old ones open nothing any more.")),
        Kind.CODE_USED: (
            _("A recovery code was used"),
            _("Somebody has signed in to your account with one of your recovery codes."),
        ),
        Kind.EMAIL_CHANGED: (_("Your address was changed"), _("This address does not open your account any more.")),
    }
    title, line = told[kind]
    return Words(title, (line, not_me))


def _envelope(member: StaffMember, to: str, words: Words, *, uuid: UUID, at: datetime) -> Envelope:
    link = str(current_app.config["SETTINGS"].base_url) + words.path if words.path else ""
    facts = {
        "language": _language(member),
        "sender": member.organisation.name,
        "first_name": " ".join(member.first_name.split()),
        "words": words,
        "link": link,
    }
    text, html = (
        current_app.jinja_env.get_template(name).render(facts) for name in ("mail/account.txt", "mail/account.html")
    )
    return Envelope(
        uuid=uuid, to=to, to_name=member.name, sender_name=member.organisation.name, language=_language(member),
        subject=words.title, text=text.strip() + "\n", html=html, written_at=at,
    )  # fmt: skip


def _language(member: StaffMember) -> str:
    return member.locale or member.organisation.default_language
