"""Handing a message to a push service: encrypted for the one browser (RFC 8291), signed by us (RFC 8292, 8030).

The address comes from a browser, that is from anybody: only public addresses are connected to, by the very address
that was checked, without redirects, and little is read of the answer.
"""

from __future__ import annotations

import base64
import binascii
import json
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import http_ece
import requests
from cryptography.hazmat.primitives.asymmetric import ec
from flask import current_app
from py_vapid import Vapid02, VapidException
from requests_hardened import Config, Manager
from requests_hardened.ip_filter import InvalidIPAddress

from portal.clock import now
from portal.config import Settings
from portal.vapid import read_private_key

# Together well below the lease of an outbox row.
CONNECT_SECONDS, READ_SECONDS = 4, 8
SIGNED_FOR = timedelta(hours=12)
# What every push service takes (RFC 8030, 7.2), less what the encryption adds.
MOST_BYTES = 3800
LONGEST_ADDRESS = 1000
TAKEN = {200, 201, 202}
GONE = {404, 410}
LATER = {408, 413, 425, 429}
SERVER_FAULT = 500


class Gone(Exception):
    """The browser is not there any more, or does not want to be woken."""


class Refused(Exception):
    """This message will never be taken: trying again is of no use."""


class Later(Exception):
    """Not now; `retry_after` when the service says when."""

    def __init__(self, text: str, retry_after: timedelta | None = None) -> None:
        self.retry_after = retry_after
        super().__init__(text)


@dataclass(frozen=True, slots=True)
class Target:
    """A browser: where it is woken, and its keys in base64url."""

    endpoint: str
    p256dh: str = field(repr=False)
    auth: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Parcel:
    """What is told to one browser, for how long it is worth waking for; `topic` replaces what waits under the same."""

    target: Target
    content: dict[str, Any]
    lasts: timedelta
    urgent: bool
    topic: str


def send(parcel: Parcel) -> str | None:
    """Hand it over; the service's own name for it, if it gives one. Raises Gone, Refused, Later."""
    body = encrypt(parcel.target, parcel.content)
    headers = {
        **_signed(parcel.target.endpoint),
        "Content-Encoding": "aes128gcm",
        "Content-Type": "application/octet-stream",
        "TTL": str(max(0, int(parcel.lasts.total_seconds()))),
        "Urgency": "high" if parcel.urgent else "normal",
        "Topic": parcel.topic,
    }
    try:
        with _http().get_session() as session:
            session.trust_env = False
            with session.post(parcel.target.endpoint, data=body, headers=headers, stream=True) as answer:
                return _judge(answer)
    except InvalidIPAddress as forbidden:
        raise Gone("an address that is none of a push service") from forbidden
    except (requests.Timeout, requests.ConnectionError) as failure:
        raise Later(type(failure).__name__) from failure
    except (requests.RequestException, ValueError) as wrong:
        raise Gone(type(wrong).__name__) from wrong


def encrypt(target: Target, content: dict[str, Any]) -> bytes:
    """The message as only that browser can read it. Raises Refused when its keys are none, or it is too long."""
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
    if len(text) > MOST_BYTES:
        raise Refused("too long")
    try:
        return bytes(
            http_ece.encrypt(
                text, private_key=ec.generate_private_key(ec.SECP256R1()), dh=raw(target.p256dh),
                auth_secret=raw(target.auth), version="aes128gcm",
            )
        )  # fmt: skip
    except (ValueError, http_ece.ECEException) as wrong:
        raise Refused("keys that are none") from wrong


def is_address(endpoint: str) -> bool:
    """Whether a push service may be reached there, as far as the text of the address tells."""
    try:
        parts = urlsplit(endpoint)
        known_port = parts.port in {None, 443} or _is_testing()
    except ValueError:
        return False
    fits = len(endpoint) <= LONGEST_ADDRESS and endpoint.isascii() and endpoint.isprintable() and " " not in endpoint
    secure = parts.scheme == "https" or (_is_testing() and parts.scheme == "http")
    return fits and secure and known_port and bool(parts.hostname) and parts.username is None and not parts.fragment


def is_key(text: str, length: int) -> bool:
    """Whether the text is so many bytes in base64url."""
    try:
        return len(raw(text)) == length
    except ValueError:
        return False


def raw(text: str) -> bytes:
    """The bytes that stand there in base64url, padded or not. Raises ValueError."""
    try:
        plain = text.rstrip("=").encode("ascii")
        return base64.b64decode(plain + b"=" * (-len(plain) % 4), altchars=b"-_", validate=True)
    except (UnicodeEncodeError, binascii.Error) as error:
        raise ValueError("not base64url") from error


def _judge(answer: requests.Response) -> str | None:
    status = answer.status_code
    if status in TAKEN:
        return answer.headers.get("Location")
    if status in GONE:
        raise Gone(str(status))
    if status in LATER or status >= SERVER_FAULT:
        raise Later(str(status), _seconds(answer.headers.get("Retry-After")))
    raise Refused(str(status))


def _seconds(text: str | None) -> timedelta | None:
    """Services count in seconds; a date, which is allowed too, is left to our own patience."""
    return timedelta(seconds=min(int(text), 3600)) if text and text.isascii() and text.isdigit() else None


def _signed(endpoint: str) -> dict[str, str]:
    parts = urlsplit(endpoint)
    settings: Settings = current_app.config["SETTINGS"]
    claims = {
        "aud": f"{parts.scheme}://{parts.netloc}",
        "exp": int((now() + SIGNED_FOR).timestamp()),
        "sub": settings.push_subject,
    }
    try:
        signed: dict[str, str] = Vapid02(read_private_key(current_app.config["VAPID_PRIVATE_KEY"])).sign(claims)
    except VapidException as wrong:
        raise Refused(str(wrong)) from wrong
    return signed


def _http() -> Manager:
    return Manager(
        Config(
            ip_filter_enable=True, ip_filter_allow_loopback_ips=_is_testing(), never_redirect=True,
            default_timeout=(CONNECT_SECONDS, READ_SECONDS), user_agent_override="Thermes",
        )
    )  # fmt: skip


def _is_testing() -> bool:
    return bool(current_app.config["TESTING"])
