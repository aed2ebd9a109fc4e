"""Handing a text message over.

The interface is one function: `deliver(Sms) -> str | None`, the service's own name for the message. It raises
Undeliverable when trying again is of no use, and OSError or a requests exception when it may help. Another service is
another branch of `deliver` and another scheme of `PORTAL_SMS_URL` (portal/sms_url.py).

Twilio's format, from https://www.twilio.com/docs/messaging/api/message-resource (read in November 2026):
POST /2010-04-01/Accounts/{AccountSid}/Messages.json with HTTP Basic authentication (account, token) and a form of `To`
(E.164), `Body` (at most 1,600 characters) and `From` (a number, or up to 11 letters and digits) or
`MessagingServiceSid`. 201 answers JSON with `sid`; a refusal is JSON with `code` and `message`; 429 and 5xx are for
another try.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import requests
from flask import current_app

from portal.config import Settings
from portal.messages.mail import Undeliverable
from portal.sms_url import SmsServer, read_sms_url

# Together well below the lease of an outbox row.
PATIENCE = (4, 12)
LONGEST = 1600
TAKEN = {200, 201}
TRY_AGAIN = {408, 425, 429}
SERVER_FAULT = 500


@dataclass(frozen=True, slots=True)
class Sms:
    """A text message with where it goes (E.164)."""

    uuid: UUID
    to: str
    text: str


class Unavailable(OSError):
    """The service wants it later."""


def deliver(sms: Sms) -> str | None:
    """Hand it over; the service's name for it. Raises Undeliverable, OSError, requests.RequestException."""
    settings: Settings = current_app.config["SETTINGS"]
    if settings.sms_url is None:
        raise Undeliverable("no service for text messages is set up")
    server = read_sms_url(settings.sms_url)
    if server is None:
        return _keep(sms, Path(settings.instance_path) / "sms")
    return _send(sms, server)


def can_deliver() -> bool:
    """Whether text messages can be sent at all."""
    return current_app.config["SETTINGS"].sms_url is not None


def _send(sms: Sms, server: SmsServer) -> str | None:
    sender = {"MessagingServiceSid": server.service} if server.service else {"From": server.sender or ""}
    form = {"To": sms.to, "Body": sms.text[:LONGEST], **sender}
    with requests.Session() as session:
        session.trust_env = False
        answer = session.post(
            f"{server.base}/2010-04-01/Accounts/{server.account}/Messages.json",
            data=form, auth=(server.account, server.token), timeout=PATIENCE, allow_redirects=False,
        )  # fmt: skip
    if answer.status_code in TRY_AGAIN or answer.status_code >= SERVER_FAULT:
        raise Unavailable(str(answer.status_code))
    said = _said(answer)
    if answer.status_code not in TAKEN:
        raise Undeliverable(f"{answer.status_code} {said.get('code', '')} {said.get('message', '')}".strip())
    return str(said["sid"]) if "sid" in said else None


def _said(answer: requests.Response) -> dict[str, object]:
    try:
        said = answer.json()
    except requests.JSONDecodeError:
        return {}
    return said if isinstance(said, dict) else {}


def _keep(sms: Sms, folder: Path) -> str:
    """One file a message: written again, it replaces itself."""
    folder.mkdir(parents=True, exist_ok=True)
    draft = folder / f".{sms.uuid}"
    draft.write_text(f"To: {sms.to}\n\n{sms.text}\n", "utf-8")
    return str(draft.replace(folder / f"{sms.uuid}.txt"))
