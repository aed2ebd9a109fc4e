"""Where mail is handed over: `PORTAL_MAIL_URL`, read."""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import parse_qs, unquote, urlsplit

from email_validator import EmailNotValidError, validate_email

_FORM = "must look like smtp://user:password@mail.example:587?starttls=1&from=desk@spa.example (or smtps://…)"
_PORTS = {"smtp": 25, "smtps": 465}
_KNOWN = {"starttls", "from"}


@dataclass(frozen=True, slots=True)
class MailServer:
    """A server that takes mail. `tls` from the first byte (smtps) or `starttls`; `sender` when one is named."""

    host: str
    port: int
    user: str | None = None
    password: str | None = field(default=None, repr=False)
    tls: bool = False
    starttls: bool = False
    sender: str | None = None


def read_mail_url(url: str) -> MailServer:
    """The server that the address names. Raises ValueError, without a word of it: it may hold a password."""
    try:
        parts = urlsplit(url)
        port, query = parts.port, parse_qs(parts.query, strict_parsing=bool(parts.query), keep_blank_values=True)
    except ValueError as error:
        raise ValueError(_FORM) from error
    if parts.scheme not in _PORTS or not parts.hostname or parts.path.strip("/") or parts.fragment or port == 0:
        raise ValueError(_FORM)
    if set(query) - _KNOWN or query.get("starttls", ["1"])[-1] not in {"0", "1"}:
        raise ValueError(_FORM)
    starttls = query.get("starttls", ["0"])[-1] == "1"
    return MailServer(
        host=parts.hostname,
        port=port or (587 if starttls else _PORTS[parts.scheme]),
        user=unquote(parts.username) if parts.username else None,
        password=unquote(parts.password) if parts.password else None,
        tls=parts.scheme == "smtps",
        starttls=starttls and parts.scheme == "smtp",
        sender=_sender(query),
    )


def _sender(query: dict[str, list[str]]) -> str | None:
    if "from" not in query:
        return None
    try:
        found = validate_email(query["from"][-1], check_deliverability=False, test_environment=True)
    except EmailNotValidError as error:
        raise ValueError("names no e-mail address after from=") from error
    return found.ascii_email or found.normalized
