"""Where text messages are handed over: `PORTAL_SMS_URL`, read."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from ipaddress import ip_address
from urllib.parse import parse_qs, unquote, urlsplit

_FORM = "must look like twilio://ACCOUNT:TOKEN@api.twilio.com?from=%2B33612345678 (or ?service=MG…), or file:"
_PHONE = re.compile(r"\+[1-9]\d{5,14}|[A-Za-z0-9 ]{1,11}")
_SERVICE = re.compile(r"MG[0-9a-f]{32}")
_SCHEMES = {"twilio": "https", "twilio+http": "http"}


@dataclass(frozen=True, slots=True)
class SmsServer:
    """An account with a service that takes text messages; `sender` or `service` says from whom they come."""

    base: str
    account: str
    token: str = field(repr=False)
    sender: str | None = None
    service: str | None = None


def read_sms_url(url: str) -> SmsServer | None:
    """The service that the address names; None for `file:`, which keeps the messages in the instance folder.

    Without https only this machine is spoken to. Raises ValueError, without a word of it: it holds a secret.
    """
    if url == "file:":
        return None
    try:
        parts = urlsplit(url)
        port, query = parts.port, parse_qs(parts.query, strict_parsing=True)
    except ValueError as error:
        raise ValueError(_FORM) from error
    scheme = _SCHEMES.get(parts.scheme)
    if scheme is None or not (parts.hostname and parts.username and parts.password) or parts.path.strip("/"):
        raise ValueError(_FORM)
    if scheme == "http" and not _is_this_machine(parts.hostname):
        raise ValueError(_FORM)
    sender, service = (query.get(name, [None])[-1] for name in ("from", "service"))
    if set(query) - {"from", "service"} or not _names_one(sender, service):
        raise ValueError(_FORM)
    base = f"{scheme}://{parts.hostname}" + (f":{port}" if port else "")
    return SmsServer(base, unquote(parts.username), unquote(parts.password), sender, service)


def _names_one(sender: str | None, service: str | None) -> bool:
    if service is None:
        return bool(sender and _PHONE.fullmatch(sender))
    return sender is None and bool(_SERVICE.fullmatch(service))


def _is_this_machine(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
