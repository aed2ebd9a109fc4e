"""Handing a letter over to the mail server; without one it becomes a file in the instance folder."""

from __future__ import annotations

import smtplib
import ssl
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit
from uuid import UUID

from email_validator import EmailNotValidError, validate_email
from flask import current_app

from portal.config import Settings
from portal.mail_url import MailServer, read_mail_url

# Well below the lease of an outbox row, so that one worker at a time has it.
TIMEOUT = 15
PERMANENT = 500


class Undeliverable(Exception):
    """This letter will never be taken: trying again is of no use. The text says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """A letter with where it goes. `uuid` makes its Message-ID: sent twice, it is one letter to whoever receives it."""

    uuid: UUID
    to: str
    to_name: str
    sender_name: str
    language: str
    subject: str
    text: str
    html: str
    written_at: datetime


def deliver(envelope: Envelope) -> None:
    """Hand it over. Raises Undeliverable, and OSError or SMTPException when trying again may help."""
    settings: Settings = current_app.config["SETTINGS"]
    server = read_mail_url(settings.mail_url) if settings.mail_url else None
    sender = (server.sender if server else None) or f"no-reply@{_domain(settings.base_url)}"
    letter = compose(envelope, sender)
    if server is None:
        _keep(letter, envelope, Path(settings.instance_path) / "mail")
    else:
        _send(letter, server, sender, envelope.to)


def compose(envelope: Envelope, sender: str) -> EmailMessage:
    """The letter with its headers. Raises Undeliverable when the address is none."""
    letter = EmailMessage(policy=SMTP)
    letter["From"] = Address(_line(envelope.sender_name), addr_spec=sender)
    letter["To"] = Address(_line(envelope.to_name), addr_spec=_deliverable(envelope.to))
    letter["Subject"] = _line(envelope.subject)
    letter["Date"] = format_datetime(envelope.written_at)
    letter["Message-ID"] = f"<{envelope.uuid}@{sender.rpartition('@')[2]}>"
    letter["Auto-Submitted"] = "auto-generated"
    letter.set_content(envelope.text)
    letter.add_alternative(envelope.html, subtype="html")
    letter["Content-Language"] = envelope.language
    return letter


def _send(letter: EmailMessage, server: MailServer, sender: str, to: str) -> None:
    context = ssl.create_default_context() if server.tls or server.starttls else None
    connection = (
        smtplib.SMTP_SSL(server.host, server.port, timeout=TIMEOUT, context=context)
        if server.tls
        else smtplib.SMTP(server.host, server.port, timeout=TIMEOUT)
    )
    with connection as smtp:
        if server.starttls:
            smtp.starttls(context=context)
        if server.user is not None:
            smtp.login(server.user, server.password or "")
        try:
            smtp.send_message(letter, sender, [_deliverable(to)])
        except smtplib.SMTPRecipientsRefused as refused:
            code, words = next(iter(refused.recipients.values()))
            _judge(code, words, refused)
        except smtplib.SMTPDataError as refused:
            _judge(refused.smtp_code, refused.smtp_error, refused)
        except smtplib.SMTPNotSupportedError as refused:
            raise Undeliverable(str(refused)) from refused


def _judge(code: int, words: bytes | str, refused: Exception) -> None:
    if code < PERMANENT:
        raise refused
    said = words.decode(errors="replace") if isinstance(words, bytes) else words
    raise Undeliverable(f"{code} {said}") from refused


def _keep(letter: EmailMessage, envelope: Envelope, folder: Path) -> None:
    """One file a letter: written again, it replaces itself."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"{envelope.uuid}.eml"
    draft = file.with_suffix(".part")
    draft.write_bytes(letter.as_bytes())
    draft.replace(file)


def _domain(base_url: str) -> str:
    """The host that people know us by; an address in numbers is no domain of mail."""
    host = urlsplit(base_url).hostname or "localhost"
    try:
        ip_address(host)
    except ValueError:
        return host
    return "localhost"


def _deliverable(address: str) -> str:
    """The address with its domain in ASCII. Raises Undeliverable for what is none, or has other letters in its name."""
    try:
        found = validate_email(address, check_deliverability=False, test_environment=True)
    except EmailNotValidError as error:
        raise Undeliverable("not an e-mail address") from error
    if found.ascii_email is None:
        raise Undeliverable("the name before the @ has letters that mail servers do not know")
    return found.ascii_email


def _line(text: str) -> str:
    """What stands in a header is one line of visible text."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())
